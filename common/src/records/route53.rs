//! Records as a change batch for `aws route53 change-resource-record-sets --change-batch`.
//!
//! A change replaces a whole record set, and the set at `_amazonses.NAME.` may hold the tokens of
//! other Regions and accounts. So nothing that exists is replaced unless it is asked for: CREATE fails
//! where there is a set, and a merge keeps what is in it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::zone::quoted;
use super::{Kind, RecordSet, Records};
use crate::names::documents;
use crate::status::Failure;

/// What Route 53 takes in one batch; an UPSERT counts twice (Route 53 API Reference,
/// ChangeResourceRecordSets, and Developer Guide, "Quotas").
const MAX_RECORDS: usize = 1_000;
const MAX_CHARACTERS: usize = 32_000;

/// What is to become of a record set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Refused by Route 53 where the set exists.
    #[default]
    Create,
    /// Replaces the set where it exists.
    Upsert,
}

impl Action {
    /// The values of `--action`.
    pub const NAMES: [&str; 2] = ["CREATE", "UPSERT"];

    pub fn parse(name: &str) -> Option<Action> {
        match name {
            "CREATE" => Some(Action::Create),
            "UPSERT" => Some(Action::Upsert),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Action::Create => "CREATE",
            Action::Upsert => "UPSERT",
        }
    }
}

/// The record sets there are: the output of `aws route53 list-resource-record-sets`.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// By [`canonical`] name; a name has a set for each type.
    sets: HashMap<Vec<u8>, Vec<Map<String, Value>>>,
}

impl Present {
    /// Reads a listing, or those of several hosted zones one after the other.
    ///
    /// # Errors
    /// Status 255 for anything else, and for a listing cut short by `--max-items`: the very set that
    /// a merge has to keep might be on the part left out.
    pub fn parse(listing: &[u8]) -> Result<Present, Failure> {
        let mut present = Present::default();
        for document in documents(listing)? {
            let Value::Object(mut listing) = document.value else {
                return Err(not_a_listing());
            };
            let truncated = listing.get("IsTruncated").is_some_and(|value| *value != json!(false));
            if truncated || listing.get("NextToken").is_some_and(|token| !token.is_null()) {
                return Err(Failure::other("the list of record sets is incomplete")
                    .hint("list them without --max-items"));
            }
            let Some(Value::Array(sets)) = listing.remove("ResourceRecordSets") else {
                return Err(not_a_listing());
            };
            for set in sets {
                let Value::Object(set) = set else { return Err(not_a_listing()) };
                let Some(name) = set.get("Name").and_then(Value::as_str) else {
                    return Err(not_a_listing());
                };
                present.sets.entry(canonical(name)).or_default().push(set);
            }
        }
        Ok(present)
    }

    fn at(&self, name: &str) -> &[Map<String, Value>] {
        self.sets.get(&canonical(name)).map_or(&[], Vec::as_slice)
    }
}

fn not_a_listing() -> Failure {
    Failure::other("not the output of `aws route53 list-resource-record-sets`")
}

/// The change batch that publishes `records`, one change for each record set. `ttl` is in seconds.
///
/// With `present`, a set that exists becomes an UPSERT of what is there, its time to live included,
/// and the new values. A set that does not exist is left to `action`: should the listing be old, or of
/// another zone, a CREATE does no harm.
///
/// # Errors
/// Status 255 for a present set that is not ours to change, and for a batch above Route 53's limits.
pub fn change_batch(
    records: &Records,
    action: Action,
    ttl: u32,
    present: Option<&Present>,
) -> Result<Value, Failure> {
    let mut changes = Vec::with_capacity(records.sets().len());
    let (mut elements, mut characters) = (0, 0);
    for set in records.sets() {
        let mut action = action;
        let mut ttl = u64::from(ttl);
        let mut values: Vec<_> = set.values().iter().map(|value| notation(set, value)).collect();
        if let Some(there) = present.map_or(Ok(None), |present| existing(set, present))? {
            action = Action::Upsert;
            ttl = there.ttl;
            values.retain(|value| !there.values.contains(value));
            values.splice(0..0, there.values);
        }
        let weight = if action == Action::Upsert { 2 } else { 1 };
        elements += weight * values.len();
        characters += weight * values.iter().map(|value| value.chars().count()).sum::<usize>();
        let values: Vec<_> = values.into_iter().map(|value| json!({ "Value": value })).collect();
        changes.push(json!({
            "Action": action.as_str(),
            "ResourceRecordSet": {
                "Name": set.name(),
                "Type": set.kind().as_str(),
                "TTL": ttl,
                "ResourceRecords": values,
            },
        }));
    }
    if elements > MAX_RECORDS || characters > MAX_CHARACTERS {
        return Err(Failure::other("too many records for one change batch of Route 53")
            .hint("give fewer identities at a time"));
    }
    Ok(json!({ "Changes": changes }))
}

/// A value as Route 53 writes it: text in quotes.
fn notation(set: &RecordSet, value: &str) -> String {
    match set.kind() {
        Kind::Txt => quoted(value),
        Kind::Cname => value.to_owned(),
    }
}

/// What an existing record set brings into a merge.
struct Existing {
    ttl: u64,
    values: Vec<String>,
}

/// The set of the same name and type as `set`, if there is one and it can be merged with.
fn existing(set: &RecordSet, present: &Present) -> Result<Option<Existing>, Failure> {
    let refused = |why: &str| {
        Failure::other(format!("{} {} cannot be merged: {why}", set.name(), set.kind()))
            .hint("change that record set first, or leave this identity out")
    };
    let mut found = None;
    for there in present.at(set.name()) {
        let kind = there.get("Type").and_then(Value::as_str).unwrap_or_default();
        if kind == set.kind().as_str() {
            found = Some(
                plain(there).ok_or_else(|| refused("it is an alias or has a routing policy"))?,
            );
        } else if kind == "CNAME" || set.kind() == Kind::Cname {
            return Err(refused(&format!("there is a {kind} record, and a CNAME stands alone")));
        }
    }
    if let (Some(there), Kind::Cname) = (&mut found, set.kind()) {
        // One CNAME is all there can be. Another target is somebody's decision, or a mistake that
        // should be looked at; it is not ours to replace.
        let same =
            |value: &String| set.values().iter().any(|ours| canonical(ours) == canonical(value));
        if !there.values.iter().all(same) {
            return Err(refused(&format!("it points to {}", there.values.join(", "))));
        }
        // The same target in our spelling: without its dot it would count as a second value.
        there.values.clear();
    }
    Ok(found)
}

/// A set of which we know every property, so that replacing it loses none.
fn plain(set: &Map<String, Value>) -> Option<Existing> {
    let known = |key: &String| ["Name", "Type", "TTL", "ResourceRecords"].contains(&key.as_str());
    if !set.keys().all(known) {
        return None;
    }
    let value = |record: &Value| Some(record.get("Value")?.as_str()?.to_owned());
    let values =
        set.get("ResourceRecords")?.as_array()?.iter().map(value).collect::<Option<_>>()?;
    Some(Existing { ttl: set.get("TTL")?.as_u64()?, values })
}

/// A name as Route 53 compares it: lower case, its octal escapes (`\052` is `*`) resolved, without
/// the trailing dot.
fn canonical(name: &str) -> Vec<u8> {
    let bytes = name.strip_suffix('.').unwrap_or(name).as_bytes();
    let mut canonical = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        let escaped = match rest {
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
                Some((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'))
            }
            _ => None,
        };
        canonical.push(escaped.unwrap_or(first).to_ascii_lowercase());
        rest = if escaped.is_some() { &rest[4..] } else { after };
    }
    canonical
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Domain;

    fn records() -> Records {
        let mut records = Records::default();
        let domain = Domain::parse_ascii("example.com").unwrap();
        records.verification(&domain, "new=").unwrap();
        records
    }

    fn with_dkim() -> Records {
        let mut records = records();
        let domain = Domain::parse_ascii("example.com").unwrap();
        records.dkim(&domain, &["t1".to_owned()], "us-east-1").unwrap();
        records
    }

    fn merged(records: &Records, sets: Value) -> Result<Value, Failure> {
        let listing = json!({ "ResourceRecordSets": sets }).to_string();
        let present = Present::parse(listing.as_bytes())?;
        change_batch(records, Action::Create, 1800, Some(&present))
    }

    #[test]
    fn a_batch_has_one_change_for_each_record_set() {
        assert_eq!(
            change_batch(&with_dkim(), Action::Create, 300, None).unwrap(),
            json!({"Changes": [
                {"Action": "CREATE", "ResourceRecordSet": {
                    "Name": "_amazonses.example.com.", "Type": "TXT", "TTL": 300,
                    "ResourceRecords": [{"Value": "\"new=\""}]}},
                {"Action": "CREATE", "ResourceRecordSet": {
                    "Name": "t1._domainkey.example.com.", "Type": "CNAME", "TTL": 300,
                    "ResourceRecords": [{"Value": "t1.dkim.amazonses.com."}]}},
            ]})
        );
    }

    #[test]
    fn a_merge_keeps_the_values_and_the_ttl_there() {
        for name in ["_amazonses.example.com.", "\\137AMAZONSES.Example.com"] {
            let there = json!([{"Name": name, "Type": "TXT", "TTL": 60,
                "ResourceRecords": [{"Value": "\"old=\""}]}]);
            let batch = merged(&records(), there).unwrap();
            let change = &batch["Changes"][0];
            assert_eq!(change["Action"], "UPSERT");
            assert_eq!(change["ResourceRecordSet"]["TTL"], 60);
            assert_eq!(
                change["ResourceRecordSet"]["ResourceRecords"],
                json!([{"Value": "\"old=\""}, {"Value": "\"new=\""}])
            );
        }
    }

    #[test]
    fn a_value_that_is_there_is_not_added_again() {
        let there = json!([{"Name": "_amazonses.example.com.", "Type": "TXT", "TTL": 60,
            "ResourceRecords": [{"Value": "\"new=\""}, {"Value": "\"old=\""}]}]);
        let batch = merged(&records(), there.clone()).unwrap();
        let set = &batch["Changes"][0]["ResourceRecordSet"];
        assert_eq!(set["ResourceRecords"], there[0]["ResourceRecords"]);
    }

    #[test]
    fn a_set_that_is_not_there_is_created() {
        let batch = merged(&records(), json!([])).unwrap();
        assert_eq!(batch["Changes"][0]["Action"], "CREATE");
    }

    #[test]
    fn a_set_with_properties_of_its_own_is_left_alone() {
        let there = json!([{"Name": "_amazonses.example.com.", "Type": "TXT", "TTL": 60,
            "SetIdentifier": "blue", "Weight": 1, "ResourceRecords": [{"Value": "\"old=\""}]}]);
        let failure = merged(&records(), there).unwrap_err();
        assert!(failure.message.contains("routing policy"), "{}", failure.message);
    }

    #[test]
    fn a_cname_is_kept_if_it_is_right_and_never_replaced() {
        let there = |kind: &str, target: &str| {
            json!([{"Name": "t1._domainkey.example.com.", "Type": kind, "TTL": 60,
                "ResourceRecords": [{"Value": target}]}])
        };
        let batch = merged(&with_dkim(), there("CNAME", "T1.dkim.amazonses.com")).unwrap();
        let records = &batch["Changes"][1]["ResourceRecordSet"]["ResourceRecords"];
        assert_eq!(*records, json!([{"Value": "t1.dkim.amazonses.com."}]));
        for there in [there("CNAME", "elsewhere.example."), there("TXT", "\"x\"")] {
            assert!(merged(&with_dkim(), there).is_err());
        }
    }

    #[test]
    fn an_incomplete_or_foreign_listing_is_refused() {
        for listing in [
            "",
            "[]",
            r#"{"Identities": []}"#,
            r#"{"ResourceRecordSets": [{}]}"#,
            r#"{"ResourceRecordSets": [], "NextToken": "t"}"#,
            r#"{"ResourceRecordSets": [], "IsTruncated": true}"#,
        ] {
            assert!(Present::parse(listing.as_bytes()).is_err(), "{listing}");
        }
    }

    #[test]
    fn a_batch_above_the_limits_is_refused() {
        let mut records = Records::default();
        for n in 0..1_001 {
            let domain = Domain::parse_ascii(&format!("{n}.example.com")).unwrap();
            records.verification(&domain, "t").unwrap();
        }
        let failure = change_batch(&records, Action::Create, 1800, None).unwrap_err();
        assert!(failure.hint.is_some());
    }
}
