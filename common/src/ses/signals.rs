//! SIGINT, SIGTERM and SIGHUP while a question is asked.

use std::future::{Future, poll_fn};
use std::sync::Mutex;
use std::task::Poll;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::status::{Failure, Status};

/// The signals that end a run, caught since [`Signals::catch`].
#[derive(Debug)]
pub(super) struct Signals(Mutex<Vec<(Status, Signal)>>);

impl Signals {
    pub(super) fn catch() -> Result<Signals, Failure> {
        let kinds = [
            (Status::Interrupted, SignalKind::interrupt()),
            (Status::Terminated, SignalKind::terminate()),
            (Status::Terminated, SignalKind::hangup()),
        ];
        // Under nohup a hangup is none of ours.
        let caught = kinds
            .into_iter()
            .filter(|(_, kind)| *kind != SignalKind::hangup() || !is_ignored(SignalKind::hangup()));
        let streams = caught.map(|(status, kind)| Ok((status, signal(kind)?)));
        let streams: Result<_, std::io::Error> = streams.collect();
        let streams = streams.map_err(|e| Failure::other(format!("cannot catch signals: {e}")))?;
        Ok(Signals(Mutex::new(streams)))
    }

    /// `answer`, unless a signal comes first; one that came since the last question counts.
    pub(super) async fn or<T>(
        &self,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let signal = poll_fn(|context| {
            let mut streams = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let came = streams.iter_mut().find_map(|(status, signal)| {
                signal.poll_recv(context).is_ready().then_some(*status)
            });
            came.map_or(Poll::Pending, Poll::Ready)
        });
        tokio::select! {
            biased;
            status = signal => Err(Failure::new(status, match status {
                Status::Interrupted => "interrupted",
                _ => "terminated",
            })),
            result = answer => result,
        }
    }
}

fn is_ignored(kind: SignalKind) -> bool {
    // SAFETY: all zeroes are a valid structure, and the kernel fills it in, or fails.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(kind.as_raw_value(), std::ptr::null(), &mut action) == 0
            && action.sa_sigaction == libc::SIG_IGN
    }
}
