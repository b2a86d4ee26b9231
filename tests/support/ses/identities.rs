//! What the fake SES knows, and how SES's operations change it.

use std::time::{Duration, Instant};

use super::super::http::{Reply, Request};
use super::xml;

/// Since when something holds: counted in requests for attributes, or in time since the first.
#[derive(Clone, Copy, Debug)]
pub enum After {
    Requests(usize),
    Time(Duration),
}

/// An identity, and what becomes of it.
#[derive(Clone, Debug)]
pub struct Identity {
    name: String,
    status: String,
    token: Option<String>,
    appears: Option<After>,
    changes: Vec<(After, String)>,
}

/// A verified identity.
pub fn identity(name: &str) -> Identity {
    Identity {
        name: name.into(),
        status: "Success".into(),
        token: (!name.contains('@')).then(|| token(name)),
        appears: None,
        changes: Vec::new(),
    }
}

impl Identity {
    pub fn status(mut self, status: &str) -> Identity {
        self.status = status.into();
        self
    }

    pub fn token(mut self, token: &str) -> Identity {
        self.token = Some(token.into());
        self
    }

    /// SES omits it at first, as it may do just after the verification was started.
    pub fn appears(mut self, after: After) -> Identity {
        self.appears = Some(after);
        self
    }

    pub fn becomes(mut self, status: &str, after: After) -> Identity {
        self.changes.push((after, status.into()));
        self
    }
}

/// The token of `name`: 44 letters of base64, the awkward ones among them, always the same.
pub fn token(name: &str) -> String {
    letters(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", 41) + "+/="
}

/// The three DKIM tokens of `domain`.
pub fn dkim_tokens(domain: &str) -> [String; 3] {
    [1, 2, 3].map(|n| letters(&format!("{n}.{domain}"), "abcdefghijklmnopqrstuvwxyz234567", 32))
}

/// `length` letters that depend on `seed` alone (FNV-1a).
fn letters(seed: &str, alphabet: &str, length: usize) -> String {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let mut hash = seed.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    let letter = |_| {
        hash = mix(hash, 1);
        alphabet.as_bytes()[(hash >> 33) as usize % alphabet.len()] as char
    };
    (0..length).map(letter).collect()
}

/// All identities of the account.
#[derive(Debug)]
pub(super) struct Identities {
    all: Vec<Identity>,
    pub(super) page: usize,
    /// Requests for attributes so far, and when the first came.
    asked: usize,
    since: Option<Instant>,
}

impl Default for Identities {
    fn default() -> Identities {
        Identities { all: Vec::new(), page: 1_000, asked: 0, since: None }
    }
}

impl Identities {
    pub(super) fn add(&mut self, identity: Identity) {
        self.all.push(identity);
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.all.iter().map(|identity| identity.name.clone()).collect()
    }

    pub(super) fn answer(&mut self, operation: &str, request: &Request) -> Reply {
        match operation {
            "ListIdentities" => self.list(request),
            "GetIdentityVerificationAttributes" => self.attributes(&request.names()),
            "VerifyDomainIdentity" | "VerifyDomainDkim" => {
                let domain = request.parameter("Domain").unwrap_or_default().to_ascii_lowercase();
                self.verify_domain(operation, &domain)
            }
            "VerifyEmailIdentity" => {
                let address = request.parameter("EmailAddress").unwrap_or_default();
                self.start(&address);
                xml::answer(operation, "")
            }
            "DeleteIdentity" => {
                let name = request.parameter("Identity").unwrap_or_default();
                self.all.retain(|identity| identity.name != name);
                xml::answer(operation, "")
            }
            _ => xml::error(400, "InvalidAction", "Could not find operation"),
        }
    }

    fn list(&self, request: &Request) -> Reply {
        // The default is not documented; few, so that whoever relies on it notices.
        let size = request.parameter("MaxItems").map_or(Ok(10), |size| size.parse());
        let Ok(size @ 1..=1_000) = size else {
            return xml::error(400, "ValidationError", "MaxItems is not between 1 and 1000");
        };
        let from = request.parameter("NextToken").map_or(Some(0), |token| position(&token));
        let kind = request.parameter("IdentityType");
        if kind.as_deref().is_some_and(|kind| !["Domain", "EmailAddress"].contains(&kind)) {
            return xml::error(400, "ValidationError", "no such identity type");
        }
        let wanted = |identity: &&Identity| match kind.as_deref() {
            Some("EmailAddress") => identity.name.contains('@'),
            Some("Domain") => !identity.name.contains('@'),
            _ => true,
        };
        let names: Vec<_> = self.all.iter().filter(wanted).map(|identity| &identity.name).collect();
        match from {
            Some(from) if from <= names.len() => {
                let end = names.len().min(from + self.page.min(size));
                let next = (end < names.len()).then(|| page_token(end));
                xml::page(&names[from..end], next.as_deref())
            }
            _ => xml::error(400, "InvalidParameterValue", "Invalid NextToken"),
        }
    }

    fn attributes(&mut self, names: &[String]) -> Reply {
        if names.len() > 100 {
            return xml::error(400, "InvalidParameterValue", "more than 100 identities");
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        let reached = |after: After| match after {
            After::Requests(number) => self.asked >= number,
            After::Time(time) => since.elapsed() >= time,
        };
        // SES's answer is a map: its order is not that of the question.
        let known = names.iter().rev().filter_map(|name| self.find(name));
        let there = known.filter(|identity| identity.appears.is_none_or(reached));
        let entries: String = there
            .map(|identity| {
                let changed = identity.changes.iter().rev().find(|(after, _)| reached(*after));
                let status = changed.map_or(&identity.status, |(_, status)| status);
                xml::entry(&identity.name, status, identity.token.as_deref())
            })
            .collect();
        self.asked += 1;
        let content = format!("<VerificationAttributes>{entries}</VerificationAttributes>");
        xml::answer("GetIdentityVerificationAttributes", &content)
    }

    fn find(&self, name: &str) -> Option<&Identity> {
        self.all.iter().find(|identity| identity.name == name)
    }

    fn verify_domain(&mut self, operation: &str, domain: &str) -> Reply {
        if domain.is_empty() || domain.ends_with('.') {
            let message = format!("Invalid domain name {domain}.");
            return xml::error(400, "InvalidParameterValue", &message);
        }
        self.start(domain);
        match operation {
            "VerifyDomainDkim" => {
                let tokens = xml::members(dkim_tokens(domain));
                xml::answer(operation, &format!("<DkimTokens>{tokens}</DkimTokens>"))
            }
            _ => {
                let token = self.find(domain).and_then(|identity| identity.token.clone());
                let token = token.unwrap_or_default();
                xml::answer(operation, &format!("<VerificationToken>{token}</VerificationToken>"))
            }
        }
    }

    /// Starts a verification; for an identity that is there, that changes a failed one only.
    fn start(&mut self, name: &str) {
        match self.all.iter_mut().find(|identity| identity.name == name) {
            Some(identity) if identity.status == "Failed" => identity.status = "Pending".into(),
            Some(_) => {}
            None => self.all.push(identity(name).status("Pending")),
        }
    }
}

/// Tokens are opaque, and may hold what a shell or a URL does not like.
fn page_token(position: usize) -> String {
    format!("{position}/a+b&c==")
}

fn position(token: &str) -> Option<usize> {
    token.strip_suffix("/a+b&c==")?.parse().ok()
}
