//! ses-verify: it writes, so nothing is asked for that was not meant, and no answer is lost.

mod bulk;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::rc::Rc;

use crate::support::ses::{dkim_tokens, xml};
use crate::support::sockets::Refusing;
use crate::support::{FakeSes, Scratch, identity, run, token};

const VERIFY: &str = "VerifyDomainIdentity";
const DKIM: &str = "VerifyDomainDkim";
const ATTRIBUTES: &str = "GetIdentityVerificationAttributes";

fn answer(domain: &str) -> String {
    format!("{{\n    \"VerificationToken\": \"{}\"\n}}\n", token(domain))
}

#[test]
fn the_token_is_printed_as_aws_cli_prints_it() {
    let ses = FakeSes::new().writable().start();
    run("ses-verify").against(&ses).arg("example.com").stdout(answer("example.com")).status(0);
    ses.was_asked([VERIFY]);
    assert_eq!(ses.identities(), ["example.com"]);
}

#[test]
fn aws_clis_spelling_means_the_same() {
    let ses = FakeSes::new().writable().start();
    for args in [&["--domain", "example.com"][..], &["--domain=example.com"]] {
        run("ses-verify").against(&ses).args(args).stdout(answer("example.com")).status(0);
    }
}

#[test]
fn asked_again_it_prints_the_same_token() {
    let ses = FakeSes::new().writable().domain("example.com").start();
    for _ in 0..2 {
        run("ses-verify").against(&ses).arg("example.com").stdout(answer("example.com")).status(0);
    }
    assert_eq!(ses.identities(), ["example.com"]);
}

#[test]
fn names_are_sent_as_ses_stores_them() {
    let ses = FakeSes::new().writable().start();
    for name in ["EXAMPLE.com.", "bücher.example"] {
        run("ses-verify").against(&ses).arg(name).any_stdout().status(0);
    }
    assert_eq!(ses.identities(), ["example.com", "xn--bcher-kva.example"]);
}

#[test]
fn a_bad_name_costs_no_request() {
    let ses = FakeSes::new().writable().start();
    let long_label = format!("{}.example", "a".repeat(64));
    let long_name = format!("{}example", "abcdefg.".repeat(32));
    for name in [
        "",
        "example",
        "https://example.com",
        "example.com/path",
        "example.com:25",
        "exa mple.com",
        "a-.example",
        "a..example",
        "_amazonses.example.com",
        "192.0.2.1",
        "a@example.com",
        &long_label,
        &long_name,
    ] {
        run("ses-verify").against(&ses).arg(name).says("\"").status(252);
        run("ses-verify").against(&ses).args(["--domain", name]).says("\"").status(252);
        run("ses-verify").against(&ses).args(["good.example", name]).says("\"").status(252);
    }
    ses.was_silent();
}

#[test]
fn no_name_is_a_usage_error() {
    run("ses-verify").says("no NAME").status(252);
}

#[test]
fn with_dkim_the_answer_has_tokens_and_region() {
    let ses = FakeSes::new().writable().start();
    let [one, two, three] = dkim_tokens("example.com");
    run("ses-verify")
        .against(&ses)
        .args(["--dkim", "--region", "eu-north-1", "example.com"])
        .stdout(format!(
            "{{\n    \"VerificationToken\": \"{}\",\n    \"DkimTokens\": [\n        \"{one}\",\n        \
             \"{two}\",\n        \"{three}\"\n    ],\n    \"Region\": \"eu-north-1\"\n}}\n",
            token("example.com")
        ))
        .status(0);
    ses.was_asked([VERIFY, DKIM]);
}

#[test]
fn an_address_is_mailed_only_when_it_is_named_as_one() {
    let ses = FakeSes::new().writable().start();
    run("ses-verify").against(&ses).args(["--email-address", "User@example.com"]).status(0);
    ses.was_asked(["VerifyEmailIdentity"]);
    assert_eq!(ses.identities(), ["User@example.com"]);
    run("ses-verify")
        .against(&ses)
        .arg("User@example.com")
        .says("is an e-mail address")
        .hints("--email-address")
        .status(252);
    ses.was_asked(["VerifyEmailIdentity"]);
}

#[test]
fn the_list_of_an_account_mails_nobody() {
    let ses = FakeSes::new().writable().domains(["a.example", "x@a.example"]).start();
    let list = run("ses-list").against(&ses).any_stdout().status(0);
    run("ses-verify")
        .against(&ses)
        .args(["--input", "-"])
        .stdin(list.stdout)
        .says("\"x@a.example\" is an e-mail address")
        .status(252);
    ses.was_asked(["ListIdentities"]);
}

#[test]
fn an_answer_without_a_token_is_an_error() {
    for content in ["", "<VerificationToken></VerificationToken>", "<VerificationToken/>"] {
        let ses = FakeSes::new().writable().always(xml::answer(VERIFY, content)).start();
        let home = Rc::new(Scratch::new());
        home.write("out.json", "old");
        run("ses-verify").against(&ses).arg("example.com").says(VERIFY).status(255);
        let into_file =
            run("ses-verify").against(&ses).home(&home).args(["-o", "out.json", "example.com"]);
        into_file.says(VERIFY).status(255);
        assert_eq!(home.read("out.json"), "old");
    }
}

#[test]
fn the_file_holds_what_stdout_would_have() {
    let ses = FakeSes::new().writable().start();
    let outcome = run("ses-verify").against(&ses).args(["-o", "out.json", "example.com"]).status(0);
    assert_eq!(outcome.home.read("out.json"), answer("example.com"));
    assert_eq!(outcome.home.names(), ["out.json"], "no temporary file is left");
}

#[test]
fn the_file_is_json_whatever_the_output_is() {
    let ses = FakeSes::new().writable().start();
    let outcome = run("ses-verify")
        .against(&ses)
        .env("AWS_DEFAULT_OUTPUT", "text")
        .args(["-o", "out.json", "example.com"])
        .status(0);
    assert_eq!(outcome.home.read("out.json"), answer("example.com"));
}

#[test]
fn a_failing_request_leaves_the_file_untouched() {
    let home = Rc::new(Scratch::new());
    home.write("out.json", "old\n");
    let verify =
        || run("ses-verify").home(&home).attempts(1).args(["-o", "out.json", "example.com"]);
    let refusing = FakeSes::new().writable().fails_with(403, "AccessDenied").start();
    verify().against(&refusing).says("(AccessDenied)").status(254);
    verify().against(&Refusing::new()).says("Could not connect").status(255);
    verify().args(["--region", "no such region"]).says("no such region").status(253);
    verify().arg("--no-such-option").says("--no-such-option").status(252);
    assert_eq!(home.read("out.json"), "old\n");
    assert_eq!(home.names(), ["out.json"]);
}

#[test]
fn an_unwritable_place_costs_no_identity() {
    let ses = FakeSes::new().writable().start();
    for file in ["no/such/directory/out.json", ".", "new/", "/proc/out.json"] {
        let verify = run("ses-verify").against(&ses).args(["-o", file, "example.com"]);
        verify.says("cannot write").status(255);
    }
    ses.was_silent();
}

#[test]
fn an_existing_file_is_replaced_and_keeps_its_mode() {
    let ses = FakeSes::new().writable().start();
    let home = Rc::new(Scratch::new());
    let path = home.write("out.json", "old\n");
    fs::set_permissions(&path, Permissions::from_mode(0o604)).expect("a mode");
    run("ses-verify").against(&ses).home(&home).args(["-o", "out.json", "example.com"]).status(0);
    assert_eq!(home.read("out.json"), answer("example.com"));
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o604);
}

#[test]
fn a_new_file_has_the_mode_of_the_umask() {
    let ses = FakeSes::new().writable().start();
    let outcome = run("ses-verify").against(&ses).args(["-o", "out.json", "example.com"]).status(0);
    let theirs = outcome.home.write("theirs", "");
    let mode = |path: &std::path::Path| fs::metadata(path).expect("a file").permissions().mode();
    assert_eq!(mode(&outcome.home.path("out.json")), mode(&theirs));
}

#[test]
fn a_symbolic_link_is_followed() {
    let ses = FakeSes::new().writable().start();
    let home = Rc::new(Scratch::new());
    home.write("there/real.json", "old");
    symlink("there/real.json", home.path("link.json")).expect("a link");
    run("ses-verify").against(&ses).home(&home).args(["-o", "link.json", "example.com"]).status(0);
    assert_eq!(home.read("there/real.json"), answer("example.com"));
    assert!(home.path("link.json").is_symlink());
}

#[test]
fn what_is_no_file_is_written_through() {
    let ses = FakeSes::new().writable().start();
    run("ses-verify").against(&ses).args(["-o", "/dev/null", "example.com"]).status(0);
    run("ses-verify")
        .against(&ses)
        .args(["-o", "/dev/full", "example.com"])
        .says("cannot write /dev/full")
        .says("example.com")
        .status(255);
}

#[test]
fn if_absent_writes_only_what_is_new() {
    let ses = FakeSes::new().writable().domain("old.example").start();
    run("ses-verify")
        .against(&ses)
        .args(["--if-absent", "new.example"])
        .stdout(answer("new.example"))
        .status(0);
    ses.was_asked([ATTRIBUTES, VERIFY]);
    run("ses-verify")
        .against(&ses)
        .args(["--if-absent", "old.example"])
        .says("old.example exists")
        .status(1);
    ses.was_asked([ATTRIBUTES, VERIFY, ATTRIBUTES]);
}

#[test]
fn if_absent_leaves_the_file_alone() {
    let ses = FakeSes::new().writable().domain("old.example").start();
    let home = Rc::new(Scratch::new());
    home.write("out.json", "old\n");
    run("ses-verify")
        .against(&ses)
        .home(&home)
        .args(["--if-absent", "-o", "out.json", "old.example"])
        .says("old.example exists")
        .status(1);
    assert_eq!(home.read("out.json"), "old\n");
}

#[test]
fn if_absent_that_cannot_be_asked_is_no_no() {
    let ses = FakeSes::new().writable().fails_with(403, "AccessDenied").start();
    run("ses-verify")
        .against(&ses)
        .args(["--if-absent", "a.example"])
        .says("(AccessDenied)")
        .status(254);
    ses.was_asked([ATTRIBUTES]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let ses = FakeSes::new().writable().may_be_silent().start();
    run("ses-verify")
        .against(&ses)
        .args(["--dry-run", "--dkim", "-o", "out.json", "example.com"])
        .stderr_has("example.com")
        .stderr_has("VerifyDomainIdentity")
        .stderr_has("VerifyDomainDkim")
        .stderr_has("us-east-1")
        .status(0);
    let outcome = run("ses-verify").against(&ses).args(["--dry-run", "a.example", "b.example"]);
    let outcome = outcome.stderr_has("a.example").stderr_has("b.example").status(0);
    assert!(outcome.home.names().is_empty());
    ses.was_silent();
}

#[test]
fn a_dry_run_checks_the_names() {
    run("ses-verify").args(["--dry-run", "https://example.com"]).says("is a URL").status(252);
}

#[test]
fn a_dry_run_with_if_absent_asks_whether_they_exist() {
    let ses = FakeSes::new().writable().domain("old.example").start();
    run("ses-verify")
        .against(&ses)
        .args(["--dry-run", "--if-absent", "old.example"])
        .any_stderr()
        .status(1);
    ses.was_asked([ATTRIBUTES]);
}

#[test]
fn a_bad_query_is_found_out_before_the_request() {
    let ses = FakeSes::new().writable().start();
    run("ses-verify").against(&ses).args(["--query", "a[", "example.com"]).any_stderr().status(252);
    ses.was_silent();
}

#[test]
fn a_query_that_fails_names_the_identity_that_was_made() {
    let ses = FakeSes::new().writable().start();
    run("ses-verify")
        .against(&ses)
        .args(["--query", "length(`1`)", "example.com"])
        .says("example.com")
        .status(255);
    assert_eq!(ses.identities(), ["example.com"]);
}

#[test]
fn a_query_selects_the_token() {
    let ses = FakeSes::new().writable().start();
    run("ses-verify")
        .against(&ses)
        .args(["--query", "VerificationToken", "--output", "text", "example.com"])
        .stdout(token("example.com") + "\n")
        .status(0);
}

#[test]
fn a_failed_verification_is_started_again() {
    let ses = FakeSes::new().writable().with(identity("example.com").status("Failed")).start();
    run("ses-verify").against(&ses).arg("example.com").stdout(answer("example.com")).status(0);
    run("ses-exists").against(&ses).args(["--verified", "example.com"]).any_stdout().status(1);
    let status =
        run("ses-list").against(&ses).args(["--attributes", "example.com"]).any_stdout().status(0);
    assert_eq!(
        status.json()["VerificationAttributes"]["example.com"]["VerificationStatus"],
        "Pending"
    );
}
