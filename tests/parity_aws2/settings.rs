//! The same environments through aws-cli 2 and through ses-list: who signed, and for which Region.

use crate::parity::outcome;
use crate::support::peers::aws2;
use crate::support::secrets::MARKER;
use crate::support::ses::RunningSes;
use crate::support::{Endpoint, FakeSes, run, run::Run};

/// One environment: variables, arguments, and whether there are keys among the variables.
#[derive(Clone, Debug)]
struct Setting {
    variables: Vec<(&'static str, &'static str)>,
    arguments: Vec<&'static str>,
    keys: bool,
}

/// What can be seen of a request: the key, the Region, the host; and how the program ended.
type Seen = (Option<i32>, Option<(String, String, String)>);

fn seen(run: Run, ses: &RunningSes) -> Seen {
    let before = ses.requests().len();
    let code = outcome(run).0.code;
    let requests = ses.requests();
    let request = requests.get(before).map(|request| {
        let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
        (own(request.key_id()), own(request.region()), request.host().to_owned())
    });
    (code, request)
}

fn with(run: Run, setting: &Setting) -> Run {
    let section = |name: &str, id: &str| {
        format!("[{name}]\naws_access_key_id = {id}\naws_secret_access_key = {MARKER}-of-{id}\n")
    };
    let config = "[default]\nregion = eu-west-1\n[profile one]\nregion = eu-west-2\n[profile two]\n\
                  [profile bad]\nregion = us-west-1\n[profile lost]\nrole_arn = arn:aws:iam::1:role/r\n\
                  source_profile = nobody\n"
        .to_owned()
        + &section("profile inline", "AKIDINLINE");
    let credentials =
        section("default", "AKIDDEFAULT") + &section("one", "AKIDONE") + &section("two", "AKIDTWO");
    let run = run.config(config).credentials(credentials).without("AWS_DEFAULT_REGION");
    let run = if setting.keys { run } else { run.without_keys() };
    setting.variables.iter().fold(run, |run, (name, value)| run.env(name, value))
}

/// Every profile named in every way, with and without keys and Regions around it.
fn settings() -> Vec<Setting> {
    let mut all = Vec::new();
    let profiles = ["one", "two", "inline", "bad", "lost", "nobody"];
    let regions: [&[(&str, &str)]; 4] = [
        &[],
        &[("AWS_DEFAULT_REGION", "ap-south-1")],
        &[("AWS_REGION", "ap-south-2")],
        &[("AWS_REGION", "ap-south-2"), ("AWS_DEFAULT_REGION", "ap-south-1")],
    ];
    for keys in [true, false] {
        for region in regions {
            let mut add = |variables: &[(&'static str, &'static str)],
                           arguments: &[&'static str]| {
                let variables = region.iter().chain(variables).copied().collect();
                all.push(Setting { variables, arguments: arguments.to_vec(), keys });
            };
            add(&[], &[]);
            add(&[], &["--region", "sa-east-1"]);
            add(&[("AWS_PROFILE", "one"), ("AWS_DEFAULT_PROFILE", "two")], &[]);
            add(&[("AWS_PROFILE", "one")], &["--profile", "two"]);
            add(&[("AWS_PROFILE", "nobody")], &["--profile", "one", "--region", "sa-east-1"]);
        }
        for profile in profiles {
            let mut add = |variables: &[(&'static str, &'static str)],
                           arguments: &[&'static str]| {
                all.push(Setting {
                    variables: variables.to_vec(),
                    arguments: arguments.to_vec(),
                    keys,
                });
            };
            add(&[], &["--profile", profile]);
            add(&[("AWS_PROFILE", profile)], &[]);
            add(&[("AWS_DEFAULT_PROFILE", profile)], &[]);
        }
    }
    all
}

/// Where the programs differ, and why.
fn documented(setting: &Setting, theirs: &Seen, ours: &Seen) -> bool {
    // aws-cli ends in 255 for a profile that does not exist; here that is a wrong setting like any
    // other.
    let profile_error =
        theirs.0 == Some(255) && ours.0 == Some(253) && theirs.1.is_none() && ours.1.is_none();
    let unknown = setting.variables.iter().map(|(_, value)| value).chain(&setting.arguments);
    profile_error && unknown.into_iter().any(|name| ["nobody", "lost", "bad"].contains(name))
}

#[test]
#[ignore = "needs moto and aws-cli 2: scripts/test runs it"]
fn both_sign_with_the_same_key_for_the_same_region() {
    let settings = settings();
    assert!(settings.len() >= 60, "{}", settings.len());
    let ses = FakeSes::new().domain("a.example").start();
    let mut differences = Vec::new();
    for setting in settings {
        let endpoint = ["--endpoint-url", &ses.url()];
        let aws = with(aws2(), &setting).args(endpoint).args(&setting.arguments);
        let theirs = seen(aws.args(["ses", "list-identities"]), &ses);
        let ours =
            seen(with(run("ses-list"), &setting).args(endpoint).args(&setting.arguments), &ses);
        if ours != theirs && !documented(&setting, &theirs, &ours) {
            differences
                .push(format!("{setting:?}\n    aws-cli  {theirs:?}\n    ses-list {ours:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
