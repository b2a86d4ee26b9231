//! The compliance suite of JMESPath, as the `jmespath` crate carries it: every case.

use std::path::{Path, PathBuf};
use std::process::Command;

use common::json;
use common::query::{ErrorKind, Expression};
use serde_json::Value;

/// The suite has 861 cases besides the benchmarks. Fewer mean that it was not found, not that it
/// was passed.
const AT_LEAST: usize = 800;

#[test]
fn every_case_of_the_compliance_suite_passes() {
    let mut count = 0;
    let mut failures = Vec::new();
    for file in suite() {
        for group in list(&read(&file)) {
            for case in list(&group["cases"]).iter().filter(|case| case.get("bench").is_none()) {
                count += 1;
                if let Err(failure) = check(&group["given"], case) {
                    let expression = &case["expression"];
                    failures.push(format!("{}: {expression}: {failure}", file.display()));
                }
            }
        }
    }
    assert!(count >= AT_LEAST, "only {count} cases were found");
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}

fn check(given: &Value, case: &Value) -> Result<(), String> {
    let expression = case["expression"].as_str().expect("a case has an expression");
    let answer = Expression::compile(expression).and_then(|compiled| compiled.search(given));
    match (answer, case.get("error").and_then(Value::as_str)) {
        (Ok(answer), None) if answer == case["result"] => Ok(()),
        (Err(error), Some(expected)) if kind(expected) == error.kind() => Ok(()),
        (Ok(answer), _) => Err(json::compact(&answer)),
        (Err(error), _) => Err(error.to_string()),
    }
}

fn kind(name: &str) -> ErrorKind {
    match name {
        "syntax" => ErrorKind::Syntax,
        "unknown-function" => ErrorKind::UnknownFunction,
        "invalid-arity" => ErrorKind::InvalidArity,
        "invalid-type" => ErrorKind::InvalidType,
        "invalid-value" => ErrorKind::InvalidValue,
        other => panic!("the suite has a new kind of error: {other}"),
    }
}

/// The files of the suite, in the sources of the crate wherever cargo keeps them.
fn suite() -> Vec<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--frozen", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata = json::parse(&output.stdout).expect("cargo metadata is JSON");
    let manifest = list(&metadata["packages"])
        .iter()
        .find(|package| package["name"] == "jmespath")
        .and_then(|package| package["manifest_path"].as_str())
        .expect("jmespath is a dependency");
    let folder = Path::new(manifest).with_file_name("tests").join("compliance");
    let entries = std::fs::read_dir(&folder).expect("the crate carries the suite");
    entries.map(|entry| entry.expect("the folder can be listed").path()).collect()
}

fn read(file: &Path) -> Value {
    json::parse(&std::fs::read(file).expect("the file can be read")).expect("the file is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}
