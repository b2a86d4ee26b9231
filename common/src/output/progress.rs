//! Progress on stderr, for a person at a terminal, once something takes longer than a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::progress::Step;
use crate::stream;

/// Before this, progress is only noise.
const QUIET: Duration = Duration::from_secs(1);

/// A line that shows what is done; nothing at all where nobody looks.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    start: Instant,
    shown: Option<ProgressBar>,
    wanted: bool,
}

impl Progress {
    /// `what` is being done; the line appears if `wanted` and stderr is a terminal.
    pub fn new(what: &'static str, wanted: bool) -> Progress {
        let wanted = wanted && stream::stderr_is_terminal();
        Progress { what, start: Instant::now(), shown: None, wanted }
    }

    /// Shows how far it has got.
    pub fn show(&mut self, step: Step<'_>) {
        match step {
            Step::Done { count, total } => {
                if let Some(bar) = self.bar(total) {
                    bar.set_position(count as u64);
                }
            }
            Step::Waiting { state, left } => {
                if let Some(bar) = self.bar(None) {
                    bar.set_message(format!("{state}, {} s left", left.as_secs()));
                }
            }
        }
    }

    /// Takes the line away, so that messages stand alone.
    pub fn clear(&mut self) {
        if let Some(bar) = self.shown.take() {
            bar.finish_and_clear();
        }
    }

    fn bar(&mut self, total: Option<usize>) -> Option<&ProgressBar> {
        if !self.wanted || self.start.elapsed() < QUIET {
            return None;
        }
        let (what, start) = (self.what, self.start);
        Some(self.shown.get_or_insert_with(|| {
            let length = total.map(|total| total as u64);
            let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
            let template = match total {
                Some(_) => "{prefix}: {pos} of {len}, {per_sec}, {eta} left {msg}",
                None => "{prefix} {msg}",
            };
            // The template is ours, and valid.
            let style = ProgressStyle::with_template(template);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.with_prefix(what).with_elapsed(start.elapsed())
        }))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
