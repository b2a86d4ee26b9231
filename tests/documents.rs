//! The manual pages say what the programs do: what is generated in them is what is generated now.

use std::fs;
use std::path::PathBuf;

use crate::command_line::PROGRAMS;
use crate::support::run;

fn page(name: &str) -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("man/man1/{name}.1"));
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (path, text)
}

/// What stands in the page of `program` between the markers of `kind`.
fn region(program: &str, kind: &str) -> String {
    let (path, text) = page(program);
    let begin = format!(".\\\" BEGIN generated {kind}\n");
    let rest = text.split_once(&begin);
    let (_, rest) = rest.unwrap_or_else(|| panic!("{} has no line {begin:?}", path.display()));
    let end = ".\\\" END generated\n";
    let region = rest.split_once(end);
    region
        .unwrap_or_else(|| panic!("{} has no line {end:?} after {begin:?}", path.display()))
        .0
        .to_owned()
}

#[test]
fn the_options_of_each_page_are_the_programs() {
    for program in PROGRAMS {
        let page = region(program, "man-options");
        run(program).args(["--generate", "man-options"]).stdout(page).status(0);
    }
}

#[test]
fn the_synopsis_of_each_page_is_the_programs() {
    for program in PROGRAMS {
        let page = region(program, "man-synopsis");
        run(program).args(["--generate", "man-synopsis"]).stdout(page).status(0);
    }
}

#[test]
fn each_page_tells_every_exit_status() {
    for program in PROGRAMS {
        let (path, text) = page(program);
        let section = text.split_once(".Sh EXIT STATUS").map(|(_, rest)| rest);
        let section = section.unwrap_or_else(|| panic!("{} has no EXIT STATUS", path.display()));
        let section = section.split("\n.Sh ").next().unwrap_or_default();
        let network = program != "ses-token";
        for (status, told) in [
            ("0", true),
            ("1", program != "ses-list"),
            ("252", true),
            ("253", true),
            ("254", network),
            ("255", true),
        ] {
            let there = section.lines().any(|line| {
                line.starts_with(".It ") && line.split_whitespace().any(|word| word == status)
            });
            assert!(!told || there, "{} does not tell the exit status {status}", path.display());
        }
    }
}
