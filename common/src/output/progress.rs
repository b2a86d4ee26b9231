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
        if !self.wanted || self.start.elapsed() < QUIET {
            return;
        }
        let (what, elapsed) = (self.what, self.start.elapsed());
        let text = match step {
            Step::Done { count, total } => pace(count, total, elapsed),
            Step::Waiting { state, left } => format!("{state}, {} s left", left.as_secs()),
        };
        let line = self.shown.get_or_insert_with(|| {
            let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            // The template is ours, and valid.
            let style = ProgressStyle::with_template("{prefix}: {wide_msg}");
            line.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            line.with_prefix(what)
        });
        line.set_message(text);
        line.tick();
    }

    /// Takes the line away, so that messages stand alone.
    pub fn clear(&mut self) {
        if let Some(line) = self.shown.take() {
            line.finish_and_clear();
        }
    }
}

/// `6 of 12, 1.0 a second, 6 s left`. Averaged over the whole run, since requests are paced.
fn pace(count: usize, total: Option<usize>, elapsed: Duration) -> String {
    let rate = count as f64 / elapsed.as_secs_f64();
    let Some(total) = total else { return format!("{count}, {rate:.1} a second") };
    let left = (total - count.min(total)) as f64 / rate;
    format!("{count} of {total}, {rate:.1} a second, {left:.0} s left")
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn done_total_rate_and_time_left_are_shown() {
        let shown = pace(6, Some(12), Duration::from_secs(6));
        assert_eq!(shown, "6 of 12, 1.0 a second, 6 s left");
        assert_eq!(pace(3000, None, Duration::from_secs(2)), "3000, 1500.0 a second");
    }
}
