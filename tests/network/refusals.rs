//! SES answers, but with an error.

use std::time::{Duration, SystemTime};

use super::{LIST, good, list};
use crate::support::ses::xml;
use crate::support::{Endpoint, FakeSes, Reply, at_once, run};

#[test]
fn an_error_is_told_with_operation_code_message_and_request_id() {
    let ses = FakeSes::new().always(xml::error(400, "ValidationError", "1 < 2 &\n  so on")).start();
    list(&ses)
        .stderr(
            "ses-list: An error occurred (ValidationError) when calling the ListIdentities operation: \
             1 < 2 & so on [request id request-id-1]\n",
        )
        .status(254);
    assert_eq!(ses.requests().len(), 1);
}

#[test]
fn errors_of_the_client_are_not_tried_again() {
    for (status, code) in [
        (400, "InvalidParameterValue"),
        (400, "ValidationError"),
        (400, "RequestExpired"),
        (403, "AccessDenied"),
        (403, "ExpiredToken"),
        (403, "InvalidClientTokenId"),
        (403, "SignatureDoesNotMatch"),
        (403, "OptInRequired"),
        (404, "InvalidAction"),
    ] {
        let ses = FakeSes::new().fails_with(status, code).start();
        list(&ses).says(format!("({code})")).status(254);
        assert_eq!(ses.requests().len(), 1, "{code}");
    }
}

#[test]
fn errors_of_the_server_are_tried_again() {
    for (status, code) in [(500, "InternalFailure"), (503, "ServiceUnavailable")] {
        let ses = FakeSes::new().fails_with(status, code).start();
        list(&ses).says(format!("({code})")).says("(2 attempts)").status(254);
        assert_eq!(ses.requests().len(), 2, "{code}");
    }
}

#[test]
fn errors_without_xml_are_told_with_their_status() {
    let bodies = ["", "<html><body>Bad gateway</body></html>", "{}", "<ErrorResponse><Error>"];
    let statuses = [(400, 1), (403, 1), (404, 1), (500, 2), (502, 2), (503, 2), (504, 2)];
    let rows = bodies.iter().flat_map(|body| statuses.map(|status| (body, status)));
    at_once(rows, |(body, (status, requests))| {
        let ses = FakeSes::new().always(Reply::new(status, "text/html", body)).start();
        list(&ses)
            .says(format!("HTTP {status}"))
            .says("ListIdentities")
            .says(ses.url())
            .status(254);
        assert_eq!(ses.requests().len(), requests, "{status} {body}");
    });
}

#[test]
fn an_error_with_200_is_no_answer() {
    let body = xml::error(200, "Throttling", "x");
    let ses = FakeSes::new().always(body).start();
    run("ses-exists")
        .against(&ses)
        .attempts(1)
        .args(["--absent", "a.example"])
        .says("")
        .status(255);
}

#[test]
fn throttling_is_tried_again_after_a_second() {
    let ses = FakeSes::new().domain("a.example").throttles_first(1).start();
    let outcome = list(&ses).stdout(LIST).status(0);
    assert_eq!(ses.requests().len(), 2);
    assert!(outcome.elapsed >= Duration::from_secs(1), "{:?}", outcome.elapsed);
}

#[test]
fn throttling_for_ever_is_an_error() {
    let codes = ["Throttling", "ThrottlingException", "TooManyRequestsException", "SlowDown"];
    at_once(codes, |code| {
        let ses = FakeSes::new().fails_with(400, code).start();
        list(&ses).says(format!("({code})")).says("(2 attempts)").status(254);
        assert_eq!(ses.requests().len(), 2);
    });
}

#[test]
fn five_attempts_are_the_default() {
    let ses = FakeSes::new()
        .script(|_, number| {
            Some(if number < 5 { xml::error(503, "ServiceUnavailable", "x") } else { good() })
        })
        .start();
    run("ses-list").against(&ses).stdout(LIST).status(0);
    assert_eq!(ses.requests().len(), 5);
}

#[test]
fn attempts_can_be_set_and_the_retry_mode_does_not_matter() {
    at_once(["legacy", "standard", "adaptive"], |mode| {
        let ses = FakeSes::new().fails_with(503, "ServiceUnavailable").start();
        list(&ses).env("AWS_RETRY_MODE", mode).says("(2 attempts)").status(254);
        assert_eq!(ses.requests().len(), 2);
    });
}

#[test]
fn frequent_errors_come_with_the_next_step() {
    for (code, hint) in [
        ("AccessDenied", "ses:ListIdentities"),
        ("AccessDeniedException", "ses:ListIdentities"),
        ("ExpiredToken", "session"),
        ("InvalidClientTokenId", "access key"),
        ("SignatureDoesNotMatch", "secret access key"),
        ("OptInRequired", "Region"),
    ] {
        let ses = FakeSes::new().fails_with(403, code).start();
        list(&ses).says(format!("({code})")).hints(hint).status(254);
    }
}

#[test]
fn each_operation_is_named_in_its_hint() {
    for (operation, program, args) in [
        ("VerifyDomainIdentity", "ses-verify", &["a.example"][..]),
        ("VerifyEmailIdentity", "ses-verify", &["--email-address", "x@a.example"]),
        ("GetIdentityVerificationAttributes", "ses-exists", &["a.example"]),
        ("GetIdentityVerificationAttributes", "ses-list", &["--attributes", "a.example"]),
    ] {
        let ses = FakeSes::new().writable().fails_with(403, "AccessDenied").start();
        let denied = run(program).against(&ses).args(args);
        denied
            .says(format!("the {operation} operation"))
            .hints(format!("ses:{operation}"))
            .status(254);
    }
}

#[test]
fn a_wrong_clock_is_recognised() {
    let hour_ago = http_date(SystemTime::now() - Duration::from_secs(3_600));
    for code in ["SignatureDoesNotMatch", "RequestExpired"] {
        let reply = xml::error(403, code, "Signature expired").header("Date", &hour_ago);
        let ses = FakeSes::new().always(reply).start();
        list(&ses).says(format!("({code})")).hints("clock").hints("60 minutes").status(254);
    }
}

/// The time as HTTP writes it.
fn http_date(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = year_of_era + era * 400 + u64::from(month >= 10);
    let names =
        ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"];
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    let month = names[month as usize];
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{:02} GMT", second % 60)
}

#[test]
fn what_an_answer_says_cannot_move_the_cursor() {
    let ses = FakeSes::new().fails_with(400, "Odd\u{9b}2J").start();
    let outcome = list(&ses).any_stderr().status(254);
    assert!(!outcome.stderr().contains('\u{9b}'), "{:?}", outcome.stderr());
    let html = Reply::new(500, "text/html", "a\u{1b}[2Jb");
    let ses = FakeSes::new().always(html).start();
    let outcome = list(&ses).attempts(1).any_stderr().status(254);
    assert!(!outcome.stderr().contains('\u{1b}'), "{:?}", outcome.stderr());
    assert!(outcome.stderr().contains(&ses.url()));
}
