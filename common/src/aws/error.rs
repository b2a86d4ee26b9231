//! From an error of the SDK to one line, a hint, a status, and whether to try again.

use std::error::Error as StdError;
use std::fmt;

use aws_credential_types::provider::error::CredentialsError;
use aws_runtime::retries::classifiers::{THROTTLING_ERRORS, TRANSIENT_ERRORS};
use aws_sdk_ses::error::SdkError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::http::{Fault, Stage};
use super::retry::Retry;
use crate::status::{Failure, Status};

/// The error and its sources on one line, each said once.
pub(super) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut line = String::new();
    for error in causes(error) {
        let text = one_line(&error.to_string());
        if !text.is_empty() && !line.contains(&text) {
            let colon = if line.is_empty() { "" } else { ": " };
            line.push_str(colon);
            line.push_str(&text);
        }
    }
    line
}

/// The first error of type `T` among the causes of `error`.
pub(super) fn find<'a, T: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a T> {
    causes(error).find_map(|error| error.downcast_ref())
}

fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| next_cause(*error))
}

/// An `io::Error` hides the error that it wraps from `source`: it shows that one's source.
fn next_cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a failed request was about, for the message.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) operation: &'static str,
    pub(super) url: &'a str,
    /// The attempts so far.
    pub(super) attempts: u32,
}

impl Asked<'_> {
    fn attempts(&self) -> String {
        if self.attempts > 1 { format!(" ({} attempts)", self.attempts) } else { String::new() }
    }
}

/// The failure that `error` means, and whether another attempt is of use.
pub(super) fn describe<E>(error: &SdkError<E, HttpResponse>, asked: &Asked<'_>) -> (Failure, Retry)
where
    E: StdError + ProvideErrorMetadata + 'static,
{
    let Asked { operation, url, .. } = asked;
    let attempts = asked.attempts();
    let id = error.request_id().map(|id| format!(" [request id {id}]")).unwrap_or_default();
    match error {
        SdkError::ServiceError(context) => {
            let (service, raw) = (context.err(), context.raw());
            let http = raw.status().as_u16();
            if let Some(code) = service.code() {
                let message = service.message().unwrap_or("no message");
                // Of a wrong signature SES quotes the request in further paragraphs, session token and all.
                let message = one_line(message.split("\n\n").next().unwrap_or_default());
                let failure = Failure::new(
                    Status::Service,
                    format!(
                        "An error occurred ({code}) when calling the {operation} operation\
                         {attempts}: {message}{id}"
                    ),
                );
                return (hinted(failure, code, operation, raw), retry_of(code, http));
            }
            // A page of a captive portal or another server: no answer of SES at all.
            if http < 400 {
                let what = format!("HTTP {http}, {}", body(raw));
                return (unreadable(asked, &what, &id), Retry::Never);
            }
            let message = format!(
                "HTTP {http} when calling the {operation} operation{attempts} at {url}: {}{id}",
                body(raw)
            );
            (Failure::new(Status::Service, message), retry_of("", http))
        }
        SdkError::ResponseError(context) => {
            let why = error.source().map(chain).unwrap_or_default();
            let why = why.rsplit("interceptor encountered an error: ").next().unwrap_or_default();
            let what = format!("HTTP {}, {why}", context.raw().status().as_u16());
            (unreadable(asked, &what, &id), Retry::Never)
        }
        SdkError::TimeoutError(_) => {
            let message = format!("Time-out of {operation} at {url}{attempts}");
            (Failure::other(message), Retry::Transient)
        }
        _ => match error.source() {
            Some(source) => undelivered(source, asked),
            None => (Failure::other(chain(error)), Retry::Never),
        },
    }
}

/// SES was not reached, or not even asked.
fn undelivered(error: &(dyn StdError + 'static), asked: &Asked<'_>) -> (Failure, Retry) {
    if let Some(error) = find::<CredentialsError>(error) {
        return (credentials(error), Retry::Never);
    }
    let Some(Fault { stage, detail }) = find::<Fault>(error) else {
        // Before the network come only settings and credentials.
        let why = chain(error);
        let why = why.strip_prefix("other: ").unwrap_or(&why);
        let what = if why.contains("identity resolver") { "Cannot get credentials: " } else { "" };
        return (Failure::configuration(format!("{what}{why}")), Retry::Never);
    };
    let what = match stage {
        Stage::Configuration => return (Failure::configuration(detail.clone()), Retry::Never),
        Stage::ConnectTimeout => "Connect time-out on endpoint URL",
        Stage::Connect => "Could not connect to the endpoint URL",
        Stage::Tls => "TLS failure at endpoint URL",
        Stage::Proxy => "Could not connect through the proxy to the endpoint URL",
        Stage::ReadTimeout => "Read time-out on endpoint URL",
        Stage::Closed => "Connection was closed before a valid answer came from endpoint URL",
        Stage::Answer => "Cannot understand the answer of endpoint URL",
    };
    let failure = Failure::other(format!("{what} \"{}\"{}: {detail}", asked.url, asked.attempts()));
    let retry =
        if matches!(stage, Stage::Tls | Stage::Proxy) { Retry::Never } else { Retry::Transient };
    match stage {
        Stage::Tls if detail.contains("UnknownIssuer") => (
            failure.hint(
                "behind a private CA or an inspecting proxy, name its certificate in AWS_CA_BUNDLE",
            ),
            retry,
        ),
        _ => (failure, retry),
    }
}

fn credentials(error: &CredentialsError) -> Failure {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => {
            Failure::configuration("Unable to locate credentials").hint(
                "environment, profile, web identity, container and instance were asked; \
                 `aws configure` sets up a profile",
            )
        }
        _ => {
            let why = chain(error);
            let failure = Failure::configuration(format!("Cannot get credentials: {why}"));
            if why.to_lowercase().contains("sso") {
                failure.hint("`aws sso login` with the same profile starts a new session")
            } else {
                failure
            }
        }
    }
}

fn unreadable(asked: &Asked<'_>, what: &str, id: &str) -> Failure {
    let Asked { operation, url, .. } = asked;
    let attempts = asked.attempts();
    Failure::other(format!(
        "Cannot understand the answer to {operation} from {url}{attempts}: {what}{id}"
    ))
}

/// The beginning of a body that is no XML of SES.
fn body(response: &HttpResponse) -> String {
    let bytes = response.body().bytes().unwrap_or_default();
    let text = one_line(&String::from_utf8_lossy(&bytes[..bytes.len().min(400)]));
    if text.is_empty() {
        return "empty body".into();
    }
    format!("body {:?}", text.chars().take(120).collect::<String>())
}

fn retry_of(code: &str, http: u16) -> Retry {
    if THROTTLING_ERRORS.contains(&code) || http == 429 {
        Retry::Throttled
    } else if TRANSIENT_ERRORS.contains(&code) || matches!(http, 500 | 502 | 503 | 504) {
        Retry::Transient
    } else {
        Retry::Never
    }
}

/// Adds the next step for the errors that operators meet often.
fn hinted(failure: Failure, code: &str, operation: &str, response: &HttpResponse) -> Failure {
    match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
            failure.hint(format!("the policy of this identity must allow ses:{operation}"))
        }
        "ExpiredToken" | "ExpiredTokenException" => {
            failure.hint("the session has ended: sign in again, or assume the role again")
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" => {
            failure.hint("the access key does not exist, or its session token is missing")
        }
        "RequestExpired"
        | "SignatureDoesNotMatch"
        | "RequestTimeTooSkewed"
        | "InvalidSignatureException" => match skew(response) {
            Some(minutes) => failure.hint(format!(
                "the clock of this machine differs from the server's by {minutes} minutes"
            )),
            None if code == "SignatureDoesNotMatch" => {
                failure.hint("the secret access key is wrong")
            }
            None => failure,
        },
        "OptInRequired" => failure.hint("the account has not signed up for SES in this Region"),
        _ => failure,
    }
}

/// How far this machine's clock is from the server's `Date`, if that is 5 minutes or more: more than
/// AWS tolerates.
fn skew(response: &HttpResponse) -> Option<u64> {
    use aws_smithy_types::DateTime;
    use aws_smithy_types::date_time::Format;
    let server = DateTime::from_str(response.headers().get("date")?, Format::HttpDate).ok()?;
    let here = DateTime::from(std::time::SystemTime::now());
    let minutes = here.secs().abs_diff(server.secs()) / 60;
    (minutes >= 5).then_some(minutes)
}

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Retry::Never => "not tried again",
            Retry::Transient => "transient",
            Retry::Throttled => "throttled",
        })
    }
}
