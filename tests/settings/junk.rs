//! Settings that cannot be used: told with where they were found, before any request.

use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::rc::Rc;

use super::keys;
use crate::support::{FakeSes, Scratch, run};

#[test]
fn junk_in_a_variable_is_told_with_its_name() {
    let ses = FakeSes::new().start();
    for (name, values) in [
        ("AWS_MAX_ATTEMPTS", &["0", "-1", "abc", "1.5", "99999999999"][..]),
        ("AWS_RETRY_MODE", &["x", "standard "]),
        ("AWS_ENDPOINT_URL", &["x", "localhost:5000", "ftp://a.example", "http://", "http://a b"]),
        ("AWS_ENDPOINT_URL_SES", &["x", "https://"]),
        ("AWS_DEFAULT_OUTPUT", &["xml", "JSON"]),
        ("AWS_REGION", &["us east 1", "-", "us-east-1/x", "a.b", "é"]),
        ("AWS_DEFAULT_REGION", &["us_east_1"]),
        ("AWS_USE_FIPS_ENDPOINT", &["yes"]),
        ("AWS_USE_DUALSTACK_ENDPOINT", &["1"]),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", &["maybe"]),
        ("HTTP_PROXY", &["socks5://a.example", "http://"]),
        ("https_proxy", &["junk://x"]),
    ] {
        for value in values {
            let run = run("ses-list").against(&ses).env(name, value);
            run.says(name).status(253);
        }
    }
    ses.was_silent();
}

#[test]
fn junk_in_a_profile_is_told_with_the_profile() {
    let ses = FakeSes::new().start();
    for line in [
        "max_attempts = bad",
        "max_attempts = 0",
        "retry_mode = x",
        "output = xml",
        "use_fips_endpoint = perhaps",
        "ignore_configured_endpoint_urls = perhaps",
    ] {
        let run = run("ses-list").against(&ses).config(format!("[profile p]\n{line}\n"));
        run.args(["--profile", "p"]).credentials(keys("p", "AKIDP")).says("profile p").status(253);
    }
    let endpoint =
        run("ses-list").without("AWS_ENDPOINT_URL").config("[default]\nendpoint_url = junk\n");
    endpoint.says("profile default").status(253);
    let region =
        run("ses-list").without("AWS_DEFAULT_REGION").config("[default]\nregion = no region\n");
    region.says("profile default").status(253);
    ses.was_silent();
}

#[test]
fn junk_in_a_flag_is_told_with_the_flag() {
    for (flag, value) in
        [("--endpoint-url", "junk"), ("--region", "no region"), ("--profile", "no profile")]
    {
        let outcome = run("ses-list").args([flag, value]).any_stderr().status(253);
        assert!(outcome.stderr().contains(flag), "{}", outcome.stderr());
    }
}

#[test]
fn a_legacy_retry_mode_is_legal() {
    let ses = super::account();
    super::list(&ses).env("AWS_RETRY_MODE", "legacy").status(0);
    super::list(&ses).config("[default]\nretry_mode = legacy\n").status(0);
}

#[test]
fn a_value_that_is_not_utf8_is_told() {
    let odd = std::ffi::OsStr::from_bytes(b"\xff");
    for name in
        ["AWS_REGION", "AWS_PROFILE", "AWS_MAX_ATTEMPTS", "AWS_ENDPOINT_URL", "AWS_DEFAULT_OUTPUT"]
    {
        run("ses-list").env(name, odd).any_stderr().status(253);
    }
}

#[test]
fn variables_that_are_no_business_of_ours_do_no_harm() {
    let ses = super::account();
    let odd = std::ffi::OsStr::from_bytes(b"\xff\n=");
    super::list(&ses)
        .env("AWS_PAGER", "cat")
        .env("AWS_CLI_AUTO_PROMPT", "on")
        .env("AWS_EXECUTION_ENV", odd)
        .env("REQUEST_METHOD", "GET")
        .env("SOMETHING", odd)
        .env("RUST_BACKTRACE", "1")
        .env("RUST_LOG", "trace")
        .status(0);
}

#[test]
fn a_file_that_cannot_be_parsed_is_told_with_its_line() {
    for (content, line) in [
        ("[default]\nregion = us-east-1\n[broken\n", "3"),
        ("region = us-east-1\n", "1"),
        ("[default]\nregion\n", "2"),
        ("[default]\n= us-east-1\n", "2"),
    ] {
        run("ses-list").config(content).says("config").says(line).status(253);
        run("ses-list").credentials(content).says("credentials").says(line).status(253);
    }
}

#[test]
fn a_file_that_is_not_utf8_is_told_with_its_line() {
    run("ses-list")
        .config(b"[default]\nregion = \xff\n")
        .says("config: line 2 is not UTF-8")
        .status(253);
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    run("ses-list").file(".aws/config/in-the-way", "").says("config: cannot be read").status(253);
    // Root may read whatever the mode says; elsewhere the mode counts.
    let home = Rc::new(Scratch::new());
    let path = home.write(".aws/credentials", keys("default", "AKIDDEFAULT"));
    fs::set_permissions(&path, Permissions::from_mode(0o000)).expect("a mode");
    if fs::read(&path).is_err() {
        run("ses-list").home(&home).says("credentials: cannot be read").status(253);
    }
}

#[test]
fn what_botocore_skips_in_a_file_is_skipped() {
    let ses = super::account();
    // Comments, blank lines, CRLF, spaces, nested settings, sections of others.
    super::list(&ses)
        .without("AWS_DEFAULT_REGION")
        .config(
            "# comment\r\n; another\r\n\r\n[default]\r\nregion  =  eu-west-3  \r\ns3 =\r\n  a = b\r\n\
             [plugins]\r\nx = y\r\n[sso-session x]\r\nsso_region = us-east-1\r\n",
        )
        .status(0);
    assert_eq!(super::region(&ses), "eu-west-3");
}

#[test]
fn a_colon_is_as_good_as_an_equals_sign() {
    let ses = super::account();
    super::list(&ses)
        .without("AWS_DEFAULT_REGION")
        .config("[default]\nregion: eu-west-3\n")
        .status(0);
    assert_eq!(super::region(&ses), "eu-west-3");
}
