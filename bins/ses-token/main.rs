//! ses-token: turns the others' JSON into bare tokens or DNS records; never touches the network.

mod options;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use common::cli::Program;
use common::query::Expression;
use common::records::{self, Records, route53, zone};
use common::status::{Failure, Status};
use common::{input, json, selection, stream};

use options::{Format, Wanted};

const PROGRAM: Program = Program {
    name: "ses-token",
    brief: "cut SES verification tokens out of JSON, bare or as DNS records",
    usage: &[
        "[--input FILE] [--format raw | json] [EXPRESSION]",
        "[--input FILE] --format records | zone | route53 [OPTION...]",
    ],
    examples: &[
        ("ses-token < example.com-verify.json", "The bare token."),
        (
            "ses-token --format zone --domain example.com < example.com-verify.json",
            "The line for the zone file.",
        ),
    ],
};

fn main() -> ExitCode {
    PROGRAM.run(print)
}

fn print((wanted,): (Wanted,), operands: Vec<OsString>) -> Result<Status, Failure> {
    let expression = expression(operands)?;
    if let Some(message) = wanted.misplaced() {
        return Err(Failure::usage(message));
    }
    if wanted.format.is_of_records() && expression.is_some() {
        return Err(Failure::usage("DNS records are made of the whole input: no EXPRESSION"));
    }
    let document = input::read(wanted.input.as_deref().unwrap_or(Path::new("-")))?;
    let selected = match (wanted.format, expression) {
        (Format::Raw, None) => selection::tokens(&document)?,
        (Format::Raw, Some(expression)) => selection::raw(&document, &expression)?,
        (Format::Json, expression) => selection::json(&document, expression.as_ref())?,
        _ => return records(&wanted, &document),
    };
    stream::print(selected.text)?;
    Ok(Status::of(selected.found))
}

/// The operand, compiled.
fn expression(operands: Vec<OsString>) -> Result<Option<Expression>, Failure> {
    let mut operands = input::names(operands, None)?.into_iter();
    let Some(expression) = operands.next() else { return Ok(None) };
    if let Some(more) = operands.next() {
        return Err(Failure::usage(format!("unexpected operand {:?}", more.name)));
    }
    Expression::compile(&expression.name).map(Some).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        let is_file = Path::new(&expression.name).is_file();
        if is_file {
            failure.hint("an operand is an EXPRESSION; --input FILE reads a file")
        } else {
            failure
        }
    })
}

fn records(wanted: &Wanted, document: &[u8]) -> Result<Status, Failure> {
    let entries = records::tokens(document)?;
    let records = Records::of(&entries, wanted.domain.as_ref(), wanted.region.as_deref())?;
    // All or none, as for bare tokens.
    if records.is_empty() || entries.iter().any(|entry| !entry.has_token() && !entry.is_address()) {
        return Ok(Status::No);
    }
    let ttl = wanted.ttl.unwrap_or(records::DEFAULT_TTL);
    stream::print(match wanted.format {
        Format::Zone => zone::lines(&records, ttl),
        Format::Route53 => {
            let present = wanted.merge.as_deref().map(present).transpose()?;
            let action = wanted.action.unwrap_or_default();
            json::pretty(&route53::change_batch(&records, action, ttl, present.as_ref())?) + "\n"
        }
        _ => records.to_table(),
    })?;
    Ok(Status::Yes)
}

/// The record sets of `--merge FILE`.
fn present(file: &Path) -> Result<route53::Present, Failure> {
    route53::Present::parse(&input::read(file)?).map_err(|failure| Failure {
        message: format!("{}: {}", input::shown(file), failure.message),
        ..failure
    })
}
