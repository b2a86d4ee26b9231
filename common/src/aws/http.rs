//! The HTTP client under the SDK: HTTP/1.1 over one connection, with time-outs that always exist.
//!
//! It takes the place of the SDK's own client, which cannot skip verification, ignores proxies, has
//! no limit on a body that stops, and parses the system's roots even for plain http. Each exchange
//! has three stages (connect, wait, read), and a failure says in which one it happened.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ::http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use ::http::{Request, Response, Uri};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use tower_service::Service;

use super::Debug;
use super::proxy::Proxies;
use super::tls::Tls;
use crate::status::{Failure, Status};

/// The most that an answer may hold. A page of 1,000 identities has some 100 kB.
const LARGEST_ANSWER: usize = 32 << 20;

/// Why an exchange failed, and at which stage.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) stage: Stage,
    pub(super) detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// A setting of TLS cannot be used.
    Configuration,
    ConnectTimeout,
    Connect,
    Tls,
    Proxy,
    ReadTimeout,
    /// The connection ended before an answer.
    Closed,
    /// What came is no HTTP answer, or not all of it.
    Answer,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl StdError for Fault {}

impl Fault {
    fn new(stage: Stage, detail: impl Into<String>) -> Fault {
        Fault { stage, detail: detail.into() }
    }

    fn configuration(failure: Failure) -> Fault {
        debug_assert_eq!(failure.status, Status::Configuration);
        Fault::new(Stage::Configuration, failure.message)
    }

    /// Sorts a failure to connect by its cause.
    fn connecting(error: &(dyn StdError + 'static)) -> Fault {
        let detail = super::error::chain(error);
        let stage = if super::error::find::<rustls::Error>(error).is_some() {
            Stage::Tls
        } else if detail.contains("tunnel") || detail.contains("proxy") {
            Stage::Proxy
        } else {
            Stage::Connect
        };
        Fault::new(stage, detail)
    }

    /// Sorts a failure after the request went out.
    fn answering(error: &hyper::Error) -> Fault {
        let gone = error.is_incomplete_message() || error.is_canceled() || error.is_closed();
        let io = super::error::find::<std::io::Error>(error).is_some();
        let stage = if gone || io { Stage::Closed } else { Stage::Answer };
        Fault::new(stage, super::error::chain(error))
    }
}

impl From<Fault> for ConnectorError {
    fn from(fault: Fault) -> ConnectorError {
        match fault.stage {
            Stage::ConnectTimeout | Stage::ReadTimeout => ConnectorError::timeout(fault.into()),
            Stage::Configuration => ConnectorError::user(fault.into()),
            _ => ConnectorError::io(fault.into()),
        }
    }
}

/// The client: settings shared by all requests, and the connection that was used last.
#[derive(Clone, Debug)]
pub(super) struct Http(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    tls: Tls,
    proxies: Proxies,
    debug: Debug,
    idle: Mutex<Option<Idle>>,
    last_url: Mutex<String>,
}

/// A connection that waits for the next request to the same place.
#[derive(Debug)]
struct Idle {
    route: Route,
    sender: Sender,
}

type Sender = SendRequest<Full<Bytes>>;

/// Where a connection leads: the endpoint's scheme and authority, and the proxy on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Route {
    target: String,
    proxy: Option<(Uri, Option<HeaderValue>)>,
}

impl Http {
    pub(super) fn new(tls: Tls, proxies: Proxies, debug: Debug) -> Http {
        let (idle, last_url) = Default::default();
        Http(Arc::new(Shared { tls, proxies, debug, idle, last_url }))
    }

    /// The URL of the request that was sent last, for messages.
    pub(super) fn last_url(&self) -> String {
        locked(&self.0.last_url).clone()
    }

    async fn exchange(
        &self,
        mut request: Request<Full<Bytes>>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, Fault> {
        let uri = request.uri().clone();
        *locked(&self.0.last_url) = uri.to_string();
        let (scheme, authority) = (uri.scheme_str().unwrap_or("http"), uri.authority());
        let authority = authority.map_or("", |authority| authority.as_str());
        let proxy = self.0.proxies.before(&uri);
        let proxy = proxy.map(|proxy| (proxy.uri().clone(), proxy.basic_auth().cloned()));
        let route = Route { target: format!("{scheme}://{authority}"), proxy };
        self.0.debug.say(|| match &route.proxy {
            None => format!("{} {uri}", request.method()),
            Some((proxy, _)) => format!("{} {uri} through {}", request.method(), shown(proxy)),
        });

        if !request.headers().contains_key(HOST)
            && let Ok(host) = HeaderValue::from_str(authority)
        {
            request.headers_mut().insert(HOST, host);
        }
        match &route.proxy {
            // A proxy for http gets the whole URL, and the password with each request.
            Some((_, auth)) if scheme == "http" => {
                if let Some(auth) = auth {
                    request.headers_mut().insert(PROXY_AUTHORIZATION, auth.clone());
                }
            }
            _ => {
                let path = uri.path_and_query().map_or("/", |path| path.as_str());
                *request.uri_mut() = path.parse().unwrap_or_else(|_| Uri::from_static("/"));
            }
        }

        let mut sender = match self.idle(&route).await {
            Some(sender) => sender,
            None => {
                within(limits.connect, Stage::ConnectTimeout, self.connect(&uri, &route)).await?
            }
        };
        let answer = async {
            let response = sender.send_request(request).await.map_err(|e| Fault::answering(&e))?;
            self.0.debug.say(|| format!("HTTP {}", response.status()));
            collect(response).await
        };
        let response = within(limits.read, Stage::ReadTimeout, answer).await?;
        *locked(&self.0.idle) = Some(Idle { route, sender });
        Ok(response)
    }

    /// The connection of the last request, if it leads to the same place and is still open.
    async fn idle(&self, route: &Route) -> Option<Sender> {
        let idle = locked(&self.0.idle).take().filter(|idle| idle.route == *route)?;
        let mut sender = idle.sender;
        sender.ready().await.is_ok().then_some(sender)
    }

    async fn connect(&self, uri: &Uri, route: &Route) -> Result<Sender, Fault> {
        let mut tcp = TcpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let https = uri.scheme_str() == Some("https");
        match &route.proxy {
            None if https => open(self.secure(tcp)?, uri).await,
            None => open(tcp, uri).await,
            Some((proxy, auth)) if https => {
                let mut tunnel = Tunnel::new(proxy.clone(), self.secure(tcp)?);
                if let Some(auth) = auth {
                    tunnel = tunnel.with_auth(auth.clone());
                }
                open(self.secure(tunnel)?, uri).await
            }
            Some((proxy, _)) if proxy.scheme_str() == Some("https") => {
                open(self.secure(tcp)?, proxy).await
            }
            Some((proxy, _)) => open(tcp, proxy).await,
        }
    }

    /// TLS over `under`, for the URIs that ask for it.
    fn secure<C>(&self, under: C) -> Result<HttpsConnector<C>, Fault> {
        Ok(HttpsConnector::from((under, self.0.tls.config().map_err(Fault::configuration)?)))
    }
}

/// Connects with `connector` and starts HTTP/1.1.
async fn open<C>(mut connector: C, uri: &Uri) -> Result<Sender, Fault>
where
    C: Service<Uri>,
    C::Response: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
    C::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let stream = connector.call(uri.clone()).await.map_err(|error| {
        let error: Box<dyn StdError + Send + Sync> = error.into();
        Fault::connecting(&*error)
    })?;
    let (sender, connection) = http1::handshake(stream).await.map_err(|e| Fault::answering(&e))?;
    tokio::spawn(connection);
    Ok(sender)
}

/// The whole answer, up to the largest that is taken.
async fn collect(response: Response<Incoming>) -> Result<Response<Bytes>, Fault> {
    let (parts, body) = response.into_parts();
    match Limited::new(body, LARGEST_ANSWER).collect().await {
        Ok(body) => Ok(Response::from_parts(parts, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(Fault::new(
            Stage::Answer,
            format!("the answer is larger than {LARGEST_ANSWER} bytes"),
        )),
        Err(error) => Err(Fault::new(Stage::Answer, super::error::chain(&*error))),
    }
}

/// `work`, or the fault that it took longer than `limit`.
async fn within<T>(
    limit: Option<Duration>,
    stage: Stage,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let Some(limit) = limit else { return work.await };
    match tokio::time::timeout(limit, work).await {
        Ok(result) => result,
        Err(_) => Err(Fault::new(stage, format!("nothing within {} s", limit.as_secs_f64()))),
    }
}

/// A proxy without its password.
fn shown(proxy: &Uri) -> String {
    let port = proxy.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", proxy.host().unwrap_or_default())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The time-outs of one kind of request: SES's own, or the shorter ones of a metadata service.
#[derive(Debug)]
struct Limits {
    connect: Option<Duration>,
    read: Option<Duration>,
}

/// The client as the SDK calls it.
#[derive(Debug)]
struct Connector {
    http: Http,
    limits: Arc<Limits>,
}

impl HttpClient for Http {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let limits =
            Arc::new(Limits { connect: settings.connect_timeout(), read: settings.read_timeout() });
        SharedHttpConnector::new(Connector { http: self.clone(), limits })
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (http, limits) = (self.http.clone(), self.limits.clone());
        HttpConnectorFuture::new(async move {
            let unusable = |error: &dyn fmt::Display| {
                ConnectorError::from(Fault::new(Stage::Answer, error.to_string()))
            };
            let request = request.try_into_http1x().map_err(|e| unusable(&e))?;
            let body =
                |body: SdkBody| Full::new(Bytes::copy_from_slice(body.bytes().unwrap_or_default()));
            let response = http.exchange(request.map(body), &limits).await?;
            HttpResponse::try_from(response.map(SdkBody::from)).map_err(|e| unusable(&e))
        })
    }
}
