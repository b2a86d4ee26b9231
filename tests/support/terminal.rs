//! A terminal for a program to ask on, with a keyboard, and signals.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Far more than any run needs on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// A program whose stdin and stderr are a terminal of its own; stdout is a pipe.
pub struct Terminal {
    child: Child,
    keyboard: File,
    screen: Arc<Mutex<Vec<u8>>>,
    stdout: Option<JoinHandle<String>>,
}

/// How it ended.
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub screen: String,
}

impl Ended {
    /// The status as a shell has it.
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or_else(|| 128 + self.status.signal().expect("a signal"))
    }

    /// The last line on the screen.
    pub fn last_line(&self) -> &str {
        self.screen.trim_end().lines().last().unwrap_or_default()
    }
}

impl Terminal {
    /// Starts `command` on a new terminal.
    pub fn start(mut command: Command) -> Terminal {
        let (ours, theirs) = open();
        let copy = || theirs.try_clone().expect("a copy");
        command.stdin(copy()).stderr(copy()).stdout(Stdio::piped());
        // SAFETY: both calls are async-signal-safe; fd 0 is the terminal by then.
        unsafe {
            command.pre_exec(|| {
                libc::setsid();
                libc::ioctl(0, libc::TIOCSCTTY, 0);
                Ok(())
            });
        }
        let mut child = command.spawn().expect("a child");
        let mut pipe = child.stdout.take().expect("a pipe");
        let stdout = thread::spawn(move || {
            let mut text = String::new();
            pipe.read_to_string(&mut text).expect("text");
            text
        });
        let keyboard = File::from(ours);
        let (mut reader, screen) = (keyboard.try_clone().expect("a copy"), Arc::default());
        let seen: Arc<Mutex<Vec<u8>>> = Arc::clone(&screen);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The terminal's end is an error, EIO.
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                seen.lock().expect("a screen").extend_from_slice(&buffer[..read]);
            }
        });
        Terminal { child, keyboard, screen, stdout: Some(stdout) }
    }

    pub fn screen(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().expect("a screen")).replace("\r\n", "\n")
    }

    /// Waits until `part` is on the screen.
    #[track_caller]
    pub fn wait_for(&self, part: &str) {
        let start = Instant::now();
        while !self.screen().contains(part) {
            assert!(start.elapsed() < LIMIT, "{part:?} never came: {}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("a keyboard");
    }

    /// Sends a signal to the program alone, not to what it has started.
    pub fn signal(&self, signal: i32) {
        // SAFETY: the child is not reaped before `end`, so the id is its own.
        unsafe { libc::kill(self.child.id() as i32, signal) };
    }

    #[track_caller]
    pub fn end(mut self) -> Ended {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                break status;
            }
            if start.elapsed() > LIMIT {
                let _ = self.child.kill();
                panic!("it did not end: {}", self.screen());
            }
            thread::sleep(Duration::from_millis(5));
        };
        let stdout = self.stdout.take().expect("a reader").join().expect("stdout");
        // What was written last may still be on its way to the screen.
        thread::sleep(Duration::from_millis(50));
        Ended { status, stdout, screen: self.screen() }
    }
}

/// Both ends of a new pseudo-terminal.
fn open() -> (OwnedFd, OwnedFd) {
    let (mut ours, mut theirs) = (-1, -1);
    let name = std::ptr::null_mut();
    // SAFETY: the two integers outlive the call, and name, modes and size may be null.
    let done =
        unsafe { libc::openpty(&mut ours, &mut theirs, name, std::ptr::null(), std::ptr::null()) };
    assert_eq!(done, 0, "no terminal");
    // SAFETY: both are open, and nobody else's.
    unsafe { (OwnedFd::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs)) }
}
