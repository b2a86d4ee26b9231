//! The same with aws-cli 2, whose rules are the programs' own: outputs, statuses, settings.

mod settings;

use crate::parity::{asked, migration, outcome, paging, runbook};
use crate::support::peers::aws2;
use crate::support::{FakeSes, run};

#[test]
#[ignore = "needs moto and aws-cli 2: scripts/test runs it"]
fn the_runbook_prints_what_aws_cli_prints() {
    runbook(aws2);
}

#[test]
#[ignore = "needs moto and aws-cli 2: scripts/test runs it"]
fn each_replacement_prints_what_aws_cli_prints() {
    migration(aws2, &["json", "text", "table", "yaml"]);
}

#[test]
#[ignore = "needs moto and aws-cli 2: scripts/test runs it"]
fn a_list_begun_by_aws_cli_is_ended_here_and_the_other_way_round() {
    paging(aws2);
}

#[test]
#[ignore = "needs moto and aws-cli 2: scripts/test runs it"]
fn failures_have_the_same_status() {
    let ses = FakeSes::new().fails_with(403, "AccessDenied").may_be_silent().start();
    for args in [
        &[][..],
        &["--no-such-option"],
        &["--output", "nonsense"],
        &["--query", "a["],
        &["--identity-type", "Nonsense"],
        &["--max-items", "x"],
        &["--page-size", "x"],
        &["operand"],
    ] {
        let theirs = outcome(asked(aws2(), &ses, &["list-identities"]).args(args)).0;
        let ours = outcome(run("ses-list").against(&ses).args(args)).0;
        // aws-cli leaves the judgement of a choice to the service where it can.
        if args.first() == Some(&"--identity-type") {
            assert_eq!((ours.code, theirs.code), (Some(252), Some(254)), "{}", theirs.stderr());
        } else {
            assert_eq!(ours.code, theirs.code, "{args:?}: {}{}", ours.stderr(), theirs.stderr());
        }
    }
}
