//! Tokens in: every JSON the other programs and aws-cli print, read for what `ses-token` needs.

use serde_json::{Map, Value};

use crate::identity::{Domain, shown};
use crate::names::{Document, documents};
use crate::status::Failure;

/// What a document says of one identity. Missing, null and empty are the same: not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub identity: Option<String>,
    pub region: Option<String>,
    /// The verification token.
    pub token: Option<String>,
    pub dkim: Vec<String>,
}

impl Entry {
    /// An address, which has no token by its nature.
    pub fn is_address(&self) -> bool {
        self.identity.as_ref().is_some_and(|identity| identity.contains('@'))
    }

    pub fn has_token(&self) -> bool {
        self.token.is_some() || !self.dkim.is_empty()
    }

    /// The domain the records are for: this entry's own, or `given`.
    pub(super) fn domain(&self, given: Option<&Domain>) -> Result<Domain, Failure> {
        let own = self.identity.as_deref().map(Domain::parse_ascii).transpose();
        let own = own.map_err(|error| Failure::other(error.to_string()))?;
        match (own, given) {
            (Some(own), Some(given)) if own != *given => Err(Failure::other(format!(
                "the token is of {own}, not of {given}: it proves nothing there"
            ))),
            (Some(domain), _) => Ok(domain),
            (None, Some(given)) => Ok(given.clone()),
            (None, None) => Err(Failure::usage("the input does not say whose token this is")
                .hint("--domain NAME says it")),
        }
    }

    /// The Region the DKIM tokens are of: this entry's own, or `given`.
    pub(super) fn region<'a>(&'a self, given: Option<&'a str>) -> Result<&'a str, Failure> {
        match (self.region.as_deref(), given) {
            (Some(own), Some(given)) if own != given => Err(Failure::other(format!(
                "the DKIM tokens are of the Region {}, not of {}",
                shown(own),
                shown(given)
            ))),
            (Some(region), _) | (None, Some(region)) => Ok(region),
            (None, None) => Err(Failure::configuration(
                "the input does not say which Region the DKIM tokens are of",
            )
            .hint("--region REGION says it")),
        }
    }
}

/// Reads the entries of a document: an answer with `VerificationToken` or `DkimTokens`, a
/// `{"VerificationAttributes": {NAME: …}}`, JSON Lines of `ses-verify`, a bare string (a token), and
/// lists of names, which hold no tokens. `null` and `[]` are no entry, `{}` is one without a token.
///
/// # Errors
/// Status 255 for empty or malformed input, plain names among it, and for a token that is no string.
pub fn tokens(document: &[u8]) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for Document { line, value } in documents(document)? {
        collect(value, &mut entries)
            .map_err(|reason| Failure::other(format!("line {line}: {reason}")))?;
    }
    Ok(entries)
}

fn collect(value: Value, entries: &mut Vec<Entry>) -> Result<(), String> {
    match value {
        Value::Null => {}
        Value::String(token) => {
            entries.push(Entry { token: not_empty(token), ..Entry::default() });
        }
        Value::Array(list) => {
            for item in list {
                match item {
                    Value::String(name) => entries.push(named(name, Entry::default())),
                    // `jq -s` makes such an array of JSON Lines.
                    item @ Value::Object(_) => collect(item, entries)?,
                    _ => return Err("the array holds something that is no name".to_owned()),
                }
            }
        }
        Value::Object(mut object) => {
            if let Some(Value::Object(attributes)) = object.remove("VerificationAttributes") {
                for (name, attributes) in attributes {
                    let Value::Object(attributes) = attributes else {
                        return Err(format!("{} has no attributes", shown(&name)));
                    };
                    entries.push(named(name, entry(attributes)?));
                }
            } else if let Some(names @ Value::Array(_)) = object.remove("Identities") {
                collect(names, entries)?;
            } else {
                entries.push(entry(object)?);
            }
        }
        _ => return Err("neither an object nor a token".to_owned()),
    }
    Ok(())
}

fn named(name: String, entry: Entry) -> Entry {
    Entry { identity: Some(name), ..entry }
}

fn not_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn entry(mut object: Map<String, Value>) -> Result<Entry, String> {
    let mut text = |key: &str| match object.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(not_empty(text)),
        Some(_) => Err(format!("{key} is no string")),
    };
    let (identity, region) = (text("Identity")?, text("Region")?);
    let token = text("VerificationToken")?;
    let dkim = match object.remove("DkimTokens") {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => serde_json::from_value(list)
            .map_err(|_| "DkimTokens is no list of strings".to_owned())?,
    };
    Ok(Entry { identity, region, token, dkim })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens_of(document: &str) -> Vec<(Option<String>, Option<String>)> {
        let entries = tokens(document.as_bytes()).unwrap();
        entries.into_iter().map(|entry| (entry.identity, entry.token)).collect()
    }

    fn pair(identity: Option<&str>, token: Option<&str>) -> (Option<String>, Option<String>) {
        (identity.map(str::to_owned), token.map(str::to_owned))
    }

    #[test]
    fn every_form_gives_its_tokens() {
        for (document, entries) in [
            (r#"{"VerificationToken": "t1"}"#, vec![pair(None, Some("t1"))]),
            (r#""t1""#, vec![pair(None, Some("t1"))]),
            (
                r#"{"VerificationAttributes": {
                    "b.example": {"VerificationStatus": "Pending", "VerificationToken": "t1"},
                    "a@a.example": {"VerificationStatus": "Success"}}}"#,
                vec![pair(Some("b.example"), Some("t1")), pair(Some("a@a.example"), None)],
            ),
            (
                "{\"Identity\": \"a.example\", \"VerificationToken\": \"t1\"}\n\
                 {\"Identity\": \"b.example\", \"VerificationToken\": \"t2\"}\n",
                vec![pair(Some("a.example"), Some("t1")), pair(Some("b.example"), Some("t2"))],
            ),
        ] {
            assert_eq!(tokens_of(document), entries, "{document}");
        }
    }

    #[test]
    fn names_are_no_tokens() {
        for document in [r#"["a.example"]"#, r#"{"Identities": ["a.example"]}"#] {
            assert_eq!(tokens_of(document), [pair(Some("a.example"), None)]);
        }
        assert!(tokens(b"a.example\n").is_err());
    }

    #[test]
    fn missing_null_and_empty_are_no_token() {
        for document in ["null", "[]", "{}", r#"{"VerificationToken": null}"#, r#""""#] {
            assert!(
                !tokens(document.as_bytes()).unwrap().iter().any(Entry::has_token),
                "{document}"
            );
        }
    }

    #[test]
    fn empty_and_malformed_input_are_errors_of_one_line() {
        for document in
            ["", " \n", "{", "tru", "1", "{\"VerificationToken\": 1}", "{\"DkimTokens\": \"a\"}"]
        {
            let failure = tokens(document.as_bytes()).unwrap_err();
            assert!(!failure.message.contains('\n'), "{}", failure.message);
        }
    }

    #[test]
    fn an_answer_with_dkim_tokens_is_one_entry() {
        let document =
            br#"{"VerificationToken": "t", "DkimTokens": ["a", "b"], "Region": "us-west-2"}"#;
        let entries = tokens(document).unwrap();
        assert_eq!(entries[0].dkim, ["a", "b"]);
        assert_eq!(entries[0].region.as_deref(), Some("us-west-2"));
    }
}
