//! How a string is written in YAML: plain where a reader would take it for the same string, else in
//! apostrophes, else, if it has characters or spaces that apostrophes would not keep, in quotation
//! marks; folded at a space beyond the 80th column.

use std::sync::LazyLock;

use regex_lite::Regex;

/// A line is folded at the first space after this many columns.
const WIDTH: usize = 80;

/// What a plain scalar would be taken for, if not for a string: null, a boolean, a number, a
/// timestamp, or one of the two special keys of YAML 1.1. These are ruamel.yaml's rules for
/// YAML 1.2, not the specification's.
static NOT_A_STRING: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x) ^ (?:
          | ~ | null | Null | NULL | << | =
          | true | True | TRUE | false | False | FALSE
          | [-+] [0-9_]+ | [0-9] [0-9_]*
          | [-+]? 0 (?: b [01_]+ | o [0-7_]+ | x [0-9a-fA-F_]+ )
          | [-+]? [0-9] [0-9_]* (?: \. [0-9_]* )? (?: [eE] [-+]? [0-9]+ )?
          | [-+]? \. [0-9_]+ (?: [eE] [-+] [0-9]+ )?
          | [-+]? \. (?: inf | Inf | INF )
          | \. (?: nan | NaN | NAN )
          | [0-9]{4} - [0-9]{2} - [0-9]{2}
          | [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} (?: [Tt] | \x20+ )
            [0-9]{1,2} : [0-9]{2} : [0-9]{2} (?: \. [0-9]* )?
            (?: \x20* (?: Z | [-+] [0-9]{1,2} (?: : [0-9]{2} )? ) )?
        ) $";
    Regex::new(pattern).expect("the pattern is a constant, and a test compiles it")
});

/// Writes the pieces of a document and remembers where on the line it is.
pub(super) struct Pen {
    out: String,
    /// In characters.
    column: usize,
    /// Whether nothing but indentation and indicators is on the line.
    at_indentation: bool,
}

impl Default for Pen {
    fn default() -> Self {
        Pen { out: String::new(), column: 0, at_indentation: true }
    }
}

impl Pen {
    pub(super) fn finish(mut self) -> String {
        self.put_break('\n');
        self.out
    }

    pub(super) fn at_indentation(&self) -> bool {
        self.at_indentation
    }

    /// Goes to column `indent`, on a new line unless this one is free up to there.
    pub(super) fn indent(&mut self, indent: usize) {
        if !self.at_indentation || self.column > indent {
            self.put_break('\n');
        }
        while self.column < indent {
            self.put(' ');
        }
        self.at_indentation = true;
    }

    /// `-`, `?` or `:` in front of an item, a key or a value: it counts as indentation.
    pub(super) fn indicator(&mut self, indicator: char) {
        let at_indentation = self.at_indentation;
        self.put_space();
        self.put(indicator);
        self.at_indentation = at_indentation;
    }

    /// The `:` right after a key.
    pub(super) fn colon(&mut self) {
        self.put(':');
    }

    /// What is no string, as it is.
    pub(super) fn literal(&mut self, text: &str) {
        self.put_space();
        text.chars().for_each(|c| self.put(c));
    }

    /// A string in the style it needs. A long one is folded to lines indented by `fold`; one that
    /// must stay on its line has no `fold`, and no line breaks.
    pub(super) fn string(&mut self, text: &str, fold: Option<usize>) {
        self.put_space();
        match style(text) {
            Style::Plain => self.put_unescaped(text, fold),
            Style::Single => {
                self.put('\'');
                self.put_unescaped(&text.replace('\'', "''"), fold);
                self.put('\'');
            }
            Style::Double => {
                self.put('"');
                self.put_escaped(text, fold);
                self.put('"');
            }
        }
    }

    /// The inside of a plain or single-quoted string.
    fn put_unescaped(&mut self, text: &str, fold: Option<usize>) {
        let indent = fold.unwrap_or_default();
        let mut after_space = true;
        let mut after_break = false;
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let rest = chars.as_str();
            if is_break(c) {
                // A newline by itself would be read as a fold.
                if c == '\n' && !after_break {
                    self.put_break(c);
                }
                self.put_break(c);
            } else {
                if after_break {
                    self.indent(indent);
                }
                let can_fold = c == ' ' && !after_space && !rest.starts_with(' ');
                if can_fold && self.folds_before(rest, fold) {
                    self.indent(indent);
                } else {
                    self.put(c);
                }
            }
            after_space = c == ' ';
            after_break = is_break(c);
        }
        if after_break {
            self.indent(indent);
        }
    }

    /// The inside of a double-quoted string.
    fn put_escaped(&mut self, text: &str, fold: Option<usize>) {
        let mut after_space = true;
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let rest = chars.as_str();
            if c == ' ' && !after_space && self.folds_before(rest, fold) {
                self.indent(fold.unwrap_or_default());
                if rest.starts_with(' ') {
                    self.put('\\');
                }
            } else if matches!(c, '"' | '\\') || is_break(c) || !is_printable(c) {
                escape(c).chars().for_each(|c| self.put(c));
            } else {
                self.put(c);
            }
            after_space = c == ' ';
        }
    }

    /// Whether the line is long enough to end at a space with `rest` after it.
    fn folds_before(&self, rest: &str, fold: Option<usize>) -> bool {
        fold.is_some() && !rest.is_empty() && self.column > WIDTH
    }

    /// A space, if what comes next needs one in front.
    fn put_space(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
            self.put(' ');
        }
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
        self.at_indentation = false;
    }

    fn put_break(&mut self, c: char) {
        self.out.push(c);
        self.column = 0;
        self.at_indentation = true;
    }
}

enum Style {
    Plain,
    Single,
    Double,
}

/// The simplest style that keeps `text`.
fn style(text: &str) -> Style {
    let mut pairs = text.chars().zip(text.chars().skip(1));
    let space_at_break = |(a, b)| (a == ' ' && is_break(b)) || (is_break(a) && b == ' ');
    if !text.chars().all(is_printable) || pairs.any(space_at_break) {
        Style::Double
    } else if text.contains(is_break)
        || text.starts_with(' ')
        || text.ends_with(' ')
        || has_indicators(text)
        || NOT_A_STRING.is_match(text)
    {
        Style::Single
    } else {
        Style::Plain
    }
}

/// Whether `text`, written plain, would begin or contain something else than a scalar.
fn has_indicators(text: &str) -> bool {
    const FIRST: [char; 16] =
        ['#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`'];
    text.starts_with(FIRST)
        || matches!(text, "-" | "?")
        || ["- ", "? ", "---", "..."].iter().any(|start| text.starts_with(start))
        || [": ", " #"].iter().any(|inside| text.contains(inside))
        || text.ends_with(':')
}

/// A line break, as YAML 1.1 has them: LF, CR, NEL, line and paragraph separator.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What libyaml writes without an escape: no control character, no byte order mark, nothing beyond
/// the basic plane.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}

fn escape(c: char) -> String {
    let short = match c {
        '\0' => '0',
        '\x07' => 'a',
        '\x08' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\x0b' => 'v',
        '\x0c' => 'f',
        '\r' => 'r',
        '\x1b' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            return match u32::from(c) {
                code @ ..=0xff => format!("\\x{code:02X}"),
                code @ ..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}

#[cfg(test)]
mod tests {
    use super::Pen;

    fn written(text: &str) -> String {
        let mut pen = Pen::default();
        pen.string(text, Some(2));
        pen.finish()
    }

    #[test]
    fn a_domain_an_address_and_a_token_are_plain() {
        for text in ["a.example", "user+tag@例え.example", "QTKknzFg/2J4+jIedHZ0=", "Success"] {
            assert_eq!(written(text), format!("{text}\n"));
        }
    }

    #[test]
    fn what_would_be_read_as_something_else_is_quoted() {
        let words = ["", "~", "null", "True", "<<", "="];
        let numbers = ["1", "-1_0", "+_", "0x1F", "0o7", "1.", "1e5", ".5", "-.inf", ".NaN"];
        let times = ["2026-01-01", "2026-1-1 1:00:00.5 +1", "2026-01-01T00:00:00Z"];
        let indicators =
            ["- a", "-", "#c", "a: b", "a:", "a #b", "*", "@x", "`x", "---", " a", "a "];
        for text in words.iter().chain(&numbers).chain(&times).chain(&indicators) {
            assert_eq!(written(text), format!("'{text}'\n"));
        }
    }

    #[test]
    fn what_only_looks_special_is_plain() {
        for text in ["yes", "off", "nuLL", "_1", "0b2", "12:30", "1.2.3.4", "2026-1-1", "-a", "a#b"]
        {
            assert_eq!(written(text), format!("{text}\n"));
        }
    }

    #[test]
    fn an_apostrophe_is_doubled_where_it_must_be_quoted() {
        assert_eq!(written("it's"), "it's\n");
        assert_eq!(written("'tis"), "'''tis'\n");
    }

    #[test]
    fn a_newline_is_doubled_between_apostrophes() {
        assert_eq!(written("a\nb\n"), "'a\n\n  b\n\n  '\n");
        assert_eq!(written("a\u{2028}b"), "'a\u{2028}  b'\n");
    }

    #[test]
    fn what_apostrophes_would_not_keep_is_escaped() {
        assert_eq!(written("a \nb"), "\"a \\nb\"\n");
        assert_eq!(written("\"\\\t\0\x1b\u{7f}"), "\"\\\"\\\\\\t\\0\\e\\x7F\"\n");
        assert_eq!(written("\u{feff}\u{85}é😀"), "\"\\uFEFF\\Né\\U0001F600\"\n");
    }

    #[test]
    fn a_long_string_is_folded_at_the_first_single_space_after_column_80() {
        let word = "w".repeat(81);
        assert_eq!(written(&format!("{word} x  y")), format!("{word}\n  x  y\n"));
        assert_eq!(written(&format!("@{word}  x y")), format!("'@{word}  x\n  y'\n"));
    }

    #[test]
    fn between_quotation_marks_it_may_also_be_folded_at_several_spaces() {
        let word = "w".repeat(81);
        assert_eq!(written(&format!("\t{word}  x")), format!("\"\\t{word}\n  \\ x\"\n"));
    }

    #[test]
    fn what_must_stay_on_its_line_is_not_folded() {
        let mut pen = Pen::default();
        let key = format!("{} x", "w".repeat(81));
        pen.string(&key, None);
        pen.colon();
        assert_eq!(pen.finish(), format!("{key}:\n"));
    }
}
