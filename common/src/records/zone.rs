//! Records as lines of a zone file (RFC 1035, 5.1), which `nsupdate` and most name servers read.

use std::fmt::Write;

use super::{Kind, Records};

/// The longest character-string (RFC 1035, 3.3), in bytes.
const MAX_STRING: usize = 255;

/// One record a line: `_amazonses.example.com. 1800 IN TXT "token"`, `ttl` in seconds.
pub fn lines(records: &Records, ttl: u32) -> String {
    let mut lines = String::new();
    for set in records.sets() {
        let (name, kind) = (set.name(), set.kind());
        for value in set.values() {
            let data = match kind {
                Kind::Txt => &quoted(value),
                Kind::Cname => value,
            };
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{name} {ttl} IN {kind} {data}");
        }
    }
    lines
}

/// A text as character-strings, more than one where it is too long for one; the reader joins them.
/// A text within [`Records`] has neither quote nor backslash, so nothing needs an escape.
pub(super) fn quoted(text: &str) -> String {
    let mut strings = String::with_capacity(text.len() + 2);
    for (index, c) in text.chars().enumerate() {
        if index % MAX_STRING == 0 {
            strings.push_str(if index == 0 { "\"" } else { "\" \"" });
        }
        strings.push(c);
    }
    strings.push('"');
    strings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Domain;

    #[test]
    fn a_line_has_the_full_name_and_a_quoted_token() {
        let mut records = Records::default();
        let domain = Domain::parse_ascii("example.com").unwrap();
        records.verification(&domain, "a;b+/=").unwrap();
        records.dkim(&domain, &["t1".to_owned()], "eu-west-1").unwrap();
        assert_eq!(
            lines(&records, 1800),
            "_amazonses.example.com. 1800 IN TXT \"a;b+/=\"\n\
             t1._domainkey.example.com. 1800 IN CNAME t1.dkim.amazonses.com.\n"
        );
    }

    #[test]
    fn a_long_text_is_split_into_strings_of_255() {
        let quoted = quoted(&"x".repeat(256));
        assert_eq!(quoted, format!("\"{}\" \"x\"", "x".repeat(255)));
    }
}
