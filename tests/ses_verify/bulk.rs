//! ses-verify with many names: JSON Lines, paced, and never half a line.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use super::{ATTRIBUTES, DKIM, VERIFY};
use crate::support::ses::{dkim_tokens, xml};
use crate::support::{FakeSes, Scratch, run, token};

fn line(domain: &str) -> String {
    let token = token(domain);
    format!(
        "{{\"Identity\": \"{domain}\", \"Region\": \"us-east-1\", \"VerificationToken\": \"{token}\"}}\n"
    )
}

fn lines(domains: &[impl AsRef<str>]) -> String {
    domains.iter().map(|domain| line(domain.as_ref())).collect()
}

/// `n1.example` and so on.
fn names(number: usize) -> Vec<String> {
    (1..=number).map(|n| format!("n{n}.example")).collect()
}

const FAST: [&str; 2] = ["--rate", "1000"];

#[test]
fn several_names_are_json_lines() {
    let ses = FakeSes::new().writable().start();
    run("ses-verify")
        .against(&ses)
        .args(FAST)
        .args(["b.example", "a.example"])
        .stdout(lines(&["b.example", "a.example"]))
        .status(0);
    ses.was_asked([VERIFY; 2]);
}

#[test]
fn input_is_json_lines_even_for_one_name_or_none() {
    let ses = FakeSes::new().writable().start();
    let input = |text: &str| run("ses-verify").against(&ses).args(["--input", "-"]).stdin(text);
    input("a.example\n").stdout(line("a.example")).status(0);
    input("[]").status(0);
    input("{\"Identities\": []}").status(0);
    input("").says("the input is empty").status(255);
    ses.was_asked([VERIFY]);
}

#[test]
fn with_dkim_each_line_has_its_tokens() {
    let ses = FakeSes::new().writable().start();
    let expected = |domain| {
        let [one, two, three] = dkim_tokens(domain);
        let line = line(domain).replace("}\n", "");
        format!("{line}, \"DkimTokens\": [\"{one}\", \"{two}\", \"{three}\"]}}\n")
    };
    run("ses-verify")
        .against(&ses)
        .args(FAST)
        .args(["--dkim", "a.example", "b.example"])
        .stdout(expected("a.example") + &expected("b.example"))
        .status(0);
    ses.was_asked([VERIFY, DKIM, VERIFY, DKIM]);
}

#[test]
fn duplicates_are_asked_for_once() {
    let ses = FakeSes::new().writable().start();
    run("ses-verify")
        .against(&ses)
        .args(FAST)
        .args(["a.example", "A.example.", "b.example", "a.example"])
        .stdout(lines(&["a.example", "b.example"]))
        .status(0);
    ses.was_asked([VERIFY; 2]);
}

#[test]
fn a_bad_name_anywhere_in_a_thousand_costs_no_request() {
    let ses = FakeSes::new().writable().start();
    for place in [1, 500, 1_000] {
        let mut names = names(1_000);
        names[place - 1] = "not a domain".into();
        run("ses-verify")
            .against(&ses)
            .args(["--input", "-", "-o", "out.jsonl"])
            .stdin(names.join("\n"))
            .says(format!("line {place}: \"not a domain\" has a space"))
            .status(252);
    }
    ses.was_silent();
}

#[test]
fn missing_and_verify_compose() {
    let ses = FakeSes::new().writable().domain("a.example").start();
    let missing = run("ses-exists")
        .against(&ses)
        .args(["--missing", "a.example", "b.example", "c.example"])
        .any_stdout()
        .status(1);
    run("ses-verify")
        .against(&ses)
        .args(FAST)
        .args(["--input", "-"])
        .stdin(missing.stdout)
        .stdout(lines(&["b.example", "c.example"]))
        .status(0);
}

#[test]
fn lines_and_token_compose() {
    let ses = FakeSes::new().writable().start();
    let verified = run("ses-verify")
        .against(&ses)
        .args(FAST)
        .args(["a.example", "b.example"])
        .any_stdout()
        .status(0);
    run("ses-token")
        .stdin(verified.stdout)
        .stdout(format!("{}\n{}\n", token("a.example"), token("b.example")))
        .status(0);
}

#[test]
fn each_line_comes_as_it_is_done() {
    let ses = FakeSes::new().writable().start();
    let running =
        run("ses-verify").against(&ses).args(["a.example", "b.example"]).any_stdout().start();
    running.wait_for_stdout(&line("a.example"));
    assert_eq!(running.stdout_so_far(), line("a.example"), "the second is due in a second");
    running.status(0);
}

#[test]
fn three_hundred_names_keep_the_pace() {
    let names = names(300);
    // Fast enough for a test, slow enough that a busy machine is not what is measured.
    let rate = 10.0;
    let ses = FakeSes::new().writable().throttles_above(rate).start();
    let outcome = run("ses-verify")
        .against(&ses)
        .args(["--rate", "10", "--input", "-"])
        .within(Duration::from_secs(90))
        .stdin(names.join("\n"))
        .stdout(lines(&names))
        .status(0);
    assert_eq!(ses.identities(), names);
    let reached = 300.0 / outcome.elapsed.as_secs_f64();
    assert!(
        reached >= rate * 0.95,
        "{reached:.1} a second instead of {rate}: {} requests",
        ses.count(VERIFY)
    );
}

#[test]
fn throttling_slows_it_down_and_loses_nothing() {
    let names = names(4);
    let ses = FakeSes::new().writable().throttles_first(2).start();
    run("ses-verify")
        .against(&ses)
        .attempts(1)
        .args(FAST)
        .args(&names)
        .stdout(lines(&names))
        .status(0);
    assert_eq!(ses.identities(), names);
}

#[test]
fn four_processes_side_by_side_all_finish() {
    let ses = FakeSes::new().writable().throttles_above(20.0).start();
    let running: Vec<_> = (0..4)
        .map(|process| {
            let names: Vec<_> = (0..5).map(|n| format!("p{process}n{n}.example")).collect();
            let verify = run("ses-verify").against(&ses).args(["--rate", "20"]).args(&names);
            verify.stdout(lines(&names)).within(Duration::from_secs(60)).start()
        })
        .collect();
    running.into_iter().for_each(|running| drop(running.status(0)));
    let identities = ses.identities();
    let unique: BTreeSet<_> = identities.iter().collect();
    assert_eq!((identities.len(), unique.len()), (20, 20));
}

#[test]
fn an_error_ends_the_run_and_names_the_place() {
    let ses = FakeSes::new()
        .writable()
        .script(|request, _| {
            let third = request.parameter("Domain").as_deref() == Some("n3.example");
            third.then(|| xml::error(400, "LimitExceeded", "10000 identities"))
        })
        .start();
    run("ses-verify")
        .against(&ses)
        .args(FAST)
        .args(names(5))
        .stdout(lines(&names(2)))
        .says("(LimitExceeded)")
        .says("n3.example")
        .status(254);
    ses.was_asked([VERIFY; 3]);
}

#[test]
fn an_existing_file_is_refused_without_resume() {
    let ses = FakeSes::new().writable().start();
    let home = Rc::new(Scratch::new());
    home.write("out.jsonl", line("a.example"));
    run("ses-verify")
        .against(&ses)
        .home(&home)
        .args(["-o", "out.jsonl", "a.example", "b.example"])
        .says("out.jsonl")
        .hints("--resume")
        .status(252);
    ses.was_silent();
}

#[test]
fn resume_skips_what_is_done_and_drops_a_torn_line() {
    let ses = FakeSes::new().writable().start();
    let home = Rc::new(Scratch::new());
    home.write("out.jsonl", line("n1.example") + &line("n2.example") + "{\"Identity\": \"n3.ex");
    run("ses-verify")
        .against(&ses)
        .home(&home)
        .args(FAST)
        .args(["--resume", "-o", "out.jsonl"])
        .args(names(4))
        .status(0);
    assert_eq!(home.read("out.jsonl"), lines(&names(4)));
    ses.was_asked([VERIFY; 2]);
}

#[test]
fn resume_accepts_a_missing_file_and_one_that_is_complete() {
    let ses = FakeSes::new().writable().start();
    let home = Rc::new(Scratch::new());
    for _ in 0..2 {
        run("ses-verify")
            .against(&ses)
            .home(&home)
            .args(FAST)
            .args(["--resume", "-o", "out.jsonl"])
            .args(names(2))
            .status(0);
        assert_eq!(home.read("out.jsonl"), lines(&names(2)));
    }
    ses.was_asked([VERIFY; 2]);
}

#[test]
fn resume_needs_a_file() {
    run("ses-verify").args(["--resume", "a.example", "b.example"]).says("--resume").status(252);
}

#[test]
fn resume_does_not_touch_a_file_that_is_not_its_own() {
    let ses = FakeSes::new().writable().start();
    let home = Rc::new(Scratch::new());
    for theirs in ["hello\n", "[1]\n", "{\"Identity\": 1}\n", "{}\n"] {
        home.write("out.jsonl", theirs);
        run("ses-verify")
            .against(&ses)
            .home(&home)
            .args(["--resume", "-o", "out.jsonl", "a.example", "b.example"])
            .says("line 1")
            .status(255);
        assert_eq!(home.read("out.jsonl"), theirs);
    }
    ses.was_silent();
}

#[test]
fn if_absent_checks_all_names_first() {
    let ses = FakeSes::new().writable().domain("n3.example").start();
    run("ses-verify")
        .against(&ses)
        .args(FAST)
        .arg("--if-absent")
        .args(names(5))
        .says("n3.example")
        .status(1);
    ses.was_asked([ATTRIBUTES]);
}

#[test]
fn if_absent_does_not_mind_what_the_file_has() {
    let ses = FakeSes::new().writable().domain("n1.example").start();
    let home = Rc::new(Scratch::new());
    home.write("out.jsonl", line("n1.example"));
    run("ses-verify")
        .against(&ses)
        .home(&home)
        .args(FAST)
        .args(["--if-absent", "--resume", "-o", "out.jsonl"])
        .args(names(3))
        .status(0);
    assert_eq!(home.read("out.jsonl"), lines(&names(3)));
}

#[test]
fn a_reader_that_goes_away_hides_no_name() {
    let ses = FakeSes::new().writable().may_be_silent().start();
    run("ses-verify")
        .against(&ses)
        .args(FAST)
        .args(names(3))
        .stdout_closed()
        .says("stdout")
        .status(255);
}

#[test]
fn a_signal_leaves_whole_lines_and_resume_goes_on() {
    for (signal, status) in [(libc::SIGINT, 130), (libc::SIGTERM, 143)] {
        let ses = FakeSes::new().writable().start();
        let home = Rc::new(Scratch::new());
        let verify = |rate: &str| {
            let verify = run("ses-verify").against(&ses).home(&home).args(["--rate", rate]);
            verify.args(["--resume", "-o", "out.jsonl"]).args(names(40))
        };
        let running = verify("40").stderr_has(" of 40").stderr_has("--resume").start();
        while ses.count(VERIFY) < 5 {
            std::thread::sleep(Duration::from_millis(2));
        }
        running.signal(signal);
        running.interrupted(status);
        let done = home.read("out.jsonl");
        let count = done.lines().count();
        assert_eq!(done, lines(&names(count)));
        assert!((4..40).contains(&count), "{count} lines");
        verify("1000").status(0);
        assert_eq!(home.read("out.jsonl"), lines(&names(40)));
    }
}

#[test]
fn a_kill_at_any_moment_leaves_whole_lines_or_one_torn() {
    let ses = FakeSes::new().writable().start();
    let whole = lines(&names(30));
    for moment in moments(80) {
        let home = Rc::new(Scratch::new());
        let verify = || {
            let verify = run("ses-verify").against(&ses).home(&home).args(["--rate", "2000"]);
            verify.args(["--resume", "-o", "out.jsonl"]).args(names(30))
        };
        let running = verify().start();
        std::thread::sleep(moment);
        drop(running);
        if home.path("out.jsonl").exists() {
            let left = home.read("out.jsonl");
            assert!(whole.starts_with(&left), "killed after {moment:?}: {left}");
        }
        verify().status(0);
        assert_eq!(home.read("out.jsonl"), whole, "killed after {moment:?}");
    }
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new() {
    let ses = FakeSes::new().writable().start();
    let new = format!("{{\n    \"VerificationToken\": \"{}\"\n}}\n", token("a.example"));
    for moment in moments(30) {
        let home = Rc::new(Scratch::new());
        home.write("out.json", "old");
        let verify = run("ses-verify").against(&ses).home(&home);
        let running = verify.args(["-o", "out.json", "a.example"]).start();
        std::thread::sleep(moment);
        drop(running);
        let left = home.read("out.json");
        assert!(left == "old" || left == new, "killed after {moment:?}: {left:?}");
    }
}

/// Moments of a run that takes so many milliseconds: 20, or as many as SES_TEST_MOMENTS says.
fn moments(span: u64) -> impl Iterator<Item = Duration> {
    let count = std::env::var("SES_TEST_MOMENTS").ok().and_then(|count| count.parse().ok());
    let count: u64 = count.unwrap_or(20);
    // An irrational step: the moments are spread evenly, however many there are.
    (0..count).map(move |n| Duration::from_micros((n * 618_034 * span / 1000) % (span * 1000)))
}
