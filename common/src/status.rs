//! What a run ends with: the exit statuses, and the failure that carries one.
//!
//! This is the only table of statuses; the man pages quote it.

use std::fmt;
use std::process::ExitCode;

/// The exit status of every program, in order of gravity.
///
/// | status | meaning |
/// | --- | --- |
/// | 0 | done, or the answer is yes |
/// | 1 | the answer is no; never an error |
/// | 252 | the command line is wrong |
/// | 253 | configuration or credentials are missing or wrong |
/// | 254 | SES answered with an error |
/// | 255 | anything else: network, TLS, time-out, bad input, output that cannot be written |
/// | 130, 143 | interrupted, terminated |
///
/// 252 to 255 are the codes of aws-cli 2 (its `awscli/constants.py`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Yes,
    No,
    Usage,
    Configuration,
    Service,
    Other,
    Interrupted,
    Terminated,
}

impl Status {
    /// Done: for programs that answer no question.
    pub const DONE: Status = Status::Yes;

    pub fn code(self) -> u8 {
        match self {
            Status::Yes => 0,
            Status::No => 1,
            Status::Usage => 252,
            Status::Configuration => 253,
            Status::Service => 254,
            Status::Other => 255,
            Status::Interrupted => 130,
            Status::Terminated => 143,
        }
    }

    /// Ends the process as this status says. A run that a signal ended dies of that signal, so that a
    /// shell script that called it ends as well.
    pub fn exit_code(self) -> ExitCode {
        let signal = match self {
            Status::Interrupted => Some(libc::SIGINT),
            Status::Terminated => Some(libc::SIGTERM),
            _ => None,
        };
        if let Some(signal) = signal {
            // SAFETY: the default action takes the place of our handler, then ends the process.
            unsafe {
                libc::signal(signal, libc::SIG_DFL);
                libc::raise(signal);
            }
        }
        ExitCode::from(self.code())
    }

    /// The status of a question: yes or no.
    pub fn of(answer: bool) -> Status {
        if answer { Status::Yes } else { Status::No }
    }
}

/// Why a run ended without an answer: one line, perhaps a next step, and the status.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: Status,
    pub message: String,
    pub hint: Option<String>,
    /// The same question may be answered a little later.
    pub transient: bool,
}

impl Failure {
    pub fn new(status: Status, message: impl Into<String>) -> Failure {
        Failure { status, message: message.into(), hint: None, transient: false }
    }

    /// The command line is wrong.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Status::Usage, message)
    }

    /// Configuration or credentials are missing or wrong, wherever they were given.
    pub fn configuration(message: impl Into<String>) -> Failure {
        Failure::new(Status::Configuration, message)
    }

    /// Network, unreadable answer, bad input data, output that cannot be written.
    pub fn other(message: impl Into<String>) -> Failure {
        Failure::new(Status::Other, message)
    }

    /// The next step, where it is known.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_outcome_counts() {
        let run = [Status::Yes, Status::Service, Status::No];
        assert_eq!(run.iter().max(), Some(&Status::Service));
    }

    #[test]
    fn no_is_the_only_status_of_a_negative_answer() {
        assert_eq!(Status::of(false).code(), 1);
        assert_eq!(Status::of(true).code(), 0);
    }
}
