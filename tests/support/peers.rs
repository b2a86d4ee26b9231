//! The programs that ours stand in for, and moto's SES to run both against.
//!
//! They are no part of this project: `SES_TEST_PEERS` names a virtual environment with
//! `moto_server`, `aws` (version 1) and `jp.py`, `SES_TEST_AWS2` the path of aws-cli 2. Tests that
//! need them are ignored unless asked for, and then fail, not pass, where they are missing.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::Endpoint;
use super::run::Run;

/// aws-cli 1.
#[track_caller]
pub fn aws1() -> Run {
    python(peer("aws"))
}

/// aws-cli 2.
#[track_caller]
pub fn aws2() -> Run {
    let path = std::env::var("SES_TEST_AWS2").unwrap_or_default();
    assert!(!path.is_empty(), "SES_TEST_AWS2 does not name an aws-cli 2; scripts/test sets it");
    python(path.into())
}

/// jp.py.
#[track_caller]
pub fn jp() -> Run {
    python(peer("jp.py"))
}

/// Names and tokens are UTF-8, whatever the locale; PATH, for what the peers start themselves.
fn python(path: PathBuf) -> Run {
    Run::program(path)
        .env("PYTHONUTF8", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PATH", "/usr/bin:/bin")
        .env("AWS_PAGER", "")
        .within(Duration::from_secs(60))
}

#[track_caller]
fn peer(name: &str) -> PathBuf {
    let directory = std::env::var_os("SES_TEST_PEERS").unwrap_or_default();
    let path = PathBuf::from(&directory).join("bin").join(name);
    assert!(
        path.exists(),
        "SES_TEST_PEERS={directory:?} has no bin/{name}; scripts/test sets it up"
    );
    path
}

/// moto's server, one for each test: its identities are the test's own.
pub struct Moto {
    child: Child,
    url: String,
}

impl Moto {
    #[track_caller]
    pub fn start() -> Moto {
        let mut child = Command::new(peer("moto_server"))
            .args(["-H", "127.0.0.1", "-p", "0"])
            .env_clear()
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("moto_server");
        let log = BufReader::new(child.stderr.take().expect("a pipe"));
        let (send, receive) = mpsc::channel();
        // moto logs each request; somebody has to read that to the end.
        thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                if let Some((_, url)) = line.split_once("Running on ") {
                    let _ = send.send(url.trim().to_owned());
                }
            }
        });
        let url = receive.recv_timeout(Duration::from_secs(60));
        let mut moto = Moto { child, url: String::new() };
        moto.url = url.unwrap_or_else(|_| {
            moto.stop();
            panic!("moto_server did not start")
        });
        moto
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Endpoint for Moto {
    fn url(&self) -> String {
        self.url.clone()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.stop();
    }
}
