//! The words of an expression: what the lexer finds and the parser puts together.

use std::fmt;

use jmespath::ast::Comparator;
use serde_json::Value;

use super::python;

/// A token and the place of its first character, counted in characters.
#[derive(Debug)]
pub(super) struct Placed {
    pub token: Token,
    pub start: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Unquoted(String),
    Quoted(String),
    Literal(Value),
    Number(i64),
    Dot,
    Star,
    Flatten,
    Filter,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    LeftParen,
    RightParen,
    Comma,
    Colon,
    Current,
    Reference,
    And,
    Or,
    Pipe,
    Not,
    Compare(Comparator),
    End,
}

impl Token {
    /// The name and the text in messages. The values of tokens that carry one are shown by
    /// `Display`.
    fn row(&self) -> (&'static str, &'static str) {
        match self {
            Token::Unquoted(_) => ("unquoted_identifier", ""),
            Token::Quoted(_) => ("quoted_identifier", ""),
            Token::Literal(_) => ("literal", ""),
            Token::Number(_) => ("number", ""),
            Token::RightBracket => ("rbracket", "]"),
            Token::RightParen => ("rparen", ")"),
            Token::RightBrace => ("rbrace", "}"),
            Token::Comma => ("comma", ","),
            Token::Colon => ("colon", ":"),
            Token::Current => ("current", "@"),
            Token::Reference => ("expref", "&"),
            Token::End => ("eof", ""),
            Token::Pipe => ("pipe", "|"),
            Token::Or => ("or", "||"),
            Token::And => ("and", "&&"),
            Token::Compare(Comparator::Equal) => ("eq", "=="),
            Token::Compare(Comparator::NotEqual) => ("ne", "!="),
            Token::Compare(Comparator::LessThan) => ("lt", "<"),
            Token::Compare(Comparator::LessThanEqual) => ("lte", "<="),
            Token::Compare(Comparator::GreaterThan) => ("gt", ">"),
            Token::Compare(Comparator::GreaterThanEqual) => ("gte", ">="),
            Token::Flatten => ("flatten", "[]"),
            Token::Star => ("star", "*"),
            Token::Filter => ("filter", "[?"),
            Token::Dot => ("dot", "."),
            Token::Not => ("not", "!"),
            Token::LeftBrace => ("lbrace", "{"),
            Token::LeftBracket => ("lbracket", "["),
            Token::LeftParen => ("lparen", "("),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.row().0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Unquoted(text) | Token::Quoted(text) => f.write_str(text),
            Token::Number(number) => write!(f, "{number}"),
            Token::Literal(value) => f.write_str(&python::text(value)),
            _ => f.write_str(self.row().1),
        }
    }
}
