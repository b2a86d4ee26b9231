//! ses-list: prints the identities of an account in a Region.

mod options;

use std::ffi::OsString;
use std::process::ExitCode;

use common::cli::Program;
use common::output::Printing;
use common::progress::Step;
use common::ses::{Connection, Ses};
use common::status::{Failure, Status};

use options::Listed;

const PROGRAM: Program = Program {
    name: "ses-list",
    brief: "print the SES identities of an account in a Region",
    usage: &["[OPTION...]", "--attributes [--status STATUS]... [OPTION...] [NAME...]"],
    examples: &[
        ("ses-list --identity-type Domain", "The domains, as JSON."),
        ("ses-list --status Pending", "Those that wait for their DNS record, with their tokens."),
        ("ses-list --query 'Identities[0]' --output text", "The first identity, bare."),
    ],
};

fn main() -> ExitCode {
    PROGRAM.run(list)
}

fn list(
    (listed, printing, connection): (Listed, Printing, Connection),
    operands: Vec<OsString>,
) -> Result<Status, Failure> {
    let names = listed.names(operands)?;
    let ses = Ses::connect(&connection)?;
    let printer = printing.printer(ses.profile_output(), listed.title())?;
    // One page is printed as SES sent it, token and all.
    let print = |answer| {
        if listed.paging.single_page { printer.print(answer) } else { printer.print_paged(answer) }
    };
    let mut progress = printing.progress("Identities", false);
    let mut watch = |step: Step<'_>| progress.show(step);
    let (names, next_token) = match names {
        Some(names) => (names, None),
        None => {
            let listing = ses.list(&listed.paging, &mut watch)?;
            if !listed.attributes {
                progress.clear();
                print(listing.to_json())?;
                return Ok(Status::DONE);
            }
            (listing.identities, listing.next_token)
        }
    };
    let mut attributes = ses.attributes(&names, &mut watch)?;
    if !listed.statuses.is_empty() {
        attributes.retain(&listed.statuses);
    }
    progress.clear();
    print(attributes.to_json(next_token.as_deref()))?;
    Ok(Status::DONE)
}
