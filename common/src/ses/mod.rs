//! What SES is asked. A [`Ses`] is one account and Region; its questions block until they are
//! answered, at SES's pace.

mod attributes;
mod connection;
mod existence;
mod list;
mod signals;
mod verify;
mod wait;

use std::future::Future;

use tokio::runtime::Runtime;

pub use attributes::{Attributes, Verification};
pub use connection::Connection;
pub use existence::{Condition, Existence, Wanted};
pub use list::{Listing, Paging};
pub use verify::{Started, Verify};
pub use wait::Wait;

use crate::aws::{self, Client, Found};
use crate::status::Failure;
use signals::Signals;

/// A connection to SES.
#[derive(Debug)]
pub struct Ses {
    client: Client,
    signals: Option<Signals>,
    /// One thread: a program asks one question at a time.
    runtime: Runtime,
}

impl Ses {
    /// Resolves how to reach SES; call it while the process has one thread.
    ///
    /// # Errors
    /// 253 for whatever is missing or wrong.
    pub fn connect(connection: &Connection) -> Result<Ses, Failure> {
        aws::forget_empty_variables();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::other(format!("cannot start: {error}")))?;
        let client = runtime.block_on(Client::connect(connection.settings()))?;
        Ok(Ses { client, signals: None, runtime })
    }

    /// From now on SIGINT and SIGTERM end a question with a failure instead of the process, so that
    /// the caller can tidy up and say what was done.
    ///
    /// # Errors
    /// 255 where the system refuses.
    pub fn catch_signals(&mut self) -> Result<(), Failure> {
        let _runtime = self.runtime.enter();
        self.signals = Some(Signals::catch()?);
        Ok(())
    }

    pub fn region(&self) -> &str {
        self.client.region()
    }

    /// The output format that the profile asks for.
    pub fn profile_output(&self) -> Option<&Found> {
        self.client.output()
    }

    /// Waits for `answer`, or for a signal if they are caught.
    fn block_on<T>(&self, answer: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        match &self.signals {
            None => self.runtime.block_on(answer),
            Some(signals) => self.runtime.block_on(signals.or(answer)),
        }
    }
}

impl Drop for Ses {
    /// A name look-up that hangs must not hold up the end of the program.
    fn drop(&mut self) {
        if let Ok(empty) = tokio::runtime::Builder::new_current_thread().build() {
            std::mem::replace(&mut self.runtime, empty).shutdown_background();
        }
    }
}
