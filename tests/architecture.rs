//! The shape of the house: arrows run down only, and a program is a sentence.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors of the library, from the ground up. A module may use those below its own floor, and
/// nothing on it, or above.
const FLOORS: &[&[&str]] = &[
    &["identity", "json", "status", "stream"],
    &["progress"],
    &["aws", "cli", "names", "query"],
    &["input", "records"],
    &["selection"],
    &["output", "ses"],
];

/// What a module uses on its own floor all the same.
const NEIGHBOURS: &[(&str, &str)] =
    &[("json", "status"), ("stream", "status"), ("output", "names")];

/// What must not be used though it lies below.
const FORBIDDEN: &[(&str, &str)] =
    &[("ses", "output"), ("records", "aws"), ("selection", "aws"), ("input", "aws")];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files with `extension` below `directory`.
fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display()))
    {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|there| there == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The source without comments and without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules of the library that `code` names: `crate::x`, and those in `crate::{x, y::z}`.
fn uses(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let names: Vec<&str> = match rest.strip_prefix('{') {
            None => vec![rest],
            Some(group) => {
                let (mut depth, mut names, mut start) = (0, Vec::new(), 0);
                for (at, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => {
                            names.push(&group[start..at]);
                            break;
                        }
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            names.push(&group[start..at]);
                            start = at + 1;
                        }
                        _ => {}
                    }
                }
                names
            }
        };
        let ends = |c: char| !c.is_alphanumeric() && c != '_';
        let module = |name: &str| name.trim().split(ends).next().unwrap_or_default().to_owned();
        used.extend(names.into_iter().map(module).filter(|name| !name.is_empty()));
    }
    used
}

fn floor(module: &str) -> usize {
    let floor = FLOORS.iter().position(|floor| floor.contains(&module));
    floor.unwrap_or_else(|| panic!("the module {module} has no floor; give it one in FLOORS"))
}

#[test]
fn arrows_run_down_only() {
    let source = root().join("common/src");
    let mut wrong = Vec::new();
    for path in files(&source, "rs") {
        let relative = path.strip_prefix(&source).expect("a path below");
        let module = relative.components().next().expect("a name").as_os_str().to_string_lossy();
        let module = module.trim_end_matches(".rs").to_owned();
        if module == "lib" || relative.ends_with("tests.rs") {
            continue;
        }
        for used in uses(&code(&path)).into_iter().filter(|used| *used != module) {
            let pair = (module.as_str(), used.as_str());
            let down = floor(&used) < floor(&module) || NEIGHBOURS.contains(&pair);
            if !down || FORBIDDEN.contains(&pair) {
                wrong.push(format!("{} uses {used}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn references_are_found_in_every_spelling() {
    let found = uses("use crate::a::B; use crate::{c, d::{e, f}, g::h as i}; crate::j::k()");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "c", "d", "g", "j"]);
}

#[test]
fn ses_token_reaches_no_network_code() {
    for path in files(&root().join("bins/ses-token"), "rs") {
        let code = code(&path).replace("common::", "crate::");
        let used = uses(&code);
        for network in ["aws", "ses", "output"] {
            assert!(!used.contains(network), "{} uses {network}", path.display());
        }
    }
}

#[test]
fn a_program_is_a_sentence() {
    for program in crate::command_line::PROGRAMS {
        let path = root().join("bins").join(program).join("main.rs");
        let lines = fs::read_to_string(&path).expect("a program").lines().count();
        assert!(lines <= 100, "{} has {lines} lines", path.display());
    }
}

#[test]
fn no_file_is_longer_than_it_can_be_read() {
    for directory in ["common/src", "bins", "tests"] {
        for path in files(&root().join(directory), "rs") {
            let lines = fs::read_to_string(&path).expect("a source file").lines().count();
            assert!(lines <= 500, "{} has {lines} lines; split it before 400", path.display());
        }
    }
}
