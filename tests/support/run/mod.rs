//! `run("ses-exists").against(&ses).arg("a.example").stdout("[]\n").status(1);`
//!
//! Expectations come first, [`Run::status`] runs the program and checks them all. What is not named
//! must be empty, and a death by signal or a panic is never an expected failure. The environment is
//! cleared; nothing leads off the machine.

mod child;
mod expectations;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use super::secrets::{KEY_ID, SECRET_KEY, SESSION_TOKEN};
use super::{Endpoint, Scratch};

pub use child::Running;
pub use expectations::Outcome;
use expectations::{Expectations, Text};

/// Nobody listens on the discard port: a run that was not told of a server reaches none.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Far more than any run needs on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs one of the project's programs.
#[track_caller]
pub fn run(name: &str) -> Run {
    Run::program(path_of(name))
}

/// Where it is, for a command line that a shell runs.
#[track_caller]
pub fn path_of(name: &str) -> &'static str {
    match name {
        "ses-list" => env!("CARGO_BIN_EXE_ses-list"),
        "ses-exists" => env!("CARGO_BIN_EXE_ses-exists"),
        "ses-verify" => env!("CARGO_BIN_EXE_ses-verify"),
        "ses-token" => env!("CARGO_BIN_EXE_ses-token"),
        _ => panic!("there is no program {name}"),
    }
}

/// A command that is being put together.
#[must_use = "nothing runs before .status(…)"]
#[derive(Debug)]
pub struct Run {
    program: PathBuf,
    args: Vec<OsString>,
    env: BTreeMap<OsString, OsString>,
    stdin: Vec<u8>,
    stdout: Option<Stdio>,
    home: Rc<Scratch>,
    limit: Duration,
    expected: Expectations,
}

impl Run {
    /// Any program, in the same clean environment.
    pub fn program(path: impl Into<PathBuf>) -> Run {
        let run = Run {
            program: path.into(),
            args: Vec::new(),
            env: BTreeMap::new(),
            stdin: Vec::new(),
            stdout: None,
            home: Rc::new(Scratch::new()),
            limit: LIMIT,
            expected: Expectations::default(),
        };
        run.env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            .env("AWS_SESSION_TOKEN", SESSION_TOKEN)
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL", NOWHERE)
    }

    /// SES is `server`.
    pub fn against(self, server: &impl Endpoint) -> Run {
        self.env("AWS_ENDPOINT_URL", server.url())
    }

    pub fn arg(self, arg: impl AsRef<OsStr>) -> Run {
        self.args([arg])
    }

    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Run {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.env.insert(name.into(), value.as_ref().to_owned());
        self
    }

    /// The variable is not set.
    pub fn without(mut self, name: &str) -> Run {
        self.env.remove(OsStr::new(name));
        self
    }

    /// No credentials in the environment.
    pub fn without_keys(self) -> Run {
        self.without("AWS_ACCESS_KEY_ID")
            .without("AWS_SECRET_ACCESS_KEY")
            .without("AWS_SESSION_TOKEN")
    }

    /// Each request is sent `number` times at most.
    pub fn attempts(self, number: u32) -> Run {
        self.env("AWS_MAX_ATTEMPTS", number.to_string())
    }

    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Run {
        self.stdin = text.as_ref().to_owned();
        self
    }

    /// Shares the home and working directory of other runs.
    pub fn home(mut self, home: &Rc<Scratch>) -> Run {
        self.home = home.clone();
        self
    }

    /// Writes `name` into the home directory.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Run {
        self.home.write(name, content);
        self
    }

    /// Writes `~/.aws/config`.
    pub fn config(self, content: impl AsRef<[u8]>) -> Run {
        self.file(".aws/config", content)
    }

    /// Writes `~/.aws/credentials`.
    pub fn credentials(self, content: impl AsRef<[u8]>) -> Run {
        self.file(".aws/credentials", content)
    }

    /// The longest it may take. Beyond it the program is killed, and the test fails.
    pub fn within(mut self, limit: Duration) -> Run {
        self.limit = limit;
        self
    }

    /// stdout goes to `path`, `/dev/full` for example.
    pub fn stdout_into(mut self, path: impl AsRef<Path>) -> Run {
        let file = std::fs::OpenOptions::new().write(true).open(path).expect("a file for stdout");
        self.stdout = Some(file.into());
        self
    }

    /// stdout is a pipe that nobody reads.
    pub fn stdout_closed(mut self) -> Run {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        self.stdout = Some(writer.into());
        self
    }

    /// stdout is exactly `text`.
    pub fn stdout(mut self, text: impl AsRef<[u8]>) -> Run {
        self.expected.stdout = Text::Exactly(text.as_ref().to_owned());
        self
    }

    /// stdout has `part` somewhere in it; may be said more than once.
    pub fn stdout_has(mut self, part: impl Into<String>) -> Run {
        self.expected.stdout.has(part.into());
        self
    }

    /// stdout is looked at by the test itself.
    pub fn any_stdout(mut self) -> Run {
        self.expected.stdout = Text::Anything;
        self
    }

    /// stderr is exactly `text`.
    pub fn stderr(mut self, text: impl AsRef<[u8]>) -> Run {
        self.expected.stderr = Text::Exactly(text.as_ref().to_owned());
        self
    }

    /// stderr has `part` somewhere in it; may be said more than once.
    pub fn stderr_has(mut self, part: impl Into<String>) -> Run {
        self.expected.stderr.has(part.into());
        self
    }

    /// stderr is looked at by the test itself.
    pub fn any_stderr(mut self) -> Run {
        self.expected.stderr = Text::Anything;
        self
    }

    /// stderr is the one line `PROGRAM: …part…`, perhaps with a hint below it.
    pub fn says(mut self, part: impl Into<String>) -> Run {
        self.expected.messages.push(part.into());
        self
    }

    /// There is a second line on stderr: `hint: …part…`.
    pub fn hints(mut self, part: impl Into<String>) -> Run {
        self.expected.hints.push(part.into());
        self
    }

    /// Program and arguments, for the messages of a test's own.
    pub fn shown(&self) -> String {
        format!("{} {:?}", self.program.display(), self.args)
    }

    /// Runs the program and checks that it ends with `code`, and everything else that was said.
    #[track_caller]
    pub fn status(self, code: i32) -> Outcome {
        self.start().status(code)
    }

    /// Runs the program in the background.
    #[track_caller]
    pub fn start(self) -> Running {
        let mut command = Command::new(&self.program);
        command.args(&self.args).env_clear().env("HOME", self.home.path("")).envs(&self.env);
        command.current_dir(self.home.path(""));
        command.stdout(self.stdout.unwrap_or_else(Stdio::piped));
        Running::start(command, self.stdin, self.limit, self.expected, self.home)
    }
}
