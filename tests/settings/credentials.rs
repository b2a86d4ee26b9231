//! Whose key signs.

use std::time::Duration;

use super::{account, key, keys, list};
use crate::support::roles::{Container, Metadata, credential_process};
use crate::support::secrets::{MARKER, SECRET_KEY};
use crate::support::{Endpoint, Scratch, run};

#[test]
fn keys_in_the_environment_beat_the_files() {
    let ses = account();
    list(&ses).credentials(keys("default", "AKIDDEFAULT")).status(0);
    assert_eq!(key(&ses), "AKIDENVIRONMENT");
    assert!(
        ses.requests()[0]
            .header("x-amz-security-token")
            .is_some_and(|token| token.contains("session"))
    );
}

#[test]
fn a_profile_of_the_environment_does_not_beat_keys_there() {
    let ses = account();
    list(&ses).credentials(keys("prod", "AKIDPROD")).env("AWS_PROFILE", "prod").status(0);
    assert_eq!(key(&ses), "AKIDENVIRONMENT");
}

#[test]
fn an_explicit_profile_beats_keys_in_the_environment() {
    let ses = account();
    list(&ses).credentials(keys("prod", "AKIDPROD")).args(["--profile", "prod"]).status(0);
    assert_eq!(key(&ses), "AKIDPROD");
    assert_eq!(ses.requests()[0].header("x-amz-security-token"), None, "the session is not prod's");
}

#[test]
fn the_credentials_file_beats_the_config_file() {
    let ses = account();
    list(&ses)
        .without_keys()
        .config(keys("default", "AKIDCONFIG"))
        .credentials(keys("default", "AKIDCREDENTIALS"))
        .status(0);
    assert_eq!(key(&ses), "AKIDCREDENTIALS");
    list(&ses).without_keys().config(keys("default", "AKIDCONFIG")).status(0);
    assert_eq!(key(&ses), "AKIDCONFIG");
}

#[test]
fn half_a_key_in_the_environment_is_told() {
    run("ses-list")
        .without("AWS_SECRET_ACCESS_KEY")
        .credentials(keys("default", "AKIDDEFAULT"))
        .says("AWS_SECRET_ACCESS_KEY")
        .status(253);
    run("ses-list")
        .env("AWS_SECRET_ACCESS_KEY", "")
        .credentials(keys("default", "AKIDDEFAULT"))
        .says("AWS_SECRET_ACCESS_KEY")
        .status(253);
}

#[test]
fn half_a_key_in_a_profile_is_told() {
    for half in
        ["aws_access_key_id = AKIDHALF".to_owned(), format!("aws_secret_access_key = {MARKER}")]
    {
        let run = run("ses-list").without_keys().credentials(format!("[default]\n{half}\n"));
        run.says("credentials").status(253);
    }
}

#[test]
fn the_session_token_has_an_old_name() {
    let ses = account();
    let token = format!("{MARKER}-old-token");
    list(&ses).without("AWS_SESSION_TOKEN").env("AWS_SECURITY_TOKEN", &token).status(0);
    assert_eq!(ses.requests()[0].header("x-amz-security-token"), Some(token.as_str()));
    list(&ses).without("AWS_SESSION_TOKEN").status(0);
    assert_eq!(ses.requests()[1].header("x-amz-security-token"), None);
    list(&ses).env("AWS_SESSION_TOKEN", "").status(0);
    assert_eq!(
        ses.requests()[2].header("x-amz-security-token"),
        None,
        "an empty variable is unset"
    );
}

#[test]
fn no_credentials_are_told_at_once() {
    let outcome = run("ses-list").without_keys().says("Unable to locate credentials").status(253);
    assert!(outcome.elapsed < Duration::from_secs(1), "{:?}", outcome.elapsed);
    run("ses-list")
        .without_keys()
        .config("[profile empty]\nregion = us-east-1\n")
        .args(["--profile", "empty"])
        .says("credentials")
        .status(253);
}

#[test]
fn a_credential_process_is_asked() {
    let (ses, scripts) = (account(), Scratch::new());
    let process = credential_process(&scripts, "AKIDPROCESS");
    list(&ses)
        .without_keys()
        .env("PATH", "/usr/bin:/bin")
        .config(format!("[default]\ncredential_process = {process}\n"))
        .status(0);
    assert_eq!(key(&ses), "AKIDPROCESS");
}

#[test]
fn a_credential_process_that_fails_is_told() {
    let scripts = Scratch::new();
    for script in ["exit 1", "echo '{}'", "echo no JSON", "echo '{\"Version\": 7}'", "kill -9 $$"] {
        let path = scripts.write("process", script);
        run("ses-list")
            .without_keys()
            .env("PATH", "/usr/bin:/bin")
            .config(format!("[default]\ncredential_process = sh {}\n", path.display()))
            .says("credentials")
            .status(253);
    }
}

#[test]
fn a_credential_process_that_fails_shows_no_secret() {
    let scripts = Scratch::new();
    let path = scripts.write("process", format!("echo '{{\"SecretAccessKey\": \"{SECRET_KEY}\"'"));
    run("ses-list")
        .without_keys()
        .env("PATH", "/usr/bin:/bin")
        .config(format!("[default]\ncredential_process = sh {}\n", path.display()))
        .args(["--debug"])
        .stderr_has("credentials")
        .status(253);
}

#[test]
fn an_expired_key_of_a_process_is_not_used() {
    let (ses, scripts) = (super::FakeSes::new().may_be_silent().start(), Scratch::new());
    let answer = format!(
        "echo '{{\"Version\": 1, \"AccessKeyId\": \"AKIDOLD\", \"SecretAccessKey\": \"{MARKER}\", \
         \"SessionToken\": \"{MARKER}\", \"Expiration\": \"2020-01-01T00:00:00Z\"}}'"
    );
    let path = scripts.write("process", answer);
    run("ses-list")
        .against(&ses)
        .without_keys()
        .env("PATH", "/usr/bin:/bin")
        .config(format!("[default]\ncredential_process = sh {}\n", path.display()))
        .says("expired")
        .status(253);
    ses.was_silent();
}

#[test]
fn a_signal_ends_a_run_that_waits_for_a_process() {
    let scripts = Scratch::new();
    let path = scripts.write("process", "echo started >&2; exec sleep 20");
    let running = run("ses-list")
        .without_keys()
        .env("PATH", "/usr/bin:/bin")
        .config(format!("[default]\ncredential_process = sh {}\n", path.display()))
        .any_stderr()
        .start();
    std::thread::sleep(Duration::from_millis(300));
    running.signal(libc::SIGINT);
    let outcome = running.interrupted(130);
    assert!(outcome.elapsed < Duration::from_secs(5), "{:?}", outcome.elapsed);
}

#[test]
fn the_instance_is_asked_last() {
    let (ses, instance) = (account(), Metadata::start());
    list(&ses)
        .without_keys()
        .without("AWS_EC2_METADATA_DISABLED")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.url())
        .status(0);
    assert_eq!(key(&ses), "AKIDINSTANCE");
    assert!(instance.asked().contains(&"/latest/api/token".to_owned()), "{:?}", instance.asked());
}

#[test]
fn the_instance_knows_the_region_and_is_asked_for_it_once() {
    let (ses, instance) = (account(), Metadata::start());
    list(&ses)
        .without("AWS_DEFAULT_REGION")
        .without("AWS_EC2_METADATA_DISABLED")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.url())
        .status(0);
    assert_eq!(super::region(&ses), "eu-west-1");
    let asked = instance.asked();
    assert_eq!(asked.iter().filter(|path| path.contains("region")).count(), 1, "{asked:?}");
}

#[test]
fn a_misspelt_profile_never_uses_the_instance_role() {
    let (ses, instance) = (super::FakeSes::new().may_be_silent().start(), Metadata::start());
    let on_an_instance = || {
        run("ses-list")
            .against(&ses)
            .without_keys()
            .without("AWS_EC2_METADATA_DISABLED")
            .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.url())
            .credentials(keys("default", "AKIDDEFAULT"))
    };
    on_an_instance().args(["--profile", "typo"]).says("(typo)").status(253);
    on_an_instance().env("AWS_PROFILE", "typo").says("(typo)").status(253);
    on_an_instance().env("AWS_DEFAULT_PROFILE", "typo").says("(typo)").status(253);
    on_an_instance()
        .config("[profile role]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = typo\n")
        .args(["--profile", "role"])
        .says("typo")
        .status(253);
    assert!(instance.asked().is_empty(), "{:?}", instance.asked());
    ses.was_silent();
}

#[test]
fn half_a_key_never_uses_the_instance_role() {
    let (ses, instance) = (super::FakeSes::new().may_be_silent().start(), Metadata::start());
    run("ses-list")
        .against(&ses)
        .without_keys()
        .without("AWS_EC2_METADATA_DISABLED")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.url())
        .credentials("[prod]\naws_access_key_id = AKIDHALF\n")
        .args(["--profile", "prod"])
        .says("credentials")
        .status(253);
    assert!(instance.asked().is_empty(), "{:?}", instance.asked());
    ses.was_silent();
}

#[test]
fn a_container_has_its_own_role() {
    let (ses, container) = (account(), Container::start());
    list(&ses)
        .without_keys()
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}/role", container.url()))
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", format!("{MARKER}-of-container"))
        .status(0);
    assert_eq!(key(&ses), "AKIDCONTAINER");
}
