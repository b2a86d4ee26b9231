//! What messages need of Python: how it shows values, names their types and what is a space to it.

use serde_json::Value;

use crate::json;

/// A message shows this much of a value; jp.py would show a whole document.
const SHOWN: usize = 200;

/// Python's `str()` of a value, on one line and cut off where it gets long.
pub(super) fn text(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::String(text) if !text.contains(char::is_control) => out.push_str(text),
        _ => repr(value, &mut out),
    }
    match out.char_indices().nth(SHOWN) {
        None => out,
        Some((end, _)) => format!("{}…", &out[..end]),
    }
}

/// The name of the type in Python, which jp.py's messages about elements use.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// `str.isspace()`: Unicode's white space and the four separators of ASCII.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}

/// Python's `repr()`, given up once there is more than will be shown.
fn repr(value: &Value, out: &mut String) {
    if out.len() > 4 * SHOWN {
        return;
    }
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(flag) => out.push_str(if *flag { "True" } else { "False" }),
        Value::Number(number) => out.push_str(&json::number(number)),
        Value::String(text) => quoted(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                repr(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                quoted(key, out);
                out.push_str(": ");
                repr(member, out);
            }
            out.push('}');
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            _ if character == quote => out.extend(['\\', quote]),
            _ if character.is_control() => out.push_str(&format!("\\x{:02x}", character as u32)),
            _ => out.push(character),
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_look_as_in_python() {
        let value = json!({"a": [1, 1.0, true, null, "x"], "it's": "\n", "both'\"": {}});
        assert_eq!(
            text(&value),
            r#"{'a': [1, 1.0, True, None, 'x'], "it's": '\n', 'both\'"': {}}"#
        );
        assert_eq!(text(&json!("a 'string' as it is")), "a 'string' as it is");
        assert_eq!(text(&json!("two\nlines")), r"'two\nlines'");
    }

    #[test]
    fn long_values_are_cut_off() {
        assert_eq!(text(&json!("é".repeat(201))), format!("{}…", "é".repeat(200)));
        assert_eq!(text(&json!(vec![0; 1_000_000])).chars().count(), 201);
    }
}
