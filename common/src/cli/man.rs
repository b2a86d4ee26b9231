//! The generated parts of a man page, in mdoc: its synopsis and its options.
//!
//! The prose around them is written by hand, in the page itself.

use super::{EVERYWHERE, Program, Section, Spec, Takes};

/// The longest line of a page's source that mandoc's lint likes.
const WIDTH: usize = 80;

pub(super) fn synopsis(program: &Program) -> String {
    program.usage.iter().fold(String::new(), |page, usage| page + ".Nm\n" + &arguments(usage))
}

pub(super) fn options(sections: &[Section]) -> String {
    let mut page = String::new();
    for section in sections {
        page.push_str(&format!(".Ss {}\n", escape(section.title)));
        page.push_str(&list(section.flags.iter().copied()));
    }
    page.push_str(".Ss Everywhere\n");
    page + &list(EVERYWHERE.iter())
}

/// A usage line as macros: an option, an operand or a bracketed group a line.
fn arguments(usage: &str) -> String {
    let (mut lines, mut line, mut depth) = (String::new(), Vec::<String>::new(), 0);
    for word in usage.split(' ') {
        let core = word.trim_start_matches('[');
        let opened = word.len() - core.len();
        line.extend(std::iter::repeat_n("Oo".to_owned(), opened));
        let ends = [core.find("..."), core.find(']')].into_iter().flatten();
        let (core, mut tail) = core.split_at(ends.min().unwrap_or(core.len()));
        line.push(argument(core));
        depth += opened;
        while !tail.is_empty() {
            if let Some(rest) = tail.strip_prefix(']') {
                line.push("Oc".into());
                (depth, tail) = (depth - 1, rest);
            } else {
                // `[--status STATUS]...` repeats the group, `[NAME...]` the name.
                let glue = if line.last().is_some_and(|last| last == "Oc") { "Ns " } else { "" };
                line.push(format!("{glue}..."));
                tail = tail.strip_prefix("...").unwrap_or_default();
            }
        }
        if depth == 0 {
            let words = line.join(" ");
            lines.push_str(if words == "|" { "" } else { "." });
            lines.push_str(&words);
            lines.push('\n');
            line.clear();
        }
    }
    lines
}

/// A word of a usage line: an option, a placeholder, a value to be typed as it stands, or a bar.
fn argument(word: &str) -> String {
    match word.strip_prefix('-') {
        Some(name) => format!("Fl {}", escape(name)),
        None if word == "|" => word.into(),
        None if is_upper(word) => format!("Ar {}", escape(word)),
        None => format!("Cm {}", escape(word)),
    }
}

fn is_upper(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
}

fn list<'a>(flags: impl Iterator<Item = &'a Spec>) -> String {
    let items = flags.fold(String::from(".Bl -tag -width Ds\n"), |list, spec| list + &item(spec));
    items + ".El\n"
}

fn item(spec: &Spec) -> String {
    let short = spec.short.map(|short| format!("Fl {short} , ")).unwrap_or_default();
    let value = spec.takes.name().map(|name| format!(" Ar {name}")).unwrap_or_default();
    let text = format!("{} {} {}", sentence(spec), values(spec), spec.detail);
    format!(".It {short}Fl {}{value}\n{}", escape(&format!("-{}", spec.long)), prose(&text, spec))
}

/// The brief line as the first sentence of a paragraph. A value or a name keeps its lower case.
fn sentence(spec: &Spec) -> String {
    let first = spec.brief.split([' ', ',', '?']).next().unwrap_or_default();
    let is_word = first.chars().all(|c| c.is_ascii_lowercase()) && !choices(spec).contains(&first);
    let (head, rest) = spec.brief.split_at(if is_word { 1 } else { 0 });
    let stop = if spec.brief.ends_with('?') { "" } else { "." };
    format!("{}{rest}{stop}", head.to_ascii_uppercase())
}

fn choices(spec: &Spec) -> &'static [&'static str] {
    match spec.takes {
        Takes::Choice(_, choices) => choices,
        _ => &[],
    }
}

/// The values of an option that takes one of several, if its own text does not name them all.
fn values(spec: &Spec) -> String {
    let told = |choice: &&str| spec.brief.contains(*choice) || spec.detail.contains(*choice);
    match (spec.takes, choices(spec)) {
        (Takes::Choice(name, _), [most @ .., last]) if !choices(spec).iter().all(told) => {
            format!("{name} is {} or {last}.", most.join(", "))
        }
        _ => String::new(),
    }
}

/// Each sentence on a line of its own, as mdoc wants it; options, variables and the names of values
/// are marked as what they are.
fn prose(text: &str, spec: &Spec) -> String {
    let mut page = String::new();
    let mut line = Vec::new();
    for word in text.split_whitespace() {
        let ends = line.last().is_some_and(|last: &String| last.ends_with(['.', '?']));
        let core = word.trim_end_matches(['.', ',', ';', ':', '?']);
        let mark = mark(core, spec);
        let length: usize = line.iter().map(|word| word.len() + 1).sum();
        if ends || mark.is_some() || length + escape(word).len() > WIDTH {
            flush(&mut line, &mut page);
        }
        match mark {
            None => line.push(escape(word)),
            Some(mark) => {
                let stops: String =
                    word[core.len()..].chars().map(|stop| format!(" {stop}")).collect();
                page.push_str(&format!(".{mark}{stops}\n"));
            }
        }
    }
    flush(&mut line, &mut page);
    page
}

/// The macro for a word of the prose, if it needs one.
fn mark(word: &str, spec: &Spec) -> Option<String> {
    let placeholder =
        |word: &str| spec.takes.name() == Some(word) || word == "NAME" || word == "FILE";
    if let Some(option) = word.strip_prefix('-').filter(|option| !option.is_empty()) {
        return Some(format!("Fl {}", escape(option)));
    }
    if word.contains('_') && is_upper(word) {
        return Some(format!("Ev {word}"));
    }
    ["", "s", "'s"].into_iter().find_map(|ending| {
        let name = word.strip_suffix(ending).filter(|name| placeholder(name))?;
        let ending = if ending.is_empty() { String::new() } else { format!(" Ns {ending}") };
        Some(format!("Ar {name}{ending}"))
    })
}

/// A line of plain words; one that roff would take for a request is protected.
fn flush(line: &mut Vec<String>, page: &mut String) {
    if line.is_empty() {
        return;
    }
    let words = std::mem::take(line).join(" ");
    page.push_str(if words.starts_with(['.', '\'']) { "\\&" } else { "" });
    page.push_str(&words);
    page.push('\n');
}

/// Text for roff: no backslash is an escape, and a hyphen stays one that can be copied.
fn escape(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-").replace('`', "\\(ga")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(brief: &'static str, detail: &'static str) -> Spec {
        let takes = Takes::Choice("WHEN", &["on", "off"]);
        Spec { short: Some('w'), long: "when-ever", takes, brief, detail }
    }

    #[test]
    fn a_usage_line_becomes_macros() {
        assert_eq!(
            arguments("[-o FILE [--resume]] [--status STATUS]... --format raw | json [NAME...]"),
            ".Oo Fl o Ar FILE Oo Fl \\-resume Oc Oc\n.Oo Fl \\-status Ar STATUS Oc Ns ...\n\
             .Fl \\-format\n.Cm raw\n|\n.Cm json\n.Oo Ar NAME ... Oc\n"
        );
    }

    #[test]
    fn an_option_becomes_an_item() {
        let spec = spec("say so, on or off", "As --quiet. Without it AWS_X, WHEN's word.");
        assert_eq!(
            item(&spec),
            ".It Fl w , Fl \\-when\\-ever Ar WHEN\nSay so, on or off.\nAs\n.Fl \\-quiet .\n\
             Without it\n.Ev AWS_X ,\n.Ar WHEN Ns 's\nword.\n"
        );
    }

    #[test]
    fn a_value_keeps_its_case_and_values_are_listed_once() {
        assert_eq!(item(&spec("on or off", "")).lines().nth(1), Some("on or off."));
        let item = item(&spec("how?", ""));
        assert!(item.ends_with("How?\n.Ar WHEN\nis on or off.\n"), "{item}");
    }
}
