//! Answers that are none, though they came whole.

use super::{LIST, good, list};
use crate::support::ses::xml;
use crate::support::sockets::Sockets;
use crate::support::{Endpoint, FakeSes, Reply, run};

/// The answer is not understood, said once, and not asked for again.
#[track_caller]
fn is_not_understood(reply: Reply) {
    let ses = FakeSes::new().always(reply.clone()).start();
    list(&ses).says("Cannot understand the answer to ListIdentities").says(ses.url()).status(255);
    assert_eq!(ses.requests().len(), 1);
    let ses = FakeSes::new().always(reply).start();
    run("ses-exists")
        .against(&ses)
        .attempts(2)
        .args(["--absent", "a.example"])
        .says("Cannot understand the answer to GetIdentityVerificationAttributes")
        .status(255);
}

#[test]
fn html_with_200_is_not_understood() {
    is_not_understood(Reply::new(200, "text/html", "<html><body>Sign in</body></html>"));
    is_not_understood(Reply::new(200, "text/html", "<!doctype html><p>Sign in<br></html>"));
}

#[test]
fn an_empty_body_is_not_understood() {
    is_not_understood(Reply::xml(200, ""));
    is_not_understood(Reply::xml(204, ""));
}

#[test]
fn json_is_not_understood() {
    is_not_understood(Reply::new(200, "application/json", "{\"Identities\": []}"));
}

#[test]
fn a_redirection_is_not_followed() {
    for status in [301, 302, 307] {
        is_not_understood(
            Reply::new(status, "text/html", "moved").header("Location", "http://127.0.0.1:9/"),
        );
    }
}

#[test]
fn xml_of_something_else_is_not_understood() {
    is_not_understood(Reply::xml(200, "<html/>"));
    is_not_understood(Reply::xml(200, "<ListIdentitiesResponse/>"));
    is_not_understood(xml::answer("DescribeInstances", "<Identities/>"));
    is_not_understood(Reply::xml(200, xml::body("ListIdentities", "<Identities/>").repeat(2)));
}

#[test]
fn broken_text_is_not_understood() {
    let mut body =
        xml::body("ListIdentities", "<Identities><member>aXb</member></Identities>").into_bytes();
    let place = body.iter().position(|byte| *byte == b'X').expect("an X");
    body[place] = 0xff;
    is_not_understood(Reply::xml(200, &body));
    body[place] = b'&';
    is_not_understood(Reply::xml(200, &body));
    body[place] = b'<';
    is_not_understood(Reply::xml(200, &body));
    body[place] = 0;
    is_not_understood(Reply::xml(200, &body));
}

#[test]
fn entities_of_its_own_are_not_expanded() {
    let body = xml::body("ListIdentities", "<Identities><member>&lol;</member></Identities>");
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY lol \"&a;&a;&a;\">]>";
    is_not_understood(Reply::xml(200, format!("{bomb}{body}")));
}

#[test]
fn compressed_text_is_not_understood() {
    is_not_understood(Reply::xml(200, [0x1f, 0x8b, 8, 0]).header("Content-Encoding", "gzip"));
}

#[test]
fn a_length_that_is_too_short_cuts_the_answer() {
    let body = xml::body("ListIdentities", &xml::page_content(["a.example", "b.example"], None));
    let cut = body.find("<member>b").expect("a member");
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {cut}\r\n\r\n");
    let ses = FakeSes::new().always(Reply::raw(head + &body)).start();
    list(&ses).says("Cannot understand the answer to ListIdentities").status(255);
}

#[test]
fn a_length_that_is_too_long_is_no_answer() {
    let body = xml::body("ListIdentities", &xml::page_content(["a.example"], None));
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len() + 1);
    let ses = FakeSes::new().always(Reply::raw(head + &body)).start();
    list(&ses).attempts(1).says(ses.url()).status(255);
}

#[test]
fn an_answer_in_chunks_is_an_answer() {
    let body = xml::body("ListIdentities", &xml::page_content(["a.example"], None));
    let (one, two) = body.split_at(100);
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
    let whole = head + &chunk(one) + &chunk(two);
    let ses = FakeSes::new().always(Reply::raw(whole.clone() + "0\r\n\r\n")).start();
    list(&ses).stdout(LIST).status(0);
    // The chunk that ends it is missing: who knows what else is.
    let ses = FakeSes::new().always(Reply::raw(&whole)).start();
    list(&ses).attempts(1).says(ses.url()).status(255);
    let ses = FakeSes::new().always(Reply::raw(whole + "junk\r\n")).start();
    list(&ses).attempts(1).says(ses.url()).status(255);
}

#[test]
fn an_answer_that_ends_with_its_connection_is_an_answer() {
    let body = xml::body("ListIdentities", &xml::page_content(["a.example"], None));
    let ses = FakeSes::new().always(Reply::raw(format!("HTTP/1.0 200 OK\r\n\r\n{body}"))).start();
    list(&ses).stdout(LIST).status(0);
}

#[test]
fn an_answer_without_end_is_given_up() {
    let server = Sockets::new(|socket| {
        socket.request();
        socket.say("HTTP/1.1 200 OK\r\n\r\n<ListIdentitiesResponse>");
        let megabyte = vec![b' '; 1 << 20];
        (0..64).for_each(|_| socket.say(&megabyte));
    });
    list(&server).attempts(1).says("larger than").status(255);
}

#[test]
fn headers_without_end_are_given_up() {
    let server = Sockets::new(|socket| {
        socket.request();
        socket.say("HTTP/1.1 200 OK\r\n");
        (0..100_000).for_each(|n| socket.say(format!("x-{n}: {n}\r\n")));
    });
    list(&server).attempts(1).says(server.url()).status(255);
}

#[test]
fn an_answer_about_another_name_is_not_a_no() {
    for name in ["other.example", " a.example "] {
        let entries = xml::entry(name, "Success", None);
        let content = format!("<VerificationAttributes>{entries}</VerificationAttributes>");
        let answer = xml::answer("GetIdentityVerificationAttributes", &content);
        let ses = FakeSes::new().always(answer).start();
        run("ses-exists")
            .against(&ses)
            .args(["--absent", "a.example"])
            .says(format!("SES answered about {name:?}"))
            .status(255);
    }
}

#[test]
fn the_request_that_ses_quotes_is_not_told() {
    let message = "The signature does not match.\n\nThe Canonical String for this request should \
                   have been\n'POST\nx-amz-security-token:QUOTED'";
    let ses = FakeSes::new().always(xml::error(403, "SignatureDoesNotMatch", message)).start();
    let outcome = list(&ses).says("The signature does not match.").any_stderr().status(254);
    assert!(!outcome.stderr().contains("QUOTED"));
}

#[test]
fn spaces_comments_and_a_declaration_are_no_harm() {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- x -->\n<ListIdentitiesResponse>\n  \
                <ListIdentitiesResult>\n    <Identities>\n      <member>a.example</member>\n    \
                </Identities>\n  </ListIdentitiesResult>\n</ListIdentitiesResponse>\n";
    let ses = FakeSes::new().always(Reply::xml(200, body)).start();
    list(&ses).stdout(LIST).status(0);
    let ses = FakeSes::new().always(good()).start();
    list(&ses).stdout(LIST).status(0);
}
