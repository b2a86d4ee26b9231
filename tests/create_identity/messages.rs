//! The text of the script: its messages in both languages, and the bash it is written in.

use std::collections::BTreeSet;
use std::fs;

use super::SCRIPT;
use crate::support::run::Run;

/// Key, English, Japanese.
fn messages() -> Vec<[String; 3]> {
    let dump = "source \"$1\"; printf '%s\\0' \"${MESSAGES[@]}\"";
    let outcome = Run::program("/bin/bash")
        .env("PATH", "/usr/bin:/bin")
        .args(["-c", dump, "bash", SCRIPT])
        .any_stdout()
        .status(0)
        .stdout();
    let texts: Vec<_> = outcome.strip_suffix('\0').expect("messages").split('\0').collect();
    assert_eq!(texts.len() % 3, 0, "a message lacks a language");
    texts.chunks(3).map(|message| [0, 1, 2].map(|column| message[column].to_owned())).collect()
}

/// The table and what follows it.
fn parts() -> (String, String) {
    let text = fs::read_to_string(SCRIPT).expect("the script");
    let (head, rest) = text.split_once("readonly MESSAGES=(\n").expect("a table");
    let (table, code) = rest.split_once("\n)\n").expect("the end of the table");
    (table.to_owned(), format!("{head}{code}"))
}

/// The conversions of a format, in their order.
fn conversions(format: &str) -> Vec<String> {
    let parts = format.split('%').skip(1);
    parts
        .map(|part| part.chars().take_while(|c| !c.is_ascii_lowercase()).chain(['s']).collect())
        .collect()
}

#[test]
fn both_languages_are_complete_and_take_the_same_arguments() {
    let messages = messages();
    assert!(messages.len() > 50);
    for [key, english, japanese] in &messages {
        assert!(!english.is_empty() && !japanese.is_empty(), "{key}");
        assert!(english.is_ascii(), "{key} is no English: {english}");
        // Marks and names are the same everywhere.
        let translated = !japanese.is_ascii();
        let bare = ["ok", "ng", "parameter", "expected", "file-output"].contains(&key.as_str());
        assert_eq!(translated, !bare, "{key}: {japanese}");
        assert_eq!(conversions(english), conversions(japanese), "{key}");
        assert_eq!(
            english.matches('%').count(),
            english.matches("%s").count() + english.matches("%-").count()
        );
    }
    let keys: BTreeSet<_> = messages.iter().map(|[key, ..]| key).collect();
    assert_eq!(keys.len(), messages.len(), "a key comes twice");
}

#[test]
fn every_message_is_used_and_every_one_used_is_there() {
    let (_, code) = parts();
    let words: Vec<&str> =
        code.split(|c: char| !(c.is_ascii_alphanumeric() || "-._".contains(c))).collect();
    let messages = messages();
    let keys: BTreeSet<&str> = messages.iter().map(|[key, ..]| key.as_str()).collect();
    for key in &keys {
        // Where the run is: a step, with "at-" before it.
        let name = key.strip_prefix("at-").unwrap_or(key);
        assert!(words.contains(&name), "{key} is never used");
    }
    for pair in words.windows(3) {
        let used = match pair {
            ["say" | "text" | "suggest" | "usage" | "refuse", key, _] => *key,
            ["die", status, key] if status.parse::<u8>().is_ok() => *key,
            ["at", step, key] if step.starts_with(|c: char| c.is_ascii_digit()) => {
                assert!(keys.contains(format!("at-{step}").as_str()), "at-{step}");
                *key
            }
            _ => continue,
        };
        // The rest are words of comments, and variables.
        if used.contains('-') && !used.ends_with('-') {
            assert!(keys.contains(used), "there is no message {used}");
        }
    }
}

#[test]
fn nothing_is_newer_than_bash_4_2() {
    let (_, code) = parts();
    for newer in [
        "@Q}",
        "@E}",
        "@P}",
        "@A}",
        "@a}",
        "@U}",
        "@u}",
        "@L}",
        "@K}",
        "@k}", // 4.4, 5.1
        "local -n",
        "declare -n",
        "typeset -n", // 4.3
        "wait -n",
        "wait -p",
        "wait -f", // 4.3, 5.1
        "mapfile -d",
        "readarray -d",
        "read -E", // 4.4
        "EPOCHSECONDS",
        "EPOCHREALTIME",
        "SRANDOM",
        "BASH_ARGV0", // 5.0
        "inherit_errexit",
        "localvar_inherit",
        "assoc_expand_once", // 4.4, 5.0
        "[[ -v",
        "[ -v",
        "[[ -R", // in subscripts 4.3
        "[-1]",
        "${ ",
        "${|", // 4.3, 5.3
        "local -",
        "T' \"",
        "T\\n'\n", // 4.4; a time without its argument 4.3
    ] {
        let found = code.match_indices(newer).map(|(at, _)| at).find(|at| {
            // `local -a` and the like are old.
            newer != "local -" || code[at + newer.len()..].starts_with(char::is_whitespace)
        });
        assert!(found.is_none(), "{newer:?} is newer: {}", &code[found.unwrap_or(0)..][..60]);
    }
    // An empty array is unset to `set -u` before 4.4.
    for array in ["shown", "of"] {
        assert!(!code.contains(&format!(" \"${{{array}[@]}}\"")), "{array} may be empty");
    }
}

#[test]
fn it_uses_coreutils_alone() {
    let (_, code) = parts();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n");
    for program in
        ["sed", "awk", "grep", "jq", "python", "perl", "find", "xargs", "aws", "curl", "mktemp"]
    {
        let called = ["\n", "| ", "$(", "&& ", "|| ", "! "].iter().any(|before| {
            code.replace("\n  ", "\n").replace("  ", "").contains(&format!("{before}{program} "))
        });
        assert!(!called, "{program} is none of coreutils");
    }
}

#[test]
fn the_man_page_has_every_option_of_both_help_texts() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/man/man1/ses-create-identity.1");
    let page = fs::read_to_string(page).expect("the page").replace("\\-", "-");
    let messages = messages();
    let [_, english, japanese] =
        messages.iter().find(|[key, ..]| key == "help").expect("a help text");
    let options = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        words.filter(|word| word.starts_with("--")).map(str::to_owned).collect()
    };
    assert_eq!(options(english), options(japanese));
    assert_eq!(options(english).len(), 20);
    for option in options(english) {
        assert!(page.contains(&format!("Fl {}", &option[1..])), "{option} is not in the man page");
    }
}
