//! How fast: SES takes one request a second of each operation, per account and Region.
//!
//! Source: "Sending quotas" of the SES developer guide: all actions but sending are throttled at
//! one request per second, and the limit cannot be raised.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// Requests a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate(f64);

impl Default for Rate {
    fn default() -> Rate {
        Rate(1.0)
    }
}

impl Rate {
    /// # Errors
    /// `rate` is not a positive number, or so small that the next request would never come.
    pub fn new(rate: f64) -> Result<Rate, String> {
        if (0.001..=1_000_000.0).contains(&rate) {
            Ok(Rate(rate))
        } else {
            Err(format!("{rate} is not a number of requests a second between 0.001 and 1000000"))
        }
    }

    /// The time between two requests.
    pub fn interval(self) -> Duration {
        Duration::from_secs_f64(1.0 / self.0)
    }
}

/// The one limiter of a run: the first request of each operation goes out at once.
///
/// Throttling means that somebody else asks as well, so the time between two requests grows then and
/// shrinks again as SES takes them.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Duration,
    operations: Mutex<HashMap<&'static str, Slot>>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    next: Instant,
    /// How many times the interval lies between two requests at present.
    stretch: f64,
}

const LARGEST_STRETCH: f64 = 20.0;

/// By how much tokio's timer may be late.
const TIMER: Duration = Duration::from_millis(5);

impl Pace {
    pub(super) fn new(rate: Rate) -> Pace {
        Pace { interval: rate.interval(), operations: Mutex::default() }
    }

    /// What lies between two requests at least.
    pub(super) fn interval(&self) -> Duration {
        self.interval
    }

    /// Waits until SES takes another request of `operation`.
    pub(super) async fn turn(&self, operation: &'static str) {
        let turn = self.slot(operation, |_| ()).next;
        // tokio's timer is late by some milliseconds, which at a high rate is too much.
        tokio::time::sleep_until(turn.checked_sub(TIMER).unwrap_or(turn)).await;
        std::thread::sleep(turn.saturating_duration_since(Instant::now()));
        // From when the request really goes out: one that is late must not hurry the next.
        self.slot(operation, |slot| {
            slot.next = Instant::now() + self.interval.mul_f64(slot.stretch)
        });
    }

    /// SES took the request.
    pub(super) fn taken(&self, operation: &'static str) {
        self.slot(operation, |slot| slot.stretch = (slot.stretch * 0.8).max(1.0));
    }

    /// SES was asked too fast: the next request waits for twice the interval at most, then longer
    /// each time. Returns how long. `random` is from 0 to 1 and keeps programs apart that run side by
    /// side.
    pub(super) fn throttled(&self, operation: &'static str, random: f64) -> Duration {
        let slot = self.slot(operation, |slot| {
            let pause = self.interval.mul_f64(slot.stretch * (1.0 + random));
            slot.next = Instant::now() + pause;
            slot.stretch = (slot.stretch * 1.5).min(LARGEST_STRETCH);
        });
        slot.next.saturating_duration_since(Instant::now())
    }

    fn slot(&self, operation: &'static str, change: impl FnOnce(&mut Slot)) -> Slot {
        let mut operations =
            self.operations.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let start = || Slot { next: Instant::now(), stretch: 1.0 };
        let slot = operations.entry(operation).or_insert_with(start);
        change(slot);
        *slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttling_slows_down_and_recovers() {
        let pace = Pace::new(Rate::default());
        assert!(pace.throttled("x", 0.0) > Duration::from_millis(900));
        let slowed = pace.throttled("x", 0.0);
        assert!(slowed > Duration::from_millis(1400), "{slowed:?}");
        (0..10).for_each(|_| pace.taken("x"));
        assert!(pace.throttled("x", 0.0) <= Duration::from_secs(1));
    }
}
