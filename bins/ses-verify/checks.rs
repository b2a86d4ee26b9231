//! What is done before, or instead of, the request that writes.

use common::ses::Ses;
use common::status::Failure;
use common::stream;

use crate::options::Asked;

/// Is none of `names` there? Says which one is.
pub fn absent(ses: &Ses, names: &[String]) -> Result<bool, Failure> {
    let attributes = ses.attributes(names, &mut |_| ())?;
    let present = attributes.iter().filter(|(_, verification)| verification.is_some());
    let present: Vec<&str> = present.map(|(name, _)| name).collect();
    match present.as_slice() {
        [] => return Ok(true),
        [name] => stream::note(format!("ses-verify: {name} exists")),
        [name, more @ ..] => {
            stream::note(format!("ses-verify: {name} and {} more of the names exist", more.len()));
        }
    }
    Ok(false)
}

/// Says what a dry run does not ask.
pub fn announce(ses: &Ses, asked: &Asked, names: &[String]) {
    for name in names {
        let operations = match (name.contains('@'), asked.dkim) {
            (true, _) => "VerifyEmailIdentity",
            (_, true) => "VerifyDomainIdentity and VerifyDomainDkim",
            _ => "VerifyDomainIdentity",
        };
        stream::note(format!("would ask {operations} for {name} in {}", ses.region()));
    }
}
