//! Which identities, and how many.

use std::ffi::OsString;

use common::cli::{Flag, Options, Takes, Value};
use common::ses::Paging;
use common::status::Failure;
use common::{input, names};

#[derive(Debug, Default)]
pub struct Listed {
    pub paging: Paging,
    pub attributes: bool,
    pub statuses: Vec<&'static str>,
}

impl Listed {
    /// The names to ask about instead of the whole list, if there are any.
    ///
    /// # Errors
    /// 252 for names without `--attributes`, names that can be no identity, and paging of a list that
    /// is not asked for.
    pub fn names(&self, operands: Vec<OsString>) -> Result<Option<Vec<String>>, Failure> {
        if self.paging.is_contradiction() {
            let problem = "--no-paginate stands without --page-size and --starting-token";
            return Err(Failure::usage(problem));
        }
        let named = input::names(operands, None)?;
        let Some(first) = named.first() else { return Ok(None) };
        if !self.attributes {
            let problem = format!("unexpected operand {:?}", first.name);
            return Err(Failure::usage(problem).hint("--attributes NAME asks about single names"));
        }
        if self.paging != Paging::default() {
            return Err(Failure::usage("NAMEs are no list: no paging and no --identity-type"));
        }
        let identities = names::unique(names::identities(&named)?);
        Ok(Some(identities.iter().map(|name| name.to_string()).collect()))
    }

    /// The operation that answers, as a table is headed.
    pub fn title(&self) -> &'static str {
        if self.attributes { "GetIdentityVerificationAttributes" } else { "ListIdentities" }
    }
}

const STATUSES: &[&str] = &["Pending", "Success", "Failed", "TemporaryFailure", "NotStarted"];
const TYPES: &[&str] = &["Domain", "EmailAddress"];

impl Options for Listed {
    const TITLE: &'static str = "Which identities";
    const FLAGS: &'static [Flag<Listed>] = &[
        Flag::value(
            "identity-type",
            Takes::Choice("TYPE", TYPES),
            "Domain or EmailAddress only",
            |l: &mut Listed, v| v.one_of(TYPES).map(|given| l.paging.identity_type = Some(given)),
        ),
        Flag::switch(
            "attributes",
            "with status and token, of all or of NAMEs",
            |l: &mut Listed| {
                l.attributes = true;
            },
        )
        .detail(
            "Prints the shape of aws ses get-identity-verification-attributes. \
             It costs a request for each hundred identities. \
             A NAME that does not exist is left out.",
        ),
        Flag::value(
            "status",
            Takes::Choice("STATUS", STATUSES),
            "those with this status only",
            |l: &mut Listed, v| {
                l.attributes = true;
                l.statuses.push(v.one_of(STATUSES)?);
                Ok(())
            },
        )
        .detail("May be given several times; implies --attributes."),
        Flag::value(
            "max-items",
            Takes::Text("N"),
            "stop after N identities",
            |l: &mut Listed, v| {
                v.number("a whole number").map(|given| l.paging.max_items = Some(given))
            },
        )
        .detail("If there are more, the output has a NextToken for --starting-token."),
        Flag::value(
            "starting-token",
            Takes::Text("TOKEN"),
            "go on where a shortened list ended",
            |l: &mut Listed, v| v.filled().map(|given| l.paging.starting_token = Some(given)),
        )
        .detail("TOKEN is the NextToken of that list, from this program or from aws-cli."),
        Flag::value(
            "page-size",
            Takes::Text("N"),
            "ask for N identities at a time",
            |l: &mut Listed, v| {
                l.paging.page_size = Some(page_size(v)?);
                Ok(())
            },
        )
        .detail(
            "1 to 1000, and 1000 for a whole list. With --max-items SES chooses, as for aws-cli.",
        ),
        Flag::switch("no-paginate", "ask for one page only", |l: &mut Listed| {
            l.paging.single_page = true
        })
        .detail(
            "If there are more, the output has SES's own NextToken. \
             The page is as large as --max-items, else as SES makes it.",
        ),
    ];
}

fn page_size(value: Value) -> Result<i32, String> {
    match value.number("a whole number")? {
        size @ 1..=1000 => Ok(size),
        size => Err(format!("{size} is not between 1 and 1000")),
    }
}
