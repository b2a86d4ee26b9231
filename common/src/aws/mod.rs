//! Reaching AWS: which profile, Region, endpoint and credentials, over which connection, how often.
//!
//! The rules are aws-cli 2's. This module knows nothing of flags and prints nothing but the lines
//! of `--debug`; every failure is one clear line with its status.

mod assume;
mod client;
mod credentials;
mod endpoint;
mod environment;
mod error;
mod http;
mod pace;
mod profile;
mod proxy;
mod region;
mod retry;
mod role;
mod tls;
mod well_formed;

use std::path::PathBuf;
use std::time::Duration;

pub use client::Client;
pub use environment::{Found, forget_empty_variables, variable};
pub use pace::Rate;
pub use retry::Patience;

use crate::stream;

/// What the user said about reaching AWS; `None` leaves the answer to environment and profile.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub profile: Option<String>,
    pub region: Option<String>,
    pub endpoint_url: Option<String>,
    pub ca_bundle: Option<PathBuf>,
    pub no_verify_ssl: bool,
    pub no_sign_request: bool,
    pub connect_timeout: Timeout<10>,
    pub read_timeout: Timeout<60>,
    pub rate: Rate,
    pub debug: Debug,
}

/// A time-out with its default in seconds; zero means none, as for aws-cli.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeout<const SECONDS: u64>(pub Option<u64>);

impl<const SECONDS: u64> Timeout<SECONDS> {
    /// How long to wait at most; `None` is for ever.
    fn limit(self) -> Option<Duration> {
        Some(self.0.unwrap_or(SECONDS)).filter(|seconds| *seconds > 0).map(Duration::from_secs)
    }
}

/// `--debug`: says on stderr what is done and where each setting came from, never a secret.
#[derive(Clone, Copy, Debug, Default)]
pub struct Debug(pub bool);

impl Debug {
    fn say(self, line: impl FnOnce() -> String) {
        if self.0 {
            stream::note(format!("debug: {}", line()));
        }
    }

    /// `region us-west-2 from AWS_DEFAULT_REGION`
    fn setting(self, name: &str, found: &Found) {
        self.say(|| format!("{name} {} from {}", found.value, found.source));
    }
}
