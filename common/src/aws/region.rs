//! Which Region: flag, AWS_REGION, AWS_DEFAULT_REGION, profile, then one question to the instance.

use super::Settings;
use super::environment::{Found, variable};
use super::profile::Profiles;
use crate::status::Failure;

/// The Region that was configured, if any; the order is aws-cli 2's.
///
/// # Errors
/// 253 where it can be no Region: it becomes part of the host name that a signature is for.
pub(super) fn configured(
    settings: &Settings,
    profiles: &Profiles,
) -> Result<Option<Found>, Failure> {
    let found = Found::flag(settings.region.as_ref(), "--region")
        .or_else(|| variable("AWS_REGION"))
        .or_else(|| variable("AWS_DEFAULT_REGION"))
        .or_else(|| profiles.get("region"));
    match found {
        Some(found) if !is_host_label(&found.value) => {
            let Found { value, source } = found;
            Err(Failure::configuration(format!("{value:?} from {source} is no AWS Region")))
        }
        found => Ok(found),
    }
}

pub(super) fn missing() -> Failure {
    Failure::configuration("You must specify a Region")
        .hint("use --region, AWS_REGION, AWS_DEFAULT_REGION or `region` in the profile")
}

fn is_host_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_host_label() {
        assert!(is_host_label("us-west-2"));
        for junk in ["", "-a", "a-", "us west", "us/west", "ü", "a.b", &"a".repeat(64)] {
            assert!(!is_host_label(junk), "{junk}");
        }
    }
}
