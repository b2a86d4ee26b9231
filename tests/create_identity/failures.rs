//! What is refused, what fails, and where a run then stands.

use super::*;

#[test]
fn a_wrong_command_line_costs_no_request() {
    let ses = FakeSes::new().may_be_silent().start();
    for (args, message) in [
        (&[][..], "no DOMAIN given, and SES_IDENTITY is not set"),
        (&["--zap", "example.com"], "unrecognized option --zap"),
        (&["-y", "example.com"], "unrecognized option -y"),
        (&["--yes dry-run", "example.com"], "unrecognized option --yes dry-run"),
        (&["--=x", "example.com"], "unrecognized option --"),
        (&["a.example", "b.example"], "unexpected operand b.example: one DOMAIN a run"),
        (&["--", "a.example", "--yes"], "unexpected operand --yes"),
        (&["example.com", "--log"], "option --log needs a value"),
        (&["--profile=", "example.com"], "option --profile needs a value"),
        (&["--yes=1", "example.com"], "option --yes takes no value"),
        (&["--lang", "fr", "example.com"], "--lang is en or ja, not fr"),
        (&["example.com"], "stdin is no terminal to ask on: --yes"),
    ] {
        let home = home();
        create(&home)
            .against(&ses)
            .args(args)
            .says(message)
            .hints("ses-create-identity --help")
            .status(252);
        assert_eq!(home.names(), Vec::<String>::new());
    }
}

#[test]
fn what_the_programs_refuse_is_refused_before_anything_is_done() {
    let ses = FakeSes::new().may_be_silent().start();
    for args in [
        &["a b"][..],
        &["../../x.example"],
        &["a/b.example"],
        &["https://example.com"],
        &["me@example.com"],
        &[""],
        &["com"],
        &["example.com\nevil.example"],
        &["--format", "zap", "example.com"],
        &["--wait", "soon", "example.com"],
        &["--cli-read-timeout", "soon", "example.com"],
    ] {
        let home = home();
        let record =
            create(&home).against(&ses).arg("--yes").args(args).any_stderr().status(252).stderr();
        assert!(record.starts_with("ses-") && !record.contains("0. "), "{record}");
        assert_eq!(home.names(), Vec::<String>::new(), "{args:?}");
    }
    ses.was_silent();
}

#[test]
fn help_and_version_need_nothing() {
    for (args, part) in [
        (&["--help"][..], "Usage: ses-create-identity [OPTION...] [DOMAIN]"),
        (&["-h", "--zap"], "Usage: "),
        (&["--lang=ja", "--help"], "使い方: "),
        (&["-V"], concat!("ses-create-identity ", env!("CARGO_PKG_VERSION"), "\n")),
    ] {
        Run::program(SCRIPT).env("PATH", "/usr/bin:/bin").args(args).stdout_has(part).status(0);
    }
    let version = || Run::program(SCRIPT).env("PATH", "/usr/bin:/bin").arg("--version");
    version().stdout_closed().status(0);
    version().stdout_into("/dev/full").says("cannot write to stdout").status(255);
}

#[test]
fn a_missing_program_is_named_before_step_0() {
    let home = home();
    Run::program(SCRIPT)
        .env("PATH", "/usr/bin:/bin")
        .args(["--yes", "example.com"])
        .says("ses-exists is missing")
        .status(255);
    // Beside the script they are found.
    fs::create_dir(home.path("kit")).expect("a directory");
    fs::copy(SCRIPT, home.path("kit/ses-create-identity")).expect("a copy");
    for program in ["ses-exists", "ses-verify", "ses-token"] {
        std::os::unix::fs::symlink(kit().join(program), home.path("kit").join(program))
            .expect("a link");
    }
    Run::program(home.path("kit/ses-create-identity"))
        .env("PATH", "/usr/bin:/bin")
        .against(&FakeSes::new().start())
        .args(["--dry-run", "example.com"])
        .any_stderr()
        .status(0);
}

#[test]
fn precondition_1_is_a_writable_directory() {
    let ses = FakeSes::new().may_be_silent().start();
    let home = home();
    home.write("file", "");
    for directory in ["file", "file/conf"] {
        create(&home)
            .against(&ses)
            .args(["--yes", "--conf-dir", directory, "example.com"])
            .stderr_has("status 1\n")
            .stderr_has("stopped at step 1.1, precondition 1")
            .status(1);
    }
    ses.was_silent();
}

#[test]
fn an_unwritable_directory_is_refused() {
    let home = home();
    fs::create_dir(home.path("conf")).expect("a directory");
    fs::set_permissions(home.path("conf"), fs::Permissions::from_mode(0o555)).expect("a mode");
    // To root no directory is unwritable, so root becomes nobody first.
    fs::set_permissions(home.path(""), fs::Permissions::from_mode(0o755)).expect("a mode");
    // SAFETY: geteuid cannot fail.
    let root = unsafe { libc::geteuid() } == 0;
    let nobody = ["--reuid=65534", "--clear-groups", SCRIPT];
    let run =
        if root { Run::program("/usr/bin/setpriv").args(nobody) } else { Run::program(SCRIPT) };
    run.home(&home)
        .env("PATH", path(&home.path("bin")))
        .args(["--yes", "--conf-dir", "conf", "example.com"])
        .stderr_has("ses-create-identity: the directory conf cannot be written\n")
        .stderr_has("stopped at step 1.1, precondition 1, status 1\n")
        .status(1);
}

#[test]
fn each_program_failing_ends_the_run_where_it_was() {
    for (program, when, step) in [
        ("ses-exists", "--absent", "step 1.1, precondition 2"),
        ("ses-verify", "-o", "step 2 (main step)"),
        ("ses-exists", "--wait 40s", "step 3.1, completion condition 1"),
        ("ses-token", "--input", "step 3.2 (the token)"),
    ] {
        for (end, status) in [
            ("exit 1", 1),
            ("exit 252", 252),
            ("exit 253", 253),
            ("exit 254", 254),
            ("exit 255", 255),
            ("exit 130", 130),
            ("exit 101", 255),
            ("kill -KILL $$", 255),
        ] {
            let ses = FakeSes::new().writable().may_be_silent().start();
            let home = home();
            let body = format!(
                "if [[ \" $* \" == *' {when} '* ]]; then echo why >&2; {end}; fi; exec $real \"$@\""
            );
            stub(&home, program, &body);
            let record = create(&home)
                .against(&ses)
                .args(["--yes", "example.com"])
                .stderr_has("    why\n")
                .stderr_has("=> NG")
                .status(status)
                .stderr();
            let last = format!("\nses-create-identity: stopped at {step}, status {status}\n");
            assert!(record.ends_with(&last), "{program} {when} {end}: {record}");
            assert_eq!(record.contains("no answer"), status != 1, "{record}");
            assert_eq!(ses.count(VERIFY), usize::from(step.contains("step 3")));
        }
    }
}

#[test]
fn a_question_that_could_not_be_asked_is_no_verdict() {
    let ses = FakeSes::new().fails_with(400, "AccessDenied").start();
    let home = home();
    create(&home)
        .against(&ses)
        .args(["--yes", "example.com"])
        .stderr_has("AccessDenied")
        .stderr_has("=> NG: no answer, ses-exists failed (status 254)")
        .status(254);
    ses.was_asked([ATTRIBUTES]);
}

#[test]
fn no_region_is_shown_in_step_0() {
    create(&home())
        .without("AWS_DEFAULT_REGION")
        .args(["--yes", "example.com"])
        .stderr_has("0.b AWS_DEFAULT_REGION:  actual: (not set)\n")
        .stderr_has("You must specify a Region")
        .stderr_has("stopped at step 0 (parameters), status 253\n")
        .status(253);
}

#[test]
fn a_full_disk_keeps_the_old_file() {
    let ses = FakeSes::new().writable().start();
    let home = home();
    home.write(FILE, "old");
    stub(&home, "ses-verify", "trap '' XFSZ; ulimit -f 0; exec $real \"$@\"");
    create(&home)
        .against(&ses)
        .args(["--yes", "example.com"])
        .stderr_has("the next run says where it stands")
        .stderr_has("stopped at step 2 (main step), status 255\n")
        .status(255);
    assert_eq!(home.read(FILE), "old");
    assert_eq!(fs::read_dir(home.path("tmp/conf-ses")).expect("a directory").count(), 1);
}

#[test]
fn a_token_that_cannot_be_printed_is_255() {
    let ses = FakeSes::new().writable().start();
    let home = home();
    let create = || create(&home).against(&ses).args(["--yes", "example.com"]);
    create()
        .stdout_into("/dev/full")
        .stderr_has("--resume goes on at step 3\nses-create-identity: stopped at step 3.2 (the token), status 255\n")
        .status(255);
    create().arg("--resume").stdout(token_line()).any_stderr().status(0);
}

#[test]
fn a_closed_stdout_is_found_out_before_anything_is_done() {
    let home = home();
    Run::program("/bin/bash")
        .home(&home)
        .env("PATH", path(&home.path("bin")))
        .args(["-c", "\"$0\" \"$@\" >&-", SCRIPT, "--yes", "example.com"])
        .stderr("ses-create-identity: cannot write to stdout\n")
        .status(255);
}

#[test]
fn a_record_that_nobody_reads_stops_nothing() {
    let ses = FakeSes::new().writable().start();
    let home = home();
    for (name, closed) in [("a.example", "2>&-"), ("b.example", "2> >(exec true)")] {
        Run::program("/bin/bash")
            .home(&home)
            .against(&ses)
            .env("PATH", path(&home.path("bin")))
            .args(["-c", &format!("\"$0\" \"$@\" {closed}"), SCRIPT, "--yes", name])
            .stdout(token(name) + "\n")
            .status(0);
    }
}

// The log.

#[test]
fn the_log_has_times_versions_and_no_account() {
    let home = home();
    // In the shape of an access key id, and plainly none.
    let key = format!("AKIA{}", "X".repeat(16));
    let message = format!("User: arn:aws:iam::123456789012:user/x is not authorized; {key}");
    let ses = FakeSes::new().always(xml::error(403, "AccessDenied", &message)).start();
    home.write("log", "before\n");
    let record = create(&home)
        .against(&ses)
        .args(["--yes", "--log", "log", "example.com"])
        .any_stderr()
        .status(254)
        .stderr();
    let log = home.read("log");
    let mut lines = log.lines();
    assert_eq!(lines.next(), Some("before"));
    let (times, texts): (Vec<_>, Vec<_>) = lines.map(|line| line.split_at(25)).unzip();
    assert!(times.iter().all(|time| time.starts_with("20") && time.ends_with("+0000 ")), "{log}");
    assert_eq!(texts[0], concat!("=== ses-create-identity ", env!("CARGO_PKG_VERSION")));
    assert!(log.contains(concat!("ses-exists ", env!("CARGO_PKG_VERSION"))), "{log}");
    assert!(log.contains("arn:aws:iam::<id>:user/x is not authorized; <id>"), "{log}");
    assert!(record.contains("arn:aws:iam::123456789012:user/x"), "the operator sees it all");
    assert_eq!(texts.len(), record.lines().count() + 1, "{log}\n~~~\n{record}");
}

#[test]
fn an_unwritable_log_stops_the_run_before_it_begins() {
    let home = home();
    for log in ["/dev/full", "none/log", "."] {
        create(&home)
            .args(["--yes", "--log", log, "example.com"])
            .says(format!("cannot write the log {log}"))
            .status(255);
    }
}
