//! `--output yaml`: block style, keys sorted.
//!
//! The source of truth is what aws-cli 2 prints (`YAMLFormatter` in `awscli/formatter.py`), measured
//! with `tests/differential/output_fuzz.py`. It dumps with ruamel.yaml's "safe" dumper, whose
//! emitter is the libyaml that ruamel.yaml.clib carries, and whose idea of what a plain scalar means
//! is ruamel's YAML 1.2:
//!
//! - the keys of every object are sorted by code point, unlike those of `--output json`;
//! - lists in objects are not indented; `[]` and `{}` are the only flow style;
//! - a key that has a line break, or more than 128 bytes, is written after a `?`;
//! - nothing but a list or an object is YAML at all: on top, a scalar is written as JSON, lest the
//!   document end with `...`; and `{}` on top prints nothing.
//!
//! Where a query selects one list or object twice, aws-cli writes it once and then refers to it
//! (`&id001`, `*id001`). A [`Value`] does not know that two of its parts were one: both are written.
//!
//! A port of libyaml (libyaml-safer) was tried first: it writes other bytes, an emoji unescaped for
//! one, and so folds other lines.

mod scalar;

use serde_json::Value;

use self::scalar::Pen;
use crate::json;

/// How much further in a collection is than the one around it.
const INDENT: usize = 2;

/// The longest key, in bytes, that is written before its colon instead of after a `?`.
const MAX_SIMPLE_KEY: usize = 128;

/// The YAML of `value` with its last newline; empty where aws-cli prints nothing.
pub fn render(value: &Value) -> String {
    match value {
        Value::Object(object) if object.is_empty() => String::new(),
        Value::Object(_) | Value::Array(_) => {
            let mut pen = Pen::default();
            write_node(&mut pen, value, Place::Top);
            pen.finish()
        }
        scalar => format!("{}\n", json::compact(scalar)),
    }
}

/// Where a value stands, with the indentation of the collection it stands in.
#[derive(Clone, Copy)]
enum Place {
    Top,
    Item(usize),
    Member(usize),
}

impl Place {
    fn inner_indent(self) -> usize {
        match self {
            Place::Top => 0,
            Place::Item(indent) | Place::Member(indent) => indent + INDENT,
        }
    }
}

fn write_node(pen: &mut Pen, value: &Value, place: Place) {
    match value {
        Value::Null => pen.literal("null"),
        Value::Bool(true) => pen.literal("true"),
        Value::Bool(false) => pen.literal("false"),
        Value::Number(number) => pen.literal(&json::number(number)),
        Value::String(text) => pen.string(text, Some(place.inner_indent())),
        Value::Array(items) if items.is_empty() => pen.literal("[]"),
        Value::Object(object) if object.is_empty() => pen.literal("{}"),
        Value::Array(items) => {
            let indent = match place {
                // A list starts below its key's first letter, but not where the key has its own `?`.
                Place::Member(indent) if !pen.at_indentation() => indent,
                _ => place.inner_indent(),
            };
            for item in items {
                pen.indent(indent);
                pen.indicator('-');
                write_node(pen, item, Place::Item(indent));
            }
        }
        Value::Object(object) => {
            let indent = place.inner_indent();
            let mut members: Vec<_> = object.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            for (key, value) in members {
                pen.indent(indent);
                write_key(pen, key, indent);
                write_node(pen, value, Place::Member(indent));
            }
        }
    }
}

fn write_key(pen: &mut Pen, key: &str, indent: usize) {
    if key.len() > MAX_SIMPLE_KEY || key.contains(scalar::is_break) {
        pen.indicator('?');
        pen.string(key, Some(indent + INDENT));
        pen.indent(indent);
        pen.indicator(':');
    } else {
        pen.string(key, None);
        pen.colon();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::render;

    #[test]
    fn a_list_in_an_object_is_not_indented() {
        let value = json!({"Identities": ["b.example", "a.example"]});
        assert_eq!(render(&value), "Identities:\n- b.example\n- a.example\n");
    }

    #[test]
    fn keys_are_sorted() {
        assert_eq!(render(&json!({"b": 1, "B": 2, "a": 3})), "B: 2\na: 3\nb: 1\n");
    }

    #[test]
    fn collections_nest_compactly() {
        let value = json!([[1, [2]], {"a": {"b": [{"c": null, "d": true}]}}]);
        assert_eq!(render(&value), "- - 1\n  - - 2\n- a:\n    b:\n    - c: null\n      d: true\n");
    }

    #[test]
    fn an_empty_object_prints_nothing_on_top_and_braces_below() {
        assert_eq!(render(&json!({})), "");
        assert_eq!(render(&json!([])), "[]\n");
        assert_eq!(render(&json!({"a": {}, "b": []})), "a: {}\nb: []\n");
    }

    #[test]
    fn a_scalar_on_top_is_json() {
        assert_eq!(render(&json!(null)), "null\n");
        assert_eq!(render(&json!("QTK=é\n")), "\"QTK=é\\n\"\n");
        assert_eq!(render(&json!(1e16)), "1e+16\n");
    }

    #[test]
    fn a_long_key_and_one_with_a_line_break_stand_after_a_question_mark() {
        let long = "k".repeat(129);
        assert_eq!(render(&json!({ &long: [1] })), format!("? {long}\n: - 1\n"));
        assert_eq!(render(&json!({"a\nb": {"c": 2}})), "? 'a\n\n  b'\n: c: 2\n");
        let simple = "k".repeat(128);
        assert_eq!(render(&json!({ &simple: [1] })), format!("{simple}:\n- 1\n"));
    }
}
