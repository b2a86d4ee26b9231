//! The two streams of a program: results on stdout, one line of message on stderr.
//!
//! Nothing here panics or loses a byte: a full disk is a failure, a reader that went away is not.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::status::Failure;

/// What became of text written to stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    All,
    /// The reader closed the pipe. Like aws-cli and ripgrep a program then ends quietly with the
    /// status of its answer: `ses-list | head -1` is no error, not even under `pipefail`.
    ReaderGone,
}

/// Had the program no stdout when it started? In place of one that is closed the standard library opens
/// /dev/null, where text would be lost without an error.
static STDOUT_IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// What the loader calls before the standard library does that.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = look_at_stdout;

#[cfg(target_os = "linux")]
extern "C" fn look_at_stdout() {
    // SAFETY: asks for the flags of a descriptor, and changes nothing.
    let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
    STDOUT_IS_CLOSED.store(flags == -1, Ordering::Relaxed);
}

/// Writes `text` to stdout and flushes it.
///
/// # Errors
/// Status 255 where stdout cannot take it, a full disk above all.
pub fn print(text: impl AsRef<[u8]>) -> Result<Written, Failure> {
    let text = text.as_ref();
    if STDOUT_IS_CLOSED.load(Ordering::Relaxed) && !text.is_empty() {
        return Err(Failure::other("cannot write to stdout: it is closed"));
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(Written::All),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Written::ReaderGone),
        Err(error) => Err(Failure::other(format!("cannot write to stdout: {error}"))),
    }
}

/// Writes one line to stderr. A message that cannot be written is dropped: there is nowhere left
/// to say so, and the status tells.
pub fn note(line: impl AsRef<str>) {
    let _ = writeln!(io::stderr().lock(), "{}", printable(line.as_ref()));
}

/// Reports why `program` ended: its message and, if there is one, the hint.
pub fn report(program: &str, failure: &Failure) {
    note(format!("{program}: {}", failure.message));
    if let Some(hint) = &failure.hint {
        note(format!("hint: {hint}"));
    }
}

/// Is there somebody to read progress and colours?
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// The columns of the terminal on stdout; 80 where there is no terminal, as aws-cli has it.
pub fn stdout_width() -> usize {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the kernel fills in the structure it is given, or fails.
    let known = unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &mut size) } == 0;
    if known { size.ws_col.into() } else { 80 }
}

/// Control characters as escapes. Messages quote names, answers and files from outside; none of
/// them may move the cursor of the operator's terminal.
pub fn printable(text: &str) -> String {
    let hostile = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(hostile) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len() + 8), |mut shown, c| {
        if hostile(c) {
            shown.extend(c.escape_default())
        } else {
            shown.push(c)
        }
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_does_not_reach_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\tc\nd\u{9b}"), "a\\u{1b}[2Jb\tc\nd\\u{9b}");
    }
}
