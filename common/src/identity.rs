//! Names SES can hold as an identity, checked once where they enter the house.
//!
//! SES accepts almost anything from a client and makes an identity of it, so the checks are ours.
//! They are the rules of hostnames, not a list of the domains that exist: `ses-exists` must be able
//! to ask for a name nobody has registered.
//!
//! Domains are kept in the one form SES stores, lower case without a trailing dot, so that equality
//! is SES's own. E-mail addresses are kept byte for byte: SES tells `A@example.com` from
//! `a@example.com` (Amazon SES Developer Guide, "Creating and verifying identities").

use std::borrow::Cow;
use std::fmt;

/// RFC 1035, 2.3.4, in the text form without the trailing dot.
pub const MAX_NAME: usize = 253;
pub const MAX_LABEL: usize = 63;
/// RFC 5321, 4.5.3.1: 64 bytes before the `@` and 255 after it.
const MAX_ADDRESS: usize = 320;

/// A domain name: lower case, A-labels, no trailing dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(String);

impl Domain {
    /// Reads a domain name; an internationalised one becomes its A-labels, as in browsers (UTS 46,
    /// non-transitional).
    ///
    /// Underscores are refused, although DNS has them: they mark record names, and a name pasted
    /// with its `_amazonses.` or `_domainkey.` would become an identity that no mail comes from.
    ///
    /// # Errors
    /// Says in one line why `name` is no domain name.
    pub fn parse(name: &str) -> Result<Domain, NameError> {
        match idna::domain_to_ascii(name) {
            Ok(ascii) => hostname(&ascii).map(Domain),
            Err(_) => Err("is no valid internationalised domain name".into()),
        }
        .map_err(|reason| NameError::new(name, reason))
    }

    /// Reads a domain name that is in ASCII already, as every answer of SES is. For programs that
    /// shall not carry the Unicode tables of [`Domain::parse`] (150 kB).
    ///
    /// # Errors
    /// As [`Domain::parse`], and for every letter outside ASCII.
    pub fn parse_ascii(name: &str) -> Result<Domain, NameError> {
        if name.is_ascii() {
            hostname(name).map(Domain)
        } else {
            Err("is not in ASCII; write it in its xn-- form".into())
        }
        .map_err(|reason| NameError::new(name, reason))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An e-mail address, byte for byte as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(String);

impl Address {
    /// Reads an e-mail address. The part before the `@` is a dot-atom (RFC 5322, 3.2.3): a quoted
    /// one is a header pasted whole far more often than an address.
    ///
    /// # Errors
    /// Says in one line why `address` is none.
    pub fn parse(address: &str) -> Result<Address, NameError> {
        match mailbox(address) {
            Ok(()) => Ok(Address(address.to_owned())),
            Err(reason) => Err(NameError::new(address, reason)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What SES verifies: a domain or an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    Domain(Domain),
    Address(Address),
}

impl Identity {
    /// Reads an identity: an address if there is an `@` in it, else a domain.
    ///
    /// # Errors
    /// As [`Address::parse`] and [`Domain::parse`].
    pub fn parse(name: &str) -> Result<Identity, NameError> {
        if name.contains('@') {
            Address::parse(name).map(Identity::Address)
        } else {
            Domain::parse(name).map(Identity::Domain)
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Identity::Domain(domain) => domain.as_str(),
            Identity::Address(address) => address.as_str(),
        }
    }

    pub fn is_domain(&self) -> bool {
        matches!(self, Identity::Domain(_))
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a name can be no identity: one line that quotes the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    name: String,
    reason: Reason,
}

/// What is said of a name: the rest of a sentence that begins with it.
type Reason = Cow<'static, str>;

impl NameError {
    fn new(name: &str, reason: Reason) -> NameError {
        NameError { name: shown(name), reason }
    }
}

impl std::error::Error for NameError {}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.reason)
    }
}

/// `text` as messages show it: in quotes, on one line, control characters escaped, cut after 60.
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{:?}", format!("{}…", &text[..end])),
        None => format!("{text:?}"),
    }
}

fn hostname(name: &str) -> Result<String, Reason> {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() {
        return Err("is empty".into());
    }
    if name.contains("://") {
        return Err("is a URL, not a domain name".into());
    }
    let odd = |c: &char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.');
    if let Some(c) = name.chars().find(odd) {
        return Err(odd_character(c));
    }
    if name.len() > MAX_NAME {
        return Err(format!("is {} bytes long; {MAX_NAME} are the most", name.len()).into());
    }
    let Some((_, last)) = name.rsplit_once('.') else {
        return Err("is a single label; a domain name has two or more".into());
    };
    for label in name.split('.') {
        if label.is_empty() {
            return Err("has an empty label: two dots, or one in front".into());
        }
        if label.len() > MAX_LABEL {
            let bytes = label.len();
            return Err(format!("has a label of {bytes} bytes; {MAX_LABEL} are the most").into());
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err("has a label that begins or ends with a hyphen".into());
        }
    }
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("ends in a number: an IP address is no domain name".into());
    }
    Ok(name.to_ascii_lowercase())
}

fn mailbox(address: &str) -> Result<(), Reason> {
    if address.contains("://") {
        return Err("is a URL, not an e-mail address".into());
    }
    if !address.is_ascii() {
        return Err("is not in ASCII; SES takes an address with its domain in xn-- form".into());
    }
    if address.len() > MAX_ADDRESS {
        return Err(format!("is {} bytes long; {MAX_ADDRESS} are the most", address.len()).into());
    }
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Err("is no e-mail address: it has no @".into());
    };
    if local.is_empty() {
        return Err("has nothing before its @".into());
    }
    let odd = |c: &char| !c.is_ascii_graphic() || r#"@<>()[]:;,"\"#.contains(*c);
    if let Some(c) = local.chars().find(odd) {
        return Err(odd_character(c));
    }
    // An address is compared byte for byte: without its dot it would be another one.
    if domain.ends_with('.') {
        return Err("ends with a dot".into());
    }
    match hostname(domain) {
        Ok(_) => Ok(()),
        Err(reason) => Err(format!("has a domain that {reason}").into()),
    }
}

fn odd_character(c: char) -> Reason {
    match c {
        '@' => "has an @, which a domain name does not have".into(),
        ' ' => "has a space in it".into(),
        '/' => "has a path, which a domain name does not have".into(),
        ':' => "has a colon, as before a port".into(),
        '_' => "has an underscore, which is for the names of records".into(),
        c if c.is_control() => "has a control character in it".into(),
        c => format!("has {c:?} in it").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str) -> String {
        Identity::parse(name).unwrap_err().to_string()
    }

    #[test]
    fn a_domain_is_kept_in_the_form_ses_stores() {
        for name in ["example.com", "EXAMPLE.com", "example.com.", "Example.Com."] {
            assert_eq!(Domain::parse(name).unwrap().as_str(), "example.com");
            assert_eq!(Domain::parse_ascii(name).unwrap().as_str(), "example.com");
        }
    }

    #[test]
    fn an_internationalised_name_becomes_its_a_label() {
        for (name, ascii) in [
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example.", "xn--bcher-kva.example"),
            ("straße.example", "xn--strae-oqa.example"),
            ("例え。example", "xn--r8jz45g.example"),
        ] {
            assert_eq!(Domain::parse(name).unwrap().as_str(), ascii);
        }
        assert!(Domain::parse_ascii("bücher.example").unwrap_err().to_string().contains("xn--"));
        assert!(refused("xn--a.example").ends_with("is no valid internationalised domain name"));
    }

    #[test]
    fn a_bad_name_is_refused_with_its_reason() {
        let label = "a".repeat(64);
        for (name, reason) in [
            ("", "is empty"),
            (".", "is empty"),
            ("https://example.com", "is a URL, not a domain name"),
            ("https://a@example.com/", "is a URL"),
            ("example.com/path", "has a path"),
            ("example.com:25", "has a colon"),
            ("exam ple.com", "has a space"),
            ("example.com\n", "has a control character"),
            ("*.example.com", "has '*' in it"),
            ("_amazonses.example.com", "has an underscore"),
            ("localhost", "is a single label"),
            ("example.com..", "has an empty label"),
            (".example.com", "has an empty label"),
            ("-a.example", "hyphen"),
            ("192.0.2.1", "an IP address is no domain name"),
            (&format!("{label}.example"), "has a label of 64 bytes"),
            (&format!("{}example", "a.".repeat(124)), "is 255 bytes long"),
            ("bücher .example", "has a space"),
            ("a＠b.example", "has an @"),
        ] {
            let message = refused(name);
            assert!(message.contains(reason), "{message}");
        }
    }

    #[test]
    fn the_longest_name_is_a_name() {
        let label = "a".repeat(63);
        let name = format!("{label}.{label}.{label}.{}", &label[..61]);
        assert_eq!(Domain::parse(&name).unwrap().as_str().len(), MAX_NAME);
    }

    #[test]
    fn an_address_is_kept_byte_for_byte() {
        let address = "User+Tag@EXAMPLE.com";
        let identity = Identity::parse(address).unwrap();
        assert_eq!(identity.as_str(), address);
        assert!(!identity.is_domain());
    }

    #[test]
    fn a_bad_address_is_refused_with_its_reason() {
        for (address, reason) in [
            ("@example.com", "has nothing before its @"),
            ("a@b@example.com", "has an @"),
            ("a b@example.com", "has a space"),
            ("<a@example.com>", "has '<' in it"),
            ("mailto:a@example.com", "has a colon"),
            ("a@example.com.", "ends with a dot"),
            ("a@localhost", "has a domain that is a single label"),
            ("a@bücher.example", "xn--"),
        ] {
            let message = refused(address);
            assert!(message.contains(reason), "{message}");
        }
        assert!(Address::parse("example.com").unwrap_err().to_string().contains("has no @"));
    }

    #[test]
    fn a_hostile_name_is_shown_on_one_short_line() {
        let message = refused(&format!("\u{1b}[2J\n{}", "x".repeat(10_000)));
        assert!(message.starts_with(r#""\u{1b}[2J\nxxx"#), "{message}");
        assert!(message.len() < 120 && !message.contains(char::is_control));
    }
}
