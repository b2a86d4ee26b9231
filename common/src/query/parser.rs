//! From tokens to a tree, by the grammar of the `jmespath` crate.
//!
//! The crate sees the expression as `spelling` writes it. Its tree has an offset in that text
//! wherever a token matters, and so has its error, which is told in jmespath.py's words.

use jmespath::ast::Ast;

use super::Error;
use super::ast::{MAX_DEPTH, Node, Step};
use super::lexer;
use super::spelling::Spelling;
use super::token::{Placed, Token};

/// Parses a whole expression.
///
/// # Errors
///
/// A text that jp.py would not take, and one that is too long, nests too deeply or has more than
/// [`MAX_DEPTH`] steps in a row.
pub(super) fn parse(expression: &str) -> Result<Box<Node>, Error> {
    if expression.is_empty() {
        return Err(Error::syntax("Invalid JMESPath expression: cannot be empty."));
    }
    let tokens = lexer::tokens(expression)?;
    let spelling = Spelling::of(&tokens)
        .ok_or_else(|| Error::syntax("the expression is too long or nests too deeply"))?;
    match jmespath::parse(&spelling.text) {
        Ok(ast) => Reader { spelling, depth: 0 }.node(&ast),
        Err(error) => {
            let before = spelling.text.get(..error.offset).unwrap_or_default();
            let whole = jmespath::parse(before).is_ok();
            Err(unexpected(expression, spelling.token_at(error.offset), whole))
        }
    }
}

/// Reads the crate's tree as ours.
struct Reader<'t> {
    spelling: Spelling<'t>,
    depth: usize,
}

impl Reader<'_> {
    /// All recursion passes here, and each round of it makes the tree deeper by a step.
    fn node(&mut self, ast: &Ast) -> Result<Box<Node>, Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too_deep());
        }
        let step = self.step(ast)?;
        self.depth -= 1;
        Node::new(step).map(Box::new).ok_or_else(too_deep)
    }

    fn step(&mut self, ast: &Ast) -> Result<Step, Error> {
        Ok(match ast {
            Ast::Field { offset, .. } | Ast::Literal { offset, .. } => self.operand(*offset),
            Ast::Index { idx, .. } => self.spelling.selections[*idx as usize].clone(),
            Ast::Subexpr { lhs, rhs, .. } => match &**lhs {
                Ast::Subexpr { lhs, rhs: star, .. } if is_mark(star) => {
                    Step::Values(self.node(lhs)?, self.node(rhs)?)
                }
                _ => Step::Then(self.node(lhs)?, self.node(rhs)?),
            },
            Ast::Projection { lhs, rhs, .. } => match (&**lhs, &**rhs) {
                (Ast::ObjectValues { .. } | Ast::MultiHash { .. }, each) => {
                    Step::Values(self.node(lhs)?, self.node(each)?)
                }
                (list, Ast::Condition { predicate, then, .. }) => {
                    Step::Filter(self.node(list)?, self.node(then)?, self.node(predicate)?)
                }
                (list, each) => Step::Projection(self.node(list)?, self.node(each)?),
            },
            Ast::ObjectValues { node, .. } => self.step(node)?,
            Ast::Flatten { node, .. } => Step::Flatten(self.node(node)?),
            Ast::Not { node, .. } => Step::Not(self.node(node)?),
            Ast::Expref { ast, .. } => Step::Reference(self.node(ast)?),
            Ast::And { lhs, rhs, .. } => Step::And(self.node(lhs)?, self.node(rhs)?),
            Ast::Or { lhs, rhs, .. } => Step::Or(self.node(lhs)?, self.node(rhs)?),
            Ast::Comparison { comparator, lhs, rhs, .. } => {
                Step::Compare(comparator.clone(), self.node(lhs)?, self.node(rhs)?)
            }
            Ast::MultiList { elements, .. } => match &elements[..] {
                [mark, pairs @ ..] if is_mark(mark) => self.object(pairs)?,
                _ => Step::List(self.nodes(elements)?),
            },
            Ast::Function { name, args, .. } => match &args[..] {
                [mark, elements @ ..] if is_mark(mark) => Step::List(self.nodes(elements)?),
                _ => Step::Function(name.clone(), self.nodes(args)?),
            },
            _ => Step::Identity,
        })
    }

    /// A name that stands for nothing is the document at hand.
    fn operand(&self, offset: usize) -> Step {
        match &self.spelling.token_at(offset).token {
            Token::Literal(value) => Step::Literal(value.clone()),
            Token::Unquoted(name) | Token::Quoted(name) => Step::Field(name.clone()),
            _ => Step::Identity,
        }
    }

    fn nodes(&mut self, asts: &[Ast]) -> Result<Vec<Node>, Error> {
        asts.iter().map(|ast| self.node(ast).map(|node| *node)).collect()
    }

    /// The keys and values of an object, in turn.
    fn object(&mut self, elements: &[Ast]) -> Result<Step, Error> {
        let mut pairs = Vec::with_capacity(elements.len() / 2);
        for pair in elements.chunks(2) {
            if let [Ast::Field { name, .. }, value] = pair {
                pairs.push((name.clone(), *self.node(value)?));
            }
        }
        Ok(Step::Object(pairs))
    }
}

fn is_mark(ast: &Ast) -> bool {
    matches!(ast, Ast::MultiHash { .. })
}

/// What jp.py says of a token that does not belong there, or, after a `whole` expression, of one
/// that is left over. The caret is one to the right of the place, because the expression is shown
/// in quotes.
fn unexpected(expression: &str, Placed { token, start }: &Placed, whole: bool) -> Error {
    let name = token.name().to_uppercase();
    let what =
        if whole { format!("Unexpected token: {token}") } else { "invalid token".to_owned() };
    let reason = match token {
        Token::End => "Invalid jmespath expression: Incomplete expression".to_owned(),
        _ => format!(
            "{what}: Parse error at column {start}, token \"{token}\" ({name}), for expression"
        ),
    };
    let caret = " ".repeat(start + 1);
    Error::syntax(format!("{reason}:\n\"{expression}\"\n{caret}^"))
}

fn too_deep() -> Error {
    Error::syntax(format!("the expression has more than {MAX_DEPTH} steps in a row"))
}
