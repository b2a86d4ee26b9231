//! ses-list: all identities, the part of them that was asked for, and never a short list that looks
//! whole.

use crate::support::ses::xml;
use crate::support::{FakeSes, Reply, identity, run, token};

const LIST: &str = "ListIdentities";

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        return "{\n    \"Identities\": []\n}\n".into();
    }
    let names: Vec<_> = names.iter().map(|name| format!("        \"{name}\"")).collect();
    format!("{{\n    \"Identities\": [\n{}\n    ]\n}}\n", names.join(",\n"))
}

#[test]
fn the_list_is_printed_as_aws_cli_prints_it() {
    let ses =
        FakeSes::new().domain("b.example").domain("A@example.com").domain("a.example").start();
    run("ses-list")
        .against(&ses)
        .stdout(listed(&["b.example", "A@example.com", "a.example"]))
        .status(0);
    ses.was_asked([LIST]);
}

#[test]
fn an_empty_account_has_an_empty_list() {
    let ses = FakeSes::new().start();
    run("ses-list").against(&ses).stdout(listed(&[])).status(0);
    ses.was_asked([LIST]);
}

#[test]
fn a_thousand_a_page_are_asked_for() {
    let ses = FakeSes::new().domain("a.example").start();
    run("ses-list").against(&ses).any_stdout().status(0);
    assert_eq!(ses.requests()[0].parameter("MaxItems").as_deref(), Some("1000"));
    assert_eq!(ses.requests()[0].parameter("NextToken"), None);
}

#[test]
fn ten_thousand_identities_are_ten_requests() {
    let names: Vec<_> = (0..10_000).map(|n| format!("{n}.example")).collect();
    let ses = FakeSes::new().domains(&names).start();
    let list = run("ses-list").against(&ses).args(["--rate", "1000"]).any_stdout().status(0);
    assert_eq!(list.json()["Identities"], serde_json::json!(names));
    ses.was_asked([LIST; 10]);
}

#[test]
fn every_page_is_followed() {
    let ses = FakeSes::new().domains(["a.example", "b.example", "c.example"]).pages_of(1).start();
    run("ses-list")
        .against(&ses)
        .args(["--rate", "1000"])
        .stdout(listed(&["a.example", "b.example", "c.example"]))
        .status(0);
    ses.was_asked([LIST; 3]);
}

#[test]
fn pages_are_a_second_apart() {
    let ses =
        FakeSes::new().domains(["a.example", "b.example"]).pages_of(1).throttles_above(1.0).start();
    run("ses-list").against(&ses).any_stdout().status(0);
    ses.was_asked([LIST; 2]);
    let requests = ses.requests();
    let pause = requests[1].at.duration_since(requests[0].at).as_secs_f64();
    assert!((0.9..2.5).contains(&pause), "{pause} s");
}

#[test]
fn an_empty_page_with_a_token_is_followed() {
    let ses = FakeSes::new()
        .script(|_, number| {
            Some(match number {
                1 => xml::page(["a.example"], Some("1")),
                2 => xml::page([""; 0], Some("2")),
                _ => xml::page(["b.example"], None),
            })
        })
        .start();
    run("ses-list")
        .against(&ses)
        .args(["--rate", "1000"])
        .stdout(listed(&["a.example", "b.example"]))
        .status(0);
    ses.was_asked([LIST; 3]);
}

#[test]
fn an_empty_token_ends_the_list() {
    let ses = FakeSes::new().always(xml::page(["a.example"], Some(""))).start();
    run("ses-list").against(&ses).stdout(listed(&["a.example"])).status(0);
    ses.was_asked([LIST]);
}

#[test]
fn a_token_that_comes_twice_is_an_error() {
    let ses = FakeSes::new().always(xml::page(["a.example"], Some("again"))).start();
    run("ses-list")
        .against(&ses)
        .args(["--rate", "1000"])
        .says("The same next token was received twice")
        .status(255);
    ses.was_asked([LIST; 2]);
}

#[test]
fn tokens_that_alternate_are_an_error_too() {
    let ses = FakeSes::new()
        .script(|_, number| Some(xml::page(["a.example"], Some(["x", "y"][number % 2]))))
        .start();
    run("ses-list")
        .against(&ses)
        .args(["--rate", "1000"])
        .says("The same next token was received twice")
        .status(255);
    ses.was_asked([LIST; 3]);
}

#[test]
fn an_error_on_a_later_page_leaves_nothing_on_stdout() {
    let ses = FakeSes::new()
        .domains(["a.example", "b.example"])
        .pages_of(1)
        .script(|_, number| (number == 2).then(|| xml::error(403, "AccessDenied", "no")))
        .start();
    run("ses-list").against(&ses).args(["--rate", "1000"]).says("(AccessDenied)").status(254);
}

#[test]
fn the_type_is_asked_for_on_every_page() {
    let ses = FakeSes::new().domains(["a.example", "x@a.example", "b.example"]).pages_of(1).start();
    run("ses-list")
        .against(&ses)
        .args(["--rate", "1000", "--identity-type", "Domain"])
        .stdout(listed(&["a.example", "b.example"]))
        .status(0);
    for request in ses.requests() {
        assert_eq!(request.parameter("IdentityType").as_deref(), Some("Domain"));
    }
}

#[test]
fn addresses_alone_can_be_listed() {
    let ses = FakeSes::new().domain("a.example").domain("x@a.example").start();
    run("ses-list")
        .against(&ses)
        .arg("--identity-type=EmailAddress")
        .stdout(listed(&["x@a.example"]))
        .status(0);
}

#[test]
fn page_size_is_handed_on() {
    let ses = FakeSes::new().domains(["a.example", "b.example", "c.example"]).start();
    run("ses-list")
        .against(&ses)
        .args(["--rate", "1000", "--page-size", "2"])
        .stdout(listed(&["a.example", "b.example", "c.example"]))
        .status(0);
    ses.was_asked([LIST; 2]);
    assert_eq!(ses.requests()[1].parameter("MaxItems").as_deref(), Some("2"));
}

#[test]
fn a_shortened_list_can_be_gone_on_with() {
    let ses = FakeSes::new().domains(["a.example", "b.example", "c.example"]).start();
    let first = run("ses-list").against(&ses).args(["--max-items", "2"]).any_stdout().status(0);
    let first = first.json();
    assert_eq!(first["Identities"], serde_json::json!(["a.example", "b.example"]));
    // base64 of {"NextToken": null, "boto_truncate_amount": 2}
    let next = "eyJOZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAyfQ==";
    assert_eq!(first["NextToken"], next);
    run("ses-list")
        .against(&ses)
        .args(["--starting-token", next])
        .stdout(listed(&["c.example"]))
        .status(0);
}

#[test]
fn max_items_asks_for_no_page_it_does_not_need() {
    let ses = FakeSes::new().domains(["a.example", "b.example", "c.example"]).pages_of(1).start();
    run("ses-list").against(&ses).args(["--max-items", "1"]).any_stdout().status(0);
    ses.was_asked([LIST]);
}

#[test]
fn a_token_of_ses_is_a_starting_token() {
    let ses = FakeSes::new().always(xml::page(["b.example"], None)).start();
    run("ses-list")
        .against(&ses)
        .args(["--starting-token", "AAA/b+c=="])
        .stdout(listed(&["b.example"]))
        .status(0);
    assert_eq!(ses.requests()[0].parameter("NextToken").as_deref(), Some("AAA/b+c=="));
}

#[test]
fn a_starting_token_that_ses_refuses_is_its_error() {
    let ses = FakeSes::new().domain("a.example").start();
    run("ses-list")
        .against(&ses)
        .args(["--starting-token", "junk"])
        .says(
            "(InvalidParameterValue) when calling the ListIdentities operation: Invalid NextToken",
        )
        .status(254);
}

#[test]
fn no_paginate_asks_once_and_hands_on_the_token() {
    let ses = FakeSes::new().domains(["a.example", "b.example"]).pages_of(1).start();
    let list = run("ses-list").against(&ses).arg("--no-paginate").any_stdout().status(0);
    assert_eq!(list.json()["Identities"], serde_json::json!(["a.example"]));
    assert_eq!(list.json()["NextToken"], "1/a+b&c==");
    ses.was_asked([LIST]);
}

#[test]
fn a_query_sees_the_whole_list() {
    let ses = FakeSes::new().domains(["a.example", "b.example", "c.example"]).pages_of(1).start();
    let query = |query, output: &str, stdout| {
        let args = ["--rate", "1000", "--query", query, "--output", output];
        run("ses-list").against(&ses).args(args).stdout(stdout).status(0);
    };
    query("contains(Identities, 'c.example')", "text", "True\n");
    query("length(Identities)", "text", "3\n");
    query("Identities[-1]", "json", "\"c.example\"\n");
}

#[test]
fn the_runbooks_own_query_works_as_it_stands() {
    let ses = FakeSes::new().domains(["example.com", "notexample.com", "example.org"]).start();
    run("ses-list")
        .against(&ses)
        .args(["--query", "Identities[?contains(@, `example.com`)]"])
        .stdout("[\n    \"example.com\",\n    \"notexample.com\"\n]\n")
        .status(0);
    run("ses-list")
        .against(&ses)
        .args(["--query", "Identities[?contains(@, `absent.example`)]"])
        .stdout("[]\n")
        .status(0);
}

#[test]
fn a_bad_query_is_found_out_before_the_request() {
    let ses = FakeSes::new().start();
    run("ses-list").against(&ses).args(["--query", "Identities["]).any_stderr().status(252);
    ses.was_silent();
}

#[test]
fn a_query_that_fails_on_the_answer_is_no_answer() {
    let ses = FakeSes::new().domain("a.example").start();
    run("ses-list")
        .against(&ses)
        .args(["--query", "length(`1`)"])
        .says("--query failed on the answer")
        .status(255);
}

#[test]
fn names_are_printed_as_they_are() {
    let names = ["bücher.example", "a\"b\\c@example.com", "tab\there@x", "<&>@example.com"];
    let ses = FakeSes::new().domains(names).start();
    let list = run("ses-list").against(&ses).stdout_has("bücher.example").status(0);
    assert_eq!(list.json()["Identities"], serde_json::json!(names));
}

#[test]
fn each_output_has_its_own_form() {
    let ses = FakeSes::new().domain("b.example").domain("a.example").start();
    let output = |format| run("ses-list").against(&ses).args(["--output", format]);
    output("json").stdout(listed(&["b.example", "a.example"])).status(0);
    output("text").stdout("IDENTITIES\tb.example\nIDENTITIES\ta.example\n").status(0);
    output("yaml").stdout("Identities:\n- b.example\n- a.example\n").status(0);
    // Its exact form is compared with aws-cli's own, in parity.
    output("table").stdout_has("||  b.example  ||\n").stdout_has("ListIdentities").status(0);
}

#[test]
fn an_answer_without_its_list_is_no_empty_list() {
    let ses = FakeSes::new().always(xml::answer("ListIdentities", "")).start();
    run("ses-list").against(&ses).says("has no <Identities>").status(255);
}

#[test]
fn a_captive_portal_is_no_empty_list() {
    let portal = Reply::new(200, "text/html", "<html><body>Please sign in</body></html>");
    let ses = FakeSes::new().always(portal).start();
    run("ses-list").against(&ses).says("Cannot understand the answer").status(255);
}

#[test]
fn a_size_that_can_be_no_page_is_a_usage_error() {
    for size in ["0", "1001", "-1", "x", ""] {
        run("ses-list").args(["--page-size", size]).says("--page-size").status(252);
    }
}

#[test]
fn operands_are_a_usage_error() {
    run("ses-list").arg("a.example").says("a.example").status(252);
}

#[test]
fn attributes_of_named_identities_are_one_request() {
    let ses = FakeSes::new().domain("a.example").domain("b.example").start();
    run("ses-list")
        .against(&ses)
        .args(["--attributes", "b.example", "absent.example", "a.example"])
        .stdout(format!(
            "{{\n    \"VerificationAttributes\": {{\n        \"b.example\": {{\n            \
             \"VerificationStatus\": \"Success\",\n            \"VerificationToken\": \"{}\"\n        \
             }},\n        \"a.example\": {{\n            \"VerificationStatus\": \"Success\",\n            \
             \"VerificationToken\": \"{}\"\n        }}\n    }}\n}}\n",
            token("b.example"),
            token("a.example")
        ))
        .status(0);
    ses.was_asked(["GetIdentityVerificationAttributes"]);
}

#[test]
fn tokens_are_printed_as_they_are() {
    let odd = "a+/=<&>\"é";
    let ses = FakeSes::new().with(identity("a.example").status("NotStarted").token(odd)).start();
    let list =
        run("ses-list").against(&ses).args(["--attributes", "a.example"]).any_stdout().status(0);
    let attributes = &list.json()["VerificationAttributes"]["a.example"];
    assert_eq!(
        (&attributes["VerificationStatus"], &attributes["VerificationToken"]),
        (&"NotStarted".into(), &odd.into())
    );
}

#[test]
fn attributes_of_ten_thousand_are_ten_and_a_hundred_requests() {
    let names: Vec<_> = (0..10_000).map(|n| format!("{n}.example")).collect();
    let ses = FakeSes::new().domains(&names).start();
    let list = run("ses-list")
        .against(&ses)
        .args(["--attributes", "--rate", "1000000"])
        .any_stdout()
        .status(0);
    let attributes = list.json();
    let listed = attributes["VerificationAttributes"].as_object().expect("a map");
    assert!(listed.keys().eq(&names), "names in the order of the list");
    assert_eq!((ses.count(LIST), ses.count("GetIdentityVerificationAttributes")), (10, 100));
}

#[test]
fn a_status_selects_and_may_be_said_more_than_once() {
    let ses = ["Pending", "Failed", "Success"]
        .into_iter()
        .fold(FakeSes::new(), |ses, status| {
            ses.with(identity(&format!("{}.example", status.to_lowercase())).status(status))
        })
        .start();
    let with = |statuses: &[&str]| {
        let args = statuses.iter().flat_map(|status| ["--status", status]);
        let list = run("ses-list").against(&ses).args(args).any_stdout().status(0).json();
        let names = list["VerificationAttributes"].as_object().expect("a map").keys().cloned();
        names.collect::<Vec<_>>()
    };
    assert_eq!(with(&["Pending"]), ["pending.example"]);
    assert_eq!(with(&["Success", "Failed"]), ["failed.example", "success.example"]);
    assert!(with(&["NotStarted"]).is_empty());
}
