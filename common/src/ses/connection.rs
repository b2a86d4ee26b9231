//! The options that say how to reach SES, the same for every networked program.

use crate::aws::{Debug, Rate, Settings, Timeout};
use crate::cli::{Flag, Options, Takes};

/// `--profile`, `--region` and the rest of aws-cli's global options.
#[derive(Debug, Default)]
pub struct Connection(Settings);

impl Connection {
    pub(super) fn settings(&self) -> &Settings {
        &self.0
    }
}

impl Options for Connection {
    const TITLE: &'static str = "Reaching AWS";
    const FLAGS: &'static [Flag<Connection>] = &[
        Flag::value("profile", Takes::Profile, "use this profile", |c: &mut Connection, v| {
            v.filled().map(|given| c.0.profile = Some(given))
        })
        .detail(
            "It beats access keys in the environment. \
             Without it AWS_PROFILE, AWS_DEFAULT_PROFILE and then the profile default are used. \
             A profile that does not exist is an error.",
        ),
        Flag::value("region", Takes::Region, "ask this Region", |c: &mut Connection, v| {
            v.filled().map(|given| c.0.region = Some(given))
        })
        .detail(
            "Identities are kept per Region. \
             Without it AWS_REGION, AWS_DEFAULT_REGION, the profile and the instance's metadata \
             are asked, in this order.",
        ),
        Flag::value(
            "endpoint-url",
            Takes::Text("URL"),
            "ask this server instead of SES",
            |c: &mut Connection, v| v.filled().map(|given| c.0.endpoint_url = Some(given)),
        )
        .detail("It beats AWS_ENDPOINT_URL_SES, AWS_ENDPOINT_URL and the profile's endpoint_url."),
        Flag::value(
            "ca-bundle",
            Takes::File("FILE"),
            "trust the certificates in FILE only",
            |c: &mut Connection, v| v.path().map(|given| c.0.ca_bundle = Some(given)),
        )
        .detail(
            "FILE is in PEM. \
             Without it AWS_CA_BUNDLE, the profile's ca_bundle, REQUESTS_CA_BUNDLE, \
             SSL_CERT_FILE and SSL_CERT_DIR, or the system's certificates are used.",
        ),
        Flag::switch("no-verify-ssl", "accept any certificate", |c: &mut Connection| {
            c.0.no_verify_ssl = true
        })
        .detail("Whoever answers is taken for SES. A warning on stderr says so."),
        Flag::switch("no-sign-request", "send no credentials", |c: &mut Connection| {
            c.0.no_sign_request = true
        })
        .detail("For servers that ask for none. Credentials are not even looked for."),
        Flag::value(
            "cli-connect-timeout",
            Takes::Text("SECONDS"),
            "wait this long for a connection (10)",
            |c: &mut Connection, v| {
                v.number("a whole number of seconds")
                    .map(|given| c.0.connect_timeout = Timeout(Some(given)))
            },
        )
        .detail("Name look-up, proxy and TLS included. 0 waits for ever."),
        Flag::value(
            "cli-read-timeout",
            Takes::Text("SECONDS"),
            "wait this long for an answer (60)",
            |c: &mut Connection, v| {
                v.number("a whole number of seconds")
                    .map(|given| c.0.read_timeout = Timeout(Some(given)))
            },
        )
        .detail("From the request to the last byte. 0 waits for ever."),
        Flag::value(
            "rate",
            Takes::Text("N"),
            "requests a second, where there are several (1)",
            |c: &mut Connection, v| {
                c.0.rate = Rate::new(v.number("a number")?)?;
                Ok(())
            },
        )
        .detail(
            "SES takes one request a second of each operation, per account and Region. \
             A run that needs one request is never delayed.",
        ),
        Flag::switch("debug", "tell on stderr what is done", |c: &mut Connection| {
            c.0.debug = Debug(true)
        })
        .detail(
            "Requests, further attempts, and where each setting was found. \
             Secrets are never shown.",
        ),
    ];
}
