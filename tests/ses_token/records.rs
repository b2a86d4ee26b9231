//! ses-token with the record formats: what is to be published, quoted as its reader needs it.

use std::rc::Rc;

use super::{TOKEN, answer, ses_token};
use crate::support::{Scratch, run};

const DKIM: &str =
    r#"{"VerificationToken": "a=", "DkimTokens": ["x1", "y2", "z3"], "Region": "us-east-1"}"#;

#[test]
fn a_zone_line_has_the_full_name_and_quotes() {
    ses_token()
        .args(["--format", "zone", "--domain", "example.com"])
        .stdin(answer())
        .stdout(format!("_amazonses.example.com. 1800 IN TXT \"{TOKEN}\"\n"))
        .status(0);
}

#[test]
fn records_are_for_forms_and_have_no_quotes() {
    ses_token()
        .args(["--format", "records", "--domain", "example.com"])
        .stdin(answer())
        .stdout_has("_amazonses.example.com.\tTXT\t")
        .stdout_has(format!("{TOKEN}\n"))
        .status(0);
}

#[test]
fn dkim_tokens_are_three_cnames() {
    ses_token()
        .args(["--format", "zone", "--domain", "example.com", "--ttl", "60"])
        .stdin(DKIM)
        .stdout(
            "_amazonses.example.com. 60 IN TXT \"a=\"\n\
             x1._domainkey.example.com. 60 IN CNAME x1.dkim.amazonses.com.\n\
             y2._domainkey.example.com. 60 IN CNAME y2.dkim.amazonses.com.\n\
             z3._domainkey.example.com. 60 IN CNAME z3.dkim.amazonses.com.\n",
        )
        .status(0);
}

#[test]
fn some_regions_have_dkim_domains_of_their_own() {
    let input = DKIM.replace("us-east-1", "ap-northeast-3");
    ses_token()
        .args(["--format", "zone", "--domain", "example.com"])
        .stdin(input)
        .stdout_has(
            "x1._domainkey.example.com. 1800 IN CNAME x1.dkim.ap-northeast-3.amazonses.com.\n",
        )
        .status(0);
}

#[test]
fn dkim_tokens_need_a_region() {
    let input = DKIM.replace(", \"Region\": \"us-east-1\"", "");
    let zone = || ses_token().args(["--format", "zone", "--domain", "example.com"]).stdin(&input);
    zone().says("Region").status(253);
    zone().args(["--region", "eu-west-1"]).stdout_has("x1.dkim.amazonses.com.").status(0);
}

#[test]
fn a_region_that_contradicts_the_input_is_refused() {
    ses_token()
        .args(["--format", "zone", "--domain", "example.com", "--region", "eu-west-1"])
        .stdin(DKIM)
        .says("us-east-1")
        .status(255);
}

#[test]
fn records_need_a_name() {
    for format in ["zone", "records", "route53"] {
        ses_token()
            .args(["--format", format])
            .stdin(answer())
            .says("whose token")
            .hints("--domain")
            .status(252);
    }
}

#[test]
fn no_token_is_no_and_prints_no_record() {
    for input in
        ["{}", "null", "[]", r#"{"VerificationToken": null}"#, r#"{"VerificationToken": ""}"#]
    {
        for format in ["zone", "records", "route53"] {
            ses_token().args(["--format", format, "--domain", "a.example"]).stdin(input).status(1);
        }
    }
}

#[test]
fn one_missing_token_among_several_is_no_and_prints_no_record() {
    let lines = "{\"Identity\": \"a.example\", \"VerificationToken\": \"a=\"}\n{\"Identity\": \"b.example\"}\n";
    ses_token().stdin(lines).status(1);
    for format in ["zone", "records", "route53"] {
        ses_token().args(["--format", format]).stdin(lines).status(1);
    }
}

#[test]
fn addresses_have_no_records() {
    let attributes = r#"{"VerificationAttributes": {
        "x@a.example": {"VerificationStatus": "Success"},
        "a.example": {"VerificationStatus": "Pending", "VerificationToken": "a="}}}"#;
    ses_token()
        .args(["--format", "zone"])
        .stdin(attributes)
        .stdout("_amazonses.a.example. 1800 IN TXT \"a=\"\n")
        .status(0);
}

#[test]
fn names_come_from_json_lines() {
    ses_token()
        .args(["--format", "zone"])
        .stdin(
            "{\"Identity\": \"b.example\", \"VerificationToken\": \"b=\"}\n\
             {\"Identity\": \"a.example\", \"VerificationToken\": \"a=\"}\n",
        )
        .stdout(
            "_amazonses.b.example. 1800 IN TXT \"b=\"\n\
             _amazonses.a.example. 1800 IN TXT \"a=\"\n",
        )
        .status(0);
}

#[test]
fn route53_creates_by_default() {
    let batch = ses_token()
        .args(["--format", "route53", "--domain", "example.com"])
        .stdin(answer())
        .any_stdout()
        .status(0)
        .json();
    let change = &batch["Changes"][0];
    assert_eq!(change["Action"], "CREATE");
    let set = &change["ResourceRecordSet"];
    assert_eq!(set["Name"], "_amazonses.example.com.");
    assert_eq!(set["Type"], "TXT");
    assert_eq!(set["TTL"], 1800);
    assert_eq!(set["ResourceRecords"][0]["Value"], format!("\"{TOKEN}\""));
}

#[test]
fn route53_upserts_when_told() {
    let batch = ses_token()
        .args([
            "--format",
            "route53",
            "--domain",
            "example.com",
            "--action",
            "UPSERT",
            "--ttl",
            "300",
        ])
        .stdin(answer())
        .any_stdout()
        .status(0)
        .json();
    assert_eq!(batch["Changes"][0]["Action"], "UPSERT");
    assert_eq!(batch["Changes"][0]["ResourceRecordSet"]["TTL"], 300);
}

#[test]
fn merge_keeps_the_values_that_are_there() {
    let home = Rc::new(Scratch::new());
    home.write(
        "present.json",
        r#"{"ResourceRecordSets": [{"Name": "_amazonses.example.com.", "Type": "TXT", "TTL": 300,
            "ResourceRecords": [{"Value": "\"of-another-region=\""}]}]}"#,
    );
    let batch = run("ses-token")
        .home(&home)
        .args(["--format", "route53", "--domain", "example.com", "--merge", "present.json"])
        .stdin(answer())
        .any_stdout()
        .status(0)
        .json();
    let change = &batch["Changes"][0];
    assert_eq!(change["Action"], "UPSERT");
    let values = change["ResourceRecordSet"]["ResourceRecords"].to_string();
    assert!(values.contains("of-another-region=") && values.contains(TOKEN), "{values}");
}

#[test]
fn what_cannot_be_merged_is_named() {
    let home = Rc::new(Scratch::new());
    home.write("empty.json", "");
    let args = ["--format", "route53", "--domain", "example.com", "--merge", "empty.json"];
    run("ses-token").home(&home).args(args).stdin(answer()).says("empty.json: ").status(255);
}

#[test]
fn no_token_can_inject_a_record() {
    for token in ["a\\\" evil", "a\\nb. IN TXT x", "a\\u0000", "a\\\\b", "a;b\\\"c"] {
        for format in ["zone", "records", "route53"] {
            let input = format!("{{\"VerificationToken\": \"{token}\"}}");
            ses_token()
                .args(["--format", format, "--domain", "example.com"])
                .stdin(input)
                .says("")
                .status(255);
        }
    }
}

#[test]
fn no_name_can_inject_a_record() {
    for name in ["a b", "a\\nb.example", "x\\\".example", "a.example IN TXT x", "https://a.example"]
    {
        let input = format!("{{\"Identity\": \"{name}\", \"VerificationToken\": \"a=\"}}\n");
        for format in ["zone", "records", "route53"] {
            ses_token().args(["--format", format]).stdin(&input).says("").status(255);
        }
    }
    for name in ["a b", "https://a.example", ""] {
        ses_token()
            .args(["--format=zone", "--domain", name])
            .stdin(answer())
            .says("--domain")
            .status(252);
    }
}

#[test]
fn options_that_say_nothing_in_a_format_are_refused() {
    for args in [
        &["--domain", "a.example"][..],
        &["--ttl", "60"],
        &["--format=zone", "--domain=a.example", "--action", "UPSERT"],
        &["--format=records", "--domain=a.example", "--ttl", "60"],
        &["--format=zone", "--domain=a.example", "VerificationToken"],
        &["--format=csv"],
        &["--format=zone", "--domain=a.example", "--ttl", "-1"],
        &["--format=zone", "--domain=a.example", "--ttl", "4294967296"],
        &["--format=route53", "--domain=a.example", "--action", "DELETE"],
    ] {
        ses_token().args(args).stdin(answer()).says("").status(252);
    }
}
