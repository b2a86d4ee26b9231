//! What was said of a run, against what it did; one panic tells all that differs.

use std::rc::Rc;
use std::time::Duration;

use super::child::Ended;
use crate::support::{Scratch, secrets};

/// What a run left behind, for further questions.
#[derive(Debug)]
pub struct Outcome {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// The exit status; none after a death by signal.
    pub code: Option<i32>,
    pub elapsed: Duration,
    pub home: Rc<Scratch>,
}

impl Outcome {
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// stdout as one JSON document.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout()))
    }
}

#[derive(Debug, Default)]
pub(super) struct Expectations {
    pub(super) stdout: Text,
    pub(super) stderr: Text,
    pub(super) messages: Vec<String>,
    pub(super) hints: Vec<String>,
    /// Any status of the contract will do.
    pub(super) any_status: bool,
    /// Any status will do: the program is not ours.
    pub(super) any_end: bool,
    /// The signal of which a shell makes the expected status may end it, too.
    pub(super) by_signal: bool,
}

/// What was said of a stream.
#[derive(Debug)]
pub(super) enum Text {
    Exactly(Vec<u8>),
    Having(Vec<String>),
    Anything,
}

impl Default for Text {
    fn default() -> Text {
        Text::Exactly(Vec::new())
    }
}

impl Text {
    pub(super) fn has(&mut self, part: String) {
        match self {
            Text::Having(parts) => parts.push(part),
            _ => *self = Text::Having(vec![part]),
        }
    }

    fn problems(&self, name: &str, text: &[u8]) -> Vec<String> {
        let shown = String::from_utf8_lossy(text);
        match self {
            Text::Exactly(expected) if expected != text => {
                vec![format!("{name} is not {:?}", String::from_utf8_lossy(expected))]
            }
            Text::Having(parts) => parts
                .iter()
                .filter(|part| !shown.contains(part.as_str()))
                .map(|part| format!("{name} lacks {part:?}"))
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Expectations {
    #[track_caller]
    pub(super) fn check(&self, ended: &Ended<'_>, code: i32, outcome: &Outcome) {
        let mut problems = Vec::from_iter(self.ending(ended, code));
        if ["internal error", "panicked at"].iter().any(|panic| outcome.stderr().contains(panic)) {
            problems.push("it panicked".into());
        }
        problems.extend(self.stdout.problems("stdout", &outcome.stdout));
        if self.messages.is_empty() && self.hints.is_empty() {
            problems.extend(self.stderr.problems("stderr", &outcome.stderr));
        } else {
            problems.extend(self.message_problems(ended.name, &outcome.stderr()));
        }
        for (name, output) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
            let leaks = secrets::leaks(output).into_iter();
            problems.extend(leaks.map(|secret| format!("{name} gives a secret away: {secret}")));
        }
        if problems.is_empty() {
            return;
        }
        let files = outcome.home.names().join(" ");
        panic!(
            "{}\n~~~ command\n{}\n~~~ ended after {:?} with {:?}\n~~~ stdout\n{}\n\
             ~~~ stderr\n{}\n~~~ files\n{files}\n~~~",
            problems.join("\n"),
            ended.command,
            outcome.elapsed,
            ended.exit,
            outcome.stdout(),
            outcome.stderr(),
        );
    }

    /// One line of message, `PROGRAM: …`, and lines that begin with `hint: ` and nothing else.
    fn message_problems(&self, name: &str, stderr: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let lead = format!("{name}: ");
        let mut lines = stderr.lines();
        let message = lines.next().unwrap_or_default();
        if !message.starts_with(&lead) {
            problems.push(format!("the message does not begin with {lead:?}"));
        }
        for part in self.messages.iter().filter(|part| !message.contains(part.as_str())) {
            problems.push(format!("the message lacks {part:?}"));
        }
        let hints: Vec<&str> = lines.collect();
        if hints.len() > 1 || hints.iter().any(|line| !line.starts_with("hint: ")) {
            problems.push("stderr is not one message and at most one hint".into());
        }
        for part in
            self.hints.iter().filter(|part| !hints.iter().any(|h| h.contains(part.as_str())))
        {
            problems.push(format!("no hint has {part:?}"));
        }
        problems
    }

    /// Is this the end that was expected? A signal or a panic never is.
    fn ending(&self, ended: &Ended<'_>, code: i32) -> Option<String> {
        let Some(exit) = ended.exit else { return Some("it did not end in time".into()) };
        match (exit.code(), ended.signal) {
            (Some(101 | 134), _) => Some(format!("it panicked, expected was the status {code}")),
            (_, Some(signal)) if self.by_signal && signal + 128 == code => None,
            (_, Some(signal)) => {
                Some(format!("signal {signal} killed it, expected was the status {code}"))
            }
            (Some(_), _) if self.any_end => None,
            (Some(0 | 1 | 252..=255), _) if self.any_status => None,
            (ended, _) if ended != Some(code) => Some(format!("the status is not {code}")),
            _ => None,
        }
    }
}
