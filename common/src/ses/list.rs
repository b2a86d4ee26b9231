//! ListIdentities: all pages, or the part that aws-cli's paging options name.

use aws_sdk_ses::types::IdentityType;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::Ses;
use crate::aws::{Client, Patience};
use crate::json;
use crate::progress::{Step, Watch};
use crate::status::Failure;

/// The most identities that SES puts on a page (its API reference: MaxItems is 1 to 1000).
const LARGEST_PAGE: i32 = 1000;

/// Which identities, and how many at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    pub identity_type: Option<&'static str>,
    /// Identities a request; by default 1,000, as few requests as SES allows.
    pub page_size: Option<i32>,
    /// Stop after so many.
    pub max_items: Option<usize>,
    /// Go on where an earlier, truncated list ended.
    pub starting_token: Option<String>,
    /// Ask for one page and hand on SES's own token.
    pub single_page: bool,
}

impl Paging {
    /// aws-cli refuses these, too: one page has neither a size of its own nor a place.
    pub fn is_contradiction(&self) -> bool {
        self.single_page && (self.page_size.is_some() || self.starting_token.is_some())
    }

    /// MaxItems of a request. Where the list may end early, its token tells page and place on it, so
    /// that pages are then as large as for aws-cli: SES's own size, unless one was given.
    fn request_size(&self) -> Option<i32> {
        match self.max_items {
            Some(most) if self.single_page => most.try_into().ok(),
            None if !self.single_page => self.page_size.or(Some(LARGEST_PAGE)),
            _ => self.page_size,
        }
    }
}

/// Identities in SES's order, and where to go on if that was not all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub identities: Vec<String>,
    /// aws-cli's token; of a single page SES's own.
    pub next_token: Option<String>,
}

impl Listing {
    /// The shape of `aws ses list-identities`.
    pub fn to_json(&self) -> Value {
        let mut answer = Map::new();
        answer.insert("Identities".into(), json!(self.identities));
        if let Some(token) = &self.next_token {
            answer.insert("NextToken".into(), json!(token));
        }
        answer.into()
    }
}

impl Ses {
    /// Lists identities, one request a page.
    ///
    /// # Errors
    /// As [`Client::call`]; and 255 where SES gives the same token twice, which would make a list
    /// without end, or, ended there, a list that looks whole and is not.
    pub fn list(&self, paging: &Paging, watch: Watch<'_>) -> Result<Listing, Failure> {
        self.block_on(list(&self.client, Patience::Attempts, paging, watch))
    }
}

/// As [`Ses::list`], with the caller's patience.
pub(super) async fn list(
    client: &Client,
    patience: Patience,
    paging: &Paging,
    watch: Watch<'_>,
) -> Result<Listing, Failure> {
    let start = Position::parse(paging.starting_token.as_deref());
    let (mut token, mut skip) = (start.token, start.skip);
    let mut seen = Vec::new();
    let mut listing = Listing::default();
    loop {
        let page = client
            .call("ListIdentities", patience, |ses| {
                ses.list_identities()
                    .set_identity_type(paging.identity_type.map(IdentityType::from))
                    .set_max_items(paging.request_size())
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let next = page.next_token.filter(|next| !next.is_empty());
        let first = skip.min(page.identities.len());
        let here = &page.identities[first..];
        if paging.single_page {
            return Ok(Listing { identities: page.identities, next_token: next });
        }
        let room = paging.max_items.map_or(usize::MAX, |most| most - listing.identities.len());
        let taken = here.len().min(room);
        listing.identities.extend_from_slice(&here[..taken]);
        watch(Step::Done { count: listing.identities.len(), total: None });
        if taken < here.len() {
            listing.next_token = Some(Position { token, skip: skip + taken }.truncated());
            return Ok(listing);
        }
        let Some(next) = next else { return Ok(listing) };
        if taken == room {
            listing.next_token = Some(Position { token: Some(next), skip: 0 }.boundary());
            return Ok(listing);
        }
        if seen.contains(&next) || token.as_ref() == Some(&next) {
            let problem = "Error during pagination: The same next token was received twice";
            return Err(Failure::other(format!("{problem} (ListIdentities: {next:?})")));
        }
        seen.extend(token.replace(next));
        skip = 0;
    }
}

/// A place in the list: SES's token of the page, and how many identities of it were shown already.
/// As text it is botocore's starting token (its `paginate.py`), so that a list begun by aws-cli can
/// be ended here, and the other way round.
#[derive(Debug, Default, PartialEq, Eq)]
struct Position {
    token: Option<String>,
    skip: usize,
}

impl Position {
    /// Reads a starting token. What is no token of aws-cli's is SES's own, and SES judges it.
    fn parse(text: Option<&str>) -> Position {
        let Some(text) = text else { return Position::default() };
        let decoded = STANDARD.decode(text).ok();
        match decoded.and_then(|bytes| serde_json::from_slice::<Map<String, Value>>(&bytes).ok()) {
            Some(members) => Position {
                token: members.get("NextToken").and_then(Value::as_str).map(str::to_owned),
                skip: members
                    .get("boto_truncate_amount")
                    .and_then(Value::as_u64)
                    .and_then(|skip| skip.try_into().ok())
                    .unwrap_or(0),
            },
            None => Position { token: Some(text.to_owned()), skip: 0 },
        }
    }

    /// The list ended inside a page. botocore prints with Python's `json.dumps`, hence in ASCII.
    fn truncated(&self) -> String {
        let token = json::dense_ascii(&json!(self.token));
        STANDARD
            .encode(format!(r#"{{"NextToken": {token}, "boto_truncate_amount": {}}}"#, self.skip))
    }

    /// The list ended with a page.
    fn boundary(&self) -> String {
        let token = json::dense_ascii(&json!(self.token));
        STANDARD.encode(format!(r#"{{"NextToken": {token}}}"#))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_aws_cli_is_understood() {
        // python3: base64.b64encode(json.dumps({"NextToken": None, "boto_truncate_amount": 2}).encode())
        let token = "eyJOZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAyfQ==";
        let position = Position { token: None, skip: 2 };
        assert_eq!(Position::parse(Some(token)), position);
        assert_eq!(position.truncated(), token);
    }

    #[test]
    fn a_token_is_written_as_botocore_writes_it() {
        // python3: base64.b64encode(json.dumps({"NextToken": "é"}).encode())
        let token = "eyJOZXh0VG9rZW4iOiAiXHUwMGU5In0=";
        let position = Position { token: Some("é".into()), skip: 0 };
        assert_eq!(position.boundary(), token);
        assert_eq!(Position::parse(Some(token)), position);
    }

    #[test]
    fn a_token_of_ses_goes_to_ses() {
        let position = Position { token: Some("a/b+c".into()), skip: 0 };
        assert_eq!(Position::parse(Some("a/b+c")), position);
    }
}
