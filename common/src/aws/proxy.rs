//! HTTP proxies, by the rules of aws-cli: HTTPS_PROXY for https, HTTP_PROXY for http, NO_PROXY.

use ::http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::environment::{Found, variable};
use crate::status::Failure;

/// Which proxy stands before which endpoint.
#[derive(Debug)]
pub(super) struct Proxies {
    matcher: Matcher,
    /// Hosts that are asked directly.
    direct: Vec<String>,
}

/// Where the metadata services of an instance or a container are configured to be.
const METADATA: &[&str] =
    &["AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];

impl Proxies {
    /// Reads the variables; of two spellings the lower-case one wins (Python's urllib).
    ///
    /// # Errors
    /// 253 for a value that is no http or https URL: to go on without the proxy would send the
    /// request where the operator did not want it.
    pub(super) fn from_environment() -> Result<Proxies, Failure> {
        let value = |found: Option<Found>| found.map(|found| found.value).unwrap_or_default();
        let either = |name: &str| variable(name).or_else(|| variable(&name.to_uppercase()));
        let proxy = |name| either(name).map(checked).transpose().map(value);
        let (http, https, no) =
            (proxy("http_proxy")?, proxy("https_proxy")?, value(either("no_proxy")));
        let direct = METADATA.iter().filter_map(|name| {
            let uri: Uri = variable(name)?.value.parse().ok()?;
            uri.host().map(str::to_owned)
        });
        let matcher = match no.trim() {
            // The matcher takes the star for domains alone.
            "*" => Matcher::builder(),
            no => Matcher::builder().http(http).https(https).no(no),
        };
        Ok(Proxies { matcher: matcher.build(), direct: direct.collect() })
    }

    /// The proxy for `target`, if any. The metadata services of an instance or a container are
    /// never asked through one: the proxy's host would answer with its own role.
    pub(super) fn before(&self, target: &Uri) -> Option<Intercept> {
        let host = target.host()?;
        let direct = is_metadata(host) || self.direct.iter().any(|direct| direct == host);
        if direct { None } else { self.matcher.intercept(target) }
    }
}

fn is_metadata(host: &str) -> bool {
    host.starts_with("169.254.") || host.starts_with("[fd00:ec2:")
}

fn checked(found: Found) -> Result<Found, Failure> {
    let problem = |why: &str| {
        // The value may hold a password.
        Failure::configuration(format!("{} is no proxy URL: {why}", found.source))
    };
    let uri: Uri = found.value.parse().map_err(|_| problem("it cannot be parsed"))?;
    match uri.scheme_str() {
        None | Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => {
            Ok(found)
        }
        None | Some("http" | "https") => Err(problem("it names no host")),
        Some(scheme) => Err(problem(&format!("{scheme} is neither http nor https"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_may_lack_its_scheme() {
        for url in ["127.0.0.1:3128", "http://user:p%40ss@proxy.example.com:3128/", "https://proxy"]
        {
            assert!(checked(Found::new(url, "HTTPS_PROXY")).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_bad_proxy_is_reported_without_its_password() {
        let failure =
            checked(Found::new("socks5://user:hush@proxy", "HTTPS_PROXY")).expect_err("socks");
        assert_eq!(
            failure.message,
            "HTTPS_PROXY is no proxy URL: socks5 is neither http nor https"
        );
    }

    #[test]
    fn metadata_is_asked_directly() {
        assert!(is_metadata("169.254.169.254") && is_metadata("169.254.170.2"));
        assert!(!is_metadata("email.us-east-1.amazonaws.com"));
    }
}
