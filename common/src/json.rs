//! JSON as Python's json module reads and writes it, since aws-cli and jp.py print with that module
//! and runbooks compare what is printed.
//!
//! Not for streams: [`parse`] takes one whole document, the caller splits JSON Lines.
//! Three things of Python's are left out on purpose: `NaN` and `Infinity`, which are no JSON; halves of
//! surrogate pairs, which are no text; and integers beyond 64 bits, which become floats.

use std::fmt;

use serde_json::{Deserializer, Number, Value};

/// How deep arrays and objects may lie in one another. Python's own limit is about the same; beyond
/// it every recursive walk over the document would be a danger to the stack.
const MAX_DEPTH: usize = 1_000;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Why a text is not one JSON document: one line that ends with the line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    is_limit: bool,
}

impl Error {
    /// Whether the text may be JSON, but is nested too deeply or has too great a number for us.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.is_limit
    }

    /// The reader tells a number beyond all floats from other mistakes only by its words.
    fn of_reader(error: serde_json::Error) -> Error {
        let message = error.to_string();
        Error { is_limit: message.starts_with("number out of range"), message }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Reads one JSON document in UTF-8. Keys keep their order; of a key that comes twice the last value
/// counts, at the place of the first.
///
/// # Errors
///
/// Anything but one document: a byte order mark, text after the end, more than 1,000 levels.
pub fn parse(text: &[u8]) -> Result<Value, Error> {
    if text.starts_with(BYTE_ORDER_MARK) {
        return Err(error_at(text, 0, "unexpected byte order mark"));
    }
    if let Some(offset) = too_deep(text) {
        let reason = format!("more than {MAX_DEPTH} levels of nesting");
        return Err(Error { is_limit: true, ..error_at(text, offset, &reason) });
    }
    let mut reader = Deserializer::from_slice(text);
    reader.disable_recursion_limit();
    let mut documents = reader.into_iter();
    let document = match documents.next() {
        Some(document) => document.map_err(Error::of_reader)?,
        None => return Err(error_at(text, text.len(), "no JSON, only the end of the input")),
    };
    match text[documents.byte_offset()..].iter().position(|byte| !b" \t\r\n".contains(byte)) {
        None => Ok(document),
        Some(more) => {
            Err(error_at(text, documents.byte_offset() + more, "text after the document"))
        }
    }
}

/// The offset of the bracket that opens one level too many. Looked for beforehand, because the
/// parser's own limit is 128 levels and can only be switched off, not set.
fn too_deep(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut bytes = text.iter().enumerate();
    while let Some((offset, byte)) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => drop(bytes.next()),
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(offset);
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn error_at(text: &[u8], offset: usize, reason: &str) -> Error {
    let before = &text[..offset];
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    let column = 1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count();
    Error { message: format!("{reason} at line {line} column {column}"), is_limit: false }
}

/// `json.dumps(value, indent=4, ensure_ascii=False)`: what aws-cli and jp.py print, without the
/// newline at the end.
#[must_use]
pub fn pretty(value: &Value) -> String {
    Style { indent: true, comma: ",", colon: ": ", ascii: false }.write(value)
}

/// `json.dumps(value, ensure_ascii=False)`: one line, a space after each comma and colon.
#[must_use]
pub fn compact(value: &Value) -> String {
    Style { indent: false, comma: ", ", colon: ": ", ascii: false }.write(value)
}

/// `json.dumps(value, separators=(',', ':'))`: no space, no byte beyond ASCII. JMESPath's
/// `to_string()` is defined by it.
#[must_use]
pub fn dense_ascii(value: &Value) -> String {
    Style { indent: false, comma: ",", colon: ":", ascii: true }.write(value)
}

/// The `repr()` of a Python int or float: `1e+16`, `1e-05`, `100000.0`, `-0.0`.
///
/// The digits are serde_json's: of two shortest ones it chooses the even, as Python does and std does
/// not. The form differs for small numbers, which Python writes with an exponent below 0.0001.
#[must_use]
pub fn number(number: &Number) -> String {
    let text = match number.as_f64() {
        Some(float) if float != 0.0 && float.abs() < 1e-4 => format!("{float:e}"),
        _ => number.to_string(),
    };
    match text.split_once('e') {
        None => text,
        Some((mantissa, exponent)) => {
            let sign = if exponent.starts_with('-') { '-' } else { '+' };
            format!("{mantissa}e{sign}{:0>2}", exponent.trim_start_matches(['+', '-']))
        }
    }
}

/// The arguments of `json.dumps` that matter here.
struct Style {
    indent: bool,
    comma: &'static str,
    colon: &'static str,
    ascii: bool,
}

impl Style {
    fn write(&self, value: &Value) -> String {
        let mut out = String::new();
        self.value(value, 0, &mut out);
        out
    }

    fn value(&self, value: &Value, depth: usize, out: &mut String) {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Value::Number(n) => out.push_str(&number(n)),
            Value::String(text) => self.string(text, out),
            Value::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index, depth + 1, out);
                    self.value(item, depth + 1, out);
                }
                self.close(']', items.is_empty(), depth, out);
            }
            Value::Object(members) => {
                out.push('{');
                for (index, (key, member)) in members.iter().enumerate() {
                    self.separate(index, depth + 1, out);
                    self.string(key, out);
                    out.push_str(self.colon);
                    self.value(member, depth + 1, out);
                }
                self.close('}', members.is_empty(), depth, out);
            }
        }
    }

    fn separate(&self, index: usize, depth: usize, out: &mut String) {
        if index > 0 {
            out.push_str(self.comma);
        }
        self.new_line(depth, out);
    }

    fn close(&self, bracket: char, empty: bool, depth: usize, out: &mut String) {
        if !empty {
            self.new_line(depth, out);
        }
        out.push(bracket);
    }

    fn new_line(&self, depth: usize, out: &mut String) {
        if self.indent {
            out.push('\n');
            out.extend(std::iter::repeat_n("    ", depth));
        }
    }

    fn string(&self, text: &str, out: &mut String) {
        out.push('"');
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                ' '..='~' => out.push(character),
                _ if character >= ' ' && !self.ascii => out.push(character),
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
            }
        }
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn keys_keep_their_order_and_the_last_of_two_values_counts() {
        let value = parse(br#"{"z": 1, "a": 2, "z": 3}"#).unwrap();
        assert_eq!(compact(&value), r#"{"z": 3, "a": 2}"#);
    }

    #[test]
    fn errors_name_line_and_column() {
        assert_eq!(error("[1,\n 2"), "EOF while parsing a list at line 2 column 2");
        assert_eq!(error("1 2"), "text after the document at line 1 column 3");
        assert_eq!(error("\u{feff}1"), "unexpected byte order mark at line 1 column 1");
        assert_eq!(error("\n"), "no JSON, only the end of the input at line 2 column 1");
        assert_eq!(error("[]\x0c"), "text after the document at line 1 column 3");
        assert!(error("NaN").ends_with("at line 1 column 1"));
        assert!(parse(b"[1e400]").unwrap_err().is_limit());
        assert!(parse(b"\"\xff\"").unwrap_err().to_string().contains("line 1"));
    }

    #[test]
    fn a_thousand_levels_are_read_and_written_on_the_stack_of_a_program() {
        let program = std::thread::Builder::new().stack_size(8 << 20).spawn(|| {
            let text = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
            assert_eq!(compact(&parse(text.as_bytes()).unwrap()), text);
        });
        program.unwrap().join().unwrap();
    }

    #[test]
    fn one_level_more_is_an_error() {
        let message = "more than 1000 levels of nesting at line 1 column 1001";
        assert_eq!(error(&"[".repeat(1_001)), message);
        assert_eq!(error(&"[".repeat(1_000_000)), message);
        let message = "more than 1000 levels of nesting at line 1001 column 1";
        assert_eq!(error(&"{\"a\":\n".repeat(1_001)), message);
    }

    #[test]
    fn brackets_in_strings_are_no_nesting() {
        let text = format!(r#"["\"{}"]"#, "[".repeat(2_000));
        assert!(parse(text.as_bytes()).is_ok());
    }

    #[test]
    fn pretty_is_what_aws_cli_prints() {
        assert_eq!(
            pretty(&json!({"Identities": ["a.example", "é"], "None": [], "Empty": {}})),
            "{\n    \"Identities\": [\n        \"a.example\",\n        \"é\"\n    ],\n    \
             \"None\": [],\n    \"Empty\": {}\n}"
        );
        assert_eq!(pretty(&json!([])), "[]");
    }

    #[test]
    fn dense_ascii_writes_surrogate_pairs_and_compact_does_not() {
        let value = json!({"é😀": ["\u{7f}", "\u{1}\t\"\\/", null, true]});
        assert_eq!(
            dense_ascii(&value),
            r#"{"\u00e9\ud83d\ude00":["\u007f","\u0001\t\"\\/",null,true]}"#
        );
        assert_eq!(compact(&value), "{\"é😀\": [\"\u{7f}\", \"\\u0001\\t\\\"\\\\/\", null, true]}");
    }

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        let integers = "0 -1 9223372036854775807 -9223372036854775808 18446744073709551615";
        let floats =
            "1.0 -0.0 100000.0 0.0001 1e-05 1.5e-07 1e+16 1234567893456789.2 1e+100 5e-324";
        for text in integers.split(' ').chain(floats.split(' ')) {
            assert_eq!(compact(&parse(text.as_bytes()).unwrap()), text);
        }
        assert_eq!(compact(&parse(b"1E2").unwrap()), "100.0");
    }
}
