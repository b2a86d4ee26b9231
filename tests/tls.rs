//! TLS: whom a program trusts, and what it says of those it does not.

use crate::support::sockets::Sockets;
use crate::support::tls::{Authority, Certificate};
use crate::support::{Endpoint, FakeSes, run};

const HERE: &str = "127.0.0.1";

/// A server that shows `certificate`, and that nobody may get a request to.
fn untrusted(certificate: Certificate) -> crate::support::ses::RunningSes {
    FakeSes::new().tls(certificate).may_be_silent().start()
}

#[test]
fn a_private_ca_can_be_named_in_every_way() {
    let authority = Authority::new();
    let ses = FakeSes::new().domain("a.example").tls(authority.certificate(HERE)).start();
    let list = || run("ses-list").against(&ses).file("ca.pem", authority.pem()).any_stdout();
    list().args(["--ca-bundle", "ca.pem"]).status(0);
    list().env("AWS_CA_BUNDLE", "ca.pem").status(0);
    list().config("[default]\nca_bundle = ca.pem\n").status(0);
    list().env("REQUESTS_CA_BUNDLE", "ca.pem").status(0);
    list().env("SSL_CERT_FILE", "ca.pem").status(0);
    ses.was_asked(["ListIdentities"; 5]);
    assert!(ses.url().starts_with("https://"));
}

#[test]
fn a_directory_of_certificates_is_read() {
    let authority = Authority::new();
    let ses = FakeSes::new().tls(authority.certificate(HERE)).start();
    run("ses-list")
        .against(&ses)
        .file("certs/ca.pem", authority.pem())
        .env("SSL_CERT_DIR", "certs")
        .any_stdout()
        .status(0);
}

#[test]
fn the_flag_beats_the_variable_and_the_variable_the_profile() {
    let (right, wrong) = (Authority::new(), Authority::new());
    let ses = FakeSes::new().tls(right.certificate(HERE)).start();
    let list = || {
        let run = run("ses-list").against(&ses).attempts(1);
        run.file("right.pem", right.pem()).file("wrong.pem", wrong.pem())
    };
    list()
        .env("AWS_CA_BUNDLE", "wrong.pem")
        .args(["--ca-bundle", "right.pem"])
        .any_stdout()
        .status(0);
    list()
        .env("AWS_CA_BUNDLE", "right.pem")
        .args(["--ca-bundle", "wrong.pem"])
        .says("TLS")
        .status(255);
    let profile = |bundle| format!("[default]\nca_bundle = {bundle}\n");
    list().env("AWS_CA_BUNDLE", "right.pem").config(profile("wrong.pem")).any_stdout().status(0);
    list().env("AWS_CA_BUNDLE", "").config(profile("right.pem")).any_stdout().status(0);
    list()
        .env("AWS_CA_BUNDLE", "wrong.pem")
        .env("SSL_CERT_FILE", "right.pem")
        .says("TLS")
        .status(255);
}

#[test]
fn a_bundle_of_several_certificates_is_read() {
    let (one, two) = (Authority::new(), Authority::new());
    let ses = FakeSes::new().tls(two.certificate(HERE)).start();
    let bundle = format!("# one\n{}\n# two\n{}", one.pem(), two.pem());
    run("ses-list")
        .against(&ses)
        .file("ca.pem", bundle)
        .env("AWS_CA_BUNDLE", "ca.pem")
        .any_stdout()
        .status(0);
}

#[test]
fn an_unknown_issuer_is_told_with_the_variable_that_helps() {
    let ses = untrusted(Authority::new().certificate(HERE));
    for (program, operand) in
        [("ses-list", None), ("ses-exists", Some("a.example")), ("ses-verify", Some("a.example"))]
    {
        run(program)
            .against(&ses)
            .args(operand)
            .says("TLS failure at endpoint URL")
            .says(ses.url())
            .says("UnknownIssuer")
            .hints("AWS_CA_BUNDLE")
            .status(255);
    }
    ses.was_silent();
}

#[test]
fn a_ca_of_another_name_does_not_help() {
    let (theirs, ours) = (Authority::new(), Authority::new());
    let ses = untrusted(theirs.certificate(HERE));
    let list =
        run("ses-list").against(&ses).file("ca.pem", ours.pem()).env("AWS_CA_BUNDLE", "ca.pem");
    list.says("TLS failure").status(255);
    ses.was_silent();
}

#[test]
fn an_expired_certificate_is_refused() {
    let authority = Authority::new();
    let ses = untrusted(authority.expired_certificate(HERE));
    let list = run("ses-list")
        .against(&ses)
        .file("ca.pem", authority.pem())
        .env("AWS_CA_BUNDLE", "ca.pem");
    let outcome = list.says("TLS failure").says(ses.url()).status(255);
    assert!(outcome.stderr().to_lowercase().contains("expired"), "{}", outcome.stderr());
    ses.was_silent();
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new();
    let ses = untrusted(authority.certificate("other.example"));
    let list = run("ses-list")
        .against(&ses)
        .file("ca.pem", authority.pem())
        .env("AWS_CA_BUNDLE", "ca.pem");
    let outcome = list.says("TLS failure").says(ses.url()).status(255);
    assert!(outcome.stderr().to_lowercase().contains("name"), "{}", outcome.stderr());
    ses.was_silent();
}

#[test]
fn a_refusal_is_not_tried_again() {
    let ses = untrusted(Authority::new().certificate(HERE));
    let outcome = run("ses-list").against(&ses).says("TLS failure").status(255);
    assert!(!outcome.stderr().contains("attempts"), "{}", outcome.stderr());
    ses.was_silent();
}

#[test]
fn no_verify_ssl_takes_anyone_and_warns() {
    let ses = FakeSes::new()
        .domain("a.example")
        .tls(Authority::new().certificate("other.example"))
        .start();
    let outcome =
        run("ses-list").against(&ses).arg("--no-verify-ssl").any_stdout().any_stderr().status(0);
    let warning = outcome.stderr();
    assert!(warning.contains("--no-verify-ssl") && warning.lines().count() == 1, "{warning}");
    ses.was_asked(["ListIdentities"]);
}

#[test]
fn a_bad_bundle_is_a_wrong_setting() {
    let ses = untrusted(Authority::new().certificate(HERE));
    let pem = Authority::new().pem().to_owned();
    let broken = pem.replacen("MII", "!!!", 1);
    let cut = pem[..pem.len() / 2].to_owned();
    let not_a_certificate =
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    for content in [String::new(), "junk\n".into(), broken, cut, not_a_certificate] {
        let list =
            run("ses-list").against(&ses).file("ca.pem", &content).env("AWS_CA_BUNDLE", "ca.pem");
        list.says("CA bundle ca.pem (AWS_CA_BUNDLE)").status(253);
    }
    run("ses-list")
        .against(&ses)
        .args(["--ca-bundle", "no-such"])
        .says("no-such (--ca-bundle)")
        .status(253);
    ses.was_silent();
}

#[test]
fn a_server_that_does_not_speak_tls_is_told() {
    let plain = Sockets::new(|socket| socket.say("HTTP/1.1 400 Bad Request\r\n\r\n"));
    let url = plain.url().replace("http://", "https://");
    run("ses-list")
        .attempts(1)
        .args(["--endpoint-url", &url])
        .says("TLS failure")
        .says(&url)
        .status(255);
}

#[test]
fn a_server_that_speaks_tls_where_http_was_asked_is_told() {
    let ses = untrusted(Authority::new().certificate(HERE));
    let url = ses.url().replace("https://", "http://");
    run("ses-list").attempts(1).args(["--endpoint-url", &url]).says(&url).status(255);
    ses.was_silent();
}

#[test]
fn a_hang_within_the_handshake_ends_in_the_connect_time_out() {
    let silent = Sockets::new(|socket| socket.hang());
    let url = silent.url().replace("http://", "https://");
    let outcome = run("ses-list")
        .attempts(1)
        .args(["--cli-connect-timeout", "1", "--endpoint-url", &url])
        .says("Connect time-out")
        .says(&url)
        .status(255);
    assert!(outcome.elapsed.as_millis() < 2_000, "{:?}", outcome.elapsed);
}
