//! What exists already: a second run, and `--resume`.

use super::{ATTRIBUTES, FILE, create, earlier, home, token_line};
use crate::support::FakeSes;

#[test]
fn what_exists_is_not_created_again() {
    let ses = FakeSes::new().domain("example.com").start();
    let home = home();
    let again = || create(&home).against(&ses).args(["--yes", "example.com"]);
    again()
        .stderr_has("=> NG\nses-create-identity: the SES identity \"example.com\" exists already\nhint: no token in ")
        .stderr_has("ses-list --attributes example.com\nses-create-identity: stopped at step 1.1, precondition 2, status 1\n")
        .status(1);
    again().arg("--resume").stderr_has("hint: no token in ").status(1);
    earlier(&home);
    again().stderr_has("--resume goes on at step 3").status(1);
    assert!(ses.operations().iter().all(|operation| operation == ATTRIBUTES));
}

#[test]
fn resume_goes_on_after_the_main_step() {
    let ses = FakeSes::new().domain("example.com").start();
    let home = home();
    earlier(&home);
    create(&home)
        .against(&ses)
        .args(["--yes", "--resume", "example.com"])
        .stdout(token_line())
        .stderr_has("done by an earlier run")
        .status(0);
    ses.was_asked([ATTRIBUTES, ATTRIBUTES]);
}

#[test]
fn resume_needs_the_dkim_tokens_it_shall_print() {
    let ses = FakeSes::new().domain("example.com").start();
    let home = home();
    earlier(&home);
    create(&home)
        .against(&ses)
        .args(["--yes", "--resume", "--dkim", "example.com"])
        .stderr_has("hint: no token in ")
        .status(1);
}

#[test]
fn resume_begins_at_the_beginning_where_nothing_is_there() {
    let ses = FakeSes::new().writable().start();
    let home = home();
    home.write(FILE, "{\"VerificationToken\": \"old\"}");
    create(&home)
        .against(&ses)
        .args(["--yes", "--resume", "example.com"])
        .stdout(token_line())
        .stderr_has("does not exist yet; all steps are done")
        .stderr_has("is of an identity that is gone")
        .status(0);
    assert!(!home.read(FILE).contains("old"));
}
