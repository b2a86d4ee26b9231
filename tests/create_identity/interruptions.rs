//! A terminal that answers, and signals at every step.

use super::*;

#[test]
fn a_terminal_is_asked_and_only_yes_is_yes() {
    for (keys, yes) in [
        ("y\n", true),
        ("YES\n", true),
        ("n\n", false),
        ("\n", false),
        ("\x04", false),
        ("yeah\n", false),
    ] {
        let ses = FakeSes::new().writable().start();
        let home = home();
        let mut terminal = on_a_terminal(&home, &ses.url(), &["example.com"]);
        terminal.wait_for("Create the SES identity \"example.com\" in us-east-1? [y/N] ");
        assert_eq!(ses.count(VERIFY), 0);
        terminal.types(keys);
        let ended = terminal.end();
        if yes {
            assert_eq!(
                (ended.code(), ended.stdout.as_str()),
                (0, token_line().as_str()),
                "{}",
                ended.screen
            );
            // Precondition 2 again: the answer may have taken its time.
            ses.was_asked([ATTRIBUTES, ATTRIBUTES, VERIFY, ATTRIBUTES]);
        } else {
            assert_eq!((ended.code(), ended.stdout.as_str()), (1, ""), "{}", ended.screen);
            assert!(
                ended.screen.contains("not confirmed; nothing was created"),
                "{}",
                ended.screen
            );
            assert_eq!(
                ended.last_line(),
                "ses-create-identity: stopped at step 2 (main step), status 1"
            );
            ses.was_asked([ATTRIBUTES]);
            assert!(!home.path(FILE).exists());
        }
    }
}

#[test]
fn what_was_created_while_it_asked_is_not_taken_over() {
    let appears = |request: &crate::support::Request, number| {
        let empty = "<VerificationAttributes></VerificationAttributes>";
        (number == 1 && request.operation() == ATTRIBUTES).then(|| xml::answer(ATTRIBUTES, empty))
    };
    let ses = FakeSes::new().writable().domain("example.com").script(appears).start();
    let home = home();
    let mut terminal = on_a_terminal(&home, &ses.url(), &["example.com"]);
    terminal.wait_for("[y/N] ");
    terminal.types("y\n");
    let ended = terminal.end();
    assert_eq!((ended.code(), ended.stdout.as_str()), (1, ""));
    assert!(ended.screen.contains("created by someone else meanwhile"), "{}", ended.screen);
    assert_eq!(ses.count(VERIFY), 0);
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    for (variables, coloured) in [
        (&[("TERM", "xterm")][..], true),
        (&[("TERM", "xterm"), ("NO_COLOR", "")], true),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], false),
        (&[("TERM", "dumb")], false),
        (&[], false),
    ] {
        let home = home();
        let mut command = Command::new("/usr/bin/env");
        command.args(["-i"]).args(variables.iter().map(|(name, value)| format!("{name}={value}")));
        command.arg(format!("PATH={}", path(&home.path("bin")))).args([
            SCRIPT,
            "--dry-run",
            "example.com",
        ]);
        let ended = Terminal::start(command).end();
        assert_eq!(ended.screen.contains("\x1b["), coloured, "{variables:?}: {}", ended.screen);
    }
}

// Signals.

/// Runs until PROGRAM is at work in its step, and ends it there.
fn interrupted(program: &str, when: &str, end: impl FnOnce(&mut Terminal)) -> (Ended, Rc<Scratch>) {
    let home = home();
    let ses = FakeSes::new().writable().may_be_silent().start();
    let body = format!(
        "if [[ \" $* \" == *' {when} '* ]]; then echo at work; exec sleep 30; fi; exec $real \"$@\""
    );
    // What ses-token prints at its work is a token; its stub has to speak on stderr.
    stub(&home, program, &body.replace("at work", "at work >&2"));
    let mut terminal = on_a_terminal(&home, &ses.url(), &["--yes", "--wait", "45m", "example.com"]);
    terminal.wait_for("at work");
    end(&mut terminal);
    let start = Instant::now();
    let ended = terminal.end();
    assert!(start.elapsed() < Duration::from_secs(10), "{}", ended.screen);
    (ended, home)
}

const STEPS: &[(&str, &str, &str)] = &[
    ("ses-exists", "--absent", "step 1.1, precondition 2"),
    ("ses-verify", "-o", "step 2 (main step)"),
    ("ses-exists", "--wait 40s", "step 3.1, completion condition 1"),
    ("ses-token", "--input", "step 3.2 (the token)"),
    ("ses-exists", "--verified", "step 3.3, completion condition 2"),
];

#[test]
fn a_signal_ends_each_step_and_says_which() {
    for (program, when, step) in STEPS {
        for (signal, code) in [(libc::SIGTERM, 143), (libc::SIGINT, 130), (libc::SIGHUP, 143)] {
            let (ended, home) = interrupted(program, when, |terminal| terminal.signal(signal));
            assert_eq!(ended.code(), code, "{step}: {}", ended.screen);
            let last = format!("ses-create-identity: stopped at {step}, status {code}");
            assert_eq!(ended.last_line(), last, "{}", ended.screen);
            let there: Vec<PathBuf> = fs::read_dir(home.path("tmp/conf-ses"))
                .expect("a directory")
                .map(|entry| entry.expect("an entry").path())
                .collect();
            let complete = if step.contains("step 3") { vec![home.path(FILE)] } else { Vec::new() };
            assert_eq!(there, complete);
        }
    }
}

#[test]
fn control_c_ends_each_step() {
    for (program, when, step) in STEPS {
        let (ended, _) = interrupted(program, when, |terminal| terminal.types("\x03"));
        assert_eq!(ended.code(), 130, "{step}: {}", ended.screen);
        assert!(
            ended.last_line().ends_with(&format!("stopped at {step}, status 130")),
            "{}",
            ended.screen
        );
    }
}

#[test]
fn control_c_at_the_question_creates_nothing() {
    let ses = FakeSes::new().writable().start();
    let mut terminal = on_a_terminal(&home(), &ses.url(), &["example.com"]);
    terminal.wait_for("[y/N] ");
    terminal.types("\x03");
    let ended = terminal.end();
    assert_eq!((ended.code(), ended.stdout.as_str()), (130, ""), "{}", ended.screen);
    assert_eq!(ses.count(VERIFY), 0);
}

#[test]
fn the_real_ses_verify_leaves_nothing_half_written() {
    let slow = |request: &crate::support::Request, _| {
        if request.operation() == VERIFY {
            std::thread::sleep(Duration::from_secs(3));
        }
        None
    };
    let ses = FakeSes::new().writable().script(slow).start();
    let home = home();
    let terminal = on_a_terminal(&home, &ses.url(), &["--yes", "example.com"]);
    let start = Instant::now();
    while ses.count(VERIFY) == 0 {
        assert!(start.elapsed() < Duration::from_secs(20), "{}", terminal.screen());
        std::thread::sleep(Duration::from_millis(5));
    }
    terminal.signal(libc::SIGTERM);
    let ended = terminal.end();
    assert_eq!(ended.code(), 143, "{}", ended.screen);
    assert!(ended.screen.contains("the next run says where it stands"), "{}", ended.screen);
    assert_eq!(fs::read_dir(home.path("tmp/conf-ses")).expect("a directory").count(), 0);
}

#[test]
fn a_second_run_says_where_the_first_was_ended() {
    let (_, home) =
        interrupted("ses-exists", "--wait 40s", |terminal| terminal.signal(libc::SIGTERM));
    fs::remove_dir_all(home.path("bin")).expect("the stubs");
    let ses = FakeSes::new().with(identity("example.com").status("Pending")).start();
    let again = || create(&home).against(&ses).args(["--yes", "example.com"]);
    again().stderr_has("has a token from an earlier run; --resume goes on at step 3").status(1);
    again().arg("--resume").stdout(token_line()).any_stderr().status(0);
}
