//! From characters to tokens, by the rules of jmespath.py: the whole expression is read before its
//! grammar is looked at, so an unknown character anywhere is what a message speaks of.

use jmespath::ast::Comparator;

use super::Error;
use super::literal;
use super::token::{Placed, Token};

/// The tokens of an expression, [`Token::End`] the last of them.
///
/// # Errors
///
/// A character that begins no token, a quotation that does not end or does not decode.
pub(super) fn tokens(expression: &str) -> Result<Vec<Placed>, Error> {
    let mut lexer = Lexer { expression, characters: expression.chars().collect(), position: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.take_while(|character| " \t\n\r".contains(character));
        let start = lexer.position;
        let token = lexer.token()?;
        let is_last = token == Token::End;
        tokens.push(Placed { token, start });
        if is_last {
            return Ok(tokens);
        }
    }
}

struct Lexer<'e> {
    expression: &'e str,
    characters: Vec<char>,
    position: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Token, Error> {
        let start = self.position;
        let Some(first) = self.next() else { return Ok(Token::End) };
        Ok(match first {
            '.' => Token::Dot,
            '*' => Token::Star,
            ']' => Token::RightBracket,
            ',' => Token::Comma,
            ':' => Token::Colon,
            '@' => Token::Current,
            '(' => Token::LeftParen,
            ')' => Token::RightParen,
            '{' => Token::LeftBrace,
            '}' => Token::RightBrace,
            '[' if self.accept(']') => Token::Flatten,
            '[' if self.accept('?') => Token::Filter,
            '[' => Token::LeftBracket,
            '|' if self.accept('|') => Token::Or,
            '|' => Token::Pipe,
            '&' if self.accept('&') => Token::And,
            '&' => Token::Reference,
            '!' if self.accept('=') => Token::Compare(Comparator::NotEqual),
            '!' => Token::Not,
            '<' if self.accept('=') => Token::Compare(Comparator::LessThanEqual),
            '<' => Token::Compare(Comparator::LessThan),
            '>' if self.accept('=') => Token::Compare(Comparator::GreaterThanEqual),
            '>' => Token::Compare(Comparator::GreaterThan),
            '=' if self.accept('=') => Token::Compare(Comparator::Equal),
            '`' => self.literal(start)?,
            '"' => self.identifier(start)?,
            '\'' => Token::Literal(literal::raw(&self.quotation('\'')?).into()),
            'a'..='z' | 'A'..='Z' | '_' => {
                self.take_while(|character| character.is_ascii_alphanumeric() || character == '_');
                Token::Unquoted(self.since(start))
            }
            '0'..='9' | '-' => {
                self.take_while(|character| character.is_ascii_digit());
                match self.since(start).as_str() {
                    "-" => return Err(self.error(start, "Unknown token '-'")),
                    digits => Token::Number(integer(digits)),
                }
            }
            '=' => return Err(self.error(start, "Unknown token '='")),
            other => return Err(self.error(start, &format!("Unknown token {other}"))),
        })
    }

    fn literal(&mut self, start: usize) -> Result<Token, Error> {
        let text = self.quotation('`')?;
        literal::literal(&text)
            .map(Token::Literal)
            .ok_or_else(|| self.error(start, &format!("Bad token {}", text.replace("\\`", "`"))))
    }

    fn identifier(&mut self, start: usize) -> Result<Token, Error> {
        let text = self.quotation('"')?;
        literal::identifier(&text).map(Token::Quoted).map_err(|reason| self.error(start, reason))
    }

    /// The text up to the next delimiter that no backslash protects; the delimiter is consumed.
    fn quotation(&mut self, delimiter: char) -> Result<String, Error> {
        let start = self.position;
        while let Some(character) = self.next() {
            if character == delimiter {
                return Ok(self.characters[start..self.position - 1].iter().collect());
            }
            if character == '\\' {
                self.next();
            }
        }
        Err(self.error(start - 1, &format!("Unclosed {delimiter} delimiter")))
    }

    fn next(&mut self) -> Option<char> {
        let character = self.characters.get(self.position).copied()?;
        self.position += 1;
        Some(character)
    }

    fn accept(&mut self, expected: char) -> bool {
        let found = self.characters.get(self.position) == Some(&expected);
        self.position += usize::from(found);
        found
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) {
        while self.characters.get(self.position).is_some_and(|&character| belongs(character)) {
            self.position += 1;
        }
    }

    fn since(&self, start: usize) -> String {
        self.characters[start..self.position].iter().collect()
    }

    fn error(&self, start: usize, reason: &str) -> Error {
        let expression = self.expression;
        let caret = " ".repeat(start);
        Error::syntax(format!("Bad jmespath expression: {reason}:\n{expression}\n{caret}^"))
    }
}

/// An index or the part of a slice. No list is longer than the greatest `i64`, so anything beyond
/// it means the same as that.
fn integer(digits: &str) -> i64 {
    let limit = if digits.starts_with('-') { i64::MIN } else { i64::MAX };
    digits.parse().unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(expression: &str) -> Vec<(Token, usize)> {
        let tokens = tokens(expression).unwrap();
        tokens.into_iter().map(|Placed { token, start }| (token, start)).collect()
    }

    fn error(expression: &str) -> String {
        tokens(expression).unwrap_err().to_string()
    }

    #[test]
    fn places_are_counted_in_characters() {
        assert_eq!(
            found("'é😀' | a"),
            [
                (Token::Literal("é😀".into()), 0),
                (Token::Pipe, 5),
                (Token::Unquoted("a".into()), 7),
                (Token::End, 8),
            ]
        );
    }

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        for (text, number) in
            [("-0", 0), ("-01", -1), ("007", 7), ("99999999999999999999", i64::MAX)]
        {
            assert_eq!(found(text)[0].0, Token::Number(number), "{text}");
        }
        assert_eq!(found("-99999999999999999999")[0].0, Token::Number(i64::MIN));
    }

    #[test]
    fn messages_show_the_expression_and_a_caret() {
        assert_eq!(
            error("a | #"),
            "syntax-error: Bad jmespath expression: Unknown token #:\na | #\n    ^"
        );
        assert_eq!(
            error("'é'.'x\\'"),
            "syntax-error: Bad jmespath expression: Unclosed ' delimiter:\n'é'.'x\\'\n    ^"
        );
        assert!(error("a = b").contains("Unknown token '=':\na = b\n  ^"));
        assert!(error("a-").contains("Unknown token '-':\na-\n ^"));
        assert!(error("`a\"`").contains("Bad token a\":"));
        assert!(error(r#""\x""#).contains("Invalid \\escape:"));
    }

    #[test]
    fn quotations_hide_one_another() {
        assert_eq!(found("'`\"'")[0].0, Token::Literal("`\"".into()));
        assert_eq!(found("`'x'`")[0].0, Token::Literal("'x'".into()));
        assert_eq!(found("\"'`\"")[0].0, Token::Quoted("'`".into()));
        assert_eq!(found("`\\``")[0].0, Token::Literal("`".into()));
    }
}
