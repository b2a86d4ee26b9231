//! `--output text`: lines of TAB-separated values, for `cut` and `read`.
//!
//! The source of truth is what aws-cli prints (`awscli/text.py`, the same in versions 1 and 2),
//! measured with `tests/differential/output_fuzz.py`:
//!
//! - a scalar is written as Python's `str()` writes it: `None`, `True`, `1.0`;
//! - a list of scalars is one line, or one line each, led by the name in capitals, if it has a name;
//! - an object is one line of its scalars in the order of their keys, led by its name, if any; what
//!   is no scalar follows on lines of its own, named after its key;
//! - the objects of one list share their columns: a key missing from one leaves an empty field;
//! - what is empty prints nothing, not even a newline.
//!
//! Where aws-cli ends with a Python error (a list of objects and other things), the other things
//! are printed as if they stood alone.
//!
//! This is not for reading back: a TAB or a newline inside a value is not escaped.

use std::collections::BTreeSet;
use std::iter;

use serde_json::{Map, Value};

use crate::json;

/// The text of `value` with its last newline; empty where aws-cli prints nothing.
pub fn render(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value, None);
    out
}

fn write_value(out: &mut String, value: &Value, name: Option<&str>) {
    match value {
        Value::Object(object) => write_object(out, object, &scalar_keys(iter::once(object)), name),
        Value::Array(items) => write_list(out, items, name),
        scalar => write_scalars(out, &[scalar], name),
    }
}

fn write_list(out: &mut String, items: &[Value], name: Option<&str>) {
    if items.iter().any(Value::is_object) {
        let columns = scalar_keys(items.iter().filter_map(Value::as_object));
        for item in items {
            match item {
                Value::Object(object) => write_object(out, object, &columns, name),
                other => write_value(out, other, name),
            }
        }
    } else {
        let (lists, scalars): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.is_array());
        write_scalars(out, &scalars, name);
        for list in lists {
            write_value(out, list, name);
        }
    }
}

fn write_object(
    out: &mut String,
    object: &Map<String, Value>,
    columns: &BTreeSet<&str>,
    name: Option<&str>,
) {
    if !columns.is_empty() {
        let fields =
            columns.iter().map(|key| object.get(*key).map_or_else(String::new, python_str));
        write_line(out, name.map(str::to_uppercase).into_iter().chain(fields));
    }
    let mut rest: Vec<_> =
        object.iter().filter(|(key, _)| !columns.contains(key.as_str())).collect();
    rest.sort_unstable_by_key(|(key, _)| *key);
    for (key, value) in rest {
        write_value(out, value, Some(key));
    }
}

fn write_scalars(out: &mut String, scalars: &[&Value], name: Option<&str>) {
    match name {
        Some(name) => {
            for scalar in scalars {
                write_line(out, [name.to_uppercase(), python_str(scalar)].into_iter());
            }
        }
        None if scalars.is_empty() => {}
        None => write_line(out, scalars.iter().map(|scalar| python_str(scalar))),
    }
}

fn write_line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push('\t');
        }
        out.push_str(&field);
    }
    out.push('\n');
}

/// The keys that hold a scalar in at least one of `objects`, sorted.
fn scalar_keys<'a>(objects: impl Iterator<Item = &'a Map<String, Value>>) -> BTreeSet<&'a str> {
    objects.flatten().filter(|(_, value)| is_scalar(value)).map(|(key, _)| key.as_str()).collect()
}

/// Neither a list nor an object.
pub(super) fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// What Python's `str()` makes of `value`. A column may hold a scalar in one object and a list in
/// the next, so lists and objects are written too, as Python's `repr()`.
pub(super) fn python_str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => {
            let mut out = String::new();
            write_repr(&mut out, other);
            out
        }
    }
}

fn write_repr(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(number) => out.push_str(&json::number(number)),
        Value::String(text) => write_quoted(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_repr(out, item);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (index, (key, item)) in object.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_quoted(out, key);
                out.push_str(": ");
                write_repr(out, item);
            }
            out.push('}');
        }
    }
}

fn write_quoted(out: &mut String, text: &str) {
    // Python prefers apostrophes and only escapes one where both kinds of quote occur.
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) < 0x100 => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if u32::from(c) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push(quote);
}

/// Python's `str.isprintable()`. The standard library keeps the same table, but shows it only
/// through `escape_debug`, which spares a combining mark unless it begins the string: hence the x.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~') || format!("x{c}").escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{python_str, render};

    #[test]
    fn a_named_list_prints_a_line_each_led_by_its_name_in_capitals() {
        let value = json!({"Identities": ["b.example", "a.example"]});
        assert_eq!(render(&value), "IDENTITIES\tb.example\nIDENTITIES\ta.example\n");
    }

    #[test]
    fn a_bare_list_of_scalars_is_one_line() {
        assert_eq!(render(&json!(["a", null, true, 1, 0.5])), "a\tNone\tTrue\t1\t0.5\n");
    }

    #[test]
    fn what_is_empty_prints_nothing() {
        for value in [json!([]), json!({}), json!({"Identities": []}), json!([[], [[]]])] {
            assert_eq!(render(&value), "", "{value}");
        }
    }

    #[test]
    fn a_scalar_is_python_s_spelling_of_it() {
        assert_eq!(render(&json!(null)), "None\n");
        assert_eq!(render(&json!(false)), "False\n");
        assert_eq!(render(&json!("")), "\n");
    }

    #[test]
    fn an_object_prints_its_values_in_the_order_of_their_keys() {
        assert_eq!(render(&json!({"b": 2, "a": 1})), "1\t2\n");
    }

    #[test]
    fn the_key_of_a_nested_object_loses_its_case() {
        let value = json!({"VerificationAttributes": {
            "straße.example": {"VerificationToken": "t=", "VerificationStatus": "Success"}}});
        assert_eq!(render(&value), "STRASSE.EXAMPLE\tSuccess\tt=\n");
    }

    #[test]
    fn the_objects_of_a_list_share_their_columns() {
        let value = json!([{"a": 1, "b": 2}, {"b": 3}, {}, {"c": [4]}]);
        assert_eq!(render(&value), "1\t2\n\t3\n\t\n\t\nC\t4\n");
    }

    #[test]
    fn scalars_come_before_the_lists_among_them() {
        assert_eq!(render(&json!([["x", "y"], "a", ["z"]])), "a\nx\ty\nz\n");
    }

    #[test]
    fn a_list_in_a_column_of_scalars_is_python_s_repr() {
        let value = json!([{"a": 1}, {"a": ["it's", {"k": null}, "\u{7}\u{e9}\u{ad}\u{202e}"]}]);
        assert_eq!(render(&value), "1\n[\"it's\", {'k': None}, '\\x07é\\xad\\u202e']\n");
    }

    #[test]
    fn a_repr_escapes_an_apostrophe_only_beside_a_quotation_mark() {
        assert_eq!(python_str(&json!(["'\"\\"])), r#"['\'"\\']"#);
        assert_eq!(python_str(&json!(["e\u{301}\u{10ffff}"])), "['e\u{301}\\U0010ffff']");
    }

    #[test]
    fn what_aws_cli_refuses_is_printed_as_if_it_stood_alone() {
        assert_eq!(render(&json!([{"a": 1}, "x", ["y", "z"]])), "1\nx\ny\tz\n");
    }
}
