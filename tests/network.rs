//! The fault matrix: every way in which a request can fail, with the status, the message and the
//! number of requests. None ends in 0 or 1 with a wrong answer, in a crash, or later than its
//! time-out.

mod answers;
mod refusals;
mod truncation;

use std::time::Duration;

use crate::support::run::{Run, path_of};
use crate::support::ses::xml;
use crate::support::sockets::{Refusing, Socket, Sockets, Unanswering};
use crate::support::{Endpoint, FakeSes, Reply, Request, at_once, run};

/// ses-list with two attempts, since one row in two is about the second.
fn list(server: &impl Endpoint) -> Run {
    run("ses-list").against(server).attempts(2)
}

/// A whole answer: the list `["a.example"]`.
fn good() -> Reply {
    xml::page(["a.example"], None)
}

const LIST: &str = "{\n    \"Identities\": [\n        \"a.example\"\n    ]\n}\n";

#[test]
fn a_refused_connection_names_the_url() {
    let server = Refusing::new();
    list(&server)
        .says("Could not connect to the endpoint URL")
        .says(server.url())
        .says("(2 attempts)")
        .says("refused")
        .status(255);
}

#[test]
fn a_host_that_does_not_resolve_names_the_url() {
    // A label of 64 letters: no resolver sends a question for it.
    let url = format!("http://{}.example:8080", "a".repeat(64));
    run("ses-list")
        .attempts(1)
        .args(["--endpoint-url", &url])
        .says("Could not connect to the endpoint URL")
        .says(&url)
        .status(255);
}

#[test]
fn a_firewall_ends_in_the_connect_time_out() {
    let server = Unanswering::new();
    let outcome = list(&server)
        .attempts(1)
        .args(["--cli-connect-timeout", "1"])
        .says("Connect time-out")
        .says(server.url())
        .status(255);
    assert!(outcome.elapsed < Duration::from_secs(2), "{:?}", outcome.elapsed);
}

#[test]
fn a_firewall_is_given_up_after_ten_seconds_by_default() {
    let server = Unanswering::new();
    let outcome = list(&server).attempts(1).says("Connect time-out").status(255);
    let seconds = outcome.elapsed.as_secs_f64();
    assert!((9.5..11.5).contains(&seconds), "{seconds}");
}

#[test]
fn a_connection_that_is_closed_before_the_answer_is_tried_again() {
    let server = Sockets::new(|socket| drop(socket.request()));
    list(&server).says("Connection was closed").says("(2 attempts)").status(255);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_connection_that_is_closed_before_the_request_is_tried_again() {
    let server = Sockets::new(|socket| socket.close());
    list(&server).says("(2 attempts)").says(server.url()).status(255);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_reset_is_tried_again() {
    let server = Sockets::new(|socket| {
        socket.request();
        socket.reset();
    });
    list(&server).says("(2 attempts)").says(server.url()).status(255);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_second_attempt_that_succeeds_is_a_success() {
    let server = Sockets::new(|socket| {
        while socket.request().is_some() && socket.number > 1 {
            socket.say(good().bytes());
        }
    });
    list(&server).stdout(LIST).status(0);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_reset_within_the_answer_is_no_answer() {
    let server = Sockets::new(|socket| {
        socket.request();
        let good = good();
        socket.say(&good.bytes()[..good.bytes().len() - 20]);
        socket.reset();
    });
    list(&server).says(server.url()).status(255);
}

#[test]
fn garbage_is_no_answer() {
    for garbage in
        ["SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0\r\n\r\n", "HTTP/9.9 what\r\n\r\n", "\r\n\r\n"]
    {
        let server = Sockets::new(move |socket| {
            socket.request();
            socket.say(garbage);
        });
        list(&server).attempts(1).says(server.url()).status(255);
    }
}

/// The networked programs, each with a question.
const QUESTIONS: [&[&str]; 3] =
    [&["ses-list"], &["ses-exists", "a.example"], &["ses-verify", "a.example"]];

/// The time-out of reading is a second; nothing may take much longer.
fn times_out(behave: impl Fn(&mut Socket) + Send + Sync + 'static) {
    let server = Sockets::new(behave);
    at_once(QUESTIONS, |question| {
        let outcome = run(question[0])
            .against(&server)
            .attempts(1)
            .args(["--cli-read-timeout", "1"])
            .args(&question[1..])
            .says("Read time-out")
            .says(server.url())
            .status(255);
        assert!(outcome.elapsed < Duration::from_secs(2), "{:?}", outcome.elapsed);
    });
}

#[test]
fn a_hang_before_the_request_is_read_ends_in_time() {
    times_out(|socket| socket.hang());
}

#[test]
fn a_hang_before_the_answer_ends_in_time() {
    times_out(|socket| {
        socket.request();
        socket.hang();
    });
}

#[test]
fn a_hang_within_the_headers_ends_in_time() {
    times_out(|socket| {
        socket.request();
        socket.say(&good().bytes()[..30]);
        socket.hang();
    });
}

#[test]
fn a_hang_within_the_body_ends_in_time() {
    times_out(|socket| {
        socket.request();
        let good = good();
        socket.say(&good.bytes()[..good.bytes().len() - 10]);
        socket.hang();
    });
}

#[test]
fn a_trickle_without_end_ends_in_time() {
    times_out(|socket| {
        socket.request();
        socket.trickle(good().bytes(), Duration::from_millis(50));
    });
}

#[test]
fn a_slow_answer_within_the_time_is_an_answer() {
    let server = Sockets::new(|socket| {
        while socket.request().is_some() {
            socket.trickle(good().bytes(), Duration::from_micros(500));
        }
    });
    list(&server).stdout(LIST).status(0);
}

#[test]
fn a_time_out_is_tried_again() {
    let server = Sockets::new(|socket| {
        while socket.request().is_some() {
            if socket.number == 1 {
                socket.hang();
            }
            socket.say(good().bytes());
        }
    });
    list(&server).args(["--cli-read-timeout", "1"]).stdout(LIST).status(0);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_signal_ends_a_program_that_waits() {
    let server = Sockets::new(|socket| socket.hang());
    for question in QUESTIONS {
        for (signal, status) in [(libc::SIGINT, 130), (libc::SIGTERM, 143)] {
            let before = server.connections();
            let asking =
                run(question[0]).against(&server).args(&question[1..]).any_stderr().start();
            while server.connections() == before {
                std::thread::sleep(Duration::from_millis(2));
            }
            asking.signal(signal);
            let outcome = asking.interrupted(status);
            assert!(outcome.elapsed < Duration::from_secs(5), "{:?}", outcome.elapsed);
        }
    }
}

#[test]
fn a_hangup_that_is_ignored_stays_so() {
    let server = Sockets::new(|socket| {
        socket.request();
        std::thread::sleep(Duration::from_millis(300));
        socket.say(good().bytes());
    });
    // As nohup does.
    let ignoring = "trap '' HUP; exec \"$0\"";
    let listing = Run::program("/bin/sh").args(["-c", ignoring, path_of("ses-list")]);
    let listing = listing.against(&server).stdout(LIST).start();
    while server.connections() == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    listing.signal(libc::SIGHUP);
    listing.status(0);
}

#[test]
fn one_connection_serves_many_requests() {
    let names = (0..5).map(|n| format!("{n}.example"));
    let pages = move |request: &Request| {
        let page: usize =
            request.parameter("NextToken").map_or(0, |token| token.parse().expect("a number"));
        let next = (page < 4).then(|| (page + 1).to_string());
        xml::page(names.clone().nth(page), next.as_deref())
    };
    let server = Sockets::new(move |socket| {
        while let Some(request) = socket.request() {
            socket.say(pages(&request).bytes());
        }
    });
    run("ses-list").against(&server).args(["--rate", "1000"]).any_stdout().status(0);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_connection_that_went_away_between_two_pages_is_made_again() {
    let ses = FakeSes::new()
        .script(|request, _| {
            let second = request.parameter("NextToken").is_some();
            let page = if second {
                xml::page(["b.example"], None)
            } else {
                xml::page(["a.example"], Some("2"))
            };
            // The server ends each connection after its answer, without a word.
            Some(Reply::raw(page.bytes()))
        })
        .start();
    let outcome = list(&ses).args(["--rate", "100"]).any_stdout().status(0);
    assert_eq!(outcome.json()["Identities"], serde_json::json!(["a.example", "b.example"]));
}
