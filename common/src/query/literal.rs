//! The three quotations of JMESPath: `` `literal` ``, `"identifier"` and `'raw string'`. Each function
//! takes the text between the delimiters, in which `\` protects the character after it.

use serde_json::Value;

use super::python;
use crate::json;

/// `` `…` ``: JSON, or else a string that lacks its quotation marks. The specification gave the
/// second form up, but jmespath.py still takes it and most `--query` examples are written in it.
///
/// Nothing if the text is neither. Python's numbers that JSON cannot hold and nesting too deep to be
/// read are neither, too: as strings they would silently be unequal to everything.
pub(super) fn literal(text: &str) -> Option<Value> {
    let text = text.replace("\\`", "`");
    match json::parse(text.as_bytes()) {
        Ok(value) => Some(value),
        Err(error) if error.is_limit() => None,
        Err(_) if ["NaN", "Infinity", "-Infinity"].contains(&text.trim()) => None,
        Err(_) => decode(text.trim_start_matches(python::is_space)).map(Value::String),
    }
}

/// `"…"`: a JSON string, or what is wrong with it in the words of Python's json module.
pub(super) fn identifier(text: &str) -> Result<String, &'static str> {
    decode(text).ok_or_else(|| fault(text))
}

/// `'…'`: the text itself; only the delimiter can be escaped.
pub(super) fn raw(text: &str) -> String {
    text.replace("\\'", "'")
}

/// What the JSON string with this inside says.
fn decode(inside: &str) -> Option<String> {
    match json::parse(format!("\"{inside}\"").as_bytes()) {
        Ok(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// The first thing that Python would not take in a string.
fn fault(text: &str) -> &'static str {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' { characters.next() } else { None };
        match escaped {
            None if character < ' ' => return "Invalid control character at",
            Some('u') if !starts_with_hex(characters.as_str()) => return "Invalid \\uXXXX escape",
            Some(escaped) if !"\"\\/bfnrtu".contains(escaped) => return "Invalid \\escape",
            _ => {}
        }
    }
    "Half a surrogate pair"
}

fn starts_with_hex(text: &str) -> bool {
    text.chars().take(4).filter(char::is_ascii_hexdigit).count() == 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_literal_is_json_if_it_can_be() {
        assert_eq!(literal(" {\"a\": [1, null]} "), Some(json!({"a": [1, null]})));
        assert_eq!(literal("\"a\\`b\""), Some(json!("a`b")));
        assert_eq!(literal("01"), Some(json!("01")));
        assert_eq!(literal("1"), Some(json!(1)));
    }

    #[test]
    fn a_literal_without_quotation_marks_is_a_string() {
        assert_eq!(literal("example.com"), Some(json!("example.com")));
        assert_eq!(literal("  left stripped only "), Some(json!("left stripped only ")));
        assert_eq!(literal("[x]"), Some(json!("[x]")));
        assert_eq!(literal("tab\\tand \\u00e9"), Some(json!("tab\tand é")));
        assert_eq!(literal(""), Some(json!("")));
    }

    #[test]
    fn a_literal_can_be_neither() {
        for text in ["a\"b", "\"a", "bad \\x", "a\tb", "NaN", "-Infinity", "[1e400]"] {
            assert_eq!(literal(text), None, "{text}");
        }
    }

    #[test]
    fn an_identifier_is_a_json_string() {
        assert_eq!(identifier("a\\\"\\u00e9").as_deref(), Ok("a\"é"));
        assert_eq!(identifier("\\x"), Err("Invalid \\escape"));
        assert_eq!(identifier("\\u12"), Err("Invalid \\uXXXX escape"));
        assert_eq!(identifier("a\nb"), Err("Invalid control character at"));
        assert_eq!(identifier("\\ud83d"), Err("Half a surrogate pair"));
    }

    #[test]
    fn a_raw_string_knows_one_escape() {
        assert_eq!(raw("it\\'s \\n \\\\"), "it's \\n \\\\");
    }
}
