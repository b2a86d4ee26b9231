//! Selecting from a document: bare tokens, or what a JMESPath expression finds in it.

use serde_json::Value;

use crate::json;
use crate::query::Expression;
use crate::records;
use crate::status::Failure;

/// The lines to print, and whether all that was asked for was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    pub text: String,
    pub found: bool,
}

impl Selected {
    /// All lines, or none: with one missing, the rest would pass for the whole.
    fn all(lines: impl IntoIterator<Item = Option<String>>) -> Selected {
        match lines.into_iter().collect::<Option<Vec<_>>>() {
            Some(lines) if !lines.is_empty() => {
                Selected { text: lines.join("\n") + "\n", found: true }
            }
            _ => Selected { text: String::new(), found: false },
        }
    }
}

/// The verification token of each identity in `document`, one a line. E-mail addresses have none and
/// are passed over.
///
/// # Errors
/// 255 for empty or malformed input.
pub fn tokens(document: &[u8]) -> Result<Selected, Failure> {
    let entries = records::tokens(document)?.into_iter();
    let domains = entries.filter(|entry| !entry.is_address());
    let tokens = domains.map(|entry| entry.token).collect::<Vec<_>>();
    if tokens.iter().flatten().any(|token| token.contains(char::is_control)) {
        return Err(Failure::other("a token has a control character in it"));
    }
    Ok(Selected::all(tokens))
}

/// What `expression` selects of each document: text bare, a list of texts one a line, the rest as
/// JSON. Null, an empty text and an empty list are not there.
///
/// # Errors
/// 255 for empty or malformed input, and where the expression fails on it.
pub fn raw(document: &[u8], expression: &Expression) -> Result<Selected, Failure> {
    let found = search(document, Some(expression))?;
    Ok(Selected::all(found.into_iter().flat_map(|value| match value {
        Value::Array(items) if !items.is_empty() => items.into_iter().map(bare).collect(),
        value => vec![bare(value)],
    })))
}

fn bare(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        Value::Array(items) if items.is_empty() => None,
        value => Some(json::pretty(&value)),
    }
}

/// What jp.py prints for each document; only null is not there, and is printed all the same. Without
/// an expression, the tokens.
///
/// # Errors
/// As [`raw`].
pub fn json(document: &[u8], expression: Option<&Expression>) -> Result<Selected, Failure> {
    let Some(expression) = expression else {
        let tokens = tokens(document)?;
        let quoted = tokens.text.lines().map(|token| json::pretty(&token.into()) + "\n");
        return Ok(Selected { text: quoted.collect(), ..tokens });
    };
    let found = search(document, Some(expression))?;
    Ok(Selected {
        found: found.iter().all(|value| !value.is_null()),
        text: found.iter().map(|value| json::pretty(value) + "\n").collect(),
    })
}

fn search(document: &[u8], expression: Option<&Expression>) -> Result<Vec<Value>, Failure> {
    let failed = |error| Failure::other(format!("the expression failed on the input: {error}"));
    let documents = documents(document)?.into_iter();
    documents
        .map(|value| match expression {
            Some(expression) => expression.search(&value).map_err(failed),
            None => Ok(value),
        })
        .collect()
}

/// One JSON document, or JSON Lines.
fn documents(text: &[u8]) -> Result<Vec<Value>, Failure> {
    if text.trim_ascii().is_empty() {
        return Err(Failure::other("the input is empty"));
    }
    json::parse(text).map(|value| vec![value]).or_else(|error| {
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        // Where not every line is a document, the input as a whole is what is wrong.
        let values = lines.map(json::parse).collect::<Result<Vec<_>, _>>();
        values.map_err(|_| Failure::other(format!("the input is not JSON: {error}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(document: &str, expression: &str) -> Selected {
        let expression = Expression::compile(expression).expect("an expression");
        raw(document.as_bytes(), &expression).expect("a selection")
    }

    fn found(text: &str) -> Selected {
        Selected { text: text.into(), found: true }
    }

    fn missing() -> Selected {
        Selected { text: String::new(), found: false }
    }

    #[test]
    fn a_token_is_printed_bare() {
        assert_eq!(tokens(br#"{"VerificationToken": "a+/="}"#).expect("tokens"), found("a+/=\n"));
    }

    #[test]
    fn a_missing_token_is_no_text_at_all() {
        for document in
            ["{}", "null", "[]", r#"{"VerificationToken": null}"#, r#"{"VerificationToken": ""}"#]
        {
            assert_eq!(tokens(document.as_bytes()).expect(document), missing(), "{document}");
        }
    }

    #[test]
    fn one_missing_of_several_leaves_none() {
        let lines = "{\"Identity\":\"a.example\",\"VerificationToken\":\"x\"}\n{\"Identity\":\"b.example\"}\n";
        assert_eq!(tokens(lines.as_bytes()).expect("tokens"), missing());
    }

    #[test]
    fn an_expression_sees_each_line() {
        assert_eq!(select("{\"a\": \"x\"}\n{\"a\": \"y\"}\n", "a"), found("x\ny\n"));
        assert_eq!(select("{\"a\": [\"x\", \"y\"]}", "a"), found("x\ny\n"));
        assert_eq!(select("{\"a\": 1}", "b"), missing());
        assert_eq!(select("{\"a\": 1}", "a"), found("1\n"));
    }

    #[test]
    fn empty_and_malformed_input_are_errors() {
        for document in ["", " \n", "{", "{}x", "example.com"] {
            assert!(tokens(document.as_bytes()).is_err(), "{document:?}");
        }
    }
}
