//! ses-token: a token or none, never something that looks like one; no network.

mod records;

use std::rc::Rc;

use crate::support::{Scratch, run, run::Run};

const TOKEN: &str = "pmBGN/7MjnfhTKUZ06Enqq1PeGUaOkw8lGhcfwefcHU=";

fn answer() -> String {
    format!("{{\n    \"VerificationToken\": \"{TOKEN}\"\n}}\n")
}

/// ses-token in an environment that would lead it astray if it looked.
fn ses_token() -> Run {
    run("ses-token")
        .env("AWS_PROFILE", "no-such-profile")
        .env("AWS_MAX_ATTEMPTS", "junk")
        .env("AWS_DEFAULT_OUTPUT", "junk")
        .config("no configuration file at all")
}

#[test]
fn the_token_is_printed_bare() {
    ses_token().stdin(answer()).stdout(format!("{TOKEN}\n")).status(0);
}

#[test]
fn it_replaces_the_runbooks_pipe() {
    ses_token().arg("VerificationToken").stdin(answer()).stdout(format!("{TOKEN}\n")).status(0);
}

#[test]
fn the_input_may_be_a_file() {
    let home = Rc::new(Scratch::new());
    home.write("verify.json", answer());
    for args in [&["--input", "verify.json"][..], &["--input=verify.json"]] {
        run("ses-token").home(&home).args(args).stdout(format!("{TOKEN}\n")).status(0);
    }
    run("ses-token").args(["--input", "-"]).stdin(answer()).stdout(format!("{TOKEN}\n")).status(0);
}

#[test]
fn every_form_the_other_programs_print_is_read() {
    for (input, stdout) in [
        (r#"{"VerificationToken": "a+/="}"#, "a+/=\n"),
        (r#""a+/=""#, "a+/=\n"),
        (
            r#"{"VerificationToken": "a=", "DkimTokens": ["x", "y", "z"], "Region": "us-east-1"}"#,
            "a=\n",
        ),
        (
            "{\"Identity\": \"a.example\", \"VerificationToken\": \"a=\"}\n\
             {\"Identity\": \"b.example\", \"VerificationToken\": \"b=\"}\n",
            "a=\nb=\n",
        ),
        (
            r#"{"VerificationAttributes": {
                "b.example": {"VerificationStatus": "Pending", "VerificationToken": "b="},
                "x@b.example": {"VerificationStatus": "Success"},
                "a.example": {"VerificationStatus": "Success", "VerificationToken": "a="}}}"#,
            "b=\na=\n",
        ),
        (r#"[{"Identity": "a.example", "VerificationToken": "a="}]"#, "a=\n"),
    ] {
        ses_token().stdin(input).stdout(stdout).status(0);
    }
}

#[test]
fn no_token_is_no_and_prints_nothing() {
    for input in [
        "{}",
        "null",
        "[]",
        r#""""#,
        r#"{"VerificationToken": null}"#,
        r#"{"VerificationToken": ""}"#,
        r#"{"VerificationAttributes": {}}"#,
        "{\"Identity\": \"a.example\", \"VerificationToken\": \"a=\"}\n{\"Identity\": \"b.example\"}\n",
    ] {
        ses_token().stdin(input).status(1);
    }
}

#[test]
fn empty_and_malformed_input_are_errors_and_no_no() {
    for input in
        ["", "\n", "{", "{}x", "example.com", "[1, 2", "\u{feff}{", "{'VerificationToken': 'x'}"]
    {
        ses_token().stdin(input).says("").status(255);
        ses_token().arg("VerificationToken").stdin(input).says("").status(255);
        ses_token()
            .args(["--format", "json", "VerificationToken"])
            .stdin(input)
            .says("")
            .status(255);
    }
    ses_token().stdin(b"{\"VerificationToken\": \"\xff\"}").says("").status(255);
}

#[test]
fn input_that_cannot_be_read_is_an_error() {
    run("ses-token").args(["--input", "no-such-file"]).says("no-such-file").status(255);
    run("ses-token").args(["--input", "."]).says("cannot read .").status(255);
}

#[test]
fn an_expression_selects_and_null_is_no() {
    let input = r#"{"a": {"b": ["x", "y"]}, "n": 1, "e": "", "t": true, "o": {"z": 1, "a": 2}}"#;
    let select = |expression: &str| ses_token().arg(expression).stdin(input);
    select("a.b[0]").stdout("x\n").status(0);
    select("a.b").stdout("x\ny\n").status(0);
    select("n").stdout("1\n").status(0);
    select("t").stdout("true\n").status(0);
    select("o").stdout("{\n    \"z\": 1,\n    \"a\": 2\n}\n").status(0);
    for nothing in ["missing", "e", "a.b[7]", "a.c"] {
        select(nothing).status(1);
    }
}

#[test]
fn the_format_json_is_jp_pys() {
    let select = |input: &str, expression: &str| {
        ses_token().args(["--format", "json", expression]).stdin(input)
    };
    select(&answer(), "VerificationToken").stdout(format!("\"{TOKEN}\"\n")).status(0);
    select(&answer(), "Missing").stdout("null\n").status(1);
    select(r#"{"a": []}"#, "a").stdout("[]\n").status(0);
    select(r#"{"a": ""}"#, "a").stdout("\"\"\n").status(0);
    select(r#"{"a": "é"}"#, "@").stdout("{\n    \"a\": \"é\"\n}\n").status(0);
}

#[test]
fn an_expression_sees_each_line() {
    let lines = "{\"Identity\": \"a.example\"}\n{\"Identity\": \"b.example\"}\n";
    ses_token().arg("Identity").stdin(lines).stdout("a.example\nb.example\n").status(0);
}

#[test]
fn unquoted_literals_work() {
    let list = r#"{"Identities": ["example.com", "notexample.com", "x.org"]}"#;
    ses_token()
        .arg("Identities[?contains(@, `example.com`)]")
        .stdin(list)
        .stdout("example.com\nnotexample.com\n")
        .status(0);
}

#[test]
fn a_bad_expression_is_a_usage_error() {
    for expression in ["a[", "", "nosuch(a)x", "a b"] {
        ses_token().arg(expression).stdin("{}").any_stderr().status(252);
    }
    ses_token().args(["a", "b"]).stdin("{}").says("\"b\"").status(252);
}

#[test]
fn a_file_is_no_expression() {
    let home = Rc::new(Scratch::new());
    home.write("example.com-verify.json", answer());
    run("ses-token")
        .home(&home)
        .arg("example.com-verify.json")
        .stderr_has("Bad jmespath expression")
        .stderr_has("hint: an operand is an EXPRESSION; --input FILE reads a file\n")
        .status(252);
}

#[test]
fn an_expression_that_fails_on_the_input_is_an_error() {
    ses_token().arg("length(n)").stdin(r#"{"n": 1}"#).says("the expression failed").status(255);
}

#[test]
fn deep_input_does_not_crash_it() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    let json = || ses_token().args(["--format", "json", "@"]);
    json().stdin(nested(1_000)).stdout_has("[]").status(0);
    for depth in [1_001, 100_000, 1_000_000] {
        json().stdin(nested(depth)).says("at line 1 column ").status(255);
        ses_token().stdin(nested(depth)).says("at line 1 column ").status(255);
    }
    let expression = "(".repeat(100_000);
    ses_token().arg(&expression).stdin("{}").any_stderr().status(252);
}

#[test]
fn a_token_with_a_control_character_is_refused() {
    for token in ["a\\nb", "a\\u0000b", "a\\u001b[2Jb"] {
        let input = format!("{{\"VerificationToken\": \"{token}\"}}");
        ses_token().stdin(input).says("control character").status(255);
    }
}

#[test]
fn options_of_the_networked_programs_are_not_its_own() {
    for option in ["--profile", "--endpoint-url", "--query", "--output"] {
        run("ses-token").args([option, "x"]).says(option).status(252);
    }
}
