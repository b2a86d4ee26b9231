//! The parser, over a small program and a hostile vocabulary.

use super::*;

#[derive(Debug, Default)]
struct Letters {
    quiet: bool,
    colour: Option<&'static str>,
    name: Option<String>,
}

const COLOURS: &[&str] = &["red", "green"];

impl Options for Letters {
    const TITLE: &'static str = "Letters";
    const FLAGS: &'static [Flag<Letters>] = &[
        Flag::switch("quiet", "say nothing", |l: &mut Letters| l.quiet = true).short('q'),
        Flag::value("colour", Takes::Choice("COLOUR", COLOURS), "paint", |l: &mut Letters, v| {
            v.one_of(COLOURS).map(|given| l.colour = Some(given))
        }),
        Flag::value(
            "name",
            Takes::Text("NAME"),
            "a name that needs no more than a line",
            |l: &mut Letters, v| v.filled().map(|given| l.name = Some(given)),
        )
        .short('n'),
    ];
}

const PROGRAM: Program = Program {
    name: "letters",
    brief: "writes letters",
    usage: &["[-q] [--colour COLOUR] [NAME...]"],
    examples: &[("letters -q", "Writes none.")],
};

fn parse(arguments: &[&str]) -> Result<Request<(Letters,)>, String> {
    PROGRAM.parse(arguments.iter().map(OsString::from))
}

fn parsed(arguments: &[&str]) -> (Letters, Vec<OsString>) {
    match parse(arguments) {
        Ok(Request::Run((letters,), operands)) => (letters, operands),
        other => panic!("{arguments:?} gave {other:?}"),
    }
}

#[test]
fn every_spelling_of_a_value_is_the_same() {
    for spelling in
        [&["--name", "x"][..], &["--name=x"], &["-n", "x"], &["-nx"], &["-n=x"], &["-qnx"]]
    {
        assert_eq!(parsed(spelling).0.name.as_deref(), Some("x"), "{spelling:?}");
    }
}

#[test]
fn options_may_follow_operands_until_a_double_dash() {
    let (letters, operands) = parsed(&["a", "-q", "--", "--name"]);
    assert!(letters.quiet);
    assert_eq!(operands, ["a", "--name"]);
}

#[test]
fn a_lone_dash_is_an_operand() {
    assert_eq!(parsed(&["-"]).1, ["-"]);
}

#[test]
fn errors_name_the_option_and_the_reason() {
    let error = |arguments: &[&str]| parse(arguments).expect_err("an error");
    assert_eq!(
        error(&["--colour", "blue"]),
        "cannot use the value of --colour: \"blue\" is none of red, green"
    );
    assert_eq!(error(&["--name"]), "--name needs a value");
    assert_eq!(error(&["--nmae", "x"]), "unrecognized option --nmae, did you mean --name?");
    assert_eq!(error(&["-x"]), "unrecognized option -x");
    assert!(error(&["--quiet=yes"]).contains("--quiet"));
}

#[test]
fn help_and_version_win_over_what_follows() {
    assert!(matches!(parse(&["--help", "--nonsense"]), Ok(Request::Print(_))));
    assert!(matches!(parse(&["-V"]), Ok(Request::Print(text)) if text.starts_with("letters ")));
}

#[test]
fn help_has_every_option_and_fits_80_columns() {
    let Ok(Request::Print(help)) = parse(&["-h"]) else { panic!("no help") };
    for option in ["-q, --quiet", "--colour COLOUR", "-n, --name NAME", "-h, --help"] {
        assert!(help.contains(option), "{option} is missing in\n{help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 80));
}

/// Every sequence of up to three words: an answer or an error, never a panic.
#[test]
fn no_command_line_panics() {
    let words = [
        "-",
        "--",
        "--=",
        "--=a",
        "-=",
        "-q",
        "-qq",
        "-qn",
        "-n",
        "-nq",
        "--name",
        "--name=",
        "--name=-",
        "--quiet",
        "--quiet=",
        "--colour=red",
        "--colour",
        "red",
        "",
        " ",
        "-h",
        "-é",
        "--é=ü",
        "---",
        "a=b",
        "--generate",
        "bash",
    ];
    for a in words {
        for b in words {
            for c in words {
                for line in [&[a][..], &[a, b], &[a, b, c]] {
                    let _ = parse(line);
                }
            }
        }
    }
}
