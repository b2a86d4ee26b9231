//! `--wait`: ends when it is so, when it can be so no more, or when the time is over, and not
//! later. Times are to a tenth of what was asked, with some milliseconds for the program's start.

use std::time::Duration;

use crate::support::ses::{RunningSes, xml};
use crate::support::sockets::Refusing;
use crate::support::{After, FakeSes, identity, run, run::Run};

const ATTRIBUTES: &str = "GetIdentityVerificationAttributes";

/// Waits for `a.example`, asking every 100 ms.
fn waiting(ses: &RunningSes, wait: &str) -> Run {
    let args = ["--wait", wait, "--interval", "100ms", "--rate", "1000", "a.example"];
    run("ses-exists").against(ses).args(args)
}

fn pending() -> crate::support::ses::Identity {
    identity("a.example").status("Pending")
}

#[track_caller]
fn took(elapsed: Duration, seconds: f64) {
    let elapsed = elapsed.as_secs_f64();
    let range = seconds * 0.9..seconds * 1.1 + 0.5;
    assert!(range.contains(&elapsed), "took {elapsed} s, not {seconds} s");
}

const FOUND: &str = "[\n    \"a.example\"\n]\n";

#[test]
fn it_ends_when_the_status_becomes_success() {
    let ses = FakeSes::new().with(pending().becomes("Success", After::Requests(3))).start();
    waiting(&ses, "30s").arg("--verified").stdout(FOUND).status(0);
    ses.was_asked([ATTRIBUTES; 4]);
}

#[test]
fn it_ends_in_time_after_a_second_of_pending() {
    let after = After::Time(Duration::from_secs(1));
    let ses = FakeSes::new().with(pending().becomes("Success", after)).start();
    let outcome = waiting(&ses, "30s").arg("--verified").stdout(FOUND).status(0);
    took(outcome.elapsed, 1.0);
}

#[test]
fn what_is_so_already_is_asked_once() {
    let ses = FakeSes::new().domain("a.example").start();
    let outcome = waiting(&ses, "30s").arg("--verified").stdout(FOUND).status(0);
    ses.was_asked([ATTRIBUTES]);
    took(outcome.elapsed, 0.0);
}

#[test]
fn failed_ends_it_at_once_and_says_what_to_do() {
    let ses = FakeSes::new().with(pending().becomes("Failed", After::Requests(2))).start();
    waiting(&ses, "30s")
        .arg("--verified")
        .stdout(FOUND)
        .says("a.example is Failed")
        .hints("ses-verify")
        .status(1);
    ses.was_asked([ATTRIBUTES; 3]);
}

#[test]
fn failed_is_an_existing_identity_all_the_same() {
    let ses = FakeSes::new().with(identity("a.example").status("Failed")).start();
    waiting(&ses, "30s").stdout(FOUND).status(0);
    ses.was_asked([ATTRIBUTES]);
}

#[test]
fn a_temporary_failure_is_waited_for() {
    let temporary = identity("a.example").status("TemporaryFailure");
    let ses = FakeSes::new().with(temporary.becomes("Success", After::Requests(2))).start();
    waiting(&ses, "30s").arg("--verified").stdout(FOUND).status(0);
}

#[test]
fn the_deadline_is_a_no() {
    let ses = FakeSes::new().with(pending()).start();
    let outcome = waiting(&ses, "1s")
        .arg("--verified")
        .stdout(FOUND)
        .says("after 1s, a.example is Pending")
        .status(1);
    took(outcome.elapsed, 1.0);
    assert!((8..=12).contains(&ses.count(ATTRIBUTES)), "{} requests", ses.count(ATTRIBUTES));
}

#[test]
fn an_identity_that_appears_late_is_waited_for() {
    let late = identity("a.example").appears(After::Requests(3));
    let ses = FakeSes::new().with(late).start();
    waiting(&ses, "30s").stdout(FOUND).status(0);
    ses.was_asked([ATTRIBUTES; 4]);
}

#[test]
fn absence_is_waited_for_too() {
    let ses = FakeSes::new()
        .script(|_, number| {
            let entry =
                if number < 3 { xml::entry("a.example", "Success", None) } else { String::new() };
            let map = format!("<VerificationAttributes>{entry}</VerificationAttributes>");
            Some(xml::answer(ATTRIBUTES, &map))
        })
        .start();
    waiting(&ses, "30s").arg("--absent").stdout("[]\n").status(0);
    ses.was_asked([ATTRIBUTES; 3]);
}

#[test]
fn all_of_several_names_are_waited_for() {
    let ses = FakeSes::new()
        .domain("b.example")
        .with(pending().becomes("Success", After::Requests(2)))
        .start();
    waiting(&ses, "30s").args(["--verified", "b.example"]).any_stdout().status(0);
    ses.was_asked([ATTRIBUTES; 3]);
}

#[test]
fn throttling_is_waited_out() {
    let ses = FakeSes::new().domain("a.example").throttles_first(2).start();
    waiting(&ses, "30s").stdout(FOUND).status(0);
    ses.was_asked([ATTRIBUTES; 3]);
}

#[test]
fn throttling_as_the_last_word_decides_the_status() {
    let ses = FakeSes::new().fails_with(400, "Throttling").start();
    let outcome = waiting(&ses, "1s").says("(Throttling)").status(254);
    took(outcome.elapsed, 1.0);
}

#[test]
fn a_server_that_is_away_for_a_while_is_waited_for() {
    let ses = FakeSes::new()
        .domain("a.example")
        .script(|_, number| (number < 4).then(|| xml::error(503, "ServiceUnavailable", "later")))
        .start();
    waiting(&ses, "30s").stdout(FOUND).status(0);
    ses.was_asked([ATTRIBUTES; 4]);
}

#[test]
fn a_server_that_stays_away_is_an_error_and_no_no() {
    let nobody = Refusing::new();
    let outcome = run("ses-exists")
        .against(&nobody)
        .args(["--absent", "--wait", "1s", "--interval", "100ms", "--rate", "1000", "a.example"])
        .says("Could not connect")
        .status(255);
    took(outcome.elapsed, 1.0);
}

#[test]
fn a_refusal_ends_it_at_once() {
    let ses = FakeSes::new().fails_with(403, "AccessDenied").start();
    waiting(&ses, "30s").says("(AccessDenied)").status(254);
    ses.was_asked([ATTRIBUTES]);
}

#[test]
fn a_silent_server_does_not_hold_up_the_deadline() {
    let silent = crate::support::sockets::Sockets::new(|socket| socket.hang());
    let outcome = run("ses-exists")
        .against(&silent)
        .args(["--wait", "1s", "--cli-read-timeout", "1", "a.example"])
        .any_stderr()
        .status(255);
    // One last question may be asked as the time ends; it has its own limit.
    assert!(outcome.elapsed < Duration::from_millis(2_500), "{:?}", outcome.elapsed);
}

#[test]
fn it_asks_once_a_second_at_most() {
    let ses = FakeSes::new().with(pending()).throttles_above(1.0).start();
    let args = ["--verified", "--wait", "2s", "--interval", "1ms", "a.example"];
    run("ses-exists").against(&ses).args(args).any_stdout().says("after 2s").status(1);
    assert!((2..=3).contains(&ses.count(ATTRIBUTES)), "{} requests", ses.count(ATTRIBUTES));
}

#[test]
fn without_an_interval_it_asks_again_after_three_seconds() {
    let ses = FakeSes::new().with(pending().becomes("Success", After::Requests(1))).start();
    let outcome = run("ses-exists")
        .against(&ses)
        .args(["--verified", "--wait", "45m", "a.example"])
        .stdout(FOUND)
        .status(0);
    took(outcome.elapsed, 3.0);
}

#[test]
fn quiet_waits_silently() {
    let ses = FakeSes::new().with(pending()).start();
    waiting(&ses, "300ms").args(["-q", "--verified"]).status(1);
}

#[test]
fn junk_durations_are_usage_errors() {
    for junk in ["", "x", "45", "-1s", "1e9s"] {
        run("ses-exists").args(["--wait", junk, "a.example"]).says("--wait").status(252);
        run("ses-exists")
            .args(["--wait=1s", "--interval", junk, "a.example"])
            .says("--interval")
            .status(252);
    }
    run("ses-exists").args(["--interval", "1s", "a.example"]).says("--wait").status(252);
}

#[test]
fn an_interrupt_ends_it() {
    for (signal, status) in [(libc::SIGINT, 130), (libc::SIGTERM, 143)] {
        let ses = FakeSes::new().with(pending()).start();
        let running = waiting(&ses, "30s").arg("--verified").any_stderr().start();
        while ses.operations().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        running.signal(signal);
        running.interrupted(status);
    }
}
