//! The words of an expression: what the lexer finds and the parser puts together.

use std::fmt;

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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Below this power a token ends a projection: what follows applies to the list as a whole.
pub(super) const PROJECTION_STOP: u8 = 10;

impl Token {
    /// The name in messages, the text in messages, and how strongly the token binds what stands
    /// on its left. The values of tokens that carry one are shown by `Display`.
    fn row(&self) -> (&'static str, &'static str, u8) {
        match self {
            Token::Unquoted(_) => ("unquoted_identifier", "", 0),
            Token::Quoted(_) => ("quoted_identifier", "", 0),
            Token::Literal(_) => ("literal", "", 0),
            Token::Number(_) => ("number", "", 0),
            Token::RightBracket => ("rbracket", "]", 0),
            Token::RightParen => ("rparen", ")", 0),
            Token::RightBrace => ("rbrace", "}", 0),
            Token::Comma => ("comma", ",", 0),
            Token::Colon => ("colon", ":", 0),
            Token::Current => ("current", "@", 0),
            Token::Reference => ("expref", "&", 0),
            Token::End => ("eof", "", 0),
            Token::Pipe => ("pipe", "|", 1),
            Token::Or => ("or", "||", 2),
            Token::And => ("and", "&&", 3),
            Token::Compare(Comparator::Equal) => ("eq", "==", 5),
            Token::Compare(Comparator::NotEqual) => ("ne", "!=", 5),
            Token::Compare(Comparator::Less) => ("lt", "<", 5),
            Token::Compare(Comparator::LessOrEqual) => ("lte", "<=", 5),
            Token::Compare(Comparator::Greater) => ("gt", ">", 5),
            Token::Compare(Comparator::GreaterOrEqual) => ("gte", ">=", 5),
            Token::Flatten => ("flatten", "[]", 9),
            Token::Star => ("star", "*", 20),
            Token::Filter => ("filter", "[?", 21),
            Token::Dot => ("dot", ".", 40),
            Token::Not => ("not", "!", 45),
            Token::LeftBrace => ("lbrace", "{", 50),
            Token::LeftBracket => ("lbracket", "[", 55),
            Token::LeftParen => ("lparen", "(", 60),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.row().0
    }

    pub(super) fn power(&self) -> u8 {
        self.row().2
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
