//! A good answer, cut at every byte: never a shorter list, never an unfounded "no".

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::support::ses::xml;
use crate::support::{FakeSes, Reply, run};

/// Two at a time: as many as the smallest of machines has processors.
const AT_ONCE: usize = 2;

/// A fake SES for each cut in `cuts`, that answers with what `cut` makes of it; `ask` judges.
fn at_every_byte(
    cuts: usize,
    cut: impl Fn(usize) -> Reply + Send + Sync + Copy + 'static,
    ask: impl Fn(&crate::support::ses::RunningSes) + Send + Sync + Copy + 'static,
) {
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..AT_ONCE).map(|_| {
        let next = next.clone();
        thread::spawn(move || {
            loop {
                let at = next.fetch_add(1, Ordering::SeqCst);
                if at >= cuts {
                    return;
                }
                let ses = FakeSes::new().writable().always(cut(at)).start();
                ask(&ses);
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.join().expect("every cut to be an error");
    }
}

fn list_body() -> String {
    xml::body("ListIdentities", &xml::page_content(["a.example", "b.example"], Some("next")))
}

/// An account that knows nothing: each cut could pass for "absent".
fn attributes_body() -> String {
    xml::body(
        "GetIdentityVerificationAttributes",
        "<VerificationAttributes></VerificationAttributes>",
    )
}

#[test]
fn a_list_in_a_body_that_is_cut_is_an_error() {
    at_every_byte(
        list_body().trim_end().len(),
        |at| Reply::xml(200, &list_body()[..at]),
        |ses| {
            let list = run("ses-list").against(ses).attempts(1);
            list.says("Cannot understand the answer to ListIdentities").status(255);
        },
    );
}

#[test]
fn an_absence_in_a_body_that_is_cut_is_an_error() {
    at_every_byte(
        attributes_body().trim_end().len(),
        |at| Reply::xml(200, &attributes_body()[..at]),
        |ses| {
            let absent = run("ses-exists").against(ses).attempts(1).args(["--absent", "a.example"]);
            absent.says("Cannot understand the answer").status(255);
        },
    );
}

#[test]
fn a_connection_that_ends_within_the_answer_is_an_error() {
    let whole = || Reply::xml(200, attributes_body());
    at_every_byte(
        whole().bytes().len(),
        move |at| Reply::raw(&whole().bytes()[..at]),
        |ses| {
            let absent = run("ses-exists").against(ses).attempts(1).args(["--absent", "a.example"]);
            absent.says("http://127.0.0.1:").status(255);
        },
    );
}

#[test]
fn a_token_that_is_cut_is_never_printed() {
    let body =
        || xml::body("VerifyDomainIdentity", "<VerificationToken>abcdef=</VerificationToken>");
    at_every_byte(
        body().trim_end().len(),
        move |at| Reply::xml(200, &body()[..at]),
        |ses| {
            let verify = run("ses-verify").against(ses).attempts(1).arg("a.example");
            verify.says("Cannot understand the answer to VerifyDomainIdentity").status(255);
        },
    );
}
