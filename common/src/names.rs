//! Names in: the arguments and input files that say which identities a program is asked about.
//!
//! Nothing here is done twice or by halves: every name is read and checked before a program acts
//! on the first, and a bad one is reported with the place it came from.

use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;

use serde_json::Value;

use crate::identity::{Address, Domain, Identity, NameError, shown};
use crate::status::Failure;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A name as it was given, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub place: Place,
}

impl Named {
    /// A name of the command line.
    pub fn argument(name: impl Into<String>) -> Named {
        Named { name: name.into(), place: Place::Argument }
    }
}

/// Where a name was given, as a message begins with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Argument,
    /// A line of the input, from 1.
    Line(usize),
    /// A name in a JSON array, from 1.
    Entry(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Argument => Ok(()),
            Place::Line(line) => write!(f, "line {line}: "),
            Place::Entry(entry) => write!(f, "name {entry}: "),
        }
    }
}

/// Reads names from a file: an array of strings, `{"Identities": [...]}`, the
/// `{"VerificationAttributes": {NAME: …}}` of `ses-list --attributes`, any number of objects with
/// `Identity` (JSON Lines above all), or one plain name a line.
///
/// Input that begins with `[` or `{` is JSON. In plain input, blank lines and blanks around a name
/// are skipped (and so is the CR of a CRLF). There are no comments, since `#` may begin an address.
///
/// # Errors
/// Status 255 for empty input and for input that is none of these, with the line. The names
/// themselves are not looked at: see [`identities`] and [`domains`].
pub fn read(text: &[u8]) -> Result<Vec<Named>, Failure> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut names = Vec::new();
    if matches!(text.trim_ascii_start().first(), Some(b'[' | b'{')) {
        for Document { line, value } in documents(text)? {
            collect(value, line, &mut names)?;
        }
        return Ok(names);
    }
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let place = Place::Line(index + 1);
        let name = str::from_utf8(line.trim_ascii())
            .map_err(|_| Failure::other(format!("{place}not in UTF-8")))?;
        if !name.is_empty() {
            names.push(Named { name: name.to_owned(), place });
        }
    }
    if names.is_empty() { Err(empty()) } else { Ok(names) }
}

/// One JSON text out of several.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The line it ends on, from 1: in JSON Lines, its line.
    pub line: usize,
    pub value: Value,
}

/// Reads any number of JSON texts: a single document, JSON Lines, or several documents one after the
/// other as a shell loop over aws-cli prints them.
///
/// # Errors
/// Status 255 for empty input, and for input that is not JSON, with line and column.
pub fn documents(text: &[u8]) -> Result<Vec<Document>, Failure> {
    let mut stream = serde_json::Deserializer::from_slice(text).into_iter();
    let mut documents = Vec::new();
    let (mut line, mut counted) = (1, 0);
    while let Some(value) = stream.next() {
        let value = value.map_err(|error| Failure::other(format!("not JSON: {error}")))?;
        let end = stream.byte_offset();
        line += text[counted..end].iter().filter(|&&byte| byte == b'\n').count();
        counted = end;
        documents.push(Document { line, value });
    }
    if documents.is_empty() { Err(empty()) } else { Ok(documents) }
}

fn empty() -> Failure {
    Failure::other("the input is empty")
}

/// Adds the names in one document to `names`.
fn collect(value: Value, line: usize, names: &mut Vec<Named>) -> Result<(), Failure> {
    let malformed = |what: &str| Err(Failure::other(format!("line {line}: {what}")));
    let push = |names: &mut Vec<Named>, name| {
        let place = Place::Entry(names.len() + 1);
        names.push(Named { name, place });
    };
    match value {
        Value::Array(entries) => {
            for entry in entries {
                match entry {
                    Value::String(name) => push(names, name),
                    // `jq -s` makes such an array of JSON Lines.
                    entry @ Value::Object(_) => collect(entry, line, names)?,
                    _ => return malformed("the array holds something that is no name"),
                }
            }
        }
        Value::Object(mut object) => {
            if let Some(Value::String(name)) = object.remove("Identity") {
                names.push(Named { name, place: Place::Line(line) });
            } else if let Some(identities @ Value::Array(_)) = object.remove("Identities") {
                collect(identities, line, names)?;
            } else if let Some(Value::Object(map)) = object.remove("VerificationAttributes") {
                map.into_iter().for_each(|(name, _)| push(names, name));
            } else {
                return malformed(r#"the object holds neither "Identity" nor "Identities""#);
            }
        }
        _ => return malformed("neither an object nor an array of names"),
    }
    Ok(())
}

/// Checks every name: domains and e-mail addresses.
///
/// # Errors
/// Status 252 for the first name that can be no identity.
pub fn identities(names: &[Named]) -> Result<Vec<Identity>, Failure> {
    names.iter().map(|named| checked(named, Identity::parse)).collect()
}

/// Checks every name: domains alone.
///
/// # Errors
/// Status 252 for the first name that is no domain.
pub fn domains(names: &[Named]) -> Result<Vec<Domain>, Failure> {
    let domain = |named: &Named| {
        if Address::parse(&named.name).is_ok() {
            let message = format!("{}{} is an e-mail address", named.place, shown(&named.name));
            return Err(Failure::usage(message)
                .hint("SES mails an address that it verifies; --email-address NAME asks for it"));
        }
        checked(named, Domain::parse)
    };
    names.iter().map(domain).collect()
}

fn checked<T>(named: &Named, parse: impl Fn(&str) -> Result<T, NameError>) -> Result<T, Failure> {
    parse(&named.name).map_err(|error| Failure::usage(format!("{}{error}", named.place)))
}

/// Each name once, where it came first.
pub fn unique<T: Clone + Eq + Hash>(names: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::with_capacity(names.len());
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Status;

    fn names(text: &str) -> Vec<String> {
        read(text.as_bytes()).unwrap().into_iter().map(|named| named.name).collect()
    }

    fn failure(text: &str) -> Failure {
        read(text.as_bytes()).and_then(|names| domains(&names)).unwrap_err()
    }

    #[test]
    fn every_form_gives_the_names_in_order() {
        for text in [
            r#"["b.example", "a.example"]"#,
            r#"{"Identities": ["b.example", "a.example"], "NextToken": "t"}"#,
            r#"{"VerificationAttributes": {"b.example": {}, "a.example": {}}}"#,
            "{\"Identity\": \"b.example\", \"Region\": \"us-west-2\"}\n{\"Identity\": \"a.example\"}\n",
            r#"[{"Identity": "b.example"}, {"Identity": "a.example"}]"#,
            "{\n    \"Identities\": [\n \"b.example\"]}\n{\n    \"Identities\": [\"a.example\"]}\n",
            "b.example\na.example\n",
            "\u{feff}b.example\r\n\r\n  a.example",
        ] {
            assert_eq!(names(text), ["b.example", "a.example"], "{text}");
        }
    }

    #[test]
    fn an_empty_list_is_a_list_but_empty_input_is_an_error() {
        assert!(names("[]").is_empty());
        assert!(names(r#"{"Identities": []}"#).is_empty());
        for text in ["", "\n\r\n  "] {
            assert_eq!(failure(text).message, "the input is empty");
            assert_eq!(failure(text).status, Status::Other);
        }
    }

    #[test]
    fn malformed_input_is_reported_with_its_line() {
        for (text, line) in [
            ("{\"Identity\": \"a.example\"}\n{\"Identity\": ", "line 2"),
            ("{\"Identity\": \"a.example\"}\nb.example\n", "line 2"),
            ("{\"Identity\": \"a.example\"}\n\n{\"Name\": \"b.example\"}\n", "line 3: the object"),
            ("[1]", "line 1: the array holds something that is no name"),
        ] {
            let failure = failure(text);
            assert_eq!(failure.status, Status::Other);
            assert!(failure.message.contains(line), "{}", failure.message);
        }
        assert_eq!(read(b"a.example\n\xff\n").unwrap_err().message, "line 2: not in UTF-8");
    }

    #[test]
    fn a_bad_name_among_a_thousand_is_reported_with_its_place() {
        let mut lines: Vec<_> = (1..=1_000).map(|n| format!("{n}.example")).collect();
        lines[699] = "https://example.com".into();
        let plain = failure(&lines.join("\n"));
        assert_eq!(plain.status, Status::Usage);
        assert_eq!(plain.message, "line 700: \"https://example.com\" is a URL, not a domain name");
        let array = failure(&serde_json::to_string(&lines).unwrap());
        assert!(array.message.starts_with("name 700: "), "{}", array.message);
    }

    #[test]
    fn an_address_is_an_identity_but_no_domain() {
        let named = [Named::argument("User@example.com")];
        assert_eq!(identities(&named).unwrap()[0].as_str(), "User@example.com");
        let failure = domains(&named).unwrap_err();
        assert_eq!(failure.message, "\"User@example.com\" is an e-mail address");
        assert!(failure.hint.unwrap().contains("--email-address"));
    }

    #[test]
    fn a_name_given_twice_is_kept_once() {
        let names = ["b.example", "a.example", "B.example."].map(Named::argument);
        let domains = unique(domains(&names).unwrap());
        assert_eq!(
            domains.iter().map(Domain::as_str).collect::<Vec<_>>(),
            ["b.example", "a.example"]
        );
    }
}
