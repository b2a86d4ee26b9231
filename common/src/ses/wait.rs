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
    /// `ask` is told how much time is left, and gives nothing where that was not enough. `pace` lies
    /// between two questions at least.
    ///
    /// # Errors
    /// The last answered question's failure, or one that cannot pass; `silent()` if none was
    /// answered.
    pub(super) async fn until<T>(
        &self,
        pace: Duration,
        mut ask: impl AsyncFnMut(Duration) -> Option<Result<T, Failure>>,
        settled: impl Fn(&T) -> bool,
    ) -> Result<T, Failure> {
        let start = Instant::now();
        let mut interval = self.interval.unwrap_or(FIRST);
        let mut last = None;
        loop {
            let asked = start.elapsed();
            last = ask(self.limit.saturating_sub(asked)).await.or(last);
            let over = start.elapsed() >= self.limit;
            match last {
                Some(Ok(answer)) if over || settled(&answer) => return Ok(answer),
                Some(Err(failure)) if over || !failure.transient => return Err(failure),
                None if over => return Err(silent()),
                _ => {}
            }
            // The next question is due, or the last one, unless it would come too soon for SES.
            let next = (start.elapsed() + interval).min(self.limit).max(asked + pace);
            tokio::time::sleep(next.min(self.limit).saturating_sub(start.elapsed())).await;
            if next > self.limit {
                return last.unwrap_or_else(|| Err(silent()));
            }
            if self.interval.is_none() {
                interval = interval.mul_f64(1.5).min(LONGEST);
            }
        }
    }
}

fn silent() -> Failure {
    Failure::other("SES did not answer before the wait ended")
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
            Some(match times {
                2 => Err(Failure { transient: true, ..Failure::other("away") }),
                _ => Ok(times),
            })
        };
        let answer = wait.until(Duration::ZERO, ask, |times| *times >= settled_at).await;
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
        let ask = async |_| Some(Err::<(), _>(Failure::other("denied")));
        assert!(block_on(wait.until(Duration::ZERO, ask, |()| true)).is_err());
    }

    #[test]
    fn the_pace_counts_though_the_time_ends() {
        let wait = Wait { limit: Duration::from_millis(50), interval: Some(Duration::ZERO) };
        let mut times = 0;
        let ask = async |_| {
            times += 1;
            Some(Ok(()))
        };
        let start = Instant::now();
        assert!(block_on(wait.until(Duration::from_millis(40), ask, |()| false)).is_ok());
        assert_eq!(times, 2);
        assert!(start.elapsed() >= Duration::from_millis(50));
    }
}
