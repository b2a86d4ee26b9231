//! The options `--query` and `--output`, and what they make of an answer.

use std::io::IsTerminal;

use serde_json::{Value, json};

use super::{Progress, table, text, yaml};
use crate::aws::{Found, variable};
use crate::cli::{Flag, Options, Takes};
use crate::query::Expression;
use crate::status::Failure;
use crate::stream::{self, Written};

const FORMATS: &[&str] = &["json", "text", "table", "yaml"];
const COLOURS: &[&str] = &["on", "off", "auto"];

/// aws-cli's options for its output.
#[derive(Debug, Default)]
pub struct Printing {
    query: Option<Expression>,
    format: Option<&'static str>,
    colour: Option<&'static str>,
    no_progress: bool,
}

impl Options for Printing {
    const TITLE: &'static str = "Output";
    const FLAGS: &'static [Flag<Printing>] = &[
        Flag::value(
            "query",
            Takes::Text("EXPRESSION"),
            "print what this JMESPath selects",
            |p: &mut Printing, v| {
                p.query = Some(Expression::compile(&v.text()?).map_err(|error| error.to_string())?);
                Ok(())
            },
        )
        .detail(
            "It is evaluated once, on the whole result. \
             Literals may lack their quotes, as for aws-cli and jp.py.",
        ),
        Flag::value(
            "output",
            Takes::Choice("FORMAT", FORMATS),
            "json, text, table or yaml",
            |p: &mut Printing, v| v.one_of(FORMATS).map(|given| p.format = Some(given)),
        )
        .detail("Without it AWS_DEFAULT_OUTPUT, the profile's output, and then json are used."),
        Flag::value(
            "color",
            Takes::Choice("WHEN", COLOURS),
            "colours in a table: on, off or auto",
            |p: &mut Printing, v| v.one_of(COLOURS).map(|given| p.colour = Some(given)),
        )
        .detail("By default, and with auto, a table has colours on a terminal."),
        Flag::switch("no-progress", "show no progress", |p: &mut Printing| p.no_progress = true)
            .detail("It is shown on stderr, on a terminal, for what takes longer than a second."),
        Flag::switch("no-cli-pager", "accepted as aws-cli's", |_: &mut Printing| {})
            .detail("There is never a pager."),
    ];
}

impl Printing {
    /// The printer for this run; the options were checked before, the rest is checked here.
    ///
    /// `profile` is the profile's setting of the format, `title` what a table is headed with: the
    /// operation, as aws-cli calls it.
    ///
    /// # Errors
    /// 253 where AWS_DEFAULT_OUTPUT or the profile names an unknown format.
    pub fn printer(
        &self,
        profile: Option<&Found>,
        title: &'static str,
    ) -> Result<Printer<'_>, Failure> {
        let configured = || variable("AWS_DEFAULT_OUTPUT").or_else(|| profile.cloned());
        let format = match self.format {
            Some(format) => format,
            None => configured().map_or(Ok("json"), known)?,
        };
        let colour = match self.colour {
            Some("on") => true,
            Some("off") => false,
            _ => format == "table" && std::io::stdout().is_terminal(),
        };
        Ok(Printer { query: self.query.as_ref(), format, colour, title })
    }

    /// Was any option given that changes what is printed?
    pub fn changes_output(&self) -> bool {
        self.query.is_some() || self.format.is_some_and(|format| format != "json")
    }

    /// Progress of `what`, unless the options or `quiet` say no.
    pub fn progress(&self, what: &'static str, quiet: bool) -> Progress {
        Progress::new(what, !self.no_progress && !quiet)
    }
}

fn known(found: Found) -> Result<&'static str, Failure> {
    let Found { value, source } = found;
    FORMATS.iter().find(|format| **format == value).copied().ok_or_else(|| {
        let problem = format!("{value:?} from {source} is no output format of this program");
        Failure::configuration(problem).hint(format!("--output takes {}", FORMATS.join(", ")))
    })
}

/// Prints answers as the user asked for them.
#[derive(Debug)]
pub struct Printer<'a> {
    query: Option<&'a Expression>,
    format: &'static str,
    colour: bool,
    title: &'static str,
}

impl Printer<'_> {
    /// Prints `answer`, or what `--query` selects of it.
    ///
    /// # Errors
    /// 255 where the query fails on the answer, or stdout cannot take the text.
    pub fn print(&self, answer: Value) -> Result<Written, Failure> {
        stream::print(self.render(answer)?)
    }

    /// As [`Printer::print`], for a list made of pages: in text, aws-cli prints the token of one that
    /// was cut short under its name, so that a script can tell it from an identity.
    ///
    /// # Errors
    /// As [`Printer::print`].
    pub fn print_paged(&self, mut answer: Value) -> Result<Written, Failure> {
        if self.format == "text"
            && self.query.is_none()
            && let Some(token) = answer.get_mut("NextToken")
        {
            *token = json!({ "NextToken": token.take() });
        }
        self.print(answer)
    }

    /// What `--query` selects of `answer`; without it, all.
    ///
    /// # Errors
    /// 255 where the query fails on the answer.
    pub fn select(&self, answer: Value) -> Result<Value, Failure> {
        let failed = |error| Failure::other(format!("--query failed on the answer: {error}"));
        match self.query {
            None => Ok(answer),
            Some(query) => query.search(&answer).map_err(failed),
        }
    }

    fn render(&self, answer: Value) -> Result<String, Failure> {
        let selected = self.select(answer)?;
        Ok(match self.format {
            "text" => text::render(&selected),
            "table" => table::render(self.title, &selected, stream::stdout_width(), self.colour),
            "yaml" => yaml::render(&selected),
            // aws-cli prints nothing for an answer without members.
            _ if selected.as_object().is_some_and(|object| object.is_empty()) => String::new(),
            _ => crate::json::pretty(&selected) + "\n",
        })
    }
}
