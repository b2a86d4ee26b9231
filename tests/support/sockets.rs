//! Servers that misbehave: each connection is handled by the test itself, byte by byte.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket as RawSocket, Type};

use super::{Endpoint, Request};

/// A server of which only the connections are scripted.
pub struct Sockets {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
}

impl Sockets {
    /// `behave` gets each connection; it is closed when `behave` returns.
    pub fn new(behave: impl Fn(&mut Socket) + Send + Sync + 'static) -> Sockets {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let connections = Arc::new(AtomicUsize::new(0));
        let stopped = Arc::new(AtomicBool::new(false));
        let (counted, ended, behave) = (connections.clone(), stopped.clone(), Arc::new(behave));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
                let (behave, ended) = (behave.clone(), ended.clone());
                thread::spawn(move || behave(&mut Socket { stream, number, ended }));
            }
        });
        Sockets { address, connections, stopped }
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Endpoint for Sockets {
    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

/// One connection.
pub struct Socket {
    stream: TcpStream,
    /// Its number, from 1.
    pub number: usize,
    ended: Arc<AtomicBool>,
}

impl Socket {
    /// Reads a whole request.
    pub fn request(&mut self) -> Option<Request> {
        Request::read(&mut self.stream)
    }

    pub fn say(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref());
    }

    /// Says `bytes` one by one, with a `pause` after each.
    pub fn trickle(&mut self, bytes: impl AsRef<[u8]>, pause: Duration) {
        for byte in bytes.as_ref() {
            if self.ended.load(Ordering::SeqCst) || self.stream.write_all(&[*byte]).is_err() {
                return;
            }
            thread::sleep(pause);
        }
    }

    /// Says nothing more, and keeps the connection until the other side gives up.
    pub fn hang(&mut self) {
        let _ = self.stream.set_read_timeout(Some(Duration::from_millis(50)));
        let mut buffer = [0; 1 << 12];
        while !self.ended.load(Ordering::SeqCst) && !matches!(self.stream.read(&mut buffer), Ok(0))
        {
        }
    }

    /// Closes the connection with a reset instead of an end.
    pub fn reset(&mut self) {
        let socket = socket2::SockRef::from(&self.stream);
        let _ = socket.set_linger(Some(Duration::ZERO));
    }

    /// No more bytes to the other side.
    pub fn close(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// A port that refuses connections, and is given to nobody else meanwhile: bound, but not listened on.
pub struct Refusing(RawSocket);

impl Refusing {
    pub fn new() -> Refusing {
        Refusing(bound())
    }
}

impl Endpoint for Refusing {
    fn url(&self) -> String {
        url(&self.0)
    }
}

/// A port where connections are neither accepted nor refused, as behind a firewall: its queue is
/// full.
pub struct Unanswering {
    listener: RawSocket,
    _queue: Vec<RawSocket>,
}

impl Unanswering {
    pub fn new() -> Unanswering {
        let listener = bound();
        listener.listen(0).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let queue = (0..4).map(|_| {
            let socket = RawSocket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
            socket.set_nonblocking(true).expect("a non-blocking socket");
            let _ = socket.connect(&address);
            socket
        });
        Unanswering { _queue: queue.collect(), listener }
    }
}

impl Endpoint for Unanswering {
    fn url(&self) -> String {
        url(&self.listener)
    }
}

fn bound() -> RawSocket {
    let socket = RawSocket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let loopback: SocketAddr = ([127, 0, 0, 1], 0).into();
    socket.bind(&SockAddr::from(loopback)).expect("a port");
    socket
}

fn url(socket: &RawSocket) -> String {
    let address = socket.local_addr().ok().and_then(|address| address.as_socket());
    format!("http://{}", address.expect("an address"))
}
