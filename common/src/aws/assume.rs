//! A role that the SDK would not ask for as it is configured: with the code of an MFA device, or for
//! another time than an hour. Its session is kept where aws-cli keeps its own, so that a code is typed
//! once and not for every program of a pipe.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::time::SystemTime;

use aws_config::BehaviorVersion;
use aws_config::profile::{Profile, ProfileFileCredentialsProvider};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_sts::config::Region;
use aws_sdk_sts::types::Credentials as Session;
use aws_smithy_types::DateTime;
use serde_json::json;

use super::client::Under;
use super::environment::variable;
use super::profile::Profiles;
use super::{error, role};
use crate::status::Failure;

/// Asks the terminal for a code of `device`, if there is one, and STS for the role of `profile`.
///
/// # Errors
/// 253: there is no terminal, the source has no credentials, or STS does not give the role.
pub(super) async fn session(
    profiles: &Profiles,
    profile: &Profile,
    source: &str,
    device: Option<&str>,
    config: &ProviderConfig,
    under: &Under,
) -> Result<Credentials, Failure> {
    let failed = |what: &str, why: String| Failure::configuration(format!("{what}: {why}"));
    let typed = |device| {
        ask(device).ok_or_else(|| role::needs_code(&profiles.name, device, &profiles.name))
    };
    let code = device.map(typed).transpose()?;
    let source = ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_files(profiles.files.clone())
        .profile_name(source)
        .build();
    let source = source.provide_credentials().await;
    let source = source.map_err(|e| failed("Cannot get credentials", error::chain(&e)))?;

    let mut builder = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(under.region.clone()))
        .http_client(under.http.clone())
        .sleep_impl(under.sleep.clone())
        .timeout_config(under.timeouts.clone())
        .credentials_provider(source);
    let endpoint = variable("AWS_ENDPOINT_URL_STS").or_else(|| variable("AWS_ENDPOINT_URL"));
    builder.set_endpoint_url(endpoint.map(|found| found.value));
    let name = match profile.get("role_session_name") {
        Some(name) => name.to_owned(),
        None => format!("ses-toolkit-{}", DateTime::from(SystemTime::now()).secs()),
    };
    let seconds = profile.get("duration_seconds").and_then(|seconds| seconds.trim().parse().ok());
    let answer = aws_sdk_sts::Client::from_conf(builder.build())
        .assume_role()
        .set_role_arn(profile.get("role_arn").map(str::to_owned))
        .role_session_name(name)
        .set_external_id(profile.get("external_id").map(str::to_owned))
        .set_duration_seconds(seconds)
        .set_serial_number(device.map(str::to_owned))
        .set_token_code(code)
        .send()
        .await
        .map_err(|e| failed("Cannot assume the role", error::chain(&e)))?;
    let session =
        answer.credentials.ok_or_else(|| failed("Cannot assume the role", "no answer".into()))?;
    if let Some(file) = role::cache_file(profile) {
        // The session is good without the cache, too; the next program then asks for a code again.
        let _ = keep(&file, &session);
    }
    let expiration = SystemTime::try_from(session.expiration).ok();
    let (id, secret) = (session.access_key_id, session.secret_access_key);
    Ok(Credentials::new(id, secret, Some(session.session_token), expiration, "assumed role"))
}

/// A line from the terminal, whatever stdin and stdout are; `None` where there is none.
fn ask(device: &str) -> Option<String> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
    write!(terminal, "Enter MFA code for {device}: ").ok()?;
    let mut code = String::new();
    BufReader::new(terminal).read_line(&mut code).ok()?;
    Some(code.trim().to_owned()).filter(|code| !code.is_empty())
}

/// Writes the session as aws-cli does, for the owner alone.
fn keep(file: &Path, session: &Session) -> std::io::Result<()> {
    let directory = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let expiration = session.expiration.to_string().replace('Z', "UTC");
    let document = json!({ "Credentials": {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key,
        "SessionToken": session.session_token,
        "Expiration": expiration,
    }});
    let mut temporary = tempfile::NamedTempFile::new_in(directory)?;
    temporary.write_all(document.to_string().as_bytes())?;
    temporary.persist(file)?;
    Ok(())
}
