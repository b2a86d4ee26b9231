//! An expression in words that the `jmespath` crate reads as jmespath.py reads the original.
//!
//! The crate knows the grammar of the specification. Where jmespath.py has another one, the tokens
//! are spelled so that both come to the same:
//!
//! - An index or a slice is `[7]`, its place in a table: the crate knows neither `-0` nor what is
//!   beyond 32 bits. `[*]` follows if it projects, which a slice after an index does not.
//! - `a.*.b.c` is `a.{_:@}.b.c`: the projection of a star after a dot ends with the name after it.
//!   The object is a mark, and `""` where the crate wants a name is the document at hand.
//! - `{a: b, c: d}` is `[({_:@}),a,(b),c,(d)]`: it ends a projection, as only a list does in the
//!   crate, and its commas may be missing.
//! - `[a, b]` is `[(a),(b)]`: its commas may not be missing.
//! - A literal is a zero: the crate would sort its keys.
//! - What jmespath.py rejects and the crate would take is a `}`, which it rejects everywhere.
//!
//! In two places the specification wins: the slice of `(a[0])[:1].b` projects, and the projection
//! of `a.*[?b].c[?d]` goes on after the first filter.

use super::ast::Step;
use super::token::{Placed, Token};
use crate::json;

/// What is wrong everywhere.
const NOTHING: &str = "}";

/// The crate recurses wherever expressions nest, and unoptimized it needs 30 KiB of stack for
/// `[a || b && c == [`. The programs have 8 MiB, their tests 2.
const MAX_NESTING: usize = 60;

/// The crate also recurses to release its tree, which is as deep as `a.a.a.a` is long.
const MAX_TOKENS: usize = 10_000;

#[derive(Default)]
pub(super) struct Spelling<'t> {
    tokens: &'t [Placed],
    pub text: String,
    /// What the numbers in brackets stand for.
    pub selections: Vec<Step>,
    /// Where in the text each token begins.
    starts: Vec<usize>,
    end: End,
    nesting: usize,
    /// The brackets at hand, and the nesting to which an operator in them returns.
    inside: (Level, usize),
    outside: Vec<(Level, usize)>,
}

/// What ends with the token before.
#[derive(Clone, Copy, Default, PartialEq)]
enum End {
    #[default]
    Other,
    Index,
    /// What follows is applied to each element.
    Projection,
    /// A star after a dot that is spelled as a mark.
    Star,
}

#[derive(Clone, Copy, Default)]
enum Level {
    #[default]
    Whole,
    Group,
    Call,
    List,
    /// A list after a star is spelled as a function: as a list, it would end the projection.
    StarList,
    Object,
    Filter,
}

impl Level {
    /// The opening bracket, a comma, and the closing bracket.
    fn words(self) -> [&'static str; 3] {
        match self {
            Level::Whole => [NOTHING; 3],
            Level::Group => ["(", NOTHING, ")"],
            Level::Call => ["(", ",", ")"],
            Level::List => ["[(", "),(", ")]"],
            Level::StarList => ["._({_:@},(", "),(", "))"],
            Level::Object => ["[({_:@}", "", ")]"],
            Level::Filter => ["[?", NOTHING, "]"],
        }
    }
}

impl<'t> Spelling<'t> {
    /// Nothing if there are too many tokens or if they nest too deeply.
    pub(super) fn of(tokens: &'t [Placed]) -> Option<Spelling<'t>> {
        let mut spelling = Spelling { tokens, ..Spelling::default() };
        while spelling.starts.len() < tokens.len() && spelling.nesting <= MAX_NESTING {
            spelling.spell();
        }
        (spelling.nesting <= MAX_NESTING && tokens.len() <= MAX_TOKENS).then_some(spelling)
    }

    /// The token whose spelling has this offset in the text.
    pub(super) fn token_at(&self, offset: usize) -> &'t Placed {
        &self.tokens[self.starts.partition_point(|&start| start <= offset) - 1]
    }

    fn spell(&mut self) {
        self.skip(1);
        let [before, token, next] = [-2, -1, 0].map(|place| self.near(place));
        let end = std::mem::take(&mut self.end);
        let (level, floor) = self.inside;
        if let Token::And | Token::Or | Token::Pipe | Token::Compare(_) | Token::Comma = token {
            self.nesting = floor;
        }
        match (token, level) {
            (Token::Unquoted(key) | Token::Quoted(key), Level::Object) if *next == Token::Colon => {
                self.skip(1);
                self.write(&format!("){},(", quoted(key)));
            }
            (Token::Unquoted(name), _) => self.write(name),
            (Token::Quoted(name), _) => self.write(&quoted(name)),
            (Token::Literal(_), _) => self.write("`0`"),
            (Token::Dot, _) if *next == Token::Star => self.dotted_star(end),
            (Token::Star | Token::Flatten, _) => self.project(&token.to_string()),
            (Token::LeftBracket, _) if *before != Token::Dot => self.bracket(end),
            (Token::LeftBracket, _) => self.open(Level::List),
            (Token::LeftBrace, _) if end != End::Projection && self.is_key() => {
                self.open(Level::Object);
            }
            (Token::LeftParen, _) => self.open(match before {
                Token::Unquoted(_) | Token::RightParen => Level::Call,
                _ => Level::Group,
            }),
            (Token::Filter, _) => self.open(Level::Filter),
            (Token::RightParen, Level::Group | Level::Call)
            | (Token::RightBracket, Level::List | Level::StarList | Level::Filter)
            | (Token::RightBrace, Level::Object) => self.close(),
            (Token::Comma, Level::Object) if !self.is_key() => self.write(NOTHING),
            (Token::Comma, Level::Call)
                if *next == Token::RightParen && *before != Token::LeftParen => {}
            (Token::Comma, _) => self.write(level.words()[1]),
            (Token::Not, _) => self.nest("!"),
            (Token::Reference, _) if *before != Token::Dot => self.enter("&"),
            (Token::Dot | Token::Current | Token::And | Token::Or | Token::Pipe, _)
            | (Token::Compare(_) | Token::End, _) => self.write(&token.to_string()),
            _ => self.write(NOTHING),
        }
    }

    fn dotted_star(&mut self, end: End) {
        self.skip(1);
        match (end, self.near(0)) {
            (End::Star, _) => self.project(".{_:@}[*]"),
            (End::Index | End::Other, Token::Dot | Token::LeftBracket) => {
                self.write(".{_:@}");
                self.end = End::Star;
            }
            _ => self.project(".*"),
        }
    }

    /// `[` after anything but a dot.
    fn bracket(&mut self, end: End) {
        let name = if end == End::Star { ".\"\"" } else { "" };
        match (self.near(0), self.near(1)) {
            (Token::Star, Token::RightBracket) => {
                self.skip(2);
                self.project(&format!("{name}[*]"));
            }
            (Token::Number(_) | Token::Colon, _) => {
                let Some(selection) = self.selection() else { return self.write(NOTHING) };
                let projects = matches!(selection, Step::Slice(_)) && end != End::Index;
                self.write(&format!("{name}[{}]", self.selections.len()));
                self.selections.push(selection);
                if projects {
                    self.project("[*]");
                } else {
                    self.end = End::Index;
                }
            }
            _ if end == End::Star => self.open(Level::StarList),
            _ => self.open(Level::List),
        }
    }

    /// The inside of `[0]` or `[start:stop:step]` with the closing bracket, if it is one of them.
    fn selection(&mut self) -> Option<Step> {
        let (mut parts, mut part) = ([None; 3], 0);
        loop {
            self.skip(1);
            match *self.near(-1) {
                Token::Colon if part < 2 => part += 1,
                Token::Number(number) if part > 0 || parts[0].is_none() => {
                    parts[part] = Some(number);
                }
                Token::RightBracket if part == 0 => return parts[0].map(Step::Index),
                Token::RightBracket => return Some(Step::Slice(parts)),
                _ => return None,
            }
        }
    }

    fn open(&mut self, level: Level) {
        self.outside.push(self.inside);
        self.inside.0 = level;
        self.enter(level.words()[0]);
    }

    fn close(&mut self) {
        let (level, floor) = self.inside;
        self.nesting = floor - 1;
        self.inside = self.outside.pop().unwrap_or_default();
        match level {
            Level::Filter => self.project("]"),
            _ => self.write(level.words()[2]),
        }
    }

    /// What only a bracket ends.
    fn enter(&mut self, word: &str) {
        self.nest(word);
        self.inside.1 = self.nesting;
    }

    fn project(&mut self, word: &str) {
        self.nest(word);
        self.end = End::Projection;
    }

    fn nest(&mut self, word: &str) {
        self.nesting += 1;
        self.write(word);
    }

    fn write(&mut self, word: &str) {
        self.text.push_str(word);
        self.text.push(' ');
    }

    fn skip(&mut self, count: usize) {
        self.starts.extend(std::iter::repeat_n(self.text.len(), count));
    }

    fn is_key(&self) -> bool {
        matches!(self.near(0), Token::Unquoted(_) | Token::Quoted(_))
            && *self.near(1) == Token::Colon
    }

    /// A token near the next one, which has the place 0.
    fn near(&self, place: isize) -> &'t Token {
        let index = self.starts.len().checked_add_signed(place);
        index.and_then(|index| self.tokens.get(index)).map_or(&Token::End, |placed| &placed.token)
    }
}

fn quoted(name: &str) -> String {
    json::compact(&name.into())
}
