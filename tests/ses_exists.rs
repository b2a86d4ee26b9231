//! ses-exists: yes, no, or "could not ask", and never one for another.

mod waiting;

use std::rc::Rc;

use crate::support::ses::xml;
use crate::support::sockets::Refusing;
use crate::support::{FakeSes, Scratch, identity, run};

const ATTRIBUTES: &str = "GetIdentityVerificationAttributes";

/// The evidence: the names as a JSON array.
fn array(names: &[&str]) -> String {
    if names.is_empty() {
        return "[]\n".into();
    }
    let names: Vec<_> = names.iter().map(|name| format!("    \"{name}\"")).collect();
    format!("[\n{}\n]\n", names.join(",\n"))
}

#[test]
fn a_known_domain_is_yes() {
    let ses = FakeSes::new().domain("example.com").start();
    run("ses-exists").against(&ses).arg("example.com").stdout(array(&["example.com"])).status(0);
    ses.was_asked([ATTRIBUTES]);
}

#[test]
fn absent_is_no_while_only_lookalikes_exist() {
    let ses = FakeSes::new()
        .domains(["sub.example.com", "notexample.com", "a@example.com", "example.com.au"])
        .start();
    run("ses-exists").against(&ses).arg("example.com").stdout("[]\n").status(1);
    ses.was_asked([ATTRIBUTES]);
    assert_eq!(ses.requests()[0].names(), ["example.com"]);
}

#[test]
fn all_of_several_names_must_exist() {
    let ses = FakeSes::new().domains(["a.example", "b.example"]).start();
    let ask = |names: &[&str], stdout: &[&str], status| {
        run("ses-exists").against(&ses).args(names).stdout(array(stdout)).status(status);
    };
    ask(&["b.example", "a.example"], &["b.example", "a.example"], 0);
    ask(&["b.example", "c.example", "a.example"], &["b.example", "a.example"], 1);
    ask(&["c.example"], &[], 1);
}

#[test]
fn absent_means_that_none_exists() {
    let ses = FakeSes::new().domain("a.example").start();
    let absent = || run("ses-exists").against(&ses).arg("--absent");
    absent().args(["b.example", "c.example"]).stdout("[]\n").status(0);
    absent().args(["b.example", "a.example"]).stdout(array(&["a.example"])).status(1);
}

#[test]
fn absent_after_verify_is_no() {
    let ses = FakeSes::new().writable().start();
    let absent = || run("ses-exists").against(&ses).args(["--absent", "example.com"]);
    absent().stdout("[]\n").status(0);
    run("ses-verify").against(&ses).arg("example.com").any_stdout().status(0);
    absent().stdout(array(&["example.com"])).status(1);
}

#[test]
fn verified_means_status_success() {
    let ses = ["Pending", "Failed", "TemporaryFailure", "NotStarted", "SomethingNew"]
        .into_iter()
        .fold(FakeSes::new().domain("success.example"), |ses, status| {
            ses.with(identity(&format!("{}.example", status.to_lowercase())).status(status))
        })
        .start();
    let verified = |name: &str| run("ses-exists").against(&ses).args(["--verified", name]);
    verified("success.example").stdout(array(&["success.example"])).status(0);
    for name in ["pending", "failed", "temporaryfailure", "notstarted", "somethingnew"] {
        let name = format!("{name}.example");
        run("ses-exists").against(&ses).arg(&name).stdout(array(&[&name])).status(0);
        verified(&name).stdout(array(&[&name])).status(1);
    }
    verified("absent.example").stdout("[]\n").status(1);
}

#[test]
fn one_unverified_among_verified_is_no() {
    let ses =
        FakeSes::new().domain("a.example").with(identity("b.example").status("Pending")).start();
    run("ses-exists")
        .against(&ses)
        .args(["--verified", "a.example", "b.example"])
        .stdout(array(&["a.example", "b.example"]))
        .status(1);
}

#[test]
fn one_omitted_among_verified_is_no() {
    let ses = FakeSes::new().domain("a.example").start();
    run("ses-exists")
        .against(&ses)
        .args(["--verified", "a.example", "absent.example"])
        .stdout(array(&["a.example"]))
        .status(1);
}

#[test]
fn missing_prints_the_others() {
    let ses = FakeSes::new().domains(["a.example", "c.example"]).start();
    let missing = |names: &[&str]| run("ses-exists").against(&ses).arg("--missing").args(names);
    missing(&["a.example", "b.example", "c.example", "d.example"])
        .stdout(array(&["b.example", "d.example"]))
        .status(1);
    missing(&["a.example"]).stdout("[]\n").status(0);
    missing(&["--absent", "b.example"]).stdout(array(&["b.example"])).status(0);
}

#[test]
fn quiet_prints_nothing() {
    let ses = FakeSes::new().domain("a.example").start();
    run("ses-exists").against(&ses).args(["-q", "a.example"]).status(0);
    run("ses-exists").against(&ses).args(["--quiet", "b.example"]).status(1);
    run("ses-exists").against(&ses).args(["-q", "--missing", "b.example"]).status(1);
}

#[test]
fn domains_compare_without_case_and_addresses_with_it() {
    let ses = FakeSes::new().domains(["example.com", "User@example.com"]).start();
    let ask = |name: &str| run("ses-exists").against(&ses).arg(name);
    ask("EXAMPLE.com.").stdout(array(&["example.com"])).status(0);
    ask("User@example.com").stdout(array(&["User@example.com"])).status(0);
    ask("user@example.com").stdout("[]\n").status(1);
    let names: Vec<_> = ses.requests().iter().flat_map(|request| request.names()).collect();
    assert_eq!(names, ["example.com", "User@example.com", "user@example.com"]);
}

#[test]
fn ses_may_answer_in_any_case() {
    let answer = format!(
        "<VerificationAttributes>{}</VerificationAttributes>",
        xml::entry("Example.COM", "Success", None)
    );
    let ses = FakeSes::new().always(xml::answer(ATTRIBUTES, &answer)).start();
    run("ses-exists").against(&ses).arg("example.com").stdout(array(&["example.com"])).status(0);
}

#[test]
fn an_internationalised_name_is_asked_for_in_its_ascii_form() {
    let ses = FakeSes::new().domain("xn--bcher-kva.example").start();
    run("ses-exists")
        .against(&ses)
        .arg("bücher.example")
        .stdout(array(&["xn--bcher-kva.example"]))
        .status(0);
}

#[test]
fn a_name_given_twice_is_asked_for_once() {
    let ses = FakeSes::new().domain("a.example").start();
    run("ses-exists")
        .against(&ses)
        .args(["a.example", "A.example", "a.example."])
        .stdout(array(&["a.example"]))
        .status(0);
    assert_eq!(ses.requests()[0].names(), ["a.example"]);
}

#[test]
fn a_name_that_can_be_no_identity_is_never_absent() {
    let ses = FakeSes::new().start();
    for name in [
        "",
        ".",
        "https://example.com",
        "example.com/",
        "a b.example",
        "localhost",
        "a..b",
        "@",
        "a@",
    ] {
        for question in [&["--absent"][..], &["--verified"], &[]] {
            let asked = run("ses-exists").against(&ses).args(question).args(["good.example", name]);
            asked.says(format!("{name:?}")).status(252);
        }
    }
    ses.was_silent();
}

#[test]
fn no_name_at_all_is_no_vacuous_yes() {
    let ses = FakeSes::new().start();
    for question in [&["--absent"][..], &["--verified"], &["--missing"], &["--contains"], &[]] {
        run("ses-exists").against(&ses).args(question).says("no NAME").status(252);
        let empty_list = run("ses-exists").against(&ses).args(question).args(["--input", "-"]);
        empty_list.stdin("[]").says("no NAME").status(252);
    }
    ses.was_silent();
}

#[test]
fn contradictions_are_usage_errors() {
    run("ses-exists").args(["--absent", "--verified", "a.example"]).says("--absent").status(252);
    run("ses-exists").args(["--contains", "--verified", "a"]).says("--contains").status(252);
}

#[test]
fn a_hundred_names_are_one_request_and_one_more_is_two() {
    let names: Vec<_> = (0..101).map(|n| format!("{n}.example")).collect();
    let ses = FakeSes::new().domains(&names).start();
    run("ses-exists").against(&ses).arg("-q").args(&names[..100]).status(0);
    ses.was_asked([ATTRIBUTES]);
    run("ses-exists").against(&ses).args(["-q", "--rate", "1000"]).args(&names).status(0);
    ses.was_asked([ATTRIBUTES; 3]);
    assert_eq!(ses.requests()[2].names(), ["100.example"]);
}

#[test]
fn an_account_of_ten_thousand_costs_one_request() {
    let names = (0..10_000).map(|n| format!("{n}.example"));
    let ses = FakeSes::new().domains(names).start();
    run("ses-exists").against(&ses).args(["-q", "9999.example"]).status(0);
    run("ses-exists").against(&ses).args(["-q", "10000.example"]).status(1);
    ses.was_asked([ATTRIBUTES; 2]);
}

#[test]
fn an_absent_name_among_many_is_found_out() {
    let names: Vec<_> = (0..250).map(|n| format!("{n}.example")).collect();
    let ses = FakeSes::new().domains(names.iter().filter(|name| *name != "137.example")).start();
    run("ses-exists")
        .against(&ses)
        .args(["--missing", "--rate", "1000"])
        .args(&names)
        .stdout(array(&["137.example"]))
        .status(1);
    ses.was_asked([ATTRIBUTES; 3]);
}

#[test]
fn every_form_of_input_is_read() {
    let ses = FakeSes::new().domains(["a.example", "b.example"]).start();
    for input in [
        r#"["a.example", "b.example"]"#,
        r#"{"Identities": ["a.example", "b.example"]}"#,
        "{\"Identity\": \"a.example\"}\n{\"Identity\": \"b.example\"}\n",
        "a.example\r\n\n  b.example",
    ] {
        let both = array(&["a.example", "b.example"]);
        run("ses-exists").against(&ses).args(["--input", "-"]).stdin(input).stdout(&both).status(0);
        let home = Rc::new(Scratch::new());
        home.write("names", input);
        run("ses-exists").against(&ses).home(&home).args(["--input=names"]).stdout(&both).status(0);
    }
}

#[test]
fn list_and_exists_compose() {
    let ses = FakeSes::new().domains(["b.example", "x@a.example"]).start();
    let list = run("ses-list").against(&ses).any_stdout().status(0);
    run("ses-exists")
        .against(&ses)
        .args(["--verified", "--input", "-"])
        .stdin(list.stdout)
        .stdout(array(&["b.example", "x@a.example"]))
        .status(0);
}

#[test]
fn input_that_is_none_is_an_error_and_no_answer() {
    let ses = FakeSes::new().start();
    for input in
        ["", "\n \n", "[", "[1]", "{}", "{\"Name\": 1}", "{\"Identity\": \"a.example\"}\n{"]
    {
        let asked = run("ses-exists").against(&ses).args(["--absent", "--input", "-"]);
        asked.stdin(input).says("stdin: ").status(255);
    }
    let missing = run("ses-exists").against(&ses).args(["--input", "no-such-file"]);
    missing.says("no-such-file").status(255);
    ses.was_silent();
}

#[test]
fn a_bad_name_in_the_input_is_named_with_its_line() {
    let mut lines: Vec<_> = (1..=1_000).map(|n| format!("{n}.example")).collect();
    lines[699] = "http://example.com".into();
    let ses = FakeSes::new().start();
    run("ses-exists")
        .against(&ses)
        .args(["--input", "-"])
        .stdin(lines.join("\n"))
        .says("line 700: \"http://example.com\" is a URL")
        .status(252);
    ses.was_silent();
}

#[test]
fn contains_is_the_rule_of_old_runbooks() {
    let ses = FakeSes::new().domains(["sub.example.com", "example.org", "a@example.com"]).start();
    let contains = |args: &[&str]| run("ses-exists").against(&ses).arg("--contains").args(args);
    contains(&["example.com"]).stdout(array(&["sub.example.com", "a@example.com"])).status(0);
    contains(&["--absent", "example.com"])
        .stdout(array(&["sub.example.com", "a@example.com"]))
        .status(1);
    contains(&["--absent", "example.net"]).stdout("[]\n").status(0);
    contains(&["EXAMPLE.com"]).stdout("[]\n").status(1);
    assert_eq!(ses.count("ListIdentities"), 4);
    assert_eq!(ses.count(ATTRIBUTES), 0);
}

#[test]
fn contains_looks_at_every_page() {
    let ses = FakeSes::new().domains(["a.example", "b.example", "c.example"]).pages_of(1).start();
    run("ses-exists")
        .against(&ses)
        .args(["--contains", "--rate", "1000", "c."])
        .stdout(array(&["c.example"]))
        .status(0);
    ses.was_asked(["ListIdentities"; 3]);
}

#[test]
fn contains_nothing_is_a_usage_error() {
    run("ses-exists").args(["--contains", ""]).says("empty").status(252);
    run("ses-exists").args(["--contains", "--absent", "a", ""]).says("empty").status(252);
}

#[test]
fn a_question_that_cannot_be_asked_is_never_answered_no() {
    let nobody = Refusing::new();
    for question in
        [&["a.example"][..], &["--absent", "a.example"], &["--contains", "--absent", "a"]]
    {
        run("ses-exists")
            .against(&nobody)
            .attempts(1)
            .args(question)
            .says("Could not connect to the endpoint URL")
            .status(255);
    }
}

#[test]
fn a_question_that_ses_refuses_is_never_answered_no() {
    let ses = FakeSes::new().fails_with(403, "AccessDenied").start();
    for question in [&["a.example"][..], &["--absent", "a.example"], &["--verified", "a.example"]] {
        run("ses-exists")
            .against(&ses)
            .args(question)
            .says("(AccessDenied)")
            .hints("ses:GetIdentityVerificationAttributes")
            .status(254);
    }
}

#[test]
fn an_answer_without_its_map_is_no_no() {
    let ses = FakeSes::new().always(xml::answer(ATTRIBUTES, "")).start();
    run("ses-exists")
        .against(&ses)
        .args(["--absent", "a.example"])
        .says("has no <VerificationAttributes>")
        .status(255);
}

#[test]
fn query_and_output_work_on_the_evidence() {
    let ses = FakeSes::new().domains(["a.example", "b.example"]).start();
    let exists = |args: [&str; 2]| {
        run("ses-exists").against(&ses).args(["a.example", "b.example"]).args(args)
    };
    exists(["--query", "[0]"]).stdout("\"a.example\"\n").status(0);
    exists(["--output", "text"]).stdout("a.example\tb.example\n").status(0);
    exists(["--output", "yaml"]).stdout("- a.example\n- b.example\n").status(0);
}
