//! The fake SES: a server that a test tells what it knows and how it behaves.
//!
//! It verifies no signature, only that one is there. It takes requests that change nothing, unless
//! the test says [`FakeSes::writable`]. A server that was never asked, or was asked for something
//! it should not have been, fails its test.

mod identities;
mod throttle;
pub mod xml;

use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::http::{Reply, Request, Server};
use super::{Endpoint, tls};
use identities::Identities;
pub use identities::{After, Identity, dkim_tokens, identity, token};
use throttle::Throttle;

/// The operations that change nothing, and those that do.
const READS: &[&str] =
    &["ListIdentities", "GetIdentityVerificationAttributes", "GetIdentityDkimAttributes"];
const WRITES: &[&str] =
    &["VerifyDomainIdentity", "VerifyDomainDkim", "VerifyEmailIdentity", "DeleteIdentity"];

type Script = dyn Fn(&Request, usize) -> Option<Reply> + Send + Sync;

/// What the server will be like.
#[must_use = "nothing listens before .start()"]
#[derive(Default)]
pub struct FakeSes {
    identities: Identities,
    throttle: Throttle,
    script: Option<Box<Script>>,
    certificate: Option<tls::Certificate>,
    writable: bool,
    unsigned: bool,
    may_be_silent: bool,
}

impl FakeSes {
    pub fn new() -> FakeSes {
        FakeSes::default()
    }

    /// Knows `name`, verified; a domain or an e-mail address.
    pub fn domain(self, name: &str) -> FakeSes {
        self.with(identity(name))
    }

    /// Knows each of `names`, verified, in this order.
    pub fn domains<N: AsRef<str>>(self, names: impl IntoIterator<Item = N>) -> FakeSes {
        names.into_iter().fold(self, |ses, name| ses.domain(name.as_ref()))
    }

    pub fn with(mut self, identity: Identity) -> FakeSes {
        self.identities.add(identity);
        self
    }

    /// Puts `size` identities on a page at most, however many are asked for.
    pub fn pages_of(mut self, size: usize) -> FakeSes {
        self.identities.page = size;
        self
    }

    /// Takes requests that write.
    pub fn writable(mut self) -> FakeSes {
        self.writable = true;
        self
    }

    /// Expects requests without a signature.
    pub fn unsigned(mut self) -> FakeSes {
        self.unsigned = true;
        self
    }

    /// It is no fault if nobody asks.
    pub fn may_be_silent(mut self) -> FakeSes {
        self.may_be_silent = true;
        self
    }

    /// Speaks TLS.
    pub fn tls(mut self, certificate: tls::Certificate) -> FakeSes {
        self.certificate = Some(certificate);
        self
    }

    /// Throttles the first `number` requests.
    pub fn throttles_first(mut self, number: usize) -> FakeSes {
        self.throttle.first = number;
        self
    }

    /// Throttles each operation above `rate` requests a second.
    pub fn throttles_above(mut self, rate: f64) -> FakeSes {
        self.throttle.rate = Some(rate);
        self
    }

    /// Answers the requests for which `script` has an answer with that one. It gets the request and
    /// its number, from 1, and may assert what it likes.
    pub fn script(
        mut self,
        script: impl Fn(&Request, usize) -> Option<Reply> + Send + Sync + 'static,
    ) -> FakeSes {
        self.script = Some(Box::new(script));
        self
    }

    /// Answers everything with `reply`.
    pub fn always(self, reply: Reply) -> FakeSes {
        self.script(move |_, _| Some(reply.clone()))
    }

    /// Answers everything with an error of SES.
    pub fn fails_with(self, status: u16, code: &str) -> FakeSes {
        self.always(xml::error(status, code, "the message"))
    }

    pub fn start(self) -> RunningSes {
        let FakeSes { certificate, may_be_silent, .. } = self;
        let scheme = if certificate.is_some() { "https" } else { "http" };
        let state = Arc::new(State {
            world: Mutex::new((self.identities, self.throttle)),
            script: self.script,
            writable: self.writable,
            unsigned: self.unsigned,
            complaints: Mutex::default(),
        });
        let serving = state.clone();
        let answer = move |request: &Request, number| serving.answer(request, number);
        let server = Server::start(certificate.map(|certificate| certificate.server()), answer);
        RunningSes { server, state, scheme, may_be_silent: may_be_silent.into() }
    }
}

struct State {
    world: Mutex<(Identities, Throttle)>,
    script: Option<Box<Script>>,
    writable: bool,
    unsigned: bool,
    complaints: Mutex<Vec<String>>,
}

impl State {
    fn answer(&self, request: &Request, number: usize) -> Reply {
        let operation = request.operation();
        let complain = |what: String| self.complaints.lock().expect("complaints").push(what);
        let known = READS.contains(&operation.as_str())
            || (self.writable && WRITES.contains(&operation.as_str()));
        if !known {
            complain(format!("unexpected operation {operation:?}"));
        }
        let signed =
            request.header("authorization").is_some_and(|value| value.contains("Signature="));
        if signed == self.unsigned {
            complain(format!(
                "{operation} came {} a signature",
                if signed { "with" } else { "without" }
            ));
        }
        let mut world = self.world.lock().expect("the state");
        let (identities, throttle) = &mut *world;
        if let Some(reply) = self.script.as_ref().and_then(|script| script(request, number)) {
            return reply;
        }
        if throttle.refuses(&operation, number, Instant::now()) {
            return xml::error(400, "Throttling", "Rate exceeded");
        }
        identities.answer(&operation, request)
    }
}

/// The server. Dropping it stops it.
pub struct RunningSes {
    server: Server,
    state: Arc<State>,
    scheme: &'static str,
    may_be_silent: std::cell::Cell<bool>,
}

impl RunningSes {
    /// The requests so far, in their order.
    pub fn requests(&self) -> Vec<Request> {
        self.server.requests()
    }

    /// The operations asked for so far, in their order.
    pub fn operations(&self) -> Vec<String> {
        self.requests().iter().map(Request::operation).collect()
    }

    /// The number of requests of `operation`.
    pub fn count(&self, operation: &str) -> usize {
        self.operations().iter().filter(|asked| *asked == operation).count()
    }

    /// Exactly these operations were asked for, in this order.
    #[track_caller]
    pub fn was_asked<O: AsRef<str>>(&self, operations: impl IntoIterator<Item = O>) {
        let expected: Vec<_> = operations.into_iter().map(|o| o.as_ref().to_owned()).collect();
        assert_eq!(self.operations(), expected, "SES was asked for the left");
    }

    /// Nothing was asked for.
    #[track_caller]
    pub fn was_silent(&self) {
        self.may_be_silent.set(true);
        assert_eq!(self.operations(), Vec::<String>::new(), "SES was asked for the left");
    }

    /// The names of all identities, in their order.
    pub fn identities(&self) -> Vec<String> {
        self.state.world.lock().expect("the state").0.names()
    }

    /// `127.0.0.1:PORT`, as a URL needs it.
    pub fn authority(&self) -> String {
        self.server.address.to_string()
    }
}

impl Endpoint for RunningSes {
    fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.authority())
    }
}

impl Drop for RunningSes {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let complaints = self.state.complaints.lock().expect("complaints");
        assert!(complaints.is_empty(), "the fake SES complains: {complaints:#?}");
        assert!(!self.server.panicked(), "the script of the fake SES panicked, see above");
        let asked = !self.server.requests().is_empty();
        assert!(asked || self.may_be_silent.get(), "the fake SES was never asked");
    }
}
