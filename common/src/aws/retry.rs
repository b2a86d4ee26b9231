//! How often: which failures are worth another attempt, and how long to wait before it.

use std::time::Duration;

use super::environment::{Found, variable};
use super::profile::Profiles;
use crate::status::Failure;

/// Is another attempt of the same request of any use?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same request will fail again.
    Never,
    /// The network or the service had a bad moment.
    Transient,
    /// SES was asked faster than it allows.
    Throttled,
}

/// Attempts of one request, the first included.
const ATTEMPTS: u32 = 5;

/// The longest wait between two attempts (botocore's and the SDK's).
const LONGEST: Duration = Duration::from_secs(20);

/// How many attempts: AWS_MAX_ATTEMPTS, the profile's `max_attempts`, else five.
///
/// The retry modes differ in ways that a run of one request a second cannot show, so that each of
/// them is the same here; `legacy` is aws-cli 1's own default.
///
/// # Errors
/// 253 for junk: the SDK would abort the process.
pub(super) fn attempts(profiles: &Profiles) -> Result<u32, Failure> {
    if let Some(Found { value, source }) =
        variable("AWS_RETRY_MODE").or_else(|| profiles.get("retry_mode"))
        && !["legacy", "standard", "adaptive"].contains(&value.to_ascii_lowercase().as_str())
    {
        let problem = format!("{value:?} from {source} is no retry mode");
        return Err(
            Failure::configuration(problem).hint("the modes are legacy, standard and adaptive")
        );
    }
    match variable("AWS_MAX_ATTEMPTS").or_else(|| profiles.get("max_attempts")) {
        None => Ok(ATTEMPTS),
        Some(Found { value, source }) => match value.trim().parse() {
            Ok(attempts) if attempts > 0 => Ok(attempts),
            _ => {
                let problem = format!("{value:?} from {source} is no number of attempts above 0");
                Err(Failure::configuration(problem))
            }
        },
    }
}

/// The wait after the failed attempt `attempt` (1 is the first): twice as long each time, with a
/// random part, so that programs side by side do not meet again. `random` is from 0 to 1.
pub(super) fn pause(attempt: u32, random: f64) -> Duration {
    let base = Duration::from_millis(500) * 2u32.saturating_pow(attempt.saturating_sub(1).min(10));
    (base / 2 + base.mul_f64(random)).min(LONGEST)
}

/// How long a question may be asked again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patience {
    /// As often as is configured.
    #[default]
    Attempts,
    /// Once: the caller asks again by itself.
    Once,
    /// As often as is configured, but throttled requests spend no attempt, unless this long none was
    /// taken. For runs of many requests, where being throttled now and then is the normal case.
    Throttled(Duration),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_limit() {
        let waits: Vec<_> = (1..9).map(|attempt| pause(attempt, 0.5)).collect();
        assert!(waits.is_sorted() && waits[0] < Duration::from_secs(1));
        assert_eq!(pause(4_000_000_000, 1.0), LONGEST);
    }
}
