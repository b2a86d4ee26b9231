//! Proxies: crossed where they are named, and only there. Behind them is SES under its own name.

use crate::support::http::Server;
use crate::support::proxy::{Proxy, real_ses, ses_host};
use crate::support::roles::{Container, Metadata};
use crate::support::ses::RunningSes;
use crate::support::tls::Authority;
use crate::support::{Endpoint, FakeSes, run, run::Run};

const REGION: &str = "us-east-1";

/// ses-list that knows no endpoint but SES's own, and trusts `authority`.
fn list(authority: &Authority) -> Run {
    let run =
        run("ses-list").without("AWS_ENDPOINT_URL").attempts(1).file("ca.pem", authority.pem());
    run.env("AWS_CA_BUNDLE", "ca.pem").any_stdout()
}

fn behind_a_proxy() -> (Authority, RunningSes, Proxy) {
    let authority = Authority::new();
    let ses = real_ses(&authority, REGION).start();
    let proxy = Proxy::to(&ses);
    (authority, ses, proxy)
}

fn tunnel() -> String {
    format!("CONNECT {}:443", ses_host(REGION))
}

#[test]
fn ses_itself_is_reached_through_a_tunnel() {
    let (authority, ses, proxy) = behind_a_proxy();
    list(&authority).env("HTTPS_PROXY", proxy.url()).status(0);
    assert_eq!(proxy.crossings(), [tunnel()]);
    assert_eq!(ses.requests()[0].host(), ses_host(REGION));
}

#[test]
fn the_variable_may_be_in_lower_case_and_the_url_without_its_scheme() {
    let (authority, _ses, proxy) = behind_a_proxy();
    list(&authority).env("https_proxy", proxy.url()).status(0);
    list(&authority).env("https_proxy", proxy.url().replace("http://", "")).status(0);
    assert_eq!(proxy.crossings().len(), 2);
}

#[test]
fn lower_case_wins() {
    let (authority, _ses, proxy) = behind_a_proxy();
    list(&authority)
        .env("https_proxy", proxy.url())
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .status(0);
    assert_eq!(proxy.crossings().len(), 1);
}

#[test]
fn a_password_is_handed_to_the_proxy_alone() {
    let authority = Authority::new();
    let ses = real_ses(&authority, REGION).start();
    // base64 of user:MARKER-secret p@ss
    let proxy = Proxy::guarded(&ses, "dXNlcjpNQVJLRVItc2VjcmV0IHBAc3M=");
    let with_password = proxy.url().replace("http://", "http://user:MARKER-secret%20p%40ss@");
    list(&authority).env("HTTPS_PROXY", &with_password).status(0);
    list(&authority).env("HTTPS_PROXY", &with_password).arg("--debug").any_stderr().status(0);
    assert_eq!(proxy.crossings().len(), 2);
    assert!(ses.requests().iter().all(|request| request.header("proxy-authorization").is_none()));
}

#[test]
fn a_missing_or_wrong_password_is_told_without_it() {
    let authority = Authority::new();
    let ses = real_ses(&authority, REGION).may_be_silent().start();
    let proxy = Proxy::guarded(&ses, "dXNlcjpNQVJLRVItc2VjcmV0IHBAc3M=");
    for user in ["", "user:MARKER-secret-wrong@"] {
        let url = proxy.url().replace("http://", &format!("http://{user}"));
        list(&authority)
            .env("HTTPS_PROXY", url)
            .stdout("")
            .says("proxy")
            .says("https://email.us-east-1.amazonaws.com")
            .status(255);
    }
    ses.was_silent();
}

#[test]
fn a_proxy_that_is_not_there_is_told() {
    let authority = Authority::new();
    let dead = crate::support::sockets::Refusing::new();
    list(&authority)
        .env("HTTPS_PROXY", dead.url())
        .stdout("")
        .says("https://email.us-east-1.amazonaws.com")
        .status(255);
}

#[test]
fn no_proxy_means_none() {
    let ses = FakeSes::new().start();
    let proxy = Proxy::to(&ses);
    let list = || run("ses-list").against(&ses).env("HTTP_PROXY", proxy.url()).any_stdout();
    for hosts in ["127.0.0.1", "*", "a.example,127.0.0.1", "a.example, 127.0.0.1"] {
        for name in ["NO_PROXY", "no_proxy"] {
            list().env(name, hosts).status(0);
            assert!(proxy.crossings().is_empty(), "{name}={hosts}: {:?}", proxy.crossings());
        }
    }
    list().env("NO_PROXY", "").status(0);
    list().env("NO_PROXY", "a.example").status(0);
    assert_eq!(proxy.crossings().len(), 2);
}

#[test]
fn no_proxy_takes_suffixes_of_a_host() {
    let (authority, _ses, proxy) = behind_a_proxy();
    // Without the proxy the program would leave the machine: a look-up of the name is prevented by
    // a Region that no resolver knows, in a name that is too long to be asked for.
    let region = "a".repeat(63) + "b";
    let refused = list(&authority).stdout("").args(["--region", &region]).any_stderr().status(253);
    assert!(refused.stderr().contains("--region"));
    list(&authority)
        .env("HTTPS_PROXY", proxy.url())
        .env("NO_PROXY", "amazonaws.com.cn,aws.com")
        .status(0);
    assert_eq!(proxy.crossings(), [tunnel()]);
}

#[test]
fn plain_http_crosses_as_a_whole_url() {
    let ses = FakeSes::new().domain("a.example").start();
    let proxy = Proxy::to(&ses);
    run("ses-list")
        .env("AWS_ENDPOINT_URL", "http://ses.example:8080")
        .env("HTTP_PROXY", proxy.url())
        .any_stdout()
        .status(0);
    assert_eq!(proxy.crossings(), ["POST http://ses.example:8080/"]);
    assert_eq!(ses.requests()[0].host(), "ses.example:8080");
}

#[test]
fn the_proxy_for_https_is_not_the_one_for_http() {
    let ses = FakeSes::new().start();
    let proxy = Proxy::to(&ses);
    run("ses-list").against(&ses).env("HTTPS_PROXY", proxy.url()).any_stdout().status(0);
    assert!(proxy.crossings().is_empty());
}

#[test]
fn all_proxy_is_not_aws_clis() {
    let ses = FakeSes::new().start();
    let proxy = Proxy::to(&ses);
    run("ses-list").against(&ses).env("ALL_PROXY", proxy.url()).any_stdout().status(0);
    assert!(proxy.crossings().is_empty());
}

#[test]
fn a_web_servers_variable_does_not_switch_proxies_off() {
    let (authority, _ses, proxy) = behind_a_proxy();
    list(&authority).env("HTTPS_PROXY", proxy.url()).env("REQUEST_METHOD", "GET").status(0);
    assert_eq!(proxy.crossings(), [tunnel()]);
}

#[test]
fn the_instance_is_never_asked_through_a_proxy() {
    let ses = FakeSes::new().start();
    let (proxy, metadata) = (Proxy::to(&ses), Metadata::start());
    run("ses-list")
        .without_keys()
        .without("AWS_EC2_METADATA_DISABLED")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.url())
        .env("AWS_ENDPOINT_URL", "http://ses.example")
        .env("HTTP_PROXY", proxy.url())
        .any_stdout()
        .status(0);
    assert_eq!(proxy.crossings(), ["POST http://ses.example/"]);
    assert!(!metadata.asked().is_empty());
}

#[test]
fn a_container_is_never_asked_through_a_proxy() {
    let ses = FakeSes::new().start();
    let (proxy, container) = (Proxy::to(&ses), Container::start());
    run("ses-list")
        .without_keys()
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}/role", container.url()))
        .env("AWS_ENDPOINT_URL", "http://ses.example")
        .env("HTTP_PROXY", proxy.url())
        .any_stdout()
        .status(0);
    assert_eq!(proxy.crossings(), ["POST http://ses.example/"]);
}

#[test]
fn a_proxy_that_answers_nonsense_is_told() {
    let authority = Authority::new();
    let nonsense = Server::start(None, |_, _| crate::support::Reply::raw("nonsense\r\n\r\n"));
    list(&authority)
        .env("HTTPS_PROXY", format!("http://{}", nonsense.address))
        .stdout("")
        .says("https://email.us-east-1.amazonaws.com")
        .status(255);
}
