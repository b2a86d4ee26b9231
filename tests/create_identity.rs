//! ses-create-identity: the runbook, step by step. With the real programs and the fake SES where
//! these can show it, with stubs on a private PATH where they cannot.

mod failures;
mod interruptions;
mod messages;
mod resume;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::support::run::Run;
use crate::support::ses::{dkim_tokens, xml};
use crate::support::terminal::{Ended, Terminal};
use crate::support::{Endpoint, FakeSes, Scratch, identity, token};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/ses-create-identity");
const VERIFY: &str = "VerifyDomainIdentity";
const DKIM: &str = "VerifyDomainDkim";
const ATTRIBUTES: &str = "GetIdentityVerificationAttributes";
const FILE: &str = "tmp/conf-ses/example.com-verify.json";

/// Where the real programs are.
fn kit() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_ses-exists")).parent().expect("a directory")
}

/// The directory of another bash may be named in TEST_BASH_DIR: the script has to run with 4.2.
fn path(first: &Path) -> String {
    let bash = std::env::var("TEST_BASH_DIR").unwrap_or_default();
    format!("{}:{}:{bash}:/usr/bin:/bin", first.display(), kit().display())
}

/// The script with the real programs; `bin` in the home directory comes first.
fn create(home: &Rc<Scratch>) -> Run {
    Run::program(SCRIPT).home(home).env("PATH", path(&home.path("bin")))
}

fn home() -> Rc<Scratch> {
    Rc::new(Scratch::new())
}

/// In the way of PROGRAM: what the script asks for beforehand goes to the real one, all else is `body`.
fn stub(home: &Scratch, program: &str, body: &str) {
    let real = kit().join(program);
    let text = format!(
        "#!/bin/bash\n\
         real={}\n\
         case \" $* \" in\n\
         *' --version '* | *' --dry-run '* | *' /dev/null ' | ' --format raw ') exec $real \"$@\" ;;\n\
         esac\n\
         {body}\n",
        real.display()
    );
    let path = home.write(format!("bin/{program}"), text);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
}

/// The answer of a run before this one.
fn earlier(home: &Scratch) {
    home.write(FILE, format!("{{\"VerificationToken\": \"{}\"}}\n", token("example.com")));
}

fn token_line() -> String {
    token("example.com") + "\n"
}

/// The same as [`create`], to be typed at.
fn on_a_terminal(home: &Scratch, url: &str, args: &[&str]) -> Terminal {
    let mut command = Command::new(SCRIPT);
    command
        .args(args)
        .env_clear()
        .envs([
            ("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT"),
            ("AWS_SECRET_ACCESS_KEY", "MARKER-secret"),
        ])
        .envs([("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", url), ("LC_ALL", "C")])
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("HOME", home.path(""))
        .env("PATH", path(&home.path("bin")))
        .current_dir(home.path(""));
    Terminal::start(command)
}

// The runbook as it should be.

#[test]
fn the_token_alone_is_on_stdout() {
    let ses = FakeSes::new().writable().start();
    let home = home();
    create(&home)
        .against(&ses)
        .args(["--yes", "example.com"])
        .stdout(token_line())
        .any_stderr()
        .status(0);
    ses.was_asked([ATTRIBUTES, VERIFY, ATTRIBUTES]);
    assert_eq!(ses.identities(), ["example.com"]);
    assert!(home.read(FILE).contains(&token("example.com")));
}

#[test]
fn the_record_has_every_step_in_order() {
    let ses = FakeSes::new().writable().start();
    let home = home();
    let outcome = create(&home)
        .against(&ses)
        .args(["--yes", "example.com"])
        .any_stdout()
        .any_stderr()
        .status(0);
    let (record, directory) = (outcome.stderr(), home.path("tmp/conf-ses"));
    let mut rest = record.as_str();
    for part in [
        "0. Parameters\n",
        "0.a AWS_DEFAULT_PROFILE: actual: (not set)\n",
        "expect: a profile with full access to SES\n",
        "0.b AWS_DEFAULT_REGION:  actual: us-east-1 (AWS_DEFAULT_REGION)\n",
        &format!("0.1 DIR_CONF:            actual: {} (default)\n", directory.display()),
        &format!("expect: {}\n", directory.display()),
        "0.2 SES_IDENTITY:        actual: example.com (operand)\n",
        "would ask VerifyDomainIdentity for example.com in us-east-1\n",
        "1. Before the main step\n",
        "1.1. ",
        "Precondition 1: ",
        "has been created\n",
        "$ ls -d ",
        "=> OK\n",
        "Precondition 2: the SES identity \"example.com\" does not exist.\n",
        "$ ses-exists --absent --output json -- example.com\n",
        "[]\n",
        "=> OK\n",
        "1.2. ",
        "FILE_OUTPUT: ",
        "2. Main step",
        "SES_IDENTITY:        actual: example.com",
        "FILE_OUTPUT:         actual: ",
        "$ ses-verify --output json -o ",
        "=> OK\n",
        "\"VerificationToken\": \"",
        "3. After the main step\n",
        "3.1. Completion\n",
        "Completion condition 1: the SES identity \"example.com\" exists.\n",
        "$ ses-exists --wait 40s --output json -- example.com\n",
        "\"example.com\"\n",
        "=> OK\n",
        "3.2. The token",
        "=> OK\n",
        "Done: example.com\n",
    ] {
        let at =
            rest.find(part).unwrap_or_else(|| panic!("{part:?} is not in its place: {record}"));
        rest = &rest[at + part.len()..];
    }
    assert!(!record.contains('\x1b'), "no terminal, no colours");
}

#[test]
fn japanese_is_spoken_where_the_locale_does() {
    let ses = FakeSes::new().start();
    for (variables, options, japanese) in [
        (&[("LC_ALL", "ja_JP.UTF-8")][..], &[][..], true),
        (&[("LC_ALL", ""), ("LC_MESSAGES", "ja"), ("LANG", "en_US.UTF-8")], &[], true),
        (&[("LC_ALL", ""), ("LANG", "ja_JP.utf8")], &[], true),
        (&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")], &[], false),
        (&[("LC_ALL", ""), ("LC_MESSAGES", "C"), ("LANG", "ja_JP.UTF-8")], &[], false),
        (&[("LC_ALL", "C")], &["--lang", "ja"], true),
        (&[("LC_ALL", "ja_JP.UTF-8")], &["--lang=en"], false),
    ] {
        let home = home();
        let run = create(&home).against(&ses).args(["--dry-run", "example.com"]).args(options);
        let run = variables.iter().fold(run, |run, (name, value)| run.env(name, value));
        let record = run.any_stderr().status(0).stderr();
        for part in ["事前条件1: ", "事前条件2: SES識別子\"example.com\"が存在しない。", "主処理"]
        {
            assert_eq!(record.contains(part), japanese, "{variables:?} {options:?}: {record}");
        }
    }
}

#[test]
fn parameters_come_from_the_runbooks_variables_or_options() {
    let ses = FakeSes::new().start();
    let home = home();
    let run = |run: Run| run.against(&ses).arg("--dry-run").any_stderr().status(0).stderr();
    let record = run(create(&home)
        .env("DIR_CONF", home.path("conf"))
        .env("SES_IDENTITY", "v.example")
        .env("AWS_DEFAULT_PROFILE", "sesFull")
        .credentials(
            "[sesFull]\naws_access_key_id = AKIDFILE\naws_secret_access_key = MARKER-secret\n",
        ));
    for part in
        ["actual: sesFull (AWS_DEFAULT_PROFILE)", "conf (DIR_CONF)", "v.example (SES_IDENTITY)"]
    {
        assert!(record.contains(part), "{part}: {record}");
    }
    let record = run(create(&home)
        .env("DIR_CONF", home.path("conf"))
        .env("SES_IDENTITY", "v.example")
        .env("AWS_PROFILE", "other")
        .args([
            "--profile",
            "sesFull",
            "--region=eu-west-1",
            "--conf-dir",
            "elsewhere",
            "o.example",
        ]));
    for part in [
        "actual: sesFull (--profile)",
        "actual: eu-west-1 (--region)",
        "actual: elsewhere (--conf-dir)",
        "actual: o.example (operand)",
        "for o.example in eu-west-1",
    ] {
        assert!(record.contains(part), "{part}: {record}");
    }
}

#[test]
fn a_region_of_the_profile_is_shown() {
    let ses = FakeSes::new().start();
    let home = home();
    create(&home)
        .against(&ses)
        .without("AWS_DEFAULT_REGION")
        .config("[default]\nregion = ap-northeast-1\n")
        .args(["--dry-run", "example.com"])
        .stderr_has("actual: ap-northeast-1 (profile)")
        .status(0);
}

#[test]
fn profiles_are_listed_where_none_is_set() {
    let ses = FakeSes::new().start();
    let home = home();
    let record = create(&home)
        .against(&ses)
        .credentials("# [no]\n[iamFull-prjz]\nregion = x\n[sesFull]\n")
        .config("[default]\n[profile sesFull]\n[profile \"with space\"]\n[sso-session s]\n[services t]\n[profile last]")
        .args(["--dry-run", "example.com"])
        .any_stderr()
        .status(0)
        .stderr();
    let listed = "profiles there are:\n    iamFull-prjz\n    sesFull\n    default\n    with space\n    last\n";
    assert!(record.contains(listed), "{record}");
}

#[test]
fn variables_that_disagree_are_253_and_no_question() {
    let ses = FakeSes::new().may_be_silent().start();
    let profiles = "[a]\naws_access_key_id = A\naws_secret_access_key = MARKER-secret\n[b]\n";
    for (first, second, option) in [
        (("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "us-west-2"), "--region"),
        (("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "b"), "--profile"),
    ] {
        let home = home();
        create(&home)
            .against(&ses)
            .credentials(profiles)
            .env(first.0, first.1)
            .env(second.0, second.1)
            .args(["--yes", "example.com"])
            .stderr_has(format!(
                "{} ({}) and {} ({}) contradict each other\nhint: {} would win; unset one of them, or decide \
                 with {option}\nses-create-identity: stopped at step 0 (parameters), status 253\n",
                first.0, first.1, second.0, second.1, first.0
            ))
            .status(253);
        ses.was_silent();
    }
}

#[test]
fn an_option_decides_between_variables_that_disagree() {
    let ses = FakeSes::new().start();
    let home = home();
    create(&home)
        .against(&ses)
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "us-west-2")
        .args(["--dry-run", "--region", "us-east-2", "example.com"])
        .stderr_has("in us-east-2")
        .status(0);
    create(&home)
        .against(&ses)
        .env("AWS_REGION", "us-west-2")
        .env("AWS_DEFAULT_REGION", "us-west-2")
        .args(["--dry-run", "example.com"])
        .stderr_has("actual: us-west-2 (AWS_REGION)")
        .status(0);
}

#[test]
fn a_dry_run_writes_nothing_and_has_the_status_of_the_real_one() {
    let home = home();
    let ses = FakeSes::new().start();
    let dry = |ses: &_| create(&home).against(ses).args(["--dry-run", "example.com"]);
    dry(&ses).stderr_has("nothing was written").stderr_has("would be created").status(0);
    ses.was_asked([ATTRIBUTES]);
    assert_eq!(home.names(), Vec::<String>::new());

    let ses = FakeSes::new().domain("example.com").start();
    dry(&ses).stderr_has("exists already").status(1);
    create(&home)
        .against(&FakeSes::new().may_be_silent().start())
        .args(["--dry-run", "--conf-dir", "/dev/null/conf", "example.com"])
        .stderr_has("/dev/null is no directory")
        .status(1);
}

#[test]
fn dkim_and_formats_are_handed_on() {
    let ses = FakeSes::new().writable().start();
    let home = home();
    let zone = create(&home)
        .against(&ses)
        .args(["--yes", "--dkim", "--format", "zone", "Example.COM."])
        .any_stdout()
        .any_stderr()
        .status(0)
        .stdout();
    ses.was_asked([ATTRIBUTES, VERIFY, DKIM, ATTRIBUTES]);
    assert!(zone.starts_with("_amazonses.example.com. 1800 IN TXT "), "{zone}");
    assert!(zone.contains(&dkim_tokens("example.com")[2]), "{zone}");
    // As the operator wrote it: the next runbook looks for it there.
    assert!(home.read("tmp/conf-ses/Example.COM.-verify.json").contains("DkimTokens"));
}

#[test]
fn an_internationalised_name_is_published_as_ses_stores_it() {
    let ses = FakeSes::new().writable().start();
    create(&home())
        .against(&ses)
        .args(["--yes", "--format=records", "bücher.example"])
        .stdout_has("_amazonses.xn--bcher-kva.example.\tTXT\t")
        .any_stderr()
        .status(0);
}

#[test]
fn an_identity_may_appear_late() {
    let late = |request: &crate::support::Request, number| {
        let empty = "<VerificationAttributes></VerificationAttributes>";
        (number <= 3 && request.operation() == ATTRIBUTES).then(|| xml::answer(ATTRIBUTES, empty))
    };
    let ses = FakeSes::new().writable().script(late).start();
    create(&home())
        .against(&ses)
        .args(["--yes", "example.com"])
        .stdout(token_line())
        .any_stderr()
        .status(0);
    ses.was_asked([ATTRIBUTES, VERIFY, ATTRIBUTES, ATTRIBUTES]);
}

#[test]
fn without_a_home_the_directory_must_be_named() {
    let ses = FakeSes::new().writable().may_be_silent().start();
    let homeless = || {
        let home = home();
        let run = Run::program("/usr/bin/env").home(&home).env("PATH", path(&home.path("bin")));
        run.against(&ses).args(["-u", "HOME", SCRIPT, "--yes", "--dry-run"])
    };
    let named = homeless().env("DIR_CONF", "/tmp").arg("example.com");
    named.stderr_has("${HOME}/tmp/conf-ses").status(0);
    homeless().arg("example.com").stderr_has("HOME").status(253);
}

#[test]
fn waiting_follows_the_token() {
    let home = home();
    stub(&home, "ses-exists", "[[ $* == *--verified* ]] && exit \"$(<answer)\"; exec $real \"$@\"");
    for (answer, status, verdict) in
        [("0", 0, "=> OK\nDone"), ("1", 1, "step 3.3, completion condition 2, status 1")]
    {
        let ses = FakeSes::new().writable().start();
        home.write("answer", answer);
        create(&home)
            .against(&ses)
            .args(["--yes", "--wait", "45m", "example.com"])
            .stdout(token_line())
            .stderr_has("$ ses-exists --verified --wait 45m --output json -- example.com")
            .stderr_has(verdict)
            .status(status);
    }
}
