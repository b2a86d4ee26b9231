//! `--help`: grouped, one line an option, at most 80 columns, examples last.

use super::{EVERYWHERE, Program, Section, Spec};

/// The column where descriptions begin; a longer option has its description on the next line.
const COLUMN: usize = 28;
const WIDTH: usize = 80;

pub(super) fn text(program: &Program, sections: &[Section]) -> String {
    let mut help = format!("{} - {}\n\n", program.name, program.brief);
    for (index, usage) in program.usage.iter().enumerate() {
        let lead = if index == 0 { "Usage: " } else { "       " };
        let indent = " ".repeat(lead.len() + program.name.len() + 1);
        help.push_str(&wrap(&format!("{lead}{} {usage}", program.name), &indent));
    }
    for section in sections {
        help.push_str(&format!("\n{}:\n", section.title));
        section.flags.iter().for_each(|spec| help.push_str(&line(spec)));
    }
    help.push('\n');
    EVERYWHERE.iter().for_each(|spec| help.push_str(&line(spec)));
    help.push_str("\nExamples:\n");
    for (command, purpose) in program.examples {
        help.push_str(&format!("  {command}\n      {purpose}\n"));
    }
    help.push_str(&format!("\nExit statuses and the rest: man {}\n", program.name));
    help
}

fn line(spec: &Spec) -> String {
    let (names, indent) = (format!("  {}", names(spec)), " ".repeat(COLUMN));
    if names.len() < COLUMN {
        wrap(&format!("{names:<COLUMN$}{}", spec.brief), &indent)
    } else {
        format!("{names}\n{}", wrap(&format!("{indent}{}", spec.brief), &indent))
    }
}

/// `-o, --output-file FILE`, aligned so that long names stand below each other.
pub(super) fn names(spec: &Spec) -> String {
    let short = spec.short.map_or("    ".into(), |short| format!("-{short}, "));
    let value = spec.takes.name().map(|name| format!(" {name}")).unwrap_or_default();
    format!("{short}--{}{value}", spec.long)
}

/// Breaks `text` at spaces so that no line exceeds 80 columns; a line that goes on starts with
/// `indent`. Spaces inside the text are kept.
fn wrap(text: &str, indent: &str) -> String {
    let mut lines = String::new();
    let mut rest = text.to_owned();
    while rest.len() > WIDTH {
        let Some(cut) = rest[..=WIDTH].rfind(' ').filter(|cut| *cut > indent.len()) else { break };
        lines.push_str(rest[..cut].trim_end());
        lines.push('\n');
        rest = format!("{indent}{}", rest[cut..].trim_start());
    }
    lines + &rest + "\n"
}
