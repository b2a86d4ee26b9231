//! Many domains: one compact JSON line each, as each is done.

use common::identity::Domain;
use common::json;
use common::output::{LineFile, Printing};
use common::progress::Step;
use common::ses::{Connection, Ses};
use common::status::{Failure, Status};
use common::stream::{self, Written};

use crate::checks;
use crate::options::Asked;

/// Where the lines go.
#[derive(Debug)]
enum Sink {
    Stdout,
    File(LineFile),
}

impl Sink {
    fn line(&mut self, line: &str) -> Result<(), Failure> {
        match self {
            Sink::File(file) => file.append(line),
            Sink::Stdout => match stream::print(line)? {
                Written::All => Ok(()),
                // To end quietly would hide the names that were not asked for.
                Written::ReaderGone => Err(Failure::other("the reader of stdout has gone")),
            },
        }
    }
}

/// Starts the verification of all `domains` that are not in the file of an earlier run.
pub fn verify(
    asked: &Asked,
    printing: &Printing,
    connection: &Connection,
    domains: &[Domain],
) -> Result<Status, Failure> {
    if domains.is_empty() {
        return Ok(Status::DONE);
    }
    if let Some(file) = &asked.file
        && !asked.resume
        && file.is_file()
    {
        let problem = format!("{} exists already", file.display());
        return Err(
            Failure::usage(problem).hint("--resume goes on with an earlier run over many names")
        );
    }
    let mut ses = Ses::connect(connection)?;
    ses.catch_signals()?;
    let earlier = match &asked.file {
        Some(file) if asked.resume => LineFile::read(file, ses.region(), asked.dkim)?,
        _ => Default::default(),
    };
    let open: Vec<&Domain> =
        domains.iter().filter(|domain| !earlier.names.contains(domain.as_str())).collect();
    let names: Vec<String> = open.iter().map(|domain| domain.to_string()).collect();
    if asked.if_absent && !checks::absent(&ses, &names)? {
        return Ok(Status::No);
    }
    if asked.dry_run {
        checks::announce(&ses, asked, &names);
        return Ok(Status::DONE);
    }

    let mut sink = match &asked.file {
        Some(file) => Sink::File(LineFile::open(file, &earlier)?),
        None => Sink::Stdout,
    };
    let mut progress = printing.progress("Verifications", false);
    for (done, domain) in open.iter().enumerate() {
        let started = ses.verify_domain(domain, asked.how(true));
        let told = started
            .and_then(|started| sink.line(&(json::compact(&started.to_line(domain)) + "\n")));
        told.map_err(|failure| {
            progress.clear();
            let done = format!("{} of {} done", earlier.names.len() + done, domains.len());
            stopped(asked, failure, domain, &done)
        })?;
        progress.show(Step::Done { count: done + 1, total: Some(open.len()) });
    }
    Ok(Status::DONE)
}

/// A run that ended early says where, and how to go on.
fn stopped(asked: &Asked, failure: Failure, domain: &Domain, done: &str) -> Failure {
    let message = format!("{} (at {domain}, {done})", failure.message);
    let hint = asked.file.as_ref().map(|_| "the same command with --resume goes on".to_owned());
    Failure { message, hint: failure.hint.or(hint), ..failure }
}
