//! Records out: what has to stand in DNS before SES calls a domain verified.
//!
//! From tokens and names to record sets here, from record sets to the notation of a reader in
//! [`zone`] and [`route53`]. Everything is checked on its way into [`Records`], so that no writer can
//! be talked into a record nobody asked for. No DNS is asked and none is changed.

mod dkim;
pub mod route53;
mod tokens;
pub mod zone;

use std::collections::HashMap;
use std::fmt;

use crate::identity::{Domain, MAX_NAME, shown};
use crate::status::Failure;

pub use dkim::dkim_domain;
pub use tokens::{Entry, tokens};

/// The time to live AWS's own examples give the verification record, in seconds.
pub const DEFAULT_TTL: u32 = 1800;
/// The longest time to live there is, in seconds (RFC 2181, 8).
pub const MAX_TTL: u32 = 2_147_483_647;

/// Far above SES's own tokens of 44 bytes, and far below what any reader takes in one record.
const MAX_TOKEN: usize = 1_000;

/// The types of record SES asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Txt,
    Cname,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Txt => "TXT",
            Kind::Cname => "CNAME",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// All records of one name and type: the unit of DNS, and of a change in Route 53.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSet {
    name: String,
    kind: Kind,
    values: Vec<String>,
}

impl RecordSet {
    /// The full name, with its trailing dot: none of its readers appends the zone to it again.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The values, each once: of TXT the bare token, of CNAME the target with its trailing dot.
    pub fn values(&self) -> &[String] {
        &self.values
    }
}

/// The records to publish, in the order of the input.
#[derive(Clone, Debug, Default)]
pub struct Records {
    sets: Vec<RecordSet>,
    places: HashMap<String, usize>,
}

impl Records {
    /// The records of all entries that have a token.
    ///
    /// `domain` and `region` stand in where an entry does not name its own. They do not overrule it:
    /// a token belongs to one domain in one Region, and under another it would never be found.
    ///
    /// # Errors
    /// Status 252 if no domain is known, 253 if there are DKIM tokens and no Region is known, 255 for
    /// a name or token that makes no correct record, and for an entry that contradicts an argument.
    pub fn of(
        entries: &[Entry],
        domain: Option<&Domain>,
        region: Option<&str>,
    ) -> Result<Records, Failure> {
        let mut records = Records::default();
        for entry in entries.iter().filter(|entry| entry.has_token()) {
            let domain = entry.domain(domain)?;
            if let Some(token) = &entry.token {
                records.verification(&domain, token)?;
            }
            if !entry.dkim.is_empty() {
                records.dkim(&domain, &entry.dkim, entry.region(region)?)?;
            }
        }
        Ok(records)
    }

    /// Adds the TXT record that proves the ownership of `domain`.
    ///
    /// # Errors
    /// Status 255 for a token [`check_token`] refuses, and if the name gets too long.
    pub fn verification(&mut self, domain: &Domain, token: &str) -> Result<(), Failure> {
        check_token(token)?;
        self.add(format!("_amazonses.{domain}."), Kind::Txt, token.to_owned())
    }

    /// Adds the CNAME records that have the mail of `domain` signed in `region`.
    ///
    /// # Errors
    /// Status 255 for a token that is no DNS label, for a Region whose DKIM domain is not known, and
    /// if a name gets too long.
    pub fn dkim(
        &mut self,
        domain: &Domain,
        tokens: &[String],
        region: &str,
    ) -> Result<(), Failure> {
        let target = dkim_domain(region)?;
        for token in tokens {
            dkim::check_label(token)?;
            let name = format!("{token}._domainkey.{domain}.");
            self.add(name, Kind::Cname, format!("{token}.{target}."))?;
        }
        Ok(())
    }

    fn add(&mut self, name: String, kind: Kind, value: String) -> Result<(), Failure> {
        if name.len() > MAX_NAME + 1 {
            let name = shown(&name);
            return Err(Failure::other(format!("the record name {name} is too long for DNS")));
        }
        // The types never meet at one name: a domain has no underscore, `_amazonses` and
        // `_domainkey` differ. DNS tells no case apart.
        let place = *self.places.entry(name.to_ascii_lowercase()).or_insert(self.sets.len());
        let Some(set) = self.sets.get_mut(place) else {
            self.sets.push(RecordSet { name, kind, values: vec![value] });
            return Ok(());
        };
        if set.values.contains(&value) {
            return Ok(());
        }
        if kind == Kind::Cname {
            return Err(Failure::other(format!("{name} would be a CNAME to two names")));
        }
        set.values.push(value);
        Ok(())
    }

    pub fn sets(&self) -> &[RecordSet] {
        &self.sets
    }

    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// One record a line, `NAME<TAB>TYPE<TAB>VALUE`, the value without quotes: for people, for
    /// scripts, and for the forms of DNS providers, which add the quotes themselves.
    pub fn to_table(&self) -> String {
        let mut table = String::new();
        for set in &self.sets {
            for value in &set.values {
                table.extend([&set.name, "\t", set.kind.as_str(), "\t", value, "\n"]);
            }
        }
        table
    }
}

/// Can this be a verification token? Its format is not documented and emulators have others than
/// SES, so the question is only whether every reader of a record takes it for the same text.
///
/// # Errors
/// Status 255 for a token that is no printable ASCII, or has a blank, quote or backslash in it.
pub fn check_token(token: &str) -> Result<(), Failure> {
    let odd = |c: char| !c.is_ascii_graphic() || matches!(c, '"' | '\\');
    let reason = if token.is_empty() {
        "is empty"
    } else if token.len() > MAX_TOKEN {
        "is too long"
    } else if token.contains(odd) {
        "has a character in it that no token of SES has"
    } else {
        return Ok(());
    };
    Err(Failure::other(format!("the verification token {} {reason}", shown(token))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Status;

    fn records(document: &str, region: Option<&str>) -> Result<Records, Failure> {
        Records::of(&tokens(document.as_bytes())?, None, region)
    }

    #[test]
    fn a_table_has_one_record_a_line_with_full_names() {
        let document = r#"{"Identity": "Example.com", "Region": "ap-northeast-3",
            "VerificationToken": "a+/=", "DkimTokens": ["t1", "t2"]}"#;
        assert_eq!(
            records(document, None).unwrap().to_table(),
            "_amazonses.example.com.\tTXT\ta+/=\n\
             t1._domainkey.example.com.\tCNAME\tt1.dkim.ap-northeast-3.amazonses.com.\n\
             t2._domainkey.example.com.\tCNAME\tt2.dkim.ap-northeast-3.amazonses.com.\n"
        );
    }

    #[test]
    fn tokens_of_two_regions_share_a_record_set_and_none_comes_twice() {
        let line = |token| {
            format!("{{\"Identity\": \"a.example\", \"VerificationToken\": \"{token}\"}}\n")
        };
        let records = records(&(line("one") + &line("two") + &line("one")), None).unwrap();
        assert_eq!(records.sets().len(), 1);
        assert_eq!(records.sets()[0].values(), ["one", "two"]);
    }

    #[test]
    fn what_is_missing_or_contradicts_is_an_error() {
        let dkim = r#"{"Identity": "a.example", "DkimTokens": ["t1"]}"#;
        assert_eq!(records(dkim, None).unwrap_err().status, Status::Configuration);
        let nameless = r#"{"VerificationToken": "one"}"#;
        assert_eq!(records(nameless, None).unwrap_err().status, Status::Usage);
        let there = r#"{"Identity": "a.example", "Region": "us-east-1", "DkimTokens": ["t1"]}"#;
        assert_eq!(records(there, Some("eu-west-1")).unwrap_err().status, Status::Other);
        let other = Domain::parse_ascii("b.example").unwrap();
        let entries = tokens(there.as_bytes()).unwrap();
        assert!(Records::of(&entries, Some(&other), None).is_err());
    }

    #[test]
    fn nothing_hostile_becomes_a_record() {
        for token in ["a\"b", "a b", "a\nb", "a\\000", "ü", "\u{1b}[2J", &"x".repeat(1_001)] {
            let domain = Domain::parse_ascii("a.example").unwrap();
            let failure = Records::default().verification(&domain, token).unwrap_err();
            assert_eq!(failure.status, Status::Other);
            assert!(!failure.message.contains(char::is_control));
        }
    }

    #[test]
    fn a_name_that_gets_too_long_is_an_error() {
        let domain = Domain::parse_ascii(&format!("{}example", "a.".repeat(120))).unwrap();
        assert!(Records::default().verification(&domain, "one").is_err());
    }
}
