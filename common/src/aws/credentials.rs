//! Whose credentials: environment, profile, web identity, container, instance; botocore's order.

use std::time::{Duration, SystemTime};

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::{self, credentials::ImdsCredentialsProvider};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use super::client::Under;
use super::environment::{Found, variable};
use super::profile::Profiles;
use super::role::{self, Role};
use super::{Settings, assume};
use crate::status::Failure;

/// The provider of the credentials in use.
///
/// An explicit `--profile` beats keys and tokens in the environment (botocore's
/// `create_credential_resolver`: "an explicitly provided profile will negate an EnvProvider").
///
/// # Errors
/// 253: half a key in the environment, or a role that cannot be assumed as it is configured.
pub(super) async fn provider(
    settings: &Settings,
    profiles: &Profiles,
    config: &ProviderConfig,
    under: &Under,
) -> Result<SharedCredentialsProvider, Failure> {
    let environment = settings.profile.is_none();
    if environment && let Some(keys) = from_environment()? {
        settings.debug.setting("access key", &keys.0);
        return Ok(SharedCredentialsProvider::new(keys.1));
    }
    match role::of(profiles)? {
        Role::Cached(session) => {
            settings.debug.say(|| "credentials from the role cache of aws-cli".into());
            return Ok(SharedCredentialsProvider::new(session));
        }
        Role::Special { profile, source, device } => {
            settings.debug.say(|| format!("credentials by the role of profile {}", profiles.name));
            let device = device.as_deref();
            let session =
                assume::session(profiles, profile, &source, device, config, under).await?;
            return Ok(SharedCredentialsProvider::new(session));
        }
        Role::None => {}
    }

    let profile = ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_files(profiles.files.clone())
        .profile_name(&profiles.name)
        .build();
    let profile = Unexpired(profile);
    settings.debug.say(|| format!("credentials from profile {} or what follows it", profiles.name));
    if profiles.get("role_arn").is_some() {
        // Whoever configures a role wants that one, and not the instance's where it fails.
        return Ok(SharedCredentialsProvider::new(profile));
    }
    let ecs = EcsCredentialsProvider::builder().configure(config).build();
    let instance =
        ImdsCredentialsProvider::builder().configure(config).imds_client(instance(config)?).build();
    let chain = if environment {
        let by_token = WebIdentityTokenCredentialsProvider::builder().configure(config).build();
        CredentialsProviderChain::first_try("WebIdentity", by_token).or_else("Profile", profile)
    } else {
        CredentialsProviderChain::first_try("Profile", profile)
    };
    Ok(SharedCredentialsProvider::new(
        chain.or_else("Container", ecs).or_else("Instance", instance),
    ))
}

/// A provider whose expired credentials are an error, as for aws-cli. The SDK would sign with what an
/// old `credential_process` hands out.
#[derive(Debug)]
struct Unexpired<P>(P);

impl<P: ProvideCredentials> ProvideCredentials for Unexpired<P> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let credentials = self.0.provide_credentials().await?;
            match credentials.expiry() {
                Some(expiry) if expiry <= SystemTime::now() => {
                    Err(CredentialsError::provider_error("the credentials have expired"))
                }
                _ => Ok(credentials),
            }
        })
    }
}

/// The keys in the environment, with the id for `--debug`.
fn from_environment() -> Result<Option<(Found, Credentials)>, Failure> {
    let Some(id) = variable("AWS_ACCESS_KEY_ID") else { return Ok(None) };
    let Some(secret) = variable("AWS_SECRET_ACCESS_KEY") else {
        let problem = "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY";
        return Err(Failure::configuration(problem));
    };
    // The second is the name from before 2014, which botocore still reads.
    let token = variable("AWS_SESSION_TOKEN").or_else(|| variable("AWS_SECURITY_TOKEN"));
    let keys = Credentials::new(
        &id.value,
        secret.value,
        token.map(|token| token.value),
        None,
        "environment",
    );
    Ok(Some((id, keys)))
}

/// The client of the instance's metadata service, with botocore's knobs and patience: one second,
/// one attempt.
///
/// # Errors
/// 253 where a knob is no number.
pub(super) fn instance(config: &ProviderConfig) -> Result<imds::Client, Failure> {
    let knob = |name: &str| match variable(name) {
        None => Ok(1),
        Some(Found { value, source }) => match value.trim().parse::<u32>() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(Failure::configuration(format!(
                "{value:?} from {source} is no whole number above 0"
            ))),
        },
    };
    let patience = Duration::from_secs(knob("AWS_METADATA_SERVICE_TIMEOUT")?.into());
    Ok(imds::Client::builder()
        .configure(config)
        .connect_timeout(patience)
        .read_timeout(patience)
        .max_attempts(knob("AWS_METADATA_SERVICE_NUM_ATTEMPTS")?)
        .build())
}
