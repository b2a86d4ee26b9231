//! Roles of the profile: what the SDK gets silently wrong, and the sessions that aws-cli keeps.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_config::profile::Profile;
use aws_credential_types::Credentials;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::profile::{Profiles, expand_home};
use crate::status::Failure;

/// aws-cli takes a cached session while it has this long to go (botocore's advisory refresh).
const LEFT: Duration = Duration::from_secs(15 * 60);

/// How the profile in use comes to its credentials.
#[derive(Debug)]
pub(super) enum Role<'a> {
    /// Not by a role that needs our help.
    None,
    /// By a session that aws-cli has kept.
    Cached(Credentials),
    /// By a role that the SDK would not ask for as it is configured: with a code of `device`, or for
    /// another time than an hour. It is asked for with the credentials of the profile `source`.
    Special { profile: &'a Profile, source: String, device: Option<String> },
}

/// Checks the chain of roles that starts at the profile in use.
///
/// # Errors
/// 253: a `source_profile` does not exist (the SDK would go on with an instance role), or a role on
/// the way needs an MFA code (the SDK would ask for the role without one).
pub(super) fn of(profiles: &Profiles) -> Result<Role<'_>, Failure> {
    let (mut name, mut seen) = (profiles.name.clone(), Vec::new());
    let mut special = None;
    while let Some(profile) = profiles.named(&name) {
        let by_token = profile.get("web_identity_token_file").is_some();
        if profile.get("role_arn").is_none() || by_token || seen.contains(&name) {
            break;
        }
        if seen.is_empty()
            && let Some(session) = cached(profile)
        {
            return Ok(Role::Cached(session));
        }
        let source = profile.get("source_profile").map(str::to_owned);
        let device = profile.get("mfa_serial").map(str::to_owned);
        match (&source, device) {
            (Some(source), device)
                if seen.is_empty()
                    && (device.is_some() || profile.get("duration_seconds").is_some()) =>
            {
                special = Some(Role::Special { profile, source: source.clone(), device });
            }
            (_, Some(device)) => return Err(needs_code(&name, &device, &profiles.name)),
            _ => {}
        }
        let Some(source) = source else { break };
        if profiles.named(&source).is_none() {
            return Err(Failure::configuration(format!(
                "The source_profile \"{source}\" referenced in the profile \"{name}\" does not exist"
            )));
        }
        seen.push(std::mem::replace(&mut name, source));
    }
    Ok(special.unwrap_or(Role::None))
}

/// The failure of a role that is only given with a code, where there is nobody to type one.
pub(super) fn needs_code(name: &str, device: &str, in_use: &str) -> Failure {
    let hint = format!(
        "`aws sts get-caller-identity --profile {in_use}` asks for it once, and its session is used here"
    );
    Failure::configuration(format!("profile {name} needs an MFA code of {device}")).hint(hint)
}

/// The session that aws-cli left in `~/.aws/cli/cache` for the role of `profile`.
fn cached(profile: &Profile) -> Option<Credentials> {
    let document: Value =
        serde_json::from_slice(&std::fs::read(cache_file(profile)?).ok()?).ok()?;
    let session = &document["Credentials"];
    let text = |key: &str| session[key].as_str().map(str::to_owned);
    // botocore writes `2030-01-01T00:00:00UTC` where the service said `Z`.
    let expiration = text("Expiration")?.replace("UTC", "Z");
    let expiration = DateTime::from_str(&expiration, Format::DateTimeWithOffset).ok()?;
    let expiration = SystemTime::try_from(expiration).ok()?;
    let left = expiration.duration_since(SystemTime::now()).ok()?;
    (left >= LEFT).then_some(())?;
    let (id, secret, token) =
        (text("AccessKeyId")?, text("SecretAccessKey")?, text("SessionToken")?);
    Some(Credentials::new(id, secret, Some(token), Some(expiration), "aws-cli's cache"))
}

/// Where aws-cli keeps the session of the role of `profile`.
pub(super) fn cache_file(profile: &Profile) -> Option<PathBuf> {
    Some(expand_home("~/.aws/cli/cache")?.join(format!("{}.json", cache_key(profile)?)))
}

/// botocore's file name: the SHA-1 of the sorted arguments of AssumeRole, as Python's
/// `json.dumps(arguments, sort_keys=True)` prints them (its `AssumeRoleCredentialFetcher`).
fn cache_key(profile: &Profile) -> Option<String> {
    let mut arguments = Vec::new();
    if let Some(seconds) = profile.get("duration_seconds") {
        arguments.push(("DurationSeconds", json!(seconds.trim().parse::<u32>().ok()?)));
    }
    for (argument, key) in [
        ("ExternalId", "external_id"),
        ("RoleArn", "role_arn"),
        ("RoleSessionName", "role_session_name"),
        ("SerialNumber", "mfa_serial"),
    ] {
        arguments.extend(profile.get(key).map(|value| (argument, json!(value))));
    }
    let members: Vec<String> =
        arguments.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    let digest = Sha1::digest(format!("{{{}}}", members.join(", ")));
    Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
