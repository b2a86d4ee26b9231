//! What all programs have in common: arguments, help, version, and streams that fail.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::support::run::{Run, path_of};
use crate::support::{FakeSes, run};

pub const PROGRAMS: [&str; 4] = ["ses-list", "ses-exists", "ses-verify", "ses-token"];
const NETWORKED: [&str; 3] = ["ses-list", "ses-exists", "ses-verify"];

/// A program in an environment where everything that could be looked at is broken.
fn astray(program: &str) -> Run {
    run(program)
        .env("AWS_PROFILE", "no-such-profile")
        .env("AWS_MAX_ATTEMPTS", "junk")
        .env("AWS_ENDPOINT_URL", "junk")
        .env("AWS_DEFAULT_OUTPUT", "junk")
        .env("AWS_DEFAULT_REGION", "no region")
        .config("[")
}

fn help(program: &str) -> String {
    astray(program).arg("--help").any_stdout().status(0).stdout()
}

/// The long options of a help, each with whether it takes a value.
fn options(help: &str) -> Vec<(String, bool)> {
    let lines = help.lines().map(str::trim_start);
    let options =
        lines.filter_map(|line| line.split("--").nth(1).filter(|_| line.starts_with('-')));
    options
        .map(|option| {
            let mut words = option.split(' ');
            let name = words.next().unwrap_or_default().to_owned();
            let value = words.next().unwrap_or_default();
            (name, !value.is_empty() && value.chars().all(|c| c.is_ascii_uppercase()))
        })
        .collect()
}

#[test]
fn help_needs_neither_environment_nor_network() {
    for program in PROGRAMS {
        let help = help(program);
        assert!(help.starts_with(&format!("{program} - ")), "{help}");
        assert!(help.contains("\nUsage: ") || help.contains("Usage:"), "{help}");
        astray(program).arg("-h").stdout(help).status(0);
    }
}

#[test]
fn help_fits_a_terminal() {
    for program in PROGRAMS {
        let help = help(program);
        assert!(help.is_ascii() && help.ends_with('\n') && !help.ends_with("\n\n"), "{help}");
        for line in help.lines() {
            assert!(line.len() <= 80, "{} columns: {line}", line.len());
            assert!(!line.ends_with(' ') && !line.contains('\t'), "{line:?}");
        }
    }
}

#[test]
fn help_lists_each_option_once() {
    for program in PROGRAMS {
        let options: Vec<_> = options(&help(program)).into_iter().map(|(name, _)| name).collect();
        let unique: BTreeSet<_> = options.iter().collect();
        assert_eq!(unique.len(), options.len(), "{program}: {options:?}");
        assert!(options.len() >= 8, "{program}: {options:?}");
    }
}

#[test]
fn version_is_name_and_number() {
    for program in PROGRAMS {
        for option in ["-V", "--version"] {
            astray(program)
                .arg(option)
                .stdout(format!("{program} {}\n", env!("CARGO_PKG_VERSION")))
                .status(0);
        }
    }
}

#[test]
fn help_wins_over_what_comes_after_it() {
    for program in PROGRAMS {
        astray(program).args(["--help", "--definitely-invalid"]).stdout(help(program)).status(0);
    }
}

#[test]
fn every_option_of_the_help_is_accepted_in_both_spellings() {
    for program in PROGRAMS {
        for (option, takes_value) in options(&help(program)) {
            if takes_value {
                // Without a value it is known and incomplete, with an odd one it is known and judged.
                let message =
                    run(program).arg(format!("--{option}")).says(format!("--{option}")).status(252);
                assert!(message.stderr().contains("needs a value"), "{}", message.stderr());
                for odd in
                    [vec![format!("--{option}=")], vec![format!("--{option}"), String::new()]]
                {
                    let outcome = run(program).args(odd).arg("--help").any_stdout().any_stderr();
                    let outcome = outcome.start().any_status();
                    assert!(!outcome.stderr().contains("unrecognized"), "{}", outcome.stderr());
                }
            } else {
                run(program).args([&format!("--{option}"), "--help"]).any_stdout().status(0);
                if !["help", "version"].contains(&option.as_str()) {
                    let with_value = format!("--{option}=yes");
                    run(program).arg(with_value).says(format!("--{option}")).status(252);
                }
            }
        }
    }
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    for program in PROGRAMS {
        astray(program)
            .arg("--definitely-invalid")
            .says("unrecognized option --definitely-invalid")
            .hints("--help")
            .status(252);
        astray(program).arg("-Z").says("-Z").status(252);
    }
}

#[test]
fn a_near_miss_is_told_what_was_meant() {
    for program in NETWORKED {
        run(program).args(["--profil", "x"]).says("did you mean --profile?").status(252);
    }
}

#[test]
fn an_argument_that_is_not_utf8_is_a_usage_error() {
    let odd = OsStr::from_bytes(b"a\xffb.example");
    for program in PROGRAMS {
        run(program).arg(odd).says("").status(252);
        for (option, takes_value) in options(&help(program)) {
            if takes_value
                && !["input", "output-file", "ca-bundle", "merge"].contains(&option.as_str())
            {
                run(program)
                    .arg(format!("--{option}"))
                    .arg(odd)
                    .says(format!("--{option}"))
                    .status(252);
            }
        }
        run(program).arg(OsStr::from_bytes(b"--\xff")).says("").status(252);
    }
}

#[test]
fn awkward_words_never_crash_a_program() {
    let words = [
        "-",
        "--",
        "--=",
        "--=x",
        "-=",
        "---",
        "",
        "\u{0}".trim_end_matches('\0'),
        "-qq",
        "-o",
        "é",
        "@",
        "\n",
    ];
    for program in PROGRAMS {
        for first in words {
            for second in words {
                let outcome = run(program)
                    .attempts(1)
                    .args([first, second])
                    .stdin("{}")
                    .any_stdout()
                    .any_stderr()
                    .start()
                    .any_status();
                // The longest message shows a broken expression, of two lines here, with a caret.
                assert!(outcome.stderr().lines().count() <= 5, "{}", outcome.stderr());
            }
        }
    }
}

#[test]
fn options_may_follow_operands() {
    let ses = FakeSes::new().domain("a.example").start();
    run("ses-exists").against(&ses).args(["a.example", "-q"]).status(0);
    run("ses-exists").against(&ses).args(["-q", "--", "a.example"]).status(0);
}

#[test]
fn a_double_dash_ends_the_options() {
    run("ses-exists").args(["--", "--absent"]).says("\"--absent\"").status(252);
}

#[test]
fn what_aws_cli_takes_for_its_pager_and_colours_is_taken() {
    let ses = FakeSes::new().domain("a.example").start();
    let list =
        || run("ses-list").against(&ses).args(["--query", "Identities[0]", "--output", "text"]);
    list().arg("--no-cli-pager").stdout("a.example\n").status(0);
    for colour in ["on", "off", "auto"] {
        list().args(["--color", colour]).stdout("a.example\n").status(0);
    }
    list().args(["--color", "blue"]).says("--color").status(252);
}

#[test]
fn a_bad_value_is_told_with_its_option() {
    for args in [
        ["--output", "xml"],
        ["--query", "a["],
        ["--cli-read-timeout", "soon"],
        ["--cli-connect-timeout", "-1"],
        ["--region", ""],
        ["--profile", ""],
        ["--endpoint-url", ""],
    ] {
        for program in NETWORKED {
            let refused = run(program).args(args).arg("a.example").stderr_has(args[0]).status(252);
            assert!(refused.stderr().starts_with(&format!("{program}: ")), "{}", refused.stderr());
        }
    }
}

/// Each program with arguments that make it print something.
fn printing(ses: &impl crate::support::Endpoint) -> [Run; 4] {
    let token = r#"{"VerificationToken": "x"}"#;
    [
        run("ses-list").against(ses),
        run("ses-exists").against(ses).arg("a.example"),
        run("ses-verify").against(ses).arg("a.example"),
        run("ses-token").stdin(token),
    ]
}

#[test]
fn a_full_disk_is_an_error() {
    let ses = FakeSes::new().writable().domain("a.example").start();
    for run in printing(&ses) {
        run.stdout_into("/dev/full").says("cannot write to stdout").status(255);
    }
    for program in PROGRAMS {
        run(program)
            .arg("--help")
            .stdout_into("/dev/full")
            .says("cannot write to stdout")
            .status(255);
        run(program)
            .arg("--version")
            .stdout_into("/dev/full")
            .says("cannot write to stdout")
            .status(255);
    }
}

/// The standard library puts /dev/null in its place, where the answer would be lost without a word.
#[test]
fn a_stdout_that_is_closed_is_an_error() {
    for program in PROGRAMS {
        Run::program("/bin/sh")
            .args(["-c", "exec \"$0\" --version >&-", path_of(program)])
            .stderr_has(format!("{program}: cannot write to stdout: it is closed\n"))
            .status(255);
    }
    let silent = "\"$0\" -q --absent a.example >&-";
    let ses = FakeSes::new().start();
    Run::program("/bin/sh").args(["-c", silent, path_of("ses-exists")]).against(&ses).status(0);
}

#[test]
fn of_two_inputs_none_is_lost() {
    for program in ["ses-exists", "ses-verify", "ses-token"] {
        run(program)
            .args(["--input", "a", "--input", "b"])
            .says("it was given twice; join the files with cat")
            .hints("--help")
            .status(252);
    }
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let ses = FakeSes::new().writable().domain("a.example").start();
    for run in printing(&ses) {
        run.stdout_closed().status(0);
    }
    run("ses-exists").against(&ses).arg("absent.example").stdout_closed().status(1);
    for program in PROGRAMS {
        run(program).arg("--help").stdout_closed().status(0);
    }
}

#[test]
fn a_stdout_that_is_not_there_is_an_error_and_no_crash() {
    let ses = FakeSes::new().domain("a.example").start();
    let script = format!("exec {} >&-", env!("CARGO_BIN_EXE_ses-list"));
    let outcome = Run::program("/bin/sh")
        .args(["-c", &script])
        .against(&ses)
        .any_stderr()
        .start()
        .any_status();
    assert!(!outcome.stderr().contains("panicked"), "{}", outcome.stderr());
}

#[test]
fn generated_documents_exist_for_every_program() {
    for program in PROGRAMS {
        for kind in ["man-options", "man-synopsis", "bash", "zsh", "fish"] {
            let text = astray(program).args(["--generate", kind]).any_stdout().status(0).stdout();
            assert!(!text.is_empty() && text.is_ascii(), "{program} {kind}");
        }
        run(program).args(["--generate", "poetry"]).says("poetry").status(252);
    }
}
