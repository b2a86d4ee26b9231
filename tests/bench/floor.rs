//! The floor: one HTTPS request with rustls and the roots of SSL_CERT_FILE, and nothing else. No client
//! of an HTTPS service in this language does less.
//!
//! `floor HOST:PORT` prints the answer's body.

use std::env;
use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("usage: floor HOST:PORT")?;
    let host = address.split(':').next().unwrap_or_default().to_owned();
    let mut roots = RootCertStore::empty();
    let bundle = env::var_os("SSL_CERT_FILE").ok_or("SSL_CERT_FILE is not set")?;
    for certificate in CertificateDer::pem_file_iter(bundle)? {
        roots.add(certificate?)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from(host)?)?;
    let mut stream = StreamOwned::new(connection, TcpStream::connect(&address)?);
    stream.sock.set_nodelay(true)?;

    let body = "Action=ListIdentities&Version=2010-12-01&MaxItems=1000";
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let (mut answer, mut buffer) = (Vec::new(), [0; 8192]);
    let whole = |answer: &[u8]| answer.ends_with(b"</ListIdentitiesResponse>");
    while !whole(&answer) {
        match stream.read(&mut buffer)? {
            0 => return Err("the answer is cut off".into()),
            read => answer.extend_from_slice(&buffer[..read]),
        }
    }
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no HTTP")?;
    Ok(io::stdout().write_all(&answer[head + 4..])?)
}
