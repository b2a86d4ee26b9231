//! The requests that write: a domain or an address becomes an identity, if it is none yet, and its
//! verification starts.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Ses;
use crate::aws::Patience;
use crate::identity::{Address, Domain};
use crate::status::Failure;

/// How long a run of many requests puts up with being throttled without a break.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// What to start.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verify {
    /// Ask for DKIM tokens, too.
    pub dkim: bool,
    /// One of many requests: throttling is the normal case.
    pub bulk: bool,
}

/// The answer to a started verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    pub token: String,
    /// Empty unless they were asked for.
    pub dkim: Vec<String>,
    pub region: String,
}

impl Started {
    /// The shape of `aws ses verify-domain-identity`; with DKIM tokens their Region, too, which their
    /// records depend on.
    pub fn to_json(&self) -> Value {
        let mut answer = Map::new();
        answer.insert("VerificationToken".into(), json!(self.token));
        if !self.dkim.is_empty() {
            answer.insert("DkimTokens".into(), json!(self.dkim));
            answer.insert("Region".into(), json!(self.region));
        }
        answer.into()
    }

    /// A line of a run over many domains.
    pub fn to_line(&self, domain: &Domain) -> Value {
        let mut line = Map::new();
        line.insert("Identity".into(), json!(domain.as_str()));
        line.insert("Region".into(), json!(self.region));
        line.insert("VerificationToken".into(), json!(self.token));
        if !self.dkim.is_empty() {
            line.insert("DkimTokens".into(), json!(self.dkim));
        }
        line.into()
    }
}

impl Ses {
    /// VerifyDomainIdentity, and VerifyDomainDkim if `how` says so: the tokens to publish. Asked again
    /// for the same domain, SES gives the same tokens.
    ///
    /// # Errors
    /// As [`crate::aws::Client::call`]; 255 where the answer holds no token.
    pub fn verify_domain(&self, domain: &Domain, how: Verify) -> Result<Started, Failure> {
        self.block_on(async {
            let patience =
                if how.bulk { Patience::Throttled(PATIENCE) } else { Patience::Attempts };
            let operation = "VerifyDomainIdentity";
            let answer = self.client.call(operation, patience, |ses| {
                ses.verify_domain_identity().domain(domain.as_str()).send()
            });
            let token = answer.await?.verification_token;
            if token.is_empty() {
                return Err(no_token(operation));
            }
            let mut dkim = Vec::new();
            if how.dkim {
                let operation = "VerifyDomainDkim";
                let answer = self.client.call(operation, patience, |ses| {
                    ses.verify_domain_dkim().domain(domain.as_str()).send()
                });
                dkim = answer.await?.dkim_tokens;
                if dkim.is_empty() {
                    return Err(no_token(operation));
                }
            }
            Ok(Started { token, dkim, region: self.region().to_owned() })
        })
    }

    /// VerifyEmailIdentity: SES sends a message with a link to `address`. Its answer is an object
    /// without members, of which only a query prints anything.
    ///
    /// # Errors
    /// As [`crate::aws::Client::call`].
    pub fn verify_address(&self, address: &Address) -> Result<Value, Failure> {
        self.block_on(async {
            let answer = self.client.call("VerifyEmailIdentity", Patience::Attempts, |ses| {
                ses.verify_email_identity().email_address(address.as_str()).send()
            });
            answer.await.map(|_| json!({}))
        })
    }
}

fn no_token(operation: &str) -> Failure {
    Failure::other(format!("Cannot understand the answer to {operation}: it holds no token"))
}
