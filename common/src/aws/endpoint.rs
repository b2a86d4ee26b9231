//! Which endpoint: flag, AWS_ENDPOINT_URL_SES, AWS_ENDPOINT_URL, the profile's, or SES's own.

use ::http::Uri;
use ::http::uri::Authority;

use super::Settings;
use super::environment::{Found, variable};
use super::profile::Profiles;
use crate::status::Failure;

/// The endpoint in place of SES's own, if any.
///
/// The ignore switch (AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, `ignore_configured_endpoint_urls`) holds
/// for all but the flag.
///
/// # Errors
/// 253 where it is no http or https URL, or the switch is neither true nor false.
pub(super) fn configured(
    settings: &Settings,
    profiles: &Profiles,
) -> Result<Option<Found>, Failure> {
    let mut found = Found::flag(settings.endpoint_url.as_ref(), "--endpoint-url");
    if found.is_none() && !ignored(profiles)? {
        found = variable("AWS_ENDPOINT_URL_SES")
            .or_else(|| variable("AWS_ENDPOINT_URL"))
            .or_else(|| profiles.service_endpoint())
            .or_else(|| profiles.get("endpoint_url"));
    }
    match found {
        Some(found) if !is_http_url(&found.value) => {
            let Found { value, source } = found;
            let problem = format!("{value:?} from {source} is no endpoint URL");
            Err(Failure::configuration(problem)
                .hint("an endpoint URL starts with http:// or https://"))
        }
        found => Ok(found),
    }
}

/// A switch of the environment (`name`) or the profile (`key`): does it say true?
///
/// # Errors
/// 253 where it says neither true nor false.
pub(super) fn switch(profiles: &Profiles, name: &str, key: &str) -> Result<Option<bool>, Failure> {
    match variable(name).or_else(|| profiles.get(key)) {
        None => Ok(None),
        Some(found) if found.value.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(found) if found.value.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(Found { value, source }) => Err(Failure::configuration(format!(
            "{value:?} from {source} ({key}) is neither true nor false"
        ))),
    }
}

fn ignored(profiles: &Profiles) -> Result<bool, Failure> {
    let switch =
        switch(profiles, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
    Ok(switch?.unwrap_or(false))
}

fn is_http_url(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.query().is_none()
            && uri.authority().is_some_and(has_possible_port)
    })
}

/// The HTTP client would take the scheme's port in place of one that there is not.
fn has_possible_port(authority: &Authority) -> bool {
    let after_user = authority.as_str().rsplit('@').next().unwrap_or_default();
    let after_host = after_user.strip_prefix(authority.host());
    matches!(after_host, Some("" | ":")) || authority.port_u16().is_some_and(|port| port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_urls_are_endpoints() {
        assert!(is_http_url("http://127.0.0.1:5000"));
        assert!(is_http_url("https://email.example.com/prefix"));
        assert!(is_http_url("http://[::1]:5000/") && is_http_url("http://a:/"));
        for junk in
            ["x", "localhost:5000", "ftp://a", "http://", "http://a b", "http:///x", "http://a?b"]
                .into_iter()
                .chain([
                    "http://a:99999",
                    "http://9:99999",
                    "http://a:0",
                    "http://127.0.0.1:-1",
                    "http://[::1]:x",
                ])
        {
            assert!(!is_http_url(junk), "{junk}");
        }
    }
}
