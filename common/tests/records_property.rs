//! Whatever stands in the input, it becomes exactly the records it says, or an error of one line.
//!
//! The zone lines are read back with a DNS library of others, so that a mistake in our quoting is not
//! repeated in the test.

use std::collections::BTreeSet;

use common::identity::Domain;
use common::records::route53::{Action, change_batch};
use common::records::{Entry, Records, dkim_domain, tokens, zone};
use domain::base::ToName;
use domain::rdata::ZoneRecordData;
use domain::zonefile::inplace::{self, Zonefile};
use serde_json::{Value, json};

const CASES: usize = 20_000;

/// Pieces that end a string, a line or a record for some reader.
#[rustfmt::skip]
const HOSTILE: [&str; 30] = [
    "\"", "\\\"", "\n", "\r\n", "\t", "\0", "\\000", "\\", ";", "; ", "(", ")", "$ORIGIN", "@", "*",
    "'", "$(id)", "`", "\u{1b}[2J", "\u{7f}", "\u{85}", "\u{2028}", "\u{202e}", "ü", "例え", "..",
    " ", "/", "_amazonses.", "\" 0 IN A 192.0.2.1",
];
/// Pieces without which nothing would ever pass.
#[rustfmt::skip]
const HARMLESS: [&str; 12] = [
    "a", "B", "example", "EXAMPLE", ".com", "mail.", "-", "0", "9", "=", "xn--bcher-kva",
    "pmBGN7MjnfhTKUZ06Enqq1PeGUaOkw8lGhcfwefcHU",
];
const REGIONS: [&str; 4] = ["us-east-1", "ap-northeast-3", "us-gov-east-1", "us-east-1.\n"];

/// A generator that gives the same cases everywhere (Marsaglia's xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    /// Every eighth text has something hostile in it, and every tenth is long.
    fn text(&mut self) -> String {
        let mut text: String = (0..=self.below(4)).map(|_| self.one_of(&HARMLESS)).collect();
        if self.below(8) == 0 {
            let places: Vec<_> = text.char_indices().map(|(place, _)| place).collect();
            text.insert_str(places[self.below(places.len())], self.one_of(&HOSTILE));
        }
        if self.below(10) == 0 {
            text = text.repeat(1 + 300 / text.len());
        }
        text
    }

    fn name(&mut self) -> String {
        match self.below(4) {
            0 => self.text(),
            _ => format!("a{}.example", self.text()),
        }
    }

    fn label(&mut self, n: usize) -> String {
        match self.below(4) {
            0 => self.text(),
            _ => format!("Token{n}"),
        }
    }

    fn line(&mut self) -> Value {
        let dkim: Vec<_> = (0..self.below(4)).map(|n| self.label(n)).collect();
        json!({
            "Identity": self.name(),
            "Region": self.one_of(&REGIONS),
            "VerificationToken": self.text(),
            "DkimTokens": dkim,
        })
    }
}

type Record = (String, &'static str, String);

fn canonical(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// What the entries ask for, without the code under test between.
fn expected(entries: &[Entry]) -> BTreeSet<Record> {
    let mut records = BTreeSet::new();
    for entry in entries {
        let name = canonical(entry.identity.as_deref().unwrap());
        if let Some(token) = &entry.token {
            records.insert((format!("_amazonses.{name}"), "TXT", token.clone()));
        }
        for token in &entry.dkim {
            let target =
                format!("{token}.{}", dkim_domain(entry.region.as_deref().unwrap()).unwrap());
            let owner = canonical(&format!("{token}._domainkey.{name}"));
            records.insert((owner, "CNAME", canonical(&target)));
        }
    }
    records
}

fn read_back(lines: &str) -> Vec<Record> {
    let mut zone = Zonefile::load(&mut lines.as_bytes()).unwrap();
    let mut records = Vec::new();
    while let Some(entry) = zone.next_entry().unwrap() {
        let inplace::Entry::Record(record) = entry else { panic!("no record in {lines:?}") };
        assert_eq!(record.ttl().as_secs(), 1800);
        let owner = canonical(&record.owner().to_bytes().to_string());
        records.push(match record.data() {
            ZoneRecordData::Txt(txt) => {
                (owner, "TXT", String::from_utf8(txt.text::<Vec<u8>>()).unwrap())
            }
            ZoneRecordData::Cname(name) => {
                (owner, "CNAME", canonical(&name.cname().to_bytes().to_string()))
            }
            other => panic!("{other:?} in {lines:?}"),
        });
    }
    records
}

#[test]
fn hostile_input_becomes_the_records_it_says_or_an_error() {
    let mut random = Random(0x5E5);
    let mut published = 0;
    for _ in 0..CASES {
        let lines: Vec<_> = (0..=random.below(2)).map(|_| random.line().to_string()).collect();
        let entries = tokens(lines.join("\n").as_bytes()).unwrap();
        let records = match Records::of(&entries, None, None) {
            Ok(records) => records,
            Err(failure) => {
                assert_eq!(failure.status.code(), 255);
                assert!(!failure.message.contains(char::is_control), "{:?}", failure.message);
                assert!(failure.message.len() < 400, "{:?}", failure.message);
                continue;
            }
        };
        published += 1;
        let expected = expected(&entries);

        let zone = read_back(&zone::lines(&records, 1800));
        assert_eq!(zone.len(), expected.len(), "{lines:?}");
        assert_eq!(BTreeSet::from_iter(zone), expected, "{lines:?}");

        let table = records.to_table();
        let table = table.lines().map(|line| match *line.split('\t').collect::<Vec<_>>() {
            [name, "TXT", value] => (canonical(name), "TXT", value.to_owned()),
            [name, "CNAME", value] => (canonical(name), "CNAME", canonical(value)),
            _ => panic!("{line:?}"),
        });
        assert_eq!(table.collect::<BTreeSet<_>>(), expected, "{lines:?}");

        let batch = change_batch(&records, Action::Create, 1800, None).unwrap();
        let changes = batch["Changes"].as_array().unwrap();
        let values = changes
            .iter()
            .flat_map(|change| change["ResourceRecordSet"]["ResourceRecords"].as_array().unwrap());
        assert_eq!(values.count(), expected.len(), "{lines:?}");
    }
    assert!((1_000..CASES - 1_000).contains(&published), "{published} of {CASES} were published");
}

#[test]
fn a_hostile_domain_argument_is_no_domain() {
    let mut random = Random(0xD0);
    for _ in 0..CASES {
        let name = random.name();
        match (Domain::parse(&name), Domain::parse_ascii(&name)) {
            (Ok(domain), Ok(ascii)) => assert_eq!(domain, ascii),
            (Ok(domain), Err(_)) => assert!(domain.as_str().contains("xn--"), "{name:?}"),
            (Err(error), _) => assert!(!error.to_string().contains(char::is_control), "{name:?}"),
        }
    }
}
