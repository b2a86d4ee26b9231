//! Evaluates expressions in bulk, for the differential test against jmespath.py.
//!
//! Reads JSON Lines of `{"expression": "…", "document": …}` from stdin and writes a line for each:
//! `{"ok": answer}`, or `{"error": kind, "message": "…"}`.

use std::io::{self, BufRead, BufWriter, Write};

use common::json;
use common::query::Expression;
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().split(b'\n') {
        let answer = match json::parse(&line?) {
            Ok(case) => evaluate(&case),
            Err(error) => json!({"error": "bad-line", "message": error.to_string()}),
        };
        writeln!(out, "{}", json::compact(&answer))?;
    }
    out.flush()
}

fn evaluate(case: &Value) -> Value {
    let expression = case["expression"].as_str().unwrap_or_default();
    let compiled = Expression::compile(expression);
    match compiled.and_then(|compiled| compiled.search(&case["document"])) {
        Ok(answer) => json!({"ok": answer}),
        Err(error) => json!({"error": error.kind().name(), "message": error.to_string()}),
    }
}
