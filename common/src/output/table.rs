//! `--output table`: boxes for reading, not for parsing.
//!
//! The source of truth is what aws-cli prints (`awscli/formatter.py` and `awscli/table.py`, the
//! same in versions 1 and 2), measured with `tests/differential/output_fuzz.py`:
//!
//! - every object and every list of objects is a section, titled with its key (the outermost with
//!   the operation), one `|` further in than the section around it;
//! - the scalars of an object are the columns of one row, sorted by key; what is no scalar becomes
//!   a section of its own. An object with a single scalar is a row `key | value` without headers;
//! - objects of one list share a section, unless one of them holds something that is no scalar:
//!   then each has its own;
//! - a list of scalars is a column, a list of lists of scalars is rows without headers;
//! - a scalar prints the title alone; what Python takes for false (`null`, `0`, `""`, `[]`, `{}`)
//!   prints nothing on top, and no section further in.
//!
//! Where aws-cli ends with a Python error (rows of unequal length in one section, a list of objects
//! and other things), short rows are filled up and the other things are rows of their own.

mod section;

use std::collections::BTreeSet;
use std::iter;

use serde_json::{Map, Value};

use self::section::{Section, draw};
use super::text::{is_scalar, python_str};

/// The table of `value`, with its last newline; empty where aws-cli prints nothing.
///
/// `title` is the operation as the API spells it: `ListIdentities`.
///
/// `width` is that of the terminal on stdout, in columns: `ws_col` of TIOCGWINSZ, 0 included, and
/// 80 if stdout is no terminal. `COLUMNS` is not looked at. A table that would be wider shows its
/// sections of one row as `key | value` instead; it is never cut or wrapped.
///
/// `colour` is true for `--color on`, and for `--color auto` if stdout is a terminal.
pub fn render(title: &str, value: &Value, width: usize, colour: bool) -> String {
    if is_false(value) {
        return String::new();
    }
    let mut table = Table { sections: Vec::new() };
    table.section(Some(title), 0);
    table.fill(Some(title), value, 0);
    draw(table.sections, width, colour)
}

/// What Python takes for false.
fn is_false(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(truth) => !truth,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
    }
}

/// The sections so far; rows go to the last one.
struct Table {
    sections: Vec<Section>,
}

impl Table {
    fn section(&mut self, title: Option<&str>, level: usize) {
        self.sections.push(Section::new(title, level));
    }

    fn header(&mut self, keys: &BTreeSet<&str>) {
        if let Some(section) = self.sections.last_mut() {
            section.set_headers(keys.iter().copied().map(str::to_owned).collect());
        }
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        if let Some(section) = self.sections.last_mut() {
            section.add_row(cells.into_iter().collect());
        }
    }

    /// A section for what stands under `title`, unless it is empty.
    fn nest(&mut self, title: &str, value: &Value, level: usize) {
        if !is_false(value) {
            self.section(Some(title), level);
            self.fill(Some(title), value, level);
        }
    }

    /// Puts `value` into the section just begun.
    fn fill(&mut self, title: Option<&str>, value: &Value, level: usize) {
        match value {
            Value::Object(object) => self.fill_object(object, level),
            Value::Array(items) if items.first().is_some_and(Value::is_object) => {
                self.fill_objects(items, title, level);
            }
            Value::Array(items) => self.fill_list(items),
            _ => {}
        }
    }

    fn fill_object(&mut self, object: &Map<String, Value>, level: usize) {
        let (scalars, others) = split_keys(iter::once(object));
        let cells = scalars.iter().map(|key| python_str(&object[*key]));
        match scalars.first() {
            None => {}
            Some(only) if scalars.len() == 1 => {
                self.row(iter::once((*only).to_owned()).chain(cells));
            }
            Some(_) => {
                self.header(&scalars);
                self.row(cells);
            }
        }
        for key in others {
            self.nest(key, &object[key], level + 1);
        }
    }

    fn fill_objects(&mut self, items: &[Value], title: Option<&str>, level: usize) {
        let (scalars, others) = split_keys(items.iter().filter_map(Value::as_object));
        self.header(&scalars);
        for (index, item) in items.iter().enumerate() {
            if index > 0 && !others.is_empty() {
                self.section(title, level);
                self.header(&scalars);
            }
            let Value::Object(object) = item else {
                // Python can ask what is empty for a key.
                self.row((!is_false(item)).then(|| python_str(item)));
                continue;
            };
            self.row(
                scalars.iter().map(|key| object.get(*key).map_or_else(String::new, python_str)),
            );
            for key in &others {
                if let Some(value) = object.get(*key) {
                    self.nest(key, value, level + 1);
                }
            }
        }
    }

    fn fill_list(&mut self, items: &[Value]) {
        for item in items {
            match item {
                Value::Array(cells) if cells.iter().all(is_scalar) => {
                    self.row(cells.iter().map(python_str));
                }
                // Deeper lists have no title: they go into the section at hand, at the margin.
                Value::Array(_) => self.fill(None, item, 0),
                // An object after something else is, to Python, the list of its keys.
                Value::Object(object) => self.row(object.keys().cloned()),
                scalar => self.row([python_str(scalar)]),
            }
        }
    }
}

/// The keys that hold a scalar in one of `objects`, and those that hold something else; in a mixed
/// list, a key may be in both.
fn split_keys<'a>(
    objects: impl Iterator<Item = &'a Map<String, Value>>,
) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
    let mut scalars = BTreeSet::new();
    let mut others = BTreeSet::new();
    for (key, value) in objects.flatten() {
        let keys = if is_scalar(value) { &mut scalars } else { &mut others };
        keys.insert(key.as_str());
    }
    (scalars, others)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::render;

    fn lines(value: &Value) -> Vec<String> {
        render("ListIdentities", value, 80, false).lines().map(str::to_owned).collect()
    }

    #[test]
    fn identities_are_a_column_in_a_section_of_their_own() {
        assert_eq!(
            lines(&json!({"Identities": ["b.example", "a.example"]})),
            [
                "-----------------",
                "|ListIdentities |",
                "+---------------+",
                "|| Identities  ||",
                "|+-------------+|",
                "||  b.example  ||",
                "||  a.example  ||",
                "|+-------------+|",
            ]
        );
    }

    #[test]
    fn an_empty_list_is_a_title_alone() {
        let expected = ["----------------", "|ListIdentities|", "+--------------+"];
        assert_eq!(lines(&json!({"Identities": []})), expected);
        assert_eq!(lines(&json!("a.example")), expected);
    }

    #[test]
    fn what_python_takes_for_false_prints_nothing() {
        for value in [json!(null), json!(false), json!(0), json!(-0.0), json!(""), json!([])] {
            assert_eq!(render("ListIdentities", &value, 80, true), "", "{value}");
        }
    }

    #[test]
    fn a_single_scalar_stands_beside_its_key() {
        assert_eq!(
            lines(&json!({"VerificationToken": "QTK="})),
            [
                "-------------------------------",
                "|       ListIdentities        |",
                "+--------------------+--------+",
                "|  VerificationToken |  QTK=  |",
                "+--------------------+--------+",
            ]
        );
    }

    #[test]
    fn the_scalars_of_objects_are_columns_sorted_by_key() {
        assert_eq!(
            lines(&json!([{"b": true, "a": null}, {"a": 1.5}])),
            [
                "------------------",
                "| ListIdentities |",
                "+-------+--------+",
                "|   a   |   b    |",
                "+-------+--------+",
                "|  None |  True  |",
                "|  1.5  |        |",
                "+-------+--------+",
            ]
        );
    }

    #[test]
    fn a_table_wider_than_the_terminal_is_turned_on_its_side() {
        let value = json!({"a": "x".repeat(12), "b": "y".repeat(8)});
        let wide = render("Wide", &value, 30, false);
        assert_eq!(wide.lines().nth(3), Some("|       a       |     b      |"));
        let narrow = render("Wide", &value, 29, false);
        assert_eq!(narrow.lines().nth(3), Some("|  a|  xxxxxxxxxxxx   |"));
    }

    #[test]
    fn wide_and_ambiguous_characters_take_two_columns() {
        assert_eq!(lines(&json!(["例え.example"]))[3], "|  例え.example  |");
        assert_eq!(lines(&json!(["½½½½½½½"]))[3], "|  ½½½½½½½  |");
    }

    #[test]
    fn cells_and_outer_borders_have_colours_and_every_write_ends_with_a_reset() {
        let table = render("Op", &json!({"Identities": ["a"]}), 80, true);
        let legible = table
            .replace("\x1b[2m\x1b[33m|\x1b[0m", "!")
            .replace("\x1b[1m\x1b[34m", "<")
            .replace("\x1b[0m", "~");
        assert_eq!(
            legible.lines().collect::<Vec<_>>(),
            [
                "--------------",
                "~~|     Op     |~~",
                "~~+------------+~~",
                "~!~|Identities|~!~",
                "~!~+----------+~!~",
                "~!~|  <a~       |~!~",
                "~!~+----------+~!~",
                "~",
            ]
        );
    }

    #[test]
    fn rows_that_aws_cli_refuses_are_filled_up() {
        assert_eq!(lines(&json!([["a", "b"], ["c"]]))[4], "|  c   |       |");
        assert_eq!(lines(&json!([{"a": 1, "b": 2}, "x"]))[6], "|  x   |       |");
    }

    #[test]
    fn a_thousand_levels_do_no_harm() {
        let lists = (0..1000).fold(json!("x"), |inner, _| json!([inner]));
        let objects = (0..1000).fold(json!("x"), |inner, _| json!({"k": inner}));
        for deep in [lists, objects] {
            assert!(render("ListIdentities", &deep, 80, false).ends_with('\n'));
        }
    }
}
