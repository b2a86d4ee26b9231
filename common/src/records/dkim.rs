//! DKIM: which name the CNAMEs of a Region point to.

use crate::identity::{MAX_LABEL, shown};
use crate::status::Failure;

/// The Regions whose DKIM keys are below `dkim.REGION.amazonses.com`.
///
/// AWS General Reference, "Amazon Simple Email Service endpoints and quotas", table "DKIM domains"
/// (<https://docs.aws.amazon.com/general/latest/gr/ses.html#ses_dkim_domains>), which ends with
/// `dkim.amazonses.com` for all others.
const OWN: [&str; 11] = [
    "af-south-1",
    "ap-northeast-3",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "il-central-1",
    "me-central-1",
    "us-gov-east-1",
];

/// The Regions whose DKIM keys are below `dkim.amazonses.com`: with [`OWN`], those the SES API itself
/// lists (version 2, `DkimSigningAttributesOrigin`).
const SHARED: [&str; 18] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// The domain that publishes the DKIM keys of a Region.
///
/// # Errors
/// Status 255 for a Region that is not in AWS's table. Either guess would be a record that looks
/// right and is never found, and SES can be asked.
pub fn dkim_domain(region: &str) -> Result<String, Failure> {
    if OWN.contains(&region) {
        return Ok(format!("dkim.{region}.amazonses.com"));
    }
    if SHARED.contains(&region) {
        return Ok("dkim.amazonses.com".to_owned());
    }
    Err(Failure::other(format!("no DKIM domain is known for the Region {}", shown(region))).hint(
        "`aws sesv2 get-email-identity --email-identity NAME --query DkimAttributes` tells it as \
         SigningHostedZone",
    ))
}

/// A DKIM token becomes a label of two names. SES's are lower case, but its documentation has some
/// in upper case: to DNS they are the same.
pub(super) fn check_label(token: &str) -> Result<(), Failure> {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = (1..=MAX_LABEL).contains(&token.len())
        && token.bytes().all(usual)
        && !token.starts_with('-')
        && !token.ends_with('-');
    if is_label {
        Ok(())
    } else {
        Err(Failure::other(format!("the DKIM token {} is no DNS label", shown(token))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_its_own_dkim_domain_or_the_shared_one() {
        assert_eq!(dkim_domain("us-east-1").unwrap(), "dkim.amazonses.com");
        assert_eq!(dkim_domain("us-gov-east-1").unwrap(), "dkim.us-gov-east-1.amazonses.com");
    }

    #[test]
    fn an_unknown_region_is_not_guessed_at() {
        for region in ["", "US-EAST-1", "xx-moon-1", "evil.example.com.\n@ IN A 192.0.2.1 ;"] {
            assert!(dkim_domain(region).unwrap_err().hint.is_some());
        }
    }

    #[test]
    fn a_dkim_token_is_one_label() {
        for token in ["vvjuipp74whm76gqoni7qmwwn4w4qusj", "EXAMPLEq76owjnks3lnluwg65scbemvw"] {
            assert!(check_label(token).is_ok());
        }
        for token in ["", "a.b", "-a", "a-", "a\nb", "a;b", "ü", "a b", "_a", &"a".repeat(64)] {
            assert!(check_label(token).is_err(), "{token}");
        }
    }
}
