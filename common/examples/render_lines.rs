//! The formatters as a filter, for the differential test `tests/differential/output_fuzz.py`.
//!
//! Reads JSON Lines `{"format": "text" | "table" | "yaml", "title": …, "width": …, "colour": …,
//! "value": …}` and writes for each the rendered text as a JSON string, a line each. `title`,
//! `width` and `colour` matter to `table` only, and default to `ListIdentities`, 80 and false.

use std::io::{self, BufRead, BufWriter, Write};

use common::json;
use common::output::{table, text, yaml};
use serde_json::Value;

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let case = json::parse(line?.as_bytes()).map_err(io::Error::other)?;
        writeln!(out, "{}", Value::String(render(&case)?))?;
    }
    out.flush()
}

fn render(case: &Value) -> io::Result<String> {
    let value = &case["value"];
    match case["format"].as_str() {
        Some("text") => Ok(text::render(value)),
        Some("table") => {
            let title = case["title"].as_str().unwrap_or("ListIdentities");
            let width = case["width"].as_u64().unwrap_or(80);
            let colour = case["colour"].as_bool().unwrap_or(false);
            Ok(table::render(title, value, usize::try_from(width).unwrap_or(usize::MAX), colour))
        }
        Some("yaml") => Ok(yaml::render(value)),
        _ => Err(io::Error::other("format: text, table or yaml")),
    }
}
