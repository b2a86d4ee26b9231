//! When the fake SES says no.

use std::collections::HashMap;
use std::time::Instant;

/// How many seconds before its turn a request may come: what a busy machine makes of a steady pace.
/// It is the machine's, so it does not shrink where a test runs the clock faster.
const SLACK: f64 = 0.02;

/// Which requests are throttled.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    /// The first so many.
    pub(super) first: usize,
    /// Requests a second and operation.
    pub(super) rate: Option<f64>,
    buckets: HashMap<String, Bucket>,
}

/// What is left of an operation's quota; it fills up with time.
#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Throttle {
    pub(super) fn refuses(&mut self, operation: &str, number: usize, now: Instant) -> bool {
        if number <= self.first {
            return true;
        }
        let Some(rate) = self.rate else { return false };
        let full = 1.0 + SLACK * rate;
        let bucket = self
            .buckets
            .entry(operation.to_owned())
            .or_insert(Bucket { tokens: full, filled: now });
        let passed = now.duration_since(bucket.filled).as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * rate).min(full);
        bucket.filled = now;
        if bucket.tokens < 1.0 {
            return true;
        }
        bucket.tokens -= 1.0;
        false
    }
}
