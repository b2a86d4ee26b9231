//! ses-verify: starts the verification of identities and prints their tokens.

mod bulk;
mod checks;
mod options;

use std::ffi::OsString;
use std::fmt::Display;
use std::process::ExitCode;

use common::cli::Program;
use common::identity::Domain;
use common::json;
use common::output::{OutputFile, Printer, Printing};
use common::ses::{Connection, Ses};
use common::status::{Failure, Status};

use options::{Asked, Job};

const PROGRAM: Program = Program {
    name: "ses-verify",
    brief: "start the verification of SES identities and print their tokens",
    usage: &[
        "[--dkim] [--if-absent] [-o FILE] [OPTION...] NAME",
        "[-o FILE [--resume]] [OPTION...] --input FILE | NAME NAME...",
        "[OPTION...] --email-address ADDRESS",
    ],
    examples: &[
        ("ses-verify -o example.com-verify.json example.com", "Keep SES's answer."),
        (
            "ses-verify --input domains.txt -o tokens.jsonl --resume",
            "Many domains, in as many runs as it takes.",
        ),
    ],
};

fn main() -> ExitCode {
    PROGRAM.run(verify)
}

fn verify(
    (asked, printing, connection): (Asked, Printing, Connection),
    operands: Vec<OsString>,
) -> Result<Status, Failure> {
    let job = asked.job(operands, printing.changes_output())?;
    if let Job::Many(domains) = &job {
        return bulk::verify(&asked, &printing, &connection, domains);
    }
    let mut ses = Ses::connect(&connection)?;
    ses.catch_signals()?;
    let printer = printing.printer(ses.profile_output(), "VerifyDomainIdentity")?;
    if asked.if_absent && !checks::absent(&ses, &job.names())? {
        return Ok(Status::No);
    }
    if asked.dry_run {
        checks::announce(&ses, &asked, &job.names());
        return Ok(Status::DONE);
    }
    match &job {
        Job::Address(address) => {
            let answer = ses.verify_address(address)?;
            started(printer.print(answer).map(|_| ()), address)?;
        }
        Job::One(domain) => one(&ses, &asked, &printer, domain)?,
        Job::Many(_) => {}
    }
    Ok(Status::DONE)
}

fn one(ses: &Ses, asked: &Asked, printer: &Printer<'_>, domain: &Domain) -> Result<(), Failure> {
    let file = asked.file.as_deref().map(OutputFile::create).transpose()?;
    let answer = ses.verify_domain(domain, asked.how(false))?.to_json();
    let told = match file {
        Some(file) => printer
            .select(answer)
            .and_then(|selected| file.write((json::pretty(&selected) + "\n").as_bytes())),
        None => printer.print(answer).map(|_| ()),
    };
    started(told, domain)
}

/// What is wrong after SES made the identity `name`, and says so.
fn started(told: Result<(), Failure>, name: &impl Display) -> Result<(), Failure> {
    told.map_err(|failure| Failure {
        message: format!("{} (the verification of {name} has started)", failure.message),
        ..failure
    })
}
