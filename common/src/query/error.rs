//! What can be wrong with an expression or with its evaluation, in jp.py's words, so that whoever
//! looks a message up finds it.

use std::fmt;

/// The classes jp.py tells apart, and one for what is a Python exception there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is no JMESPath expression; no document was looked at.
    Syntax,
    /// A function that does not exist. Like jp.py, known only once the call is reached.
    UnknownFunction,
    /// A function called with too many or too few arguments.
    InvalidArity,
    /// A value of a type that the function or operator does not take.
    InvalidType,
    /// A value of the right type that cannot be used, such as a slice's step of 0.
    InvalidValue,
}

impl ErrorKind {
    /// The word jp.py begins its message with.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "syntax-error",
            ErrorKind::UnknownFunction => "unknown-function",
            ErrorKind::InvalidArity => "invalid-arity",
            ErrorKind::InvalidType => "invalid-type",
            ErrorKind::InvalidValue => "invalid-value",
        }
    }
}

/// Why an expression could not be compiled or evaluated. The first line of its text says it all;
/// a syntax error adds the expression and a caret below the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into() }
    }

    pub(super) fn syntax(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Syntax, message)
    }

    /// The class of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the expression itself is wrong, whatever the document: a mistake on the command line.
    #[must_use]
    pub fn is_syntax(&self) -> bool {
        self.kind == ErrorKind::Syntax
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for Error {}
