//! From tokens to a tree: a top-down operator precedence parser.
//!
//! The grammar is jmespath.py's, not the specification's, wherever they differ, because it decides
//! what an expression of a runbook means: `a.*.b.c` ends its projection before `.c`, a slice after an
//! index does not project, commas between arguments are optional. Crates for JMESPath follow the
//! specification and hide their tokens, so none of this can be had from them.

use super::Error;
use super::ast::{MAX_DEPTH, Node, Step};
use super::lexer;
use super::token::{Comparator, PROJECTION_STOP, Placed, Token};

/// Parses a whole expression.
///
/// # Errors
///
/// A text that jp.py would not take, and one of more than [`MAX_DEPTH`] steps in a row.
pub(super) fn parse(expression: &str) -> Result<Box<Node>, Error> {
    if expression.is_empty() {
        return Err(Error::syntax("Invalid JMESPath expression: cannot be empty."));
    }
    let tokens = lexer::tokens(expression)?;
    let mut parser = Parser { expression, tokens, index: 0, nesting: 0 };
    let node = parser.expression(0)?;
    match parser.current() {
        Token::End => Ok(node),
        token => Err(parser.unexpected(&format!("Unexpected token: {token}"))),
    }
}

struct Parser<'e> {
    expression: &'e str,
    tokens: Vec<Placed>,
    index: usize,
    nesting: usize,
}

impl Parser<'_> {
    /// What binds more strongly than `power`. All recursion of the parser passes here.
    fn expression(&mut self, power: u8) -> Result<Box<Node>, Error> {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH {
            return Err(too_deep());
        }
        let mut left = self.beginning()?;
        while power < self.current().power() {
            left = self.continuation(left)?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// A token that needs nothing on its left.
    fn beginning(&mut self) -> Result<Box<Node>, Error> {
        let token = self.current().clone();
        self.index += 1;
        match token {
            Token::Literal(value) => node(Step::Literal(value)),
            Token::Unquoted(name) => node(Step::Field(name)),
            Token::Quoted(name) => match self.current() {
                Token::LeftParen => {
                    Err(self.unexpected("Quoted identifier not allowed for function names."))
                }
                _ => node(Step::Field(name)),
            },
            Token::Current => Ok(identity()),
            Token::Star => self.values(identity(), Token::Star.power()),
            Token::Filter => self.filter(identity()),
            Token::Flatten => self.flatten(identity()),
            Token::LeftBracket => self.leading_bracket(),
            Token::LeftBrace => self.object(),
            Token::LeftParen => self.parenthesis(),
            Token::Not => self.unary(Step::Not, &token),
            Token::Reference => self.unary(Step::Reference, &token),
            Token::End => Err(self.incomplete()),
            _ => {
                self.index -= 1;
                Err(self.unexpected("invalid token"))
            }
        }
    }

    /// A token that continues the expression on its left.
    fn continuation(&mut self, left: Box<Node>) -> Result<Box<Node>, Error> {
        let token = self.current().clone();
        self.index += 1;
        match token {
            Token::Dot if *self.current() == Token::Star => {
                self.index += 1;
                self.values(left, Token::Dot.power())
            }
            Token::Dot => {
                let right = self.after_dot(Token::Dot.power())?;
                node(Step::Then(left, right))
            }
            Token::Pipe => self.binary(Step::Then, left, &token),
            Token::Or => self.binary(Step::Or, left, &token),
            Token::And => self.binary(Step::And, left, &token),
            Token::Compare(comparator) => self.comparison(comparator, left),
            Token::Flatten => self.flatten(left),
            Token::Filter => self.filter(left),
            Token::LeftBracket => self.bracket(left),
            Token::LeftParen => self.call(*left),
            _ => {
                self.index -= 1;
                Err(self.unexpected("invalid token"))
            }
        }
    }

    fn parenthesis(&mut self) -> Result<Box<Node>, Error> {
        let inside = self.expression(0)?;
        self.expect(&Token::RightParen)?;
        Ok(inside)
    }

    fn unary(&mut self, step: fn(Box<Node>) -> Step, operator: &Token) -> Result<Box<Node>, Error> {
        let operand = self.expression(operator.power())?;
        node(step(operand))
    }

    fn binary(
        &mut self,
        step: fn(Box<Node>, Box<Node>) -> Step,
        left: Box<Node>,
        operator: &Token,
    ) -> Result<Box<Node>, Error> {
        let right = self.expression(operator.power())?;
        node(step(left, right))
    }

    fn comparison(&mut self, comparator: Comparator, left: Box<Node>) -> Result<Box<Node>, Error> {
        let right = self.expression(Token::Compare(comparator).power())?;
        node(Step::Compare(comparator, left, right))
    }

    /// `*` and `.*`, which bind what follows differently.
    fn values(&mut self, left: Box<Node>, power: u8) -> Result<Box<Node>, Error> {
        let right = self.projected(power)?;
        node(Step::Values(left, right))
    }

    fn flatten(&mut self, left: Box<Node>) -> Result<Box<Node>, Error> {
        let flat = node(Step::Flatten(left))?;
        let right = self.projected(Token::Flatten.power())?;
        node(Step::Projection(flat, right))
    }

    fn filter(&mut self, left: Box<Node>) -> Result<Box<Node>, Error> {
        let condition = self.expression(0)?;
        self.expect(&Token::RightBracket)?;
        let right = self.projected(Token::Filter.power())?;
        node(Step::Filter(left, right, condition))
    }

    /// `[` with nothing on its left: `[0]`, `[1:2]`, `[*]` or a list of expressions.
    fn leading_bracket(&mut self) -> Result<Box<Node>, Error> {
        match (self.current(), self.following()) {
            (Token::Number(_) | Token::Colon, _) => self.bracket(identity()),
            (Token::Star, Token::RightBracket) => self.bracket(identity()),
            _ => self.list(),
        }
    }

    /// `[` after an expression: `[0]`, `[1:2]` or `[*]`.
    fn bracket(&mut self, left: Box<Node>) -> Result<Box<Node>, Error> {
        if !matches!(self.current(), Token::Number(_) | Token::Colon) {
            self.expect(&Token::Star)?;
            self.expect(&Token::RightBracket)?;
            let right = self.projected(Token::Star.power())?;
            return node(Step::Projection(left, right));
        }
        let selected = node(self.selection()?)?;
        let projects =
            matches!(selected.step, Step::Slice(_)) && !matches!(left.step, Step::Indexed(..));
        let indexed = node(Step::Indexed(left, selected))?;
        if projects {
            let right = self.projected(Token::Star.power())?;
            node(Step::Projection(indexed, right))
        } else {
            Ok(indexed)
        }
    }

    /// The inside of `[0]` or `[start:stop:step]`, with the closing bracket.
    fn selection(&mut self) -> Result<Step, Error> {
        if let (&Token::Number(index), following) = (self.current(), self.following())
            && *following != Token::Colon
        {
            self.index += 1;
            self.expect(&Token::RightBracket)?;
            return Ok(Step::Index(index));
        }
        let mut parts = [None; 3];
        let mut part = 0;
        loop {
            match *self.current() {
                Token::RightBracket => break,
                Token::Colon if part < 2 => part += 1,
                Token::Number(number) => parts[part] = Some(number),
                _ => return Err(self.unexpected("syntax error")),
            }
            self.index += 1;
        }
        self.index += 1;
        Ok(Step::Slice(parts))
    }

    fn list(&mut self) -> Result<Box<Node>, Error> {
        let mut nodes = Vec::new();
        loop {
            nodes.push(*self.expression(0)?);
            if *self.current() == Token::RightBracket {
                self.index += 1;
                return node(Step::List(nodes));
            }
            self.expect(&Token::Comma)?;
        }
    }

    /// The pairs of `{a: b, c: d}`; the comma may be missing.
    fn object(&mut self) -> Result<Box<Node>, Error> {
        let mut pairs = Vec::new();
        loop {
            let (Token::Unquoted(key) | Token::Quoted(key)) = self.current().clone() else {
                return Err(self.missing("['quoted_identifier', 'unquoted_identifier']"));
            };
            self.index += 1;
            self.expect(&Token::Colon)?;
            pairs.push((key, *self.expression(0)?));
            match self.current() {
                Token::Comma => self.index += 1,
                Token::RightBrace => {
                    self.index += 1;
                    return node(Step::Object(pairs));
                }
                _ => {}
            }
        }
    }

    /// The arguments of a function; the commas may be missing, and one may follow the last.
    fn call(&mut self, left: Node) -> Result<Box<Node>, Error> {
        let Step::Field(name) = left.step else {
            self.index -= 2;
            let reason = format!("Invalid function name '{}'", self.current());
            return Err(self.unexpected(&reason));
        };
        let mut arguments = Vec::new();
        while *self.current() != Token::RightParen {
            arguments.push(*self.expression(0)?);
            if *self.current() == Token::Comma {
                self.index += 1;
            }
        }
        self.index += 1;
        node(Step::Function(name, arguments))
    }

    /// What is applied to each element of a projection.
    fn projected(&mut self, power: u8) -> Result<Box<Node>, Error> {
        match self.current() {
            token if token.power() < PROJECTION_STOP => Ok(identity()),
            Token::LeftBracket | Token::Filter => self.expression(power),
            Token::Dot => {
                self.index += 1;
                self.after_dot(power)
            }
            _ => Err(self.unexpected("syntax error")),
        }
    }

    fn after_dot(&mut self, power: u8) -> Result<Box<Node>, Error> {
        match self.current() {
            Token::Quoted(_) | Token::Unquoted(_) | Token::Star => self.expression(power),
            Token::LeftBracket => {
                self.index += 1;
                self.list()
            }
            Token::LeftBrace => {
                self.index += 1;
                self.object()
            }
            token => {
                let reason = format!(
                    "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', \
                     'lbrace'], got: {}",
                    token.name()
                );
                Err(self.unexpected(&reason))
            }
        }
    }

    fn current(&self) -> &Token {
        &self.tokens[self.index].token
    }

    /// The token after the current one; at the end there is only the end.
    fn following(&self) -> &Token {
        self.tokens.get(self.index + 1).map_or(&Token::End, |placed| &placed.token)
    }

    fn expect(&mut self, expected: &Token) -> Result<(), Error> {
        if self.current() == expected {
            self.index += 1;
            Ok(())
        } else {
            Err(self.missing(expected.name()))
        }
    }

    fn missing(&self, expected: &str) -> Error {
        match self.current() {
            Token::End => self.incomplete(),
            token => self.unexpected(&format!("Expecting: {expected}, got: {}", token.name())),
        }
    }

    fn incomplete(&self) -> Error {
        let expression = self.expression;
        let caret = " ".repeat(expression.chars().count() + 1);
        Error::syntax(format!(
            "Invalid jmespath expression: Incomplete expression:\n\"{expression}\"\n{caret}^"
        ))
    }

    /// The caret is one to the right of the place, because the expression is shown in quotes.
    fn unexpected(&self, reason: &str) -> Error {
        let Placed { token, start } = &self.tokens[self.index];
        let name = token.name().to_uppercase();
        let expression = self.expression;
        let caret = " ".repeat(start + 1);
        Error::syntax(format!(
            "{reason}: Parse error at column {start}, token \"{token}\" ({name}), \
             for expression:\n\"{expression}\"\n{caret}^"
        ))
    }
}

fn node(step: Step) -> Result<Box<Node>, Error> {
    Node::new(step).map(Box::new).ok_or_else(too_deep)
}

fn identity() -> Box<Node> {
    Box::new(Node::identity())
}

fn too_deep() -> Error {
    Error::syntax(format!("the expression has more than {MAX_DEPTH} steps in a row"))
}
