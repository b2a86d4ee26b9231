//! The arguments of a function: taken one by one, each checked as it is taken, so that what a
//! function holds is of the type it asked for.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::ast::Node;
use super::eval;
use super::number::Num;
use super::python;
use super::{Error, ErrorKind};

pub(super) enum Argument<'v> {
    Value(Cow<'v, Value>),
    Reference(&'v Node),
}

/// The arguments that are left to take, and the name of the function for messages.
pub(super) struct Arguments<'v> {
    function: &'static str,
    rest: std::vec::IntoIter<Argument<'v>>,
}

impl<'v> Arguments<'v> {
    pub(super) fn new(function: &'static str, arguments: Vec<Argument<'v>>) -> Arguments<'v> {
        Arguments { function, rest: arguments.into_iter() }
    }

    /// A value of any type. A reference is none: jp.py would fail later, where it prints it.
    pub(super) fn any(&mut self) -> Result<Cow<'v, Value>, Error> {
        match self.next() {
            Argument::Value(value) => Ok(value),
            reference => Err(self.mismatch(&reference, &["any"])),
        }
    }

    /// A value of one of these types.
    pub(super) fn one_of(&mut self, types: &[&str]) -> Result<Cow<'v, Value>, Error> {
        match self.next() {
            Argument::Value(value) if types.contains(&type_name(&value)) => Ok(value),
            other => Err(self.mismatch(&other, types)),
        }
    }

    pub(super) fn number(&mut self) -> Result<Num, Error> {
        let argument = self.next();
        match &argument {
            Argument::Value(value) => Num::of(value),
            Argument::Reference(_) => None,
        }
        .ok_or_else(|| self.mismatch(&argument, &["number"]))
    }

    pub(super) fn text(&mut self) -> Result<Cow<'v, str>, Error> {
        match self.next() {
            Argument::Value(Cow::Borrowed(Value::String(text))) => Ok(Cow::Borrowed(text)),
            Argument::Value(Cow::Owned(Value::String(text))) => Ok(Cow::Owned(text)),
            other => Err(self.mismatch(&other, &["string"])),
        }
    }

    pub(super) fn object(&mut self) -> Result<Map<String, Value>, Error> {
        match self.next() {
            Argument::Value(Cow::Borrowed(Value::Object(map))) => Ok(map.clone()),
            Argument::Value(Cow::Owned(Value::Object(map))) => Ok(map),
            other => Err(self.mismatch(&other, &["object"])),
        }
    }

    pub(super) fn list(&mut self) -> Result<Vec<Cow<'v, Value>>, Error> {
        self.list_as(&["array"])
    }

    /// A list whose elements are all of one type: `array-number`, `array-string`. Where several
    /// are allowed, the first element decides.
    pub(super) fn list_of(&mut self, types: &[&str]) -> Result<Vec<Cow<'v, Value>>, Error> {
        let items = self.list_as(types)?;
        let element_types = || types.iter().filter_map(|name| name.strip_prefix("array-"));
        let decided = items.first().and_then(|first| {
            element_types().find(|&element_type| element_type == type_name(first))
        });
        match items.iter().find(|item| Some(type_name(item)) != decided) {
            None => Ok(items),
            Some(item) => Err(self.type_error(&python::text(item), types, python::type_name(item))),
        }
    }

    pub(super) fn reference(&mut self) -> Result<&'v Node, Error> {
        match self.next() {
            Argument::Reference(node) => Ok(node),
            other => Err(self.mismatch(&other, &["expref"])),
        }
    }

    /// Whether there is another argument, for functions that take any number of them.
    pub(super) fn has_more(&self) -> bool {
        !self.rest.as_slice().is_empty()
    }

    /// For an element whose key is not of one of these types.
    pub(super) fn key_error(&self, key: &Value, types: &[&str]) -> Error {
        self.type_error(&python::text(key), types, type_name(key))
    }

    /// The error that jp.py reports for a value of the wrong type.
    pub(super) fn type_error(&self, value: &str, types: &[&str], received: &str) -> Error {
        let (function, types) = (self.function, types.join("', '"));
        Error::new(
            ErrorKind::InvalidType,
            format!(
                "In function {function}(), invalid type for value: {value}, \
                 expected one of: ['{types}'], received: \"{received}\""
            ),
        )
    }

    fn list_as(&mut self, types: &[&str]) -> Result<Vec<Cow<'v, Value>>, Error> {
        match self.next() {
            Argument::Value(value) if value.is_array() => {
                Ok(eval::elements(value).unwrap_or_default())
            }
            other => Err(self.mismatch(&other, types)),
        }
    }

    /// The number of arguments was checked before; a missing one would be a null.
    fn next(&mut self) -> Argument<'v> {
        self.rest.next().unwrap_or_else(|| Argument::Value(eval::null()))
    }

    fn mismatch(&self, argument: &Argument<'v>, types: &[&str]) -> Error {
        match argument {
            Argument::Value(value) => {
                self.type_error(&python::text(value), types, type_name(value))
            }
            Argument::Reference(_) => self.type_error("an expression", types, "expref"),
        }
    }
}

/// The name of the type in JMESPath.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
