//! ses-exists: answers, with its exit status, whether identities exist, are absent, or are verified.

mod options;

use std::ffi::OsString;
use std::process::ExitCode;

use common::cli::Program;
use common::output::Printing;
use common::ses::{Connection, Ses};
use common::status::{Failure, Status};
use common::stream;

use options::Question;

const PROGRAM: Program = Program {
    name: "ses-exists",
    brief: "say with the exit status whether SES identities exist",
    usage: &[
        "[--absent | --verified] [OPTION...] NAME...",
        "--contains [--absent] [OPTION...] TEXT...",
    ],
    examples: &[
        (
            "ses-exists --absent example.com && ses-verify example.com",
            "Verify a domain that is new.",
        ),
        ("ses-list | ses-exists --verified --input -", "Is everything verified?"),
    ],
};

fn main() -> ExitCode {
    PROGRAM.run(answer)
}

fn answer(
    (question, printing, connection): (Question, Printing, Connection),
    operands: Vec<OsString>,
) -> Result<Status, Failure> {
    let (condition, wait) = (question.condition()?, question.wait()?);
    let wanted = question.wanted(operands)?;
    let ses = Ses::connect(&connection)?;
    let printer = printing.printer(ses.profile_output(), "Identities")?;
    let mut progress = printing.progress("Waiting", question.quiet);
    let existence = ses.existence(&wanted, condition, wait, &mut |step| progress.show(step))?;
    progress.clear();
    if !question.quiet {
        question.disappointment(&existence).iter().for_each(|no| stream::report(PROGRAM.name, no));
        let evidence = if question.missing { &existence.missing } else { &existence.present };
        printer.print(evidence.as_slice().into())?;
    }
    Ok(Status::of(existence.holds()))
}
