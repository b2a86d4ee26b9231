//! The answers of SES's query protocol.

use super::super::http::Reply;

const NAMESPACE: &str = "http://ses.amazonaws.com/doc/2010-12-01/";

/// `<OPERATIONResponse>` around `<OPERATIONResult>` around `content`.
pub fn body(operation: &str, content: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{content}</{operation}Result>\
         <ResponseMetadata><RequestId>request-id-1</RequestId></ResponseMetadata>\
         </{operation}Response>\n"
    )
}

pub fn answer(operation: &str, content: &str) -> Reply {
    Reply::xml(200, body(operation, content))
}

/// A page of ListIdentities.
pub fn page<N: AsRef<str>>(names: impl IntoIterator<Item = N>, next: Option<&str>) -> Reply {
    answer("ListIdentities", &page_content(names, next))
}

pub fn page_content<N: AsRef<str>>(
    names: impl IntoIterator<Item = N>,
    next: Option<&str>,
) -> String {
    let next = next.map(|token| format!("<NextToken>{}</NextToken>", escape(token)));
    format!("<Identities>{}</Identities>{}", members(names), next.unwrap_or_default())
}

pub fn members<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    names.into_iter().map(|name| format!("<member>{}</member>", escape(name.as_ref()))).collect()
}

/// One entry of the map that GetIdentityVerificationAttributes answers with.
pub fn entry(name: &str, status: &str, token: Option<&str>) -> String {
    let token =
        token.map(|token| format!("<VerificationToken>{}</VerificationToken>", escape(token)));
    format!(
        "<entry><key>{}</key><value><VerificationStatus>{status}</VerificationStatus>{}</value></entry>",
        escape(name),
        token.unwrap_or_default()
    )
}

/// An error, as SES words it.
pub fn error(status: u16, code: &str, message: &str) -> Reply {
    let side = if status < 500 { "Sender" } else { "Receiver" };
    Reply::xml(
        status,
        format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{side}</Type><Code>{code}</Code>\
             <Message>{}</Message></Error><RequestId>request-id-1</RequestId></ErrorResponse>\n",
            escape(message)
        ),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
