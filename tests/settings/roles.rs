//! Roles: assumed, by token, out of aws-cli's cache, with a second factor.

use std::process::Command;
use std::rc::Rc;

use super::{account, key, keys, list};
use crate::support::roles::{FUTURE, Sts};
use crate::support::secrets::MARKER;
use crate::support::terminal::Terminal;
use crate::support::{Endpoint, FakeSes, Scratch, run, run::Run};

const ROLE: &str =
    "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/AKIDROLE\nsource_profile = base\n";

/// A run that takes `sts` for STS.
fn with_sts(run: Run, sts: &Sts) -> Run {
    run.env("AWS_ENDPOINT_URL_STS", sts.url()).without_keys()
}

#[test]
fn a_role_is_assumed_with_the_key_of_its_source() {
    let (ses, sts) = (account(), Sts::start());
    let list = list(&ses).config(ROLE).credentials(keys("base", "AKIDBASE"));
    with_sts(list, &sts).args(["--profile", "role"]).status(0);
    assert_eq!(key(&ses), "AKIDROLE");
    let requests = sts.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].operation().as_str(), requests[0].key_id()),
        ("AssumeRole", Some("AKIDBASE"))
    );
}

#[test]
fn roles_may_be_chained() {
    let (ses, sts) = (account(), Sts::start());
    let config = format!(
        "{ROLE}[profile far]\nrole_arn = arn:aws:iam::1:role/AKIDFAR\nsource_profile = role\n"
    );
    let list = list(&ses).config(config).credentials(keys("base", "AKIDBASE"));
    with_sts(list, &sts).args(["--profile", "far"]).status(0);
    assert_eq!(key(&ses), "AKIDFAR");
    let keys: Vec<_> =
        sts.requests().iter().map(|request| request.key_id().map(str::to_owned)).collect();
    assert_eq!(keys, [Some("AKIDBASE".to_owned()), Some("AKIDROLE".to_owned())]);
}

#[test]
fn a_role_may_take_its_key_from_the_environment() {
    let (ses, sts) = (account(), Sts::start());
    list(&ses)
        .config("[profile role]\nrole_arn = arn:aws:iam::1:role/AKIDROLE\ncredential_source = Environment\n")
        .env("AWS_ENDPOINT_URL_STS", sts.url())
        .args(["--profile", "role"])
        .status(0);
    assert_eq!(key(&ses), "AKIDROLE");
    assert_eq!(sts.requests()[0].key_id(), Some("AKIDENVIRONMENT"));
}

#[test]
fn an_external_id_and_a_session_name_are_handed_on() {
    let (ses, sts) = (account(), Sts::start());
    let config = format!("{ROLE}external_id = ext-1\nrole_session_name = me\n");
    let list = list(&ses).config(config).credentials(keys("base", "AKIDBASE"));
    with_sts(list, &sts).args(["--profile", "role"]).status(0);
    let request = &sts.requests()[0];
    assert_eq!(request.parameter("ExternalId").as_deref(), Some("ext-1"));
    assert_eq!(request.parameter("RoleSessionName").as_deref(), Some("me"));
}

#[test]
fn a_duration_is_handed_on() {
    let (ses, sts) = (account(), Sts::start());
    let list = list(&ses)
        .config(format!("{ROLE}duration_seconds = 900\n"))
        .credentials(keys("base", "AKIDBASE"));
    with_sts(list, &sts).args(["--profile", "role"]).status(0);
    assert_eq!(sts.requests()[0].parameter("DurationSeconds").as_deref(), Some("900"));
}

#[test]
fn a_token_file_is_exchanged_for_a_role() {
    let (ses, sts) = (account(), Sts::start());
    let list = list(&ses)
        .file("token", format!("{MARKER}-web-identity"))
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "token")
        .env("AWS_ROLE_ARN", "arn:aws:iam::1:role/AKIDWEB");
    with_sts(list, &sts).status(0);
    assert_eq!(key(&ses), "AKIDWEB");
    assert_eq!(sts.requests()[0].operation(), "AssumeRoleWithWebIdentity");
}

#[test]
fn a_missing_source_profile_is_told() {
    let ses = FakeSes::new().may_be_silent().start();
    run("ses-list")
        .against(&ses)
        .without_keys()
        .config(ROLE)
        .args(["--profile", "role"])
        .says("base")
        .says("role")
        .status(253);
    ses.was_silent();
}

#[test]
fn a_circle_of_profiles_ends() {
    run("ses-list")
        .without_keys()
        .config(
            "[profile a]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = b\n\
             [profile b]\nrole_arn = arn:aws:iam::1:role/b\nsource_profile = a\n",
        )
        .args(["--profile", "a"])
        .says("credentials")
        .status(253);
}

/// aws-cli's name for the session of `arguments`, computed by its own rule: the SHA-1 of the sorted
/// arguments of AssumeRole, as Python's json.dumps prints them.
const CACHE_OF_ROLE: &str = "8d4af119539b22a9d405ef62a53df1fcd7220ced.json";
const CACHE_OF_MFA: &str = "e7fd3f11a6f1f7ad610d22822459d50394cee8d3.json";

fn session(id: &str, expiration: &str) -> String {
    format!(
        r#"{{"Credentials": {{"AccessKeyId": "{id}", "SecretAccessKey": "{MARKER}-cached",
            "SessionToken": "{MARKER}-cached-token", "Expiration": "{expiration}"}}}}"#
    )
}

#[test]
fn the_cache_of_aws_cli_is_used() {
    let (ses, sts) = (account(), Sts::start());
    let list = list(&ses)
        .config(ROLE)
        .credentials(keys("base", "AKIDBASE"))
        .file(&format!(".aws/cli/cache/{CACHE_OF_ROLE}"), session("AKIDCACHED", FUTURE));
    with_sts(list, &sts).args(["--profile", "role"]).status(0);
    assert_eq!(key(&ses), "AKIDCACHED");
    assert!(sts.requests().is_empty());
}

#[test]
fn an_old_session_in_the_cache_is_not_used() {
    for expiration in ["2020-01-01T00:00:00Z", "junk", ""] {
        let (ses, sts) = (account(), Sts::start());
        let list = list(&ses)
            .config(ROLE)
            .credentials(keys("base", "AKIDBASE"))
            .file(&format!(".aws/cli/cache/{CACHE_OF_ROLE}"), session("AKIDCACHED", expiration));
        with_sts(list, &sts).args(["--profile", "role"]).status(0);
        assert_eq!(key(&ses), "AKIDROLE");
    }
}

const MFA: &str = "mfa_serial = arn:aws:iam::123456789012:mfa/me\n";

#[test]
fn a_role_with_a_second_factor_and_no_terminal_is_told() {
    let (ses, sts) = (FakeSes::new().may_be_silent().start(), Sts::start());
    let config = format!("{ROLE}{MFA}");
    let list = run("ses-list").against(&ses).config(config).credentials(keys("base", "AKIDBASE"));
    with_sts(list, &sts)
        .args(["--profile", "role"])
        .says("MFA")
        .says("arn:aws:iam::123456789012:mfa/me")
        .hints("aws sts get-caller-identity --profile role")
        .status(253);
    assert!(sts.requests().is_empty(), "a role asked for without the code is refused");
    ses.was_silent();
}

#[test]
fn a_cached_session_with_a_second_factor_is_used() {
    let ses = account();
    let home = Rc::new(Scratch::new());
    home.write(format!(".aws/cli/cache/{CACHE_OF_MFA}"), session("AKIDMFA", FUTURE));
    list(&ses)
        .home(&home)
        .without_keys()
        .config(format!("{ROLE}{MFA}"))
        .credentials(keys("base", "AKIDBASE"))
        .args(["--profile", "role"])
        .status(0);
    assert_eq!(key(&ses), "AKIDMFA");
}

#[test]
fn a_code_is_asked_for_on_the_terminal_once() {
    let (ses, sts) = (account(), Sts::start());
    let home = Rc::new(Scratch::new());
    let device = "arn:aws:iam::123456789012:mfa/operator";
    home.write(".aws/config", format!("{ROLE}mfa_serial = {device}\nduration_seconds = 900\n"));
    home.write(".aws/credentials", keys("base", "AKIDBASE"));
    let list = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ses-list"));
        command.env_clear().env("HOME", home.path("")).args(["--profile", "role"]);
        command.envs([("AWS_ENDPOINT_URL_SES", ses.url()), ("AWS_ENDPOINT_URL_STS", sts.url())]);
        command.env("AWS_DEFAULT_REGION", "us-east-1");
        Terminal::start(command)
    };
    let mut terminal = list();
    terminal.wait_for(&format!("Enter MFA code for {device}: "));
    terminal.types("123456\n");
    let ended = terminal.end();
    assert_eq!(ended.code(), 0, "{}", ended.screen);
    assert!(ended.stdout.contains("Identities"), "the list, and no prompt: {}", ended.stdout);
    let request = &sts.requests()[0];
    assert_eq!(request.parameter("SerialNumber").as_deref(), Some(device));
    assert_eq!(request.parameter("TokenCode").as_deref(), Some("123456"));
    assert_eq!(request.key_id(), Some("AKIDBASE"));

    // The session is kept as aws-cli keeps it, so that the next program asks nobody.
    let ended = list().end();
    assert_eq!((ended.code(), ended.screen.as_str()), (0, ""));
    assert_eq!(sts.requests().len(), 1);
    assert_eq!(key(&ses), "AKIDROLE");
}
