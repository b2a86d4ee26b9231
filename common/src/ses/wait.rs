//! Asking again until something is true, within a deadline.

use std::time::{Duration, Instant};

use crate::status::Failure;

/// How long to go on asking, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How long after the first question the last one is asked.
    pub limit: Duration,
    /// The time between two questions; by default it grows from 3 to 30 seconds.
    pub interval: Option<Duration>,
}

/// What SES's own waiter waits between two questions (botocore's `waiters-2.json`).
const FIRST: Duration = Duration::from_secs(3);
/// A record takes minutes to be found; to ask more often only costs requests.
const LONGEST: Duration = Duration::from_secs(30);

impl Wait {
    /// Asks until `settled` says that the answer is the last word, or the time is over; the last
    /// question is asked as it ends. A question that fails is asked again like one that is not
    /// settled, if the failure may pass.
    ///
    /// `ask` is told how much time is left.
    ///
    /// # Errors
    /// The last question's failure, or one that cannot pass.
    pub(super) async fn until<T>(
        &self,
        mut ask: impl AsyncFnMut(Duration) -> Result<T, Failure>,
        settled: impl Fn(&T) -> bool,
    ) -> Result<T, Failure> {
        let start = Instant::now();
        let mut interval = self.interval.unwrap_or(FIRST);
        loop {
            let answer = ask(self.limit.saturating_sub(start.elapsed())).await;
            let left = self.limit.saturating_sub(start.elapsed());
            match answer {
                Ok(answer) if settled(&answer) || left.is_zero() => return Ok(answer),
                Err(failure) if !failure.transient || left.is_zero() => return Err(failure),
                _ => tokio::time::sleep(interval.min(left)).await,
            }
            if self.interval.is_none() {
                interval = interval.mul_f64(1.5).min(LONGEST);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn asked(limit: u64, settled_at: u32) -> (Result<u32, Failure>, u32) {
        let wait =
            Wait { limit: Duration::from_millis(limit), interval: Some(Duration::from_millis(10)) };
        let mut times = 0;
        let ask = async |_| {
            times += 1;
            match times {
                2 => Err(Failure { transient: true, ..Failure::other("away") }),
                _ => Ok(times),
            }
        };
        let answer = wait.until(ask, |times| *times >= settled_at).await;
        (answer, times)
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime").block_on(future)
    }

    #[test]
    fn a_settled_answer_ends_the_wait() {
        let (answer, times) = block_on(asked(10_000, 4));
        assert_eq!((answer.expect("an answer"), times), (4, 4));
    }

    #[test]
    fn no_time_asks_once() {
        assert_eq!(block_on(asked(0, 9)).1, 1);
    }

    #[test]
    fn the_last_answer_counts_when_the_time_is_over() {
        let (answer, times) = block_on(asked(60, 1_000));
        assert_eq!(answer.expect("an answer"), times);
        assert!(times >= 3, "{times}");
    }

    #[test]
    fn a_failure_that_cannot_pass_ends_the_wait() {
        let wait = Wait { limit: Duration::from_secs(60), interval: None };
        let ask = async |_| Err::<(), _>(Failure::other("denied"));
        assert!(block_on(wait.until(ask, |()| true)).is_err());
    }
}
