//! How far a question of several requests has got. Whoever asks says so, and knows nothing of who
//! shows it.

use std::time::Duration;

/// A step of something that may take long.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// So many are done, of so many if that is known.
    Done { count: usize, total: Option<usize> },
    /// Waiting for `state` to change, `left` before the wait ends.
    Waiting { state: &'a str, left: Duration },
}

/// Told of each step.
pub type Watch<'a> = &'a mut dyn FnMut(Step<'_>);
