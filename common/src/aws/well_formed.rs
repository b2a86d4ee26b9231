//! Is an answer of SES whole? The SDK's XML reader takes a syntax error and a premature end for "no
//! more elements": `<member>a</memb` would be the list `["a"]`, and the exit status 0.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use xmlparser::{ElementEnd, Token, Tokenizer};

/// Refuses a successful answer that is no complete answer of the query protocol.
#[derive(Debug)]
pub(super) struct WellFormed;

#[dyn_dispatch_hint]
impl Intercept for WellFormed {
    fn name(&self) -> &'static str {
        "WellFormed"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        match response.body().bytes() {
            Some(body) if response.status().is_success() => Ok(check(body)?),
            _ => Ok(()),
        }
    }
}

/// The elements without which an answer says nothing, by operation. An absent list would pass for an
/// empty one, and so an unanswered question for a "no".
const REQUIRED: &[(&str, &str)] = &[
    ("ListIdentitiesResult", "Identities"),
    ("GetIdentityVerificationAttributesResult", "VerificationAttributes"),
    ("VerifyDomainIdentityResult", "VerificationToken"),
    ("VerifyDomainDkimResult", "DkimTokens"),
];

/// # Errors
/// What is wrong with the document: not UTF-8, not XML, not closed, more than one root, or without
/// `XxxResponse` around an `XxxResult` and its required element.
fn check(body: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|error| format!("malformed XML: {error}"))?;
    let (mut open, mut roots, mut result, mut answered) = (Vec::<&str>::new(), 0, None, false);
    // Since the last tag: was there text, was there a comment?
    let (mut told, mut interrupted) = (false, false);
    for token in Tokenizer::from(text) {
        let token = token.map_err(|error| format!("malformed XML: {error}"))?;
        if matches!(token, Token::ElementStart { .. } | Token::ElementEnd { .. }) {
            (told, interrupted) = (false, false);
        }
        match token {
            Token::ElementStart { local, .. } => {
                let name = local.as_str();
                match open.len() {
                    0 => roots += 1,
                    1 if name.ends_with("Result") => result = Some(name),
                    2 => answered |= result == open.last().copied() && is_required(result, name),
                    _ => {}
                }
                open.push(name);
            }
            Token::ElementEnd { end: ElementEnd::Empty, .. } => {
                open.pop();
            }
            Token::ElementEnd { end: ElementEnd::Close(_, name), .. }
                if open.pop() != Some(name.as_str()) =>
            {
                return Err(format!("malformed XML: unexpected </{name}>"));
            }
            // The SDK drops it, as if there was no text. SES has none.
            Token::Cdata { .. } => return Err("the document is no answer of SES: CDATA".into()),
            Token::Text { text } => told |= !text.trim().is_empty(),
            Token::Comment { .. } => interrupted = true,
            _ => {}
        }
        // The SDK drops the rest of such a text.
        if told && interrupted {
            return Err("the document is no answer of SES: a comment in a text".into());
        }
    }
    match (open.last(), roots, result) {
        (Some(name), ..) => Err(format!("malformed XML: <{name}> is never closed")),
        (None, 1, Some(result)) => match required(result) {
            Some(element) if !answered => Err(format!("<{result}> has no <{element}>")),
            _ => Ok(()),
        },
        (None, 1, None) => Err("the document is no answer of SES".into()),
        (None, ..) => Err("malformed XML: not exactly one root element".into()),
    }
}

fn required(result: &str) -> Option<&'static str> {
    REQUIRED.iter().find(|(name, _)| *name == result).map(|(_, element)| *element)
}

fn is_required(result: Option<&str>, element: &str) -> bool {
    result.and_then(required) == Some(element)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "<?xml version=\"1.0\"?>\n<ListIdentitiesResponse xmlns=\"http://ses\">\
        <ListIdentitiesResult><Identities><member>a.example</member></Identities>\
        </ListIdentitiesResult><ResponseMetadata/></ListIdentitiesResponse>\n";

    #[test]
    fn a_whole_answer_passes() {
        assert_eq!(check(ANSWER.as_bytes()), Ok(()));
    }

    #[test]
    fn a_text_of_which_a_part_would_be_dropped_is_refused() {
        for part in
            ["<![CDATA[a.example]]>", "a<!-- x -->.example", "a.example<!-- x -->", "<!-- x -->a"]
        {
            let answer = ANSWER.replace("a.example", part);
            assert!(check(answer.as_bytes()).is_err(), "{part} passed");
        }
        let between = ANSWER.replace("<member>", "\n <!-- x --> <member>");
        assert_eq!(check(between.as_bytes()), Ok(()));
    }

    #[test]
    fn every_truncation_is_refused() {
        let whole = ANSWER.trim_end().len();
        for cut in 0..whole {
            assert!(check(&ANSWER.as_bytes()[..cut]).is_err(), "cut at {cut} passed");
        }
    }

    #[test]
    fn an_answer_without_its_list_is_refused() {
        let empty = "<ListIdentitiesResponse><ListIdentitiesResult/></ListIdentitiesResponse>";
        assert_eq!(
            check(empty.as_bytes()),
            Err("<ListIdentitiesResult> has no <Identities>".into())
        );
    }

    #[test]
    fn an_empty_list_is_an_answer() {
        let empty = "<ListIdentitiesResponse><ListIdentitiesResult><Identities/>\
            </ListIdentitiesResult></ListIdentitiesResponse>";
        assert_eq!(check(empty.as_bytes()), Ok(()));
    }

    #[test]
    fn other_documents_are_refused() {
        for document in ["", "{}", "<html></html>", "<a></a><b></b>", "<a></b>", "\u{0}"] {
            assert!(check(document.as_bytes()).is_err(), "{document:?} passed");
        }
    }
}
