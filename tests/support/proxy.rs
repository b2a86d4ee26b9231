//! An HTTP proxy that counts what crosses it: CONNECT for https, whole URLs for http.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::http::read_head;
use super::{Endpoint, FakeSes};

/// A proxy that leads every connection to one server, whatever host it is asked for: so a test may
/// ask for SES's own host names, and nothing leaves the machine.
pub struct Proxy {
    address: SocketAddr,
    crossings: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// A proxy that anyone may use.
    pub fn to(server: &super::ses::RunningSes) -> Proxy {
        Proxy::start(server.authority(), None)
    }

    /// A proxy that wants Basic authentication: `credentials` is the base64 of `user:password`.
    pub fn guarded(server: &super::ses::RunningSes, credentials: &str) -> Proxy {
        Proxy::start(server.authority(), Some(format!("Basic {credentials}")))
    }

    fn start(target: String, password: Option<String>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let crossings = Arc::new(Mutex::new(Vec::new()));
        let counted = crossings.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (target, password, counted) =
                    (target.clone(), password.clone(), counted.clone());
                thread::spawn(move || cross(stream, &target, password.as_deref(), &counted));
            }
        });
        Proxy { address, crossings }
    }

    /// The request lines that were let through, without their HTTP version.
    pub fn crossings(&self) -> Vec<String> {
        self.crossings.lock().expect("crossings").clone()
    }
}

impl Endpoint for Proxy {
    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn cross(
    mut client: TcpStream,
    target: &str,
    password: Option<&str>,
    crossings: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let Some(head) = read_head(&mut client) else { return Ok(()) };
    let given = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("proxy-authorization").then_some(value)
    });
    if password.is_some() && given != password {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                       Proxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n";
        return client.write_all(refusal.as_bytes());
    }
    let line = head.lines().next().unwrap_or_default();
    let crossing = line.trim_end_matches(" HTTP/1.1").to_owned();
    crossings.lock().expect("crossings").push(crossing);
    let mut server = TcpStream::connect(target)?;
    if line.starts_with("CONNECT ") {
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    } else {
        server.write_all(head.as_bytes())?;
    }
    let (back, there) = (server.try_clone()?, client.try_clone()?);
    let returning = thread::spawn(move || copy(back, there));
    copy(client, server)?;
    let _ = returning.join();
    Ok(())
}

fn copy(mut from: TcpStream, mut to: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1 << 12];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        to.write_all(&buffer[..read])?;
    }
    let _ = to.shutdown(Shutdown::Both);
    Ok(())
}

/// The host that SES has in `region`.
pub fn ses_host(region: &str) -> String {
    format!("email.{region}.amazonaws.com")
}

/// SES itself, as far as a client behind a proxy can tell: TLS, with a certificate for its host.
pub fn real_ses(authority: &super::tls::Authority, region: &str) -> FakeSes {
    FakeSes::new().tls(authority.certificate(&ses_host(region)))
}
