//! Do identities exist? One question for exact names, and the runbook's own, by substring.

use std::time::Duration;

use super::attributes::attributes;
use super::list::list;
use super::{Attributes, Paging, Ses, Verification, Wait};
use crate::aws::Patience;
use crate::progress::{Step, Watch};
use crate::status::Failure;

/// What must hold of every name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    #[default]
    Present,
    Absent,
    /// Present, with status Success.
    Verified,
}

/// Which identities the question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Exactly these: one request for each hundred, whatever the size of the account.
    Exact(Vec<String>),
    /// Those with one of these texts in their name, the rule of the runbook's
    /// `` Identities[?contains(@, `example.com`)] ``: `notexample.com` counts. The whole list is
    /// asked for.
    Containing(Vec<String>),
}

/// The answer to the question, and its evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existence {
    /// What was found, in the order named.
    pub present: Vec<String>,
    /// The names that were not, in the order named.
    pub missing: Vec<String>,
    /// The first that keeps the condition from holding, and why.
    pub obstacle: Option<Obstacle>,
}

/// Why the condition does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// `example.com is Pending`
    pub state: String,
    /// Its verification failed: SES looks for the record no longer, and no wait mends that.
    pub is_final: bool,
}

impl Existence {
    pub fn holds(&self) -> bool {
        self.obstacle.is_none()
    }

    fn is_settled(&self) -> bool {
        self.obstacle.as_ref().is_none_or(|obstacle| obstacle.is_final)
    }

    /// Something is in the way; what is final is said before what may pass.
    fn obstacle(&mut self, state: String, is_final: bool) {
        match &self.obstacle {
            Some(known) if known.is_final || !is_final => {}
            _ => self.obstacle = Some(Obstacle { state, is_final }),
        }
    }
}

impl Ses {
    /// Asks whether `condition` holds, until it does if there is a `wait`. To exist is not to be
    /// verified: SES lists an identity in any status.
    ///
    /// # Errors
    /// As [`Ses::attributes`] and [`Ses::list`]. During a wait, the last question's.
    pub fn existence(
        &self,
        wanted: &Wanted,
        condition: Condition,
        wait: Option<Wait>,
        watch: Watch<'_>,
    ) -> Result<Existence, Failure> {
        let Some(wait) = wait else {
            return self.block_on(self.ask(wanted, condition, Patience::Attempts, watch));
        };
        let ask = async |left: Duration| {
            let mut silently = |_: Step<'_>| ();
            let answer = self.ask(wanted, condition, Patience::Once, &mut silently);
            // A server that is silent must not hold up the deadline; the last question gets as long
            // as any other.
            let answer = match left.is_zero() {
                true => answer.await,
                false => tokio::time::timeout(left, answer).await.ok()?,
            };
            let state = match &answer {
                Ok(existence) => existence.obstacle.as_ref().map_or("", |obstacle| &obstacle.state),
                Err(failure) => &failure.message,
            };
            watch(Step::Waiting { state, left });
            Some(answer)
        };
        self.block_on(wait.until(self.client.interval(), ask, Existence::is_settled))
    }

    async fn ask(
        &self,
        wanted: &Wanted,
        condition: Condition,
        patience: Patience,
        watch: Watch<'_>,
    ) -> Result<Existence, Failure> {
        Ok(match wanted {
            Wanted::Exact(names) => {
                exact(&attributes(&self.client, patience, names, watch).await?, condition)
            }
            Wanted::Containing(texts) => {
                let listing = list(&self.client, patience, &Paging::default(), watch).await?;
                containing(listing.identities, texts, condition)
            }
        })
    }
}

fn exact(attributes: &Attributes, condition: Condition) -> Existence {
    let mut existence = Existence::default();
    for (name, verification) in attributes.iter() {
        let side = match verification {
            Some(_) => &mut existence.present,
            None => &mut existence.missing,
        };
        side.push(name.to_owned());
        match (condition, verification) {
            (Condition::Absent, None) | (Condition::Present, Some(_)) => {}
            (Condition::Verified, Some(Verification { status, .. })) if status == "Success" => {}
            (Condition::Absent, Some(_)) => existence.obstacle(format!("{name} exists"), false),
            (_, None) => existence.obstacle(format!("{name} does not exist"), false),
            (_, Some(Verification { status, .. })) => {
                existence.obstacle(format!("{name} is {status}"), status == "Failed");
            }
        }
    }
    existence
}

fn containing(identities: Vec<String>, texts: &[String], condition: Condition) -> Existence {
    let found = |text: &&String| identities.iter().any(|name| name.contains(text.as_str()));
    let missing: Vec<String> = texts.iter().filter(|text| !found(text)).cloned().collect();
    let matches = |name: &String| texts.iter().any(|text| name.contains(text.as_str()));
    let present: Vec<String> = identities.into_iter().filter(matches).collect();
    let obstacle = match condition {
        Condition::Absent => present.first().map(|name| format!("{name} exists")),
        _ => missing.first().map(|text| format!("no identity contains {text}")),
    };
    let obstacle = obstacle.map(|state| Obstacle { state, is_final: false });
    Existence { present, missing, obstacle }
}
