//! What to verify, and where the answers go.

use std::ffi::OsString;
use std::path::PathBuf;

use common::cli::{Flag, Options, Takes};
use common::identity::{Address, Domain};
use common::input;
use common::names::{self, Named};
use common::ses::Verify;
use common::status::Failure;

#[derive(Debug, Default)]
pub struct Asked {
    domain: Option<String>,
    address: Option<String>,
    input: Option<PathBuf>,
    pub dkim: bool,
    pub if_absent: bool,
    pub dry_run: bool,
    pub file: Option<PathBuf>,
    pub resume: bool,
}

/// What the command line comes to.
#[derive(Debug)]
pub enum Job {
    /// One domain: aws-cli's object.
    One(Domain),
    /// Several, or an input file: JSON Lines.
    Many(Vec<Domain>),
    Address(Address),
}

impl Job {
    /// The names SES knows them by.
    pub fn names(&self) -> Vec<String> {
        match self {
            Job::One(domain) => vec![domain.to_string()],
            Job::Many(domains) => domains.iter().map(Domain::to_string).collect(),
            Job::Address(address) => vec![address.to_string()],
        }
    }
}

impl Asked {
    /// Checks every name, before the first request: it writes, and a typo becomes an identity.
    ///
    /// # Errors
    /// 252 for a bad name, with its line and reason, and for options that do not fit together.
    pub fn job(&self, operands: Vec<OsString>, changes_output: bool) -> Result<Job, Failure> {
        let mut named = input::names(operands, self.input.as_deref())?;
        named.extend(self.domain.clone().map(Named::argument));
        if let Some(address) = &self.address {
            if !named.is_empty() || self.input.is_some() || self.dkim || self.file.is_some() {
                return Err(Failure::usage("--email-address stands alone: it has no token"));
            }
            let address = Address::parse(address);
            return address.map(Job::Address).map_err(|error| Failure::usage(error.to_string()));
        }
        let many = self.input.is_some() || named.len() > 1;
        let mut domains = names::unique(names::domains(&named)?);
        if self.resume && (!many || self.file.is_none()) {
            return Err(Failure::usage("--resume goes with -o FILE and several names or --input"));
        }
        if many && changes_output {
            return Err(Failure::usage("several answers are JSON Lines: no --query, no --output"));
        }
        match domains.pop() {
            None if !many => Err(Failure::usage("no NAME given")),
            Some(domain) if !many => Ok(Job::One(domain)),
            last => {
                domains.extend(last);
                Ok(Job::Many(domains))
            }
        }
    }

    pub fn how(&self, bulk: bool) -> Verify {
        Verify { dkim: self.dkim, bulk }
    }
}

impl Options for Asked {
    const TITLE: &'static str = "The request";
    const FLAGS: &'static [Flag<Asked>] = &[
        Flag::switch("dkim", "ask for DKIM tokens, too", |a: &mut Asked| a.dkim = true)
            .detail("The answer then has DkimTokens and the Region that their records depend on."),
        Flag::switch("if-absent", "only if no NAME exists", |a: &mut Asked| a.if_absent = true)
            .detail(
                "All names are checked first, a hundred a request. \
                 If one exists, the status is 1 and nothing is written. \
                 With --resume, those in FILE may exist.",
            ),
        Flag::switch("dry-run", "say what would be asked, write nothing", |a: &mut Asked| a.dry_run = true)
            .detail("The names are checked, and with --if-absent SES is asked whether they exist."),
        Flag::value("output-file", Takes::File("FILE"), "write to FILE, whole or not at all", |a: &mut Asked, v| v.path().map(|given| a.file = Some(given)))
        .short('o')
        .detail(
            "FILE is always JSON, whatever --output says, and stdout stays empty. \
             For one NAME an existing FILE stays as it is where anything fails. \
             For several FILE grows by whole lines, and an existing one is refused without --resume.",
        ),
        Flag::switch("resume", "go on with the FILE of an earlier run", |a: &mut Asked| a.resume = true)
            .detail("Names that are in it are not asked for again; a torn last line is dropped."),
        Flag::value("input", Takes::File("FILE"), "read NAMEs from FILE, - for stdin", |a: &mut Asked, v| v.path().and_then(|given| input::set(&mut a.input, given)))
        .detail(
            "A JSON array of strings, the output of ses-list or ses-exists, \
             JSON Lines with Identity, or one plain name a line.",
        ),
        Flag::value("domain", Takes::Text("NAME"), "aws-cli's spelling of NAME", |a: &mut Asked, v| v.text().map(|given| a.domain = Some(given))),
        Flag::value("email-address", Takes::Text("ADDRESS"), "verify an address: SES mails it", |a: &mut Asked, v| v.text().map(|given| a.address = Some(given)))
        .detail("There is no token, and nothing is printed."),
    ];
}
