//! The question, and where its names come from.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use common::cli::{Flag, Options, Takes};
use common::ses::{Condition, Existence, Wait, Wanted};
use common::status::{Failure, Status};
use common::{input, names};

#[derive(Debug, Default)]
pub struct Question {
    pub absent: bool,
    pub verified: bool,
    pub contains: bool,
    pub missing: bool,
    pub input: Option<PathBuf>,
    pub quiet: bool,
    wait: Option<Duration>,
    interval: Option<Duration>,
}

impl Question {
    /// What must hold.
    ///
    /// # Errors
    /// 252 where the options contradict each other.
    pub fn condition(&self) -> Result<Condition, Failure> {
        match (self.absent, self.verified) {
            (true, true) => Err(Failure::usage("--absent and --verified cannot both hold")),
            (_, true) if self.contains => {
                Err(Failure::usage("--verified takes exact names, not --contains"))
            }
            (true, _) => Ok(Condition::Absent),
            (_, true) => Ok(Condition::Verified),
            _ => Ok(Condition::Present),
        }
    }

    /// How long to go on asking.
    ///
    /// # Errors
    /// 252 for an interval without a wait.
    pub fn wait(&self) -> Result<Option<Wait>, Failure> {
        match (self.wait, self.interval) {
            (None, Some(_)) => Err(Failure::usage("--interval goes with --wait")),
            (wait, interval) => Ok(wait.map(|limit| Wait { limit, interval })),
        }
    }

    /// What stood in the way when a wait ended; `None` where nothing did, or nobody waited.
    pub fn disappointment(&self, existence: &Existence) -> Option<Failure> {
        let (limit, obstacle) = (self.wait?, existence.obstacle.as_ref()?);
        let state = &obstacle.state;
        Some(if obstacle.is_final {
            let hint = "publish the token of `ses-list --attributes NAME` in DNS, \
                        then `ses-verify NAME` starts the verification again";
            Failure::new(Status::No, state).hint(hint)
        } else {
            let limit = humantime::format_duration(limit);
            Failure::new(Status::No, format!("after {limit}, {state}"))
        })
    }

    /// Of which identities. No name at all would make a vacuous yes.
    ///
    /// # Errors
    /// 252 where there is no name, or one that can be no identity; 255 for unreadable input.
    pub fn wanted(&self, operands: Vec<OsString>) -> Result<Wanted, Failure> {
        let named = input::names(operands, self.input.as_deref())?;
        if named.is_empty() {
            return Err(Failure::usage("no NAME given"));
        }
        if !self.contains {
            let identities = names::unique(names::identities(&named)?);
            return Ok(Wanted::Exact(identities.iter().map(|name| name.to_string()).collect()));
        }
        if named.iter().any(|named| named.name.is_empty()) {
            return Err(Failure::usage("every identity contains the empty TEXT"));
        }
        Ok(Wanted::Containing(named.into_iter().map(|named| named.name).collect()))
    }
}

impl Options for Question {
    const TITLE: &'static str = "The question";
    const FLAGS: &'static [Flag<Question>] = &[
        Flag::switch("absent", "does no NAME exist?", |q: &mut Question| q.absent = true),
        Flag::switch("verified", "does each exist with status Success?", |q: &mut Question| {
            q.verified = true
        })
        .detail("An identity exists from the first request on; mail needs its verification."),
        Flag::switch("contains", "is each NAME a part of an identity?", |q: &mut Question| {
            q.contains = true
        })
        .detail(
            "The rule of old runbooks: example.com is found in notexample.com, too. \
             It costs a request for each thousand identities.",
        ),
        Flag::switch("missing", "print the NAMEs that were not found", |q: &mut Question| {
            q.missing = true
        })
        .detail("The exit status stays that of the question."),
        Flag::value(
            "input",
            Takes::File("FILE"),
            "read NAMEs from FILE, - for stdin",
            |q: &mut Question, v| v.path().and_then(|given| input::set(&mut q.input, given)),
        )
        .detail(
            "A JSON array of strings, the output of ses-list, JSON Lines with Identity, \
             or one plain name a line.",
        ),
        Flag::value(
            "wait",
            Takes::Text("DURATION"),
            "ask again until it is so, for so long",
            |q: &mut Question, v| v.duration().map(|given| q.wait = Some(given)),
        )
        .detail(
            "DURATION is a number with a unit, such as 40s or 45m. \
             When it is over the answer is no. \
             With --verified a status Failed ends it at once. \
             A request that fails is sent again until then, if the failure can pass.",
        ),
        Flag::value(
            "interval",
            Takes::Text("DURATION"),
            "with --wait, ask every so often (3s to 30s)",
            |q: &mut Question, v| v.duration().map(|given| q.interval = Some(given)),
        )
        .detail("At most once a second, unless --rate says otherwise."),
        Flag::switch("quiet", "print nothing, the status tells", |q: &mut Question| q.quiet = true)
            .short('q'),
    ];
}
