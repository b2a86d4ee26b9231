//! GetIdentityVerificationAttributes: do identities exist, are they verified, what is the token.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::Ses;
use crate::aws::{Client, Patience};
use crate::progress::{Step, Watch};
use crate::status::Failure;

/// The most names that SES takes in a request (its API reference).
const LARGEST_REQUEST: usize = 100;

/// What SES knows of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// `Pending`, `Success`, `Failed`, `TemporaryFailure`, `NotStarted`, or what SES says in future.
    pub status: String,
    /// Addresses have none.
    pub token: Option<String>,
}

/// The identities that were asked about, in that order, each with what SES knows of it: nothing, if
/// it does not exist.
#[derive(Clone, Debug, Default)]
pub struct Attributes(Vec<(String, Option<Verification>)>);

impl Attributes {
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&Verification>)> {
        self.0.iter().map(|(name, verification)| (name.as_str(), verification.as_ref()))
    }

    /// Keeps the identities whose status is one of `statuses`.
    pub fn retain(&mut self, statuses: &[&str]) {
        let kept = |verification: &Verification| statuses.contains(&verification.status.as_str());
        self.0.retain(|(_, verification)| verification.as_ref().is_some_and(kept));
    }

    /// The shape of `aws ses get-identity-verification-attributes`; with a token, if the names are a
    /// part of the whole list.
    pub fn to_json(&self, next_token: Option<&str>) -> Value {
        let known = self.iter().filter_map(|(name, verification)| {
            let verification = verification?;
            let mut members = Map::new();
            members.insert("VerificationStatus".into(), json!(verification.status));
            if let Some(token) = &verification.token {
                members.insert("VerificationToken".into(), json!(token));
            }
            Some((name.to_owned(), Value::Object(members)))
        });
        let mut answer = Map::new();
        answer.insert("VerificationAttributes".into(), Value::Object(known.collect()));
        answer.extend(next_token.map(|token| ("NextToken".to_owned(), json!(token))));
        answer.into()
    }
}

impl Ses {
    /// Asks about `names`, one request for each hundred.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn attributes(&self, names: &[String], watch: Watch<'_>) -> Result<Attributes, Failure> {
        self.block_on(attributes(&self.client, Patience::Attempts, names, watch))
    }
}

/// As [`Ses::attributes`], with the caller's patience.
pub(super) async fn attributes(
    client: &Client,
    patience: Patience,
    names: &[String],
    watch: Watch<'_>,
) -> Result<Attributes, Failure> {
    let operation = "GetIdentityVerificationAttributes";
    let mut all = Attributes::default();
    for hundred in names.chunks(LARGEST_REQUEST) {
        let answer = client
            .call(operation, patience, |ses| {
                ses.get_identity_verification_attributes()
                    .set_identities(Some(hundred.to_vec()))
                    .send()
            })
            .await?;
        let mut known = HashMap::with_capacity(hundred.len());
        for (name, attributes) in answer.verification_attributes {
            let verification = Verification {
                status: attributes.verification_status.as_str().to_owned(),
                token: attributes.verification_token.filter(|token| !token.is_empty()),
            };
            known.insert(key(&name), verification);
        }
        // Not to be taken for the absence of those that it was asked about.
        let asked: HashSet<String> = hundred.iter().map(|name| key(name)).collect();
        if let Some(other) = known.keys().find(|name| !asked.contains(*name)) {
            let message = format!("SES answered about {other:?}, which it was not asked about");
            return Err(Failure::other(message));
        }
        // SES omits an identity that does not exist.
        all.0.extend(hundred.iter().map(|name| (name.clone(), known.get(&key(name)).cloned())));
        watch(Step::Done { count: all.0.len(), total: Some(names.len()) });
    }
    Ok(all)
}

/// What makes two names the same identity: addresses have a case. Which case SES answers a domain in
/// is not documented, so a domain has none.
fn key(name: &str) -> String {
    if name.contains('@') { name.to_owned() } else { name.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn domains_are_the_same_in_any_case_and_addresses_are_not() {
        assert_eq!(key("Example.com"), key("EXAMPLE.COM"));
        assert_ne!(key("Example.com"), key("notexample.com"));
        assert_ne!(key("User+Tag@example.com"), key("user+tag@example.com"));
    }
}
