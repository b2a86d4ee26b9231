//! Does a test fail where it should? The command builder and the fake SES are strict by default;
//! each rule is broken here once.

use std::time::Duration;

use crate::support::sockets::Sockets;
use crate::support::{FakeSes, run, run::Run, secrets};

#[test]
#[should_panic(expected = "the status is not 1")]
fn another_status_fails() {
    run("ses-token").arg("--version").any_stdout().status(1);
}

#[test]
#[should_panic(expected = "stdout is not \"\"")]
fn output_that_was_not_named_fails() {
    run("ses-token").arg("--version").status(0);
}

#[test]
#[should_panic(expected = "stderr is not \"\"")]
fn a_message_that_was_not_named_fails() {
    run("ses-token").arg("--definitely-invalid").status(252);
}

#[test]
#[should_panic(expected = "the message lacks")]
fn another_message_fails() {
    run("ses-token").arg("--definitely-invalid").says("no such option").status(252);
}

#[test]
#[should_panic(expected = "no hint has")]
fn a_missing_hint_fails() {
    run("ses-token").arg("--definitely-invalid").hints("AWS_REGION").status(252);
}

#[test]
#[should_panic(expected = "signal 9 killed it")]
fn a_death_by_signal_is_no_status() {
    shell("kill -9 $$").status(137);
}

#[test]
#[should_panic(expected = "it panicked")]
fn a_panic_is_no_status() {
    shell("exit 101").status(101);
}

#[test]
#[should_panic(expected = "it panicked")]
fn a_panic_in_other_clothes_is_none_either() {
    shell("echo 'ses-list: internal error: index' >&2; exit 255").any_stderr().status(255);
}

#[test]
#[should_panic(expected = "it did not end in time")]
fn a_run_without_end_fails() {
    shell("exec sleep 600").within(Duration::from_millis(50)).status(0);
}

#[test]
#[should_panic(expected = "gives a secret away")]
fn a_secret_on_stdout_fails() {
    shell("echo $AWS_SECRET_ACCESS_KEY").any_stdout().status(0);
}

#[test]
#[should_panic(expected = "gives a secret away")]
fn a_signature_on_stderr_fails() {
    shell("echo Authorization: AWS4, Signature=0 >&2").any_stderr().status(0);
}

#[test]
fn each_secret_of_the_environment_is_recognised() {
    for secret in [secrets::SECRET_KEY, secrets::SESSION_TOKEN] {
        assert!(!secrets::leaks(secret.as_bytes()).is_empty(), "{secret}");
    }
    assert!(secrets::leaks(secrets::KEY_ID.as_bytes()).is_empty());
}

#[test]
#[should_panic(expected = "never asked")]
fn a_server_that_nobody_asks_fails() {
    let _ses = FakeSes::new().start();
}

#[test]
#[should_panic(expected = "unexpected operation")]
fn a_write_that_was_not_allowed_fails() {
    let ses = FakeSes::new().start();
    run("ses-verify").against(&ses).arg("a.example").any_stdout().status(0);
}

#[test]
#[should_panic(expected = "without a signature")]
fn a_request_without_a_signature_fails() {
    let ses = FakeSes::new().start();
    run("ses-list").against(&ses).arg("--no-sign-request").any_stdout().status(0);
}

#[test]
#[should_panic(expected = "SES was asked for the left")]
fn one_request_too_many_fails() {
    let ses = FakeSes::new().start();
    run("ses-list").against(&ses).any_stdout().status(0);
    ses.was_silent();
}

#[test]
#[should_panic(expected = "the script of the fake SES panicked")]
fn an_assertion_in_a_script_fails_the_test() {
    let ses = FakeSes::new().script(|_, _| panic!("as an assertion does")).start();
    run("ses-list").against(&ses).attempts(1).says("Connection").status(255);
}

#[test]
fn a_run_that_was_told_of_no_server_reaches_none() {
    run("ses-list").attempts(1).says("127.0.0.1:9").status(255);
}

#[test]
fn connections_are_counted() {
    let sockets = Sockets::new(|_| {});
    run("ses-list").against(&sockets).attempts(1).says("Connection was closed").status(255);
    assert_eq!(sockets.connections(), 1);
}

fn shell(script: &str) -> Run {
    Run::program("/bin/sh").args(["-c", script])
}
