//! Where tokens come from, and as what they are printed.

use std::path::PathBuf;

use common::cli::{Flag, Options, Takes};
use common::identity::Domain;
use common::input;
use common::records::MAX_TTL;
use common::records::route53::Action;

/// How tokens are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Raw,
    Json,
    Records,
    Zone,
    Route53,
}

impl Format {
    const NAMES: &'static [&'static str] = &["raw", "json", "records", "zone", "route53"];

    fn parse(name: &str) -> Format {
        match name {
            "json" => Format::Json,
            "records" => Format::Records,
            "zone" => Format::Zone,
            "route53" => Format::Route53,
            _ => Format::Raw,
        }
    }

    pub fn is_of_records(self) -> bool {
        matches!(self, Format::Records | Format::Zone | Format::Route53)
    }
}

#[derive(Debug, Default)]
pub struct Wanted {
    pub input: Option<PathBuf>,
    pub format: Format,
    pub domain: Option<Domain>,
    pub region: Option<String>,
    pub ttl: Option<u32>,
    pub action: Option<Action>,
    pub merge: Option<PathBuf>,
}

impl Wanted {
    /// An option that says nothing in the chosen format, if one was given.
    pub fn misplaced(&self) -> Option<&'static str> {
        let records = self.format.is_of_records();
        let route53 = self.format == Format::Route53;
        [
            (
                !records && self.domain.is_some(),
                "--domain goes with --format records, zone or route53",
            ),
            (
                !records && self.region.is_some(),
                "--region goes with --format records, zone or route53",
            ),
            (
                self.ttl.is_some() && !matches!(self.format, Format::Zone | Format::Route53),
                "--ttl goes with --format zone or route53",
            ),
            (!route53 && self.action.is_some(), "--action goes with --format route53"),
            (!route53 && self.merge.is_some(), "--merge goes with --format route53"),
        ]
        .into_iter()
        .find_map(|(misplaced, message)| misplaced.then_some(message))
    }
}

impl Options for Wanted {
    const TITLE: &'static str = "Options";
    const FLAGS: &'static [Flag<Wanted>] = &[
        Flag::value("input", Takes::File("FILE"), "read FILE instead of stdin", |w: &mut Wanted, v| v.path().and_then(|given| input::set(&mut w.input, given))),
        Flag::value("format", Takes::Choice("FORMAT", Format::NAMES), "raw, json, records, zone or route53", |w: &mut Wanted, v| {
            w.format = Format::parse(v.one_of(Format::NAMES)?);
            Ok(())
        })
        .detail(
            "raw, the default, is the bare token. \
             json is what jp.py prints. \
             records are the DNS records to publish, name, type and value with a tab between, \
             for the form of a DNS provider. \
             zone are lines for a zone file or nsupdate. \
             route53 is a change batch for aws route53 change-resource-record-sets.",
        ),
        Flag::value("domain", Takes::Text("NAME"), "the tokens are NAME's", |w: &mut Wanted, v| {
            w.domain = Some(Domain::parse_ascii(&v.text()?).map_err(|error| error.to_string())?);
            Ok(())
        })
        .detail("Needed for records where the input does not say whose tokens it holds."),
        Flag::value("region", Takes::Region, "the DKIM tokens are of REGION", |w: &mut Wanted, v| v.filled().map(|given| w.region = Some(given)))
        .detail("Needed for DKIM records where the input does not say it: their target depends on the Region."),
        Flag::value("ttl", Takes::Text("SECONDS"), "time to live of the records (1800)", |w: &mut Wanted, v| {
            match v.number("a whole number of seconds")? {
                ttl @ 0..=MAX_TTL => w.ttl = Some(ttl),
                ttl => return Err(format!("{ttl} is more than DNS allows ({MAX_TTL})")),
            }
            Ok(())
        }),
        Flag::value("action", Takes::Choice("ACTION", &Action::NAMES), "CREATE (the default) or UPSERT", |w: &mut Wanted, v| {
            w.action = Action::parse(v.one_of(&Action::NAMES)?);
            Ok(())
        })
        .detail("CREATE is refused by Route 53 where a record set exists; UPSERT replaces it."),
        Flag::value("merge", Takes::File("FILE"), "keep the values of the record sets in FILE", |w: &mut Wanted, v| v.path().map(|given| w.merge = Some(given)))
        .detail(
            "FILE is the output of aws route53 list-resource-record-sets. \
             A set that exists becomes an UPSERT of its present values and the new one.",
        ),
    ];
}
