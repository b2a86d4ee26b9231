//! The command line: from arguments to checked values, and from values to an exit status.
//!
//! Parsing stores values and does no I/O; help and version win before anything is looked at. This
//! module knows nothing of AWS.

mod completions;
mod flag;
mod help;
mod man;

use std::ffi::OsString;
use std::process::ExitCode;

use lexopt::Arg;

pub use flag::{Flag, Groups, Options, Section, Spec, Takes, Value};

use crate::status::{Failure, Status};
use crate::stream;

/// A program as its user meets it: name, purpose, usage and examples.
#[derive(Debug)]
pub struct Program {
    pub name: &'static str,
    /// The purpose in one line, without a full stop.
    pub brief: &'static str,
    /// What follows the name in each usage line.
    pub usage: &'static [&'static str],
    /// A command and what it is for.
    pub examples: &'static [(&'static str, &'static str)],
}

/// What the command line asks for.
#[derive(Debug)]
enum Request<G> {
    Run(G, Vec<OsString>),
    /// Help, version or a generated document: text for stdout.
    Print(String),
}

impl Program {
    /// Parses the arguments of the process, lets `act` do the work, and reports how it went.
    ///
    /// `act` gets the groups of options and the operands.
    pub fn run<G: Groups>(
        &self,
        act: impl FnOnce(G, Vec<OsString>) -> Result<Status, Failure>,
    ) -> ExitCode {
        report_panics(self.name);
        let outcome = match self.parse::<G>(std::env::args_os().skip(1)) {
            Ok(Request::Run(options, operands)) => act(options, operands),
            Ok(Request::Print(text)) => stream::print(text).map(|_| Status::DONE),
            Err(message) => Err(Failure::usage(message)),
        };
        let status = outcome.unwrap_or_else(|failure| {
            let failure = match (failure.status, &failure.hint) {
                (Status::Usage, None) => failure.hint(format!("see {} --help", self.name)),
                _ => failure,
            };
            stream::report(self.name, &failure);
            failure.status
        });
        status.exit_code()
    }

    /// # Errors
    /// One line that names the option and what is wrong with it.
    fn parse<G: Groups>(
        &self,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Request<G>, String> {
        let sections = G::sections();
        let mut groups = G::default();
        let mut operands = Vec::new();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
            let shown = match &argument {
                Arg::Short(short) => format!("-{short}"),
                Arg::Long(long) => format!("--{long}"),
                Arg::Value(_) => String::new(),
            };
            let matches = |spec: &Spec| match &argument {
                Arg::Short(short) => spec.short == Some(*short),
                Arg::Long(long) => spec.long == *long,
                Arg::Value(_) => false,
            };
            match &argument {
                Arg::Value(operand) => {
                    operands.push(operand.clone());
                    continue;
                }
                Arg::Short('h') | Arg::Long("help") => {
                    return Ok(Request::Print(help::text(self, &sections)));
                }
                Arg::Short('V') | Arg::Long("version") => {
                    let version = env!("CARGO_PKG_VERSION");
                    return Ok(Request::Print(format!("{} {version}\n", self.name)));
                }
                Arg::Long("generate") => {
                    let kind = Value(parser.value().map_err(|error| error.to_string())?).text()?;
                    return self.generate(&kind, &sections).map(Request::Print);
                }
                _ => {}
            }
            let found = sections.iter().enumerate().find_map(|(group, section)| {
                let index = section.flags.iter().position(|spec| matches(spec))?;
                Some((group, index, section.flags[index]))
            });
            let Some((group, index, spec)) = found else {
                return Err(unrecognized(&shown, &sections));
            };
            let value = match spec.takes {
                Takes::Nothing => None,
                _ => {
                    let value = parser.value();
                    Some(Value(value.map_err(|_| format!("{shown} needs a value"))?))
                }
            };
            groups
                .store(group, index, value)
                .map_err(|why| format!("cannot use the value of {shown}: {why}"))?;
        }
        Ok(Request::Run(groups, operands))
    }

    /// `--generate KIND`: the parts of man page and completions that come from the tables. For the
    /// project's own scripts, hence not in the help.
    fn generate(&self, kind: &str, sections: &[Section]) -> Result<String, String> {
        match kind {
            "man-options" => Ok(man::options(sections)),
            "man-synopsis" => Ok(man::synopsis(self)),
            "bash" => Ok(completions::bash(self, sections)),
            "fish" => Ok(completions::fish(self, sections)),
            "zsh" => Ok(completions::zsh(self, sections)),
            _ => Err(format!("--generate knows no {kind:?}")),
        }
    }
}

/// Help and version are options of every program, though of no group.
const EVERYWHERE: &[Spec] = &[
    Spec {
        short: Some('h'),
        long: "help",
        takes: Takes::Nothing,
        brief: "print this help",
        detail: "",
    },
    Spec {
        short: Some('V'),
        long: "version",
        takes: Takes::Nothing,
        brief: "print name and version",
        detail: "",
    },
];

/// The message for an unknown flag, with the nearest known one.
fn unrecognized(shown: &str, sections: &[Section]) -> String {
    let name = shown.trim_start_matches('-');
    let known = sections.iter().flat_map(|section| section.flags.iter().map(|spec| spec.long));
    let near = known
        .map(|long| {
            let prefix = !name.is_empty() && long.starts_with(name);
            (long, if prefix { 1.0 } else { strsim::jaro_winkler(long, name) })
        })
        .filter(|(_, likeness)| *likeness > 0.8 && shown.starts_with("--"))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    match near {
        Some((long, _)) => format!("unrecognized option {shown}, did you mean --{long}?"),
        None => format!("unrecognized option {shown}"),
    }
}

/// A panic is a defect, but it still ends in one line and status 255: the release profile aborts
/// on panics, and 101 or 134 is in nobody's runbook.
fn report_panics(program: &'static str) {
    std::panic::set_hook(Box::new(move |panic| {
        let what = panic.payload_as_str().unwrap_or("panic").replace('\n', " ");
        let place = panic.location().map(|place| format!(" ({place})")).unwrap_or_default();
        stream::report(program, &Failure::other(format!("internal error: {what}{place}")));
        std::process::exit(Status::Other.code().into());
    }));
}

#[cfg(test)]
mod tests;
