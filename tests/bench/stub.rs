//! A server fast enough to measure clients against: it answers every request with the same list of
//! identities, over HTTP and HTTPS, and counts them.
//!
//! `stub DIRECTORY IDENTITIES`: writes `ca.pem` to DIRECTORY, prints one JSON line with both ports, and
//! serves until its stdin ends. Pages hold as many identities as MaxItems asks for, 1,000 at most.
//! `GET /requests` tells how many requests were answered.

use std::collections::HashSet;
use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(directory), Some(count)) = (arguments.next(), arguments.next()) else {
        return Err("usage: stub DIRECTORY IDENTITIES".into());
    };
    let answers = Arc::new(Answers::new(count.parse()?));
    let tls = Arc::new(certificate(Path::new(&directory))?);
    let (plain, secure) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
    let ports = (plain.local_addr()?.port(), secure.local_addr()?.port());
    writeln!(io::stdout(), "{{\"http\": {}, \"https\": {}}}", ports.0, ports.1)?;

    let same = answers.clone();
    serve(plain, move |stream| converse(stream, &same));
    serve(secure, move |stream| {
        let connection = ServerConnection::new(tls.clone()).map_err(io::Error::other)?;
        converse(StreamOwned::new(connection, stream), &answers)
    });
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// Serves each connection in a thread of its own.
fn serve(
    listener: TcpListener,
    talk: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static,
) {
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let talk = talk.clone();
            // A client that goes away in the middle is its own affair.
            thread::spawn(move || stream.set_nodelay(true).and_then(|()| talk(stream)).is_ok());
        }
    });
}

/// Answers the requests of one connection.
fn converse(mut stream: impl Read + Write, answers: &Answers) -> io::Result<()> {
    let (mut text, mut buffer) = (Vec::new(), [0; 8192]);
    loop {
        let end = loop {
            if let Some(end) = whole_request(&text) {
                break end;
            }
            match stream.read(&mut buffer)? {
                0 => return Ok(()),
                read => text.extend_from_slice(&buffer[..read]),
            }
        };
        let request: Vec<u8> = text.drain(..end).collect();
        stream.write_all(&answers.to(&String::from_utf8_lossy(&request)))?;
        stream.flush()?;
    }
}

/// Where the first request in `text` ends, its body included.
fn whole_request(text: &[u8]) -> Option<usize> {
    let head = text.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let fields = String::from_utf8_lossy(&text[..head]).to_ascii_lowercase();
    let length = fields.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    (text.len() >= head + length).then_some(head + length)
}

struct Answers {
    names: Vec<String>,
    /// The domains that were verified since.
    added: Mutex<HashSet<String>>,
    requests: AtomicU64,
}

impl Answers {
    fn new(count: usize) -> Answers {
        let names = (0..count).map(|number| format!("{number}.example.com")).collect();
        Answers { names, added: Mutex::default(), requests: AtomicU64::new(0) }
    }

    fn to(&self, request: &str) -> Vec<u8> {
        if request.starts_with("GET /requests") {
            return http("application/json", &self.requests.load(Ordering::SeqCst).to_string());
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        let body = request.rsplit("\r\n").next().unwrap_or_default();
        let parameter = |name: &str| {
            body.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        http(
            "text/xml",
            &match parameter("Action") {
                Some("GetIdentityVerificationAttributes") => self.attributes(body),
                Some("VerifyDomainIdentity") => {
                    self.verify(parameter("Domain").unwrap_or_default())
                }
                _ => self.page(parameter("NextToken"), parameter("MaxItems")),
            },
        )
    }

    fn page(&self, token: Option<&str>, size: Option<&str>) -> String {
        let added = self.added();
        let total = self.names.len() + added.len();
        let start: usize = token.and_then(|token| token.parse().ok()).unwrap_or(0);
        let size = size.and_then(|size| size.parse().ok()).unwrap_or(1000).min(1000);
        let page = self.names.iter().chain(added.iter()).skip(start).take(size);
        let members: String = page.map(|name| format!("<member>{name}</member>")).collect();
        let next = match start + size {
            end if end < total => format!("<NextToken>{end}</NextToken>"),
            _ => String::new(),
        };
        result("ListIdentities", &format!("<Identities>{members}</Identities>{next}"))
    }

    fn attributes(&self, body: &str) -> String {
        let added = self.added();
        let listed = |name: &str| {
            let number = name.strip_suffix(".example.com").and_then(|number| number.parse().ok());
            number.is_some_and(|number: usize| number < self.names.len())
        };
        let entries: String = body
            .split('&')
            .filter_map(|pair| pair.strip_prefix("Identities.member.")?.split_once('='))
            .filter(|(_, name)| listed(name) || added.contains(*name))
            .map(|(_, name)| {
                format!(
                    "<entry><key>{name}</key><value><VerificationStatus>Success</VerificationStatus>\
                     <VerificationToken>{TOKEN}</VerificationToken></value></entry>"
                )
            })
            .collect();
        let attributes = format!("<VerificationAttributes>{entries}</VerificationAttributes>");
        result("GetIdentityVerificationAttributes", &attributes)
    }

    fn verify(&self, domain: &str) -> String {
        self.added().insert(domain.to_owned());
        result("VerifyDomainIdentity", &format!("<VerificationToken>{TOKEN}</VerificationToken>"))
    }

    fn added(&self) -> MutexGuard<'_, HashSet<String>> {
        self.added.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

const TOKEN: &str = "EXAMPLEJcfmqxT/icOYx4aA/bEUrDPMeax9/s3frblS=";

fn result(operation: &str, content: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\">\
         <{operation}Result>{content}</{operation}Result>\
         <ResponseMetadata><RequestId>stub</RequestId></ResponseMetadata></{operation}Response>"
    )
}

fn http(kind: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    (head + body).into_bytes()
}

/// A certificate for 127.0.0.1 by an authority of its own, whose certificate goes to `ca.pem`.
fn certificate(directory: &Path) -> Result<ServerConfig, Box<dyn Error>> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // Two certificates of one name would look self-signed to OpenSSL.
    params.distinguished_name.push(DnType::CommonName, "bench authority");
    let authority = KeyPair::generate()?;
    fs::write(directory.join("ca.pem"), params.self_signed(&authority)?.pem())?;
    let key = KeyPair::generate()?;
    let own = CertificateParams::new(["127.0.0.1".to_owned()])?;
    let certificate = own.signed_by(&key, &Issuer::new(params, authority))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_no_client_auth().with_single_cert(vec![certificate.into()], key.into())?)
}
