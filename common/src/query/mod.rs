//! JMESPath in the dialect of jmespath.py 1.1, which is aws-cli's `--query` and jp.py: unquoted
//! literals, keys in order, integers that stay integers, strings that have an order.
//!
//! ```text
//! text --lexer--> tokens --spelling, parser--> tree --eval, functions--> answer
//! ```
//!
//! The grammar is the `jmespath` crate's; `spelling` says how an expression is put to it where
//! jmespath.py reads it otherwise. The evaluation is our own, since the crate sorts keys and makes
//! floats of integers. The judges are the compliance suite of the specification and jmespath.py
//! itself on random expressions.
//!
//! Deliberate differences: `&expression` is no value outside of a function's arguments; what makes
//! Python raise an exception is an error here; two projections end where the specification ends them
//! (`spelling` says which); an expression is limited in depth and length; a message about a
//! misplaced token does not say which one was expected; numbers are those of [`crate::json`].

mod arguments;
mod ast;
mod compare;
mod error;
mod eval;
mod functions;
mod lexer;
mod literal;
mod number;
mod parser;
mod python;
mod spelling;
#[cfg(test)]
mod tests;
mod token;

use std::borrow::Cow;

use serde_json::Value;

pub use error::{Error, ErrorKind};

/// A compiled expression, which can be evaluated on any number of documents.
#[derive(Clone, Debug)]
pub struct Expression(Box<ast::Node>);

impl Expression {
    /// Compiles the text of an expression.
    ///
    /// # Errors
    ///
    /// A text that jp.py would not take; always an [`ErrorKind::Syntax`]. Unknown functions are found
    /// in [`Expression::search`], as jp.py finds them only when they are called.
    pub fn compile(text: &str) -> Result<Expression, Error> {
        parser::parse(text).map(Expression)
    }

    /// The answer for a document; null where there is none.
    ///
    /// # Errors
    ///
    /// Functions that do not exist or do not take what they are given; never an
    /// [`ErrorKind::Syntax`].
    pub fn search(&self, document: &Value) -> Result<Value, Error> {
        eval::evaluate(&self.0, Cow::Borrowed(document)).map(Cow::into_owned)
    }
}
