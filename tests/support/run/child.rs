//! A program that runs: fed, read, limited in time, and never left behind.

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::expectations::{Expectations, Outcome};
use crate::support::Scratch;

/// A started program. Dropped without [`Running::status`] it is killed.
#[must_use = "say how it ends: .status(0)"]
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
    shown: String,
    started: Instant,
    limit: Duration,
    streams: [Stream; 2],
    expected: Expectations,
    home: Rc<Scratch>,
}

impl Running {
    #[track_caller]
    pub(super) fn start(
        mut command: Command,
        stdin: Vec<u8>,
        limit: Duration,
        expected: Expectations,
        home: Rc<Scratch>,
    ) -> Running {
        let name = Path::new(command.get_program()).file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let shown = format!("{command:?}");
        command.stdin(Stdio::piped()).stderr(Stdio::piped());
        // A session of its own: no program can ask on the terminal of whoever runs the tests.
        // SAFETY: setsid is async-signal-safe, and nothing else happens between fork and exec.
        unsafe {
            command.pre_exec(|| {
                libc::setsid();
                Ok(())
            });
        }
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{shown}: {error}"));
        let mut pipe = child.stdin.take().expect("a pipe");
        // A program may end without reading its input; that is no error.
        thread::spawn(move || drop(pipe.write_all(&stdin)));
        let streams = [Stream::read(child.stdout.take()), Stream::read(child.stderr.take())];
        Running { child, name, shown, started: Instant::now(), limit, streams, expected, home }
    }

    /// Sends a signal, `libc::SIGINT` for example.
    pub fn signal(&self, signal: i32) {
        // SAFETY: the child is not reaped before `status`, so the id is its own.
        unsafe { libc::kill(self.child.id() as i32, signal) };
    }

    /// What has come on stdout so far.
    pub fn stdout_so_far(&self) -> String {
        self.streams[0].so_far()
    }

    /// Waits until stdout has `part` in it.
    #[track_caller]
    pub fn wait_for_stdout(&self, part: &str) {
        while !self.stdout_so_far().contains(part) {
            let stderr = self.streams[1].so_far();
            assert!(
                self.started.elapsed() < self.limit,
                "{} never printed {part:?}: {stderr}",
                self.shown
            );
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for the end and checks everything that was said of it.
    #[track_caller]
    pub fn status(mut self, code: i32) -> Outcome {
        let (exit, elapsed) = self.wait();
        let [stdout, stderr] = &mut self.streams;
        let (stdout, stderr) = (stdout.all(), stderr.all());
        let ended_with = exit.and_then(|exit| exit.code());
        let outcome =
            Outcome { stdout, stderr, code: ended_with, elapsed, home: self.home.clone() };
        let signal = exit.and_then(|exit| exit.signal());
        let ended = Ended { name: &self.name, command: &self.shown, exit, signal };
        self.expected.check(&ended, code, &outcome);
        outcome
    }

    /// Waits for the end, which may be any of the programs' own statuses.
    #[track_caller]
    pub fn any_status(mut self) -> Outcome {
        self.expected.any_status = true;
        self.status(0)
    }

    /// Waits for the end of a program that is not ours, whatever its status.
    #[track_caller]
    pub fn any_end(mut self) -> Outcome {
        self.expected.any_end = true;
        self.status(0)
    }

    /// Waits for the end that a signal brought: as `status`, or by the signal itself, which a shell
    /// shows as the same number.
    #[track_caller]
    pub fn interrupted(mut self, status: i32) -> Outcome {
        self.expected.by_signal = true;
        self.status(status)
    }

    /// The exit status, if there was one within the limit.
    fn wait(&mut self) -> (Option<ExitStatus>, Duration) {
        loop {
            let exit = self.child.try_wait().expect("the child's status");
            let elapsed = self.started.elapsed();
            if exit.is_some() || elapsed > self.limit {
                self.end();
                return (exit, elapsed);
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// How a program ended.
#[derive(Debug)]
pub(super) struct Ended<'a> {
    pub(super) name: &'a str,
    pub(super) command: &'a str,
    /// `None`: not within its time.
    pub(super) exit: Option<ExitStatus>,
    pub(super) signal: Option<i32>,
}

/// One output of a child, read by a thread as it comes.
#[derive(Debug)]
struct Stream {
    text: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Stream {
    fn read(pipe: Option<impl Read + Send + 'static>) -> Stream {
        let text = Arc::new(Mutex::new(Vec::new()));
        let reader = pipe.map(|mut pipe| {
            let text = text.clone();
            thread::spawn(move || {
                let mut buffer = [0; 1 << 14];
                while let Ok(read @ 1..) = pipe.read(&mut buffer) {
                    text.lock().expect("a text").extend_from_slice(&buffer[..read]);
                }
            })
        });
        Stream { text, reader }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().expect("a text")).into_owned()
    }

    /// Everything, once the child has ended.
    fn all(&mut self) -> Vec<u8> {
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        self.text.lock().expect("a text").clone()
    }
}
