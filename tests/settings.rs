//! Where the settings come from: flag, environment, files, instance; in aws-cli 2's order, and never
//! another account than the one that was meant.

mod credentials;
mod junk;
mod roles;

use crate::support::secrets::MARKER;
use crate::support::ses::RunningSes;
use crate::support::{Endpoint, FakeSes, run, run::Run};

/// An account that every test may ask for its list.
fn account() -> RunningSes {
    FakeSes::new().domain("a.example").start()
}

/// ses-list, of which only the request matters.
fn list(ses: &RunningSes) -> Run {
    run("ses-list").against(ses).any_stdout()
}

/// The Region that the last request was signed for.
#[track_caller]
fn region(ses: &RunningSes) -> String {
    let requests = ses.requests();
    requests.last().and_then(|request| request.region()).expect("a signed request").to_owned()
}

/// The key that signed the last request.
#[track_caller]
fn key(ses: &RunningSes) -> String {
    let requests = ses.requests();
    requests.last().and_then(|request| request.key_id()).expect("a signed request").to_owned()
}

/// A section of a credentials file.
fn keys(profile: &str, id: &str) -> String {
    format!("[{profile}]\naws_access_key_id = {id}\naws_secret_access_key = {MARKER}-of-{id}\n")
}

#[test]
fn the_region_comes_from_flag_environment_and_profile_in_this_order() {
    let ses = account();
    let config = "[default]\nregion = eu-west-3\n";
    let bare = || list(&ses).without("AWS_DEFAULT_REGION").config(config);
    bare().status(0);
    assert_eq!(region(&ses), "eu-west-3");
    bare().env("AWS_DEFAULT_REGION", "eu-west-2").status(0);
    assert_eq!(region(&ses), "eu-west-2");
    bare().env("AWS_DEFAULT_REGION", "eu-west-2").env("AWS_REGION", "eu-west-1").status(0);
    assert_eq!(region(&ses), "eu-west-1");
    bare().env("AWS_REGION", "eu-west-1").args(["--region", "us-west-2"]).status(0);
    assert_eq!(region(&ses), "us-west-2");
    bare().env("AWS_REGION", "").env("AWS_DEFAULT_REGION", "").status(0);
    assert_eq!(region(&ses), "eu-west-3", "an empty variable is unset");
}

#[test]
fn the_environments_region_beats_the_one_of_an_explicit_profile() {
    let ses = account();
    let config = format!("{}region = eu-west-3\n", keys("profile prod", "AKIDPROD"));
    list(&ses).config(config).args(["--profile", "prod"]).status(0);
    assert_eq!((region(&ses).as_str(), key(&ses).as_str()), ("us-east-1", "AKIDPROD"));
}

#[test]
fn no_region_is_told_at_once() {
    for program in ["ses-list", "ses-exists", "ses-verify"] {
        let outcome = run(program)
            .without("AWS_DEFAULT_REGION")
            .args((program != "ses-list").then_some("a.example"))
            .says("Region")
            .hints("AWS_REGION")
            .status(253);
        assert!(outcome.elapsed.as_millis() < 1_000, "{:?}", outcome.elapsed);
    }
}

#[test]
fn the_profile_comes_from_flag_and_both_variables_in_this_order() {
    let ses = account();
    let credentials = keys("default", "AKIDDEFAULT")
        + &keys("one", "AKIDONE")
        + &keys("two", "AKIDTWO")
        + &keys("three", "AKIDTHREE");
    let bare = || list(&ses).without_keys().credentials(&credentials);
    bare().status(0);
    assert_eq!(key(&ses), "AKIDDEFAULT");
    bare().env("AWS_DEFAULT_PROFILE", "one").status(0);
    assert_eq!(key(&ses), "AKIDONE");
    bare().env("AWS_DEFAULT_PROFILE", "one").env("AWS_PROFILE", "two").status(0);
    assert_eq!(key(&ses), "AKIDTWO");
    bare().env("AWS_PROFILE", "two").args(["--profile", "three"]).status(0);
    assert_eq!(key(&ses), "AKIDTHREE");
    bare().env("AWS_PROFILE", "").env("AWS_DEFAULT_PROFILE", "one").status(0);
    assert_eq!(key(&ses), "AKIDONE", "an empty variable is unset");
}

#[test]
fn an_unknown_profile_is_told_with_where_it_was_named() {
    let unknown = || run("ses-list").credentials(keys("default", "AKIDDEFAULT"));
    let says = "The config profile (typo) could not be found";
    unknown().args(["--profile", "typo"]).says(says).hints("--profile").status(253);
    unknown().env("AWS_PROFILE", "typo").says(says).hints("AWS_PROFILE").status(253);
    unknown()
        .env("AWS_DEFAULT_PROFILE", "typo")
        .says(says)
        .hints("AWS_DEFAULT_PROFILE")
        .status(253);
    let many: String = (0..10).map(|number| keys(&format!("p{number}"), "AKIDMANY")).collect();
    for (credentials, hint) in [
        (keys("prod", "AKIDPROD") + &keys("dev", "AKIDDEV"), "by --profile; there are: dev, prod"),
        (many, "there are: p0, p1, p2, p3, p4, p5, p6, p7, and 2 more"),
        (String::new(), "there are no profiles"),
    ] {
        let run = run("ses-list").credentials(credentials).args(["--profile", "typo"]);
        run.says(says).hints(hint).status(253);
    }
}

#[test]
fn the_endpoint_comes_from_flag_environment_and_profile_in_this_order() {
    let [flag, own, all, service, profile] =
        [(); 5].map(|()| FakeSes::new().may_be_silent().start());
    let config = format!(
        "[default]\nendpoint_url = {}\nservices = local\n[services local]\nses =\n  endpoint_url = {}\n",
        profile.url(),
        service.url()
    );
    let bare = || run("ses-list").without("AWS_ENDPOINT_URL").config(&config).any_stdout();
    let without_services = config.replace("services = local\n", "");
    bare().config(without_services).status(0);
    assert_eq!(profile.requests().len(), 1);
    bare().status(0);
    assert_eq!(service.requests().len(), 1);
    bare().env("AWS_ENDPOINT_URL", all.url()).status(0);
    assert_eq!(all.requests().len(), 1);
    bare().env("AWS_ENDPOINT_URL", all.url()).env("AWS_ENDPOINT_URL_SES", own.url()).status(0);
    assert_eq!(own.requests().len(), 1);
    bare().env("AWS_ENDPOINT_URL_SES", own.url()).args(["--endpoint-url", &flag.url()]).status(0);
    assert_eq!(flag.requests().len(), 1);
    bare().env("AWS_ENDPOINT_URL_SES", "").env("AWS_ENDPOINT_URL", "").status(0);
    assert_eq!(service.requests().len(), 2, "an empty variable is unset");
    for other in [own, all, profile] {
        assert_eq!(other.requests().len(), 1);
    }
}

#[test]
fn configured_endpoints_can_be_ignored_but_not_the_flag() {
    let ses = FakeSes::new().may_be_silent().start();
    // What is not ignored would be asked; what is ignored leads to SES's own host, and that to a
    // proxy where nobody listens.
    let ignoring = || run("ses-list").attempts(1).env("HTTPS_PROXY", "http://127.0.0.1:9");
    let variable = || ignoring().env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    variable().env("AWS_ENDPOINT_URL", ses.url()).says("email.us-east-1.amazonaws.com").status(255);
    variable()
        .env("AWS_ENDPOINT_URL_SES", ses.url())
        .says("email.us-east-1.amazonaws.com")
        .status(255);
    let config = format!(
        "[default]\nignore_configured_endpoint_urls = true\nendpoint_url = {}\n",
        ses.url()
    );
    ignoring().without("AWS_ENDPOINT_URL").config(config).says("email.us-east-1").status(255);
    ses.was_silent();
    variable().args(["--endpoint-url", &ses.url()]).any_stdout().status(0);
    ses.was_asked(["ListIdentities"]);
}

#[test]
fn fips_and_dualstack_choose_among_the_hosts_of_ses() {
    let host = |name: &str, value: &str| {
        run("ses-list")
            .attempts(1)
            .without("AWS_ENDPOINT_URL")
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .env(name, value)
    };
    host("AWS_USE_FIPS_ENDPOINT", "true")
        .says("https://email-fips.us-east-1.amazonaws.com")
        .status(255);
    host("AWS_USE_FIPS_ENDPOINT", "false")
        .says("https://email.us-east-1.amazonaws.com")
        .status(255);
    host("AWS_REGION", "cn-north-1").says("https://email.cn-north-1.amazonaws.com.cn").status(255);
    host("AWS_USE_DUALSTACK_ENDPOINT", "true").any_stderr().start().any_status();
}

#[test]
fn a_custom_endpoint_stands_alone() {
    let ses = account();
    list(&ses)
        .env("AWS_USE_FIPS_ENDPOINT", "true")
        .env("AWS_USE_DUALSTACK_ENDPOINT", "true")
        .status(0);
    assert_eq!(ses.requests()[0].host(), ses.authority());
}

#[test]
fn an_endpoint_may_have_a_path() {
    let ses = account();
    for path in ["/", "/prefix", "/prefix/"] {
        run("ses-list")
            .args(["--endpoint-url", &format!("{}{path}", ses.url())])
            .any_stdout()
            .status(0);
    }
    let targets: Vec<_> = ses.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets[0], "/");
    assert!(targets[1].starts_with("/prefix") && targets[2].starts_with("/prefix"), "{targets:?}");
}

#[test]
fn the_output_comes_from_flag_environment_and_profile_in_this_order() {
    let ses = account();
    let bare = || run("ses-list").against(&ses).config("[default]\noutput = yaml\n");
    bare().stdout("Identities:\n- a.example\n").status(0);
    bare().env("AWS_DEFAULT_OUTPUT", "text").stdout("IDENTITIES\ta.example\n").status(0);
    bare().env("AWS_DEFAULT_OUTPUT", "").stdout("Identities:\n- a.example\n").status(0);
    bare()
        .env("AWS_DEFAULT_OUTPUT", "text")
        .args(["--output", "json"])
        .stdout("{\n    \"Identities\": [\n        \"a.example\"\n    ]\n}\n")
        .status(0);
}

#[test]
fn files_may_be_elsewhere() {
    let ses = account();
    list(&ses)
        .without_keys()
        .without("AWS_DEFAULT_REGION")
        .file("my-config", "[profile x]\nregion = eu-west-3\n")
        .file("my-credentials", keys("x", "AKIDX"))
        .env("AWS_CONFIG_FILE", "my-config")
        .env("AWS_SHARED_CREDENTIALS_FILE", "my-credentials")
        .env("AWS_PROFILE", "x")
        .status(0);
    assert_eq!((region(&ses).as_str(), key(&ses).as_str()), ("eu-west-3", "AKIDX"));
}

#[test]
fn a_missing_file_is_no_error() {
    let ses = account();
    list(&ses)
        .env("AWS_CONFIG_FILE", "no-such")
        .env("AWS_SHARED_CREDENTIALS_FILE", "no-such")
        .status(0);
}

#[test]
fn debug_says_where_each_setting_came_from_and_no_secret() {
    let ses = account();
    list(&ses)
        .arg("--debug")
        .stderr_has("region us-east-1 from AWS_DEFAULT_REGION\n")
        .stderr_has(format!("endpoint {} from AWS_ENDPOINT_URL\n", ses.url()))
        .stderr_has("AKIDENVIRONMENT from AWS_ACCESS_KEY_ID\n")
        .stderr_has("ListIdentities")
        .status(0);
    list(&ses)
        .arg("--debug")
        .without_keys()
        .env("AWS_DEFAULT_PROFILE", "prod")
        .credentials(keys("prod", "AKIDPROD"))
        .stderr_has("profile prod from AWS_DEFAULT_PROFILE\n")
        .status(0);
}

#[test]
fn debug_tells_of_each_attempt() {
    let ses = FakeSes::new().fails_with(503, "ServiceUnavailable").start();
    run("ses-list").against(&ses).attempts(2).arg("--debug").stderr_has("attempt 2").status(254);
}

#[test]
fn requests_without_a_signature_need_no_credentials() {
    let ses = FakeSes::new().domain("a.example").unsigned().start();
    list(&ses).without_keys().arg("--no-sign-request").status(0);
}
