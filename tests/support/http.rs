//! HTTP/1.1, as much of it as servers in tests need: no chunks, no pipelining.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub at: Instant,
}

impl Request {
    /// Reads the next request of a connection; `None` at its end.
    pub fn read(stream: &mut impl Read) -> Option<Request> {
        let head = read_head(stream)?;
        let mut lines = head.lines();
        let mut start = lines.next()?.split(' ');
        let (method, target) = (start.next()?.to_owned(), start.next()?.to_owned());
        let headers = lines.filter_map(|line| line.split_once(": ")).map(own).collect::<Vec<_>>();
        let mut request = Request { method, target, headers, body: Vec::new(), at: Instant::now() };
        let length =
            request.header("content-length").map_or(0, |length| length.parse().unwrap_or(0));
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body).ok()?;
        Some(request)
    }

    /// Names of headers have no case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The parameters of a form, decoded, in their order.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let body = String::from_utf8_lossy(&self.body).into_owned();
        let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (decode(name), decode(value))).collect()
    }

    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters()
            .into_iter()
            .find(|(parameter, _)| parameter == name)
            .map(|(_, value)| value)
    }

    /// The operation of the query protocol.
    pub fn operation(&self) -> String {
        self.parameter("Action").unwrap_or_default()
    }

    /// `Identities.member.1`, `.2` and so on.
    pub fn names(&self) -> Vec<String> {
        let parameters = self.parameters().into_iter();
        parameters
            .filter(|(name, _)| name.starts_with("Identities.member."))
            .map(|(_, v)| v)
            .collect()
    }

    /// Whose key signed the request.
    pub fn key_id(&self) -> Option<&str> {
        self.scope()?.first().copied()
    }

    /// The Region it was signed for.
    pub fn region(&self) -> Option<&str> {
        self.scope()?.get(2).copied()
    }

    pub fn host(&self) -> &str {
        self.header("host").unwrap_or_default()
    }

    /// The parts of `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
    fn scope(&self) -> Option<Vec<&str>> {
        let (_, credential) = self.header("authorization")?.split_once("Credential=")?;
        Some(credential.split(',').next()?.split('/').collect())
    }
}

fn own((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Everything up to and with the empty line.
pub fn read_head(stream: &mut impl Read) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let digits = String::from_utf8_lossy(&digits).into_owned();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap_or(b'?'));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An answer, ready to be sent.
#[derive(Clone, Debug)]
pub struct Reply {
    bytes: Vec<u8>,
    /// Is this the last answer on its connection?
    close: bool,
}

impl Reply {
    pub fn new(status: u16, kind: &str, body: impl AsRef<[u8]>) -> Reply {
        let body = body.as_ref();
        let mut bytes = format!(
            "HTTP/1.1 {status} Reason\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
             x-amzn-RequestId: request-id-1\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        Reply { bytes, close: false }
    }

    pub fn xml(status: u16, body: impl AsRef<[u8]>) -> Reply {
        Reply::new(status, "text/xml", body)
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Reply {
        let end = self.bytes.windows(2).position(|pair| pair == b"\r\n").expect("a head") + 2;
        self.bytes.splice(end..end, format!("{name}: {value}\r\n").into_bytes());
        self
    }

    /// These bytes, whatever they are, and then the end of the connection.
    pub fn raw(bytes: impl AsRef<[u8]>) -> Reply {
        Reply { bytes: bytes.as_ref().to_owned(), close: true }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// What answers: it gets each request and its number, from 1.
pub type Handler = dyn Fn(&Request, usize) -> Reply + Send + Sync;

/// A server on a free port of loopback, a thread for each connection.
pub struct Server {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    handler: Box<Handler>,
    tls: Option<Arc<ServerConfig>>,
    requests: Mutex<Vec<Request>>,
    stopped: AtomicBool,
    /// A handler panicked: an assertion of the test's own, most likely.
    panicked: AtomicBool,
}

impl Server {
    pub fn start(
        tls: Option<Arc<ServerConfig>>,
        handler: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            tls,
            requests: Mutex::default(),
            stopped: AtomicBool::new(false),
            panicked: AtomicBool::new(false),
        });
        let serving = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let serving = serving.clone();
                thread::spawn(move || stream.and_then(|stream| serving.serve(stream)));
            }
        });
        Server { address, shared }
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().expect("requests").clone()
    }

    pub fn panicked(&self) -> bool {
        self.shared.panicked.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that listens.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        match &self.tls {
            None => self.answer(stream),
            Some(config) => {
                let session = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
                self.answer(StreamOwned::new(session, stream))
            }
        }
    }

    fn answer(&self, mut stream: impl Read + Write) -> io::Result<()> {
        while let Some(request) = Request::read(&mut stream) {
            let number = {
                let mut requests = self.requests.lock().expect("requests");
                requests.push(request.clone());
                requests.len()
            };
            let reply = catch_unwind(AssertUnwindSafe(|| (self.handler)(&request, number)));
            let Ok(reply) = reply else {
                self.panicked.store(true, Ordering::SeqCst);
                return Ok(());
            };
            stream.write_all(&reply.bytes)?;
            stream.flush()?;
            if reply.close {
                return Ok(());
            }
        }
        Ok(())
    }
}
