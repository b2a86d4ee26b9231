//! Environment variables, as a shell user means them: an empty one is unset.

use std::env;

/// A setting and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub value: String,
    /// `AWS_REGION`, `--region`, `profile prod` …
    pub source: String,
}

impl Found {
    pub fn new(value: impl Into<String>, source: impl Into<String>) -> Found {
        Found { value: value.into(), source: source.into() }
    }

    /// A value given on the command line.
    pub(super) fn flag(value: Option<&String>, flag: &str) -> Option<Found> {
        value.map(|value| Found::new(value, flag))
    }
}

/// The variable `name`, unless it is unset or empty. A value that is not UTF-8 is kept as far as it
/// can be read, so that it fails where it is used and not silently.
pub fn variable(name: &str) -> Option<Found> {
    let value = env::var_os(name).filter(|value| !value.is_empty())?;
    Some(Found::new(value.to_string_lossy(), name))
}

/// Removes empty AWS and proxy variables from the environment of this process. To the SDK they are
/// values: an empty `AWS_ENDPOINT_URL_STS` aborts it, an empty `AWS_CONTAINER_CREDENTIALS_FULL_URI`
/// is a URL. The old name of the session token gets its new one, as in botocore.
///
/// Call it before the first thread starts.
pub fn forget_empty_variables() {
    let ours =
        |name: &str| name.starts_with("AWS_") || name.to_ascii_uppercase().ends_with("_PROXY");
    let empty = env::vars_os()
        .filter(|(name, value)| value.is_empty() && name.to_str().is_some_and(ours))
        .map(|(name, _)| name);
    for name in empty.collect::<Vec<_>>() {
        // SAFETY: the caller runs us while the process has one thread.
        unsafe { env::remove_var(name) };
    }
}
