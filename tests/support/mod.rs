//! What the tests are written with. Strict by default: what a test does not name must not happen.
//!
//! ```text
//! let ses = FakeSes::new().domain("a.example").start();
//! run("ses-exists").against(&ses).arg("b.example").stdout("[]\n").status(1);
//! ses.was_asked(["GetIdentityVerificationAttributes"]);
//! ```

/// Servers: HTTP, with TLS where a test wants it.
pub mod http;
/// aws-cli, jp.py and moto, to compare with.
pub mod peers;
/// Proxies that count what crosses them.
pub mod proxy;
/// Stubs of the services that hand out credentials: an instance's metadata, STS.
pub mod roles;
/// The command builder, and what it checks.
pub mod run;
/// A home directory of its own for each run.
pub mod scratch;
/// What must never be seen, and the scan for it.
pub mod secrets;
/// The fake SES.
pub mod ses;
/// Sockets that misbehave as a test says.
pub mod sockets;
/// A terminal, with a keyboard.
pub mod terminal;
/// A private certificate authority.
pub mod tls;

pub use http::{Reply, Request};
pub use run::run;
pub use scratch::Scratch;
pub use ses::{After, FakeSes, identity, token};

/// Does `test` for all of `rows` at the same time: for tables whose rows wait more than they work.
pub fn at_once<T: Send>(rows: impl IntoIterator<Item = T>, test: impl Fn(T) + Sync) {
    std::thread::scope(|scope| {
        for row in rows {
            scope.spawn(|| test(row));
        }
    });
}

/// Something that listens on loopback.
pub trait Endpoint {
    fn url(&self) -> String;
}
