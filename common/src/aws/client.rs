//! The client of SES: configured once, and asked through [`Client::call`].

use std::error::Error as StdError;
use std::future::Future;
use std::time::{Duration, Instant};

use aws_config::BehaviorVersion;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_ses::config::{IdentityCache, Region};
use aws_sdk_ses::error::SdkError;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;

use super::environment::Found;
use super::error::{self, Asked};
use super::http::Http;
use super::pace::Pace;
use super::profile::Profiles;
use super::proxy::Proxies;
use super::retry::{self, Patience, Retry};
use super::tls::Tls;
use super::well_formed::WellFormed;
use super::{Debug, Settings, Timeout, credentials, endpoint, region};
use crate::status::Failure;
use crate::stream;

/// How long credentials may take, unless a read time-out was given: a `credential_process` may wait
/// for a human's second factor.
const CREDENTIALS: u64 = 300;

/// What every client of AWS stands on.
#[derive(Clone, Debug)]
pub(super) struct Under {
    pub(super) http: Http,
    pub(super) sleep: SharedAsyncSleep,
    pub(super) timeouts: TimeoutConfig,
    pub(super) region: String,
}

/// SES, as one account and Region.
#[derive(Debug)]
pub struct Client {
    ses: aws_sdk_ses::Client,
    region: String,
    /// The profile's setting of the output format.
    output: Option<Found>,
    http: Http,
    pace: Pace,
    attempts: u32,
    debug: Debug,
}

impl Client {
    /// Resolves profile, Region, endpoint, TLS, proxies, time-outs and credentials. Sends nothing,
    /// except one question to the instance where no Region is configured.
    ///
    /// # Errors
    /// 253 for whatever is missing or wrong, with where it was found.
    pub async fn connect(settings: &Settings) -> Result<Client, Failure> {
        let debug = settings.debug;
        let profiles = Profiles::load(settings).await?;
        let attempts = retry::attempts(&profiles)?;
        debug.say(|| format!("{attempts} attempts at most"));
        if settings.no_verify_ssl {
            stream::note("warning: --no-verify-ssl: whoever answers is taken for SES");
        }
        let endpoint = endpoint::configured(settings, &profiles)?;
        let http = Http::new(Tls::new(settings, &profiles), Proxies::from_environment()?, debug);
        let sleep = SharedAsyncSleep::new(TokioSleep::new());
        let timeouts = timeouts(settings);
        let config = ProviderConfig::empty()
            .with_http_client(SharedHttpClient::new(http.clone()))
            .with_sleep_impl(sleep.clone())
            .with_timeout_config(timeouts.clone())
            .with_retry_config(RetryConfig::standard().with_max_attempts(attempts));

        let region = match region::configured(settings, &profiles)? {
            Some(found) => found,
            None => instance_region(&config).await?,
        };
        debug.setting("region", &region);
        let region = region.value;
        let under = Under { http: http.clone(), sleep, timeouts, region: region.clone() };
        let fips = endpoint::switch(&profiles, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?;
        let dual =
            endpoint::switch(&profiles, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")?;
        let config = config
            .with_region(Some(Region::new(region.clone())))
            .with_use_fips(fips)
            .with_use_dual_stack(dual);

        let patience = Timeout::<CREDENTIALS>(settings.read_timeout.0).limit();
        let patience = patience.unwrap_or(Duration::MAX / 2);

        let mut builder = aws_sdk_ses::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.clone()))
            .http_client(http.clone())
            .sleep_impl(under.sleep.clone())
            .timeout_config(under.timeouts.clone())
            // `call` tries again: it alone knows SES's pace and the deadline of a wait.
            .retry_config(RetryConfig::disabled())
            // `Http` limits the whole answer.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .identity_cache(IdentityCache::lazy().load_timeout(patience).build())
            .interceptor(WellFormed);
        match endpoint {
            // A custom endpoint stands alone: FIPS and dualstack choose among AWS's own.
            Some(found) => {
                debug.setting("endpoint", &found);
                builder = builder.endpoint_url(found.value);
            }
            None => {
                builder.set_use_fips(fips);
                builder.set_use_dual_stack(dual);
            }
        }
        if settings.no_sign_request {
            debug.say(|| "requests are not signed (--no-sign-request)".into());
            builder = builder.allow_no_auth();
        } else {
            let provider = credentials::provider(settings, &profiles, &config, &under).await?;
            builder.set_credentials_provider(Some(provider));
        }
        Ok(Client {
            ses: aws_sdk_ses::Client::from_conf(builder.build()),
            region,
            output: profiles.get("output"),
            http,
            pace: Pace::new(settings.rate),
            attempts,
            debug,
        })
    }

    /// The operations of SES, to be sent through [`Client::call`].
    pub fn ses(&self) -> &aws_sdk_ses::Client {
        &self.ses
    }

    pub fn region(&self) -> &str {
        &self.region
    }

    /// What lies between two requests of an operation at least.
    pub fn interval(&self) -> Duration {
        self.pace.interval()
    }

    /// The output format that the profile asks for.
    pub fn output(&self) -> Option<&Found> {
        self.output.as_ref()
    }

    /// Sends a request of `operation`, at SES's pace, as often as `patience` allows and it is of use.
    ///
    /// # Errors
    /// The last attempt's failure: 254 where SES answered with an error, 255 where it did not answer
    /// or not readably, 253 where credentials are missing.
    pub async fn call<O, E, F>(
        &self,
        operation: &'static str,
        patience: Patience,
        send: impl Fn(&aws_sdk_ses::Client) -> F,
    ) -> Result<O, Failure>
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let most = if patience == Patience::Once { 1 } else { self.attempts };
        let (mut attempts, mut spent, start) = (0, 0, Instant::now());
        loop {
            self.pace.turn(operation).await;
            attempts += 1;
            self.debug.say(|| format!("{operation}, attempt {attempts}"));
            let error = match send(&self.ses).await {
                Ok(output) => {
                    self.pace.taken(operation);
                    return Ok(output);
                }
                Err(error) => error,
            };
            let url = self.http.last_url();
            let (failure, retry) =
                error::describe(&error, &Asked { operation, url: &url, attempts });
            let free = match patience {
                Patience::Throttled(limit) => retry == Retry::Throttled && start.elapsed() < limit,
                _ => false,
            };
            spent += u32::from(!free);
            let pause = match retry {
                Retry::Never => return Err(failure),
                Retry::Throttled => self.pace.throttled(operation, fastrand::f64()),
                Retry::Transient => retry::pause(spent, fastrand::f64()),
            };
            if spent >= most {
                return Err(Failure { transient: true, ..failure });
            }
            self.debug.say(|| format!("{retry}, again in {:.1} s: {failure}", pause.as_secs_f64()));
            if retry == Retry::Transient {
                tokio::time::sleep(pause).await;
            }
        }
    }
}

fn timeouts(settings: &Settings) -> TimeoutConfig {
    let mut timeouts = TimeoutConfig::builder();
    timeouts.set_connect_timeout(settings.connect_timeout.limit());
    timeouts.set_read_timeout(settings.read_timeout.limit());
    timeouts.build()
}

/// The Region of the instance we run on, asked once: the SDK by itself would ask three times, and
/// spend seconds where there is no instance.
async fn instance_region(config: &ProviderConfig) -> Result<Found, Failure> {
    let client = credentials::instance(config)?;
    let provider = ImdsRegionProvider::builder().configure(config).imds_client(client).build();
    match provider.region().await {
        Some(region) => Ok(Found::new(region.to_string(), "the instance's metadata")),
        None => Err(region::missing()),
    }
}
