//! The functions of JMESPath.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::arguments::type_name;
pub(super) use super::arguments::{Argument, Arguments};
use super::compare::{equal_in_python, order};
use super::eval::{Answer, evaluate, list, members, null};
use super::number::Num;
use super::python;
use super::{Error, ErrorKind};
use crate::json;

struct Function {
    name: &'static str,
    /// How many arguments it takes, or the fewest it takes.
    arity: usize,
    variadic: bool,
    body: for<'v> fn(&mut Arguments<'v>) -> Answer<'v>,
}

const fn fixed(
    name: &'static str,
    arity: usize,
    body: for<'v> fn(&mut Arguments<'v>) -> Answer<'v>,
) -> Function {
    Function { name, arity, variadic: false, body }
}

const fn variadic(
    name: &'static str,
    body: for<'v> fn(&mut Arguments<'v>) -> Answer<'v>,
) -> Function {
    Function { name, arity: 1, variadic: true, body }
}

const FUNCTIONS: &[Function] = &[
    fixed("abs", 1, |arguments| number(arguments.number()?.abs())),
    fixed("avg", 1, avg),
    fixed("ceil", 1, |arguments| number(arguments.number()?.ceil())),
    fixed("contains", 2, contains),
    fixed("ends_with", 2, |arguments| {
        let (text, end) = (arguments.text()?, arguments.text()?);
        value(text.ends_with(&*end))
    }),
    fixed("floor", 1, |arguments| number(arguments.number()?.floor())),
    fixed("join", 2, join),
    fixed("keys", 1, keys),
    fixed("length", 1, length),
    fixed("map", 2, map),
    fixed("max", 1, |arguments| extreme(arguments, Ordering::Greater)),
    fixed("max_by", 2, |arguments| extreme_by(arguments, Ordering::Greater)),
    variadic("merge", merge),
    fixed("min", 1, |arguments| extreme(arguments, Ordering::Less)),
    fixed("min_by", 2, |arguments| extreme_by(arguments, Ordering::Less)),
    variadic("not_null", not_null),
    fixed("reverse", 1, reverse),
    fixed("sort", 1, sort),
    fixed("sort_by", 2, sort_by),
    fixed("starts_with", 2, |arguments| {
        let (text, start) = (arguments.text()?, arguments.text()?);
        value(text.starts_with(&*start))
    }),
    fixed("sum", 1, |arguments| number(sum(&arguments.list_of(&["array-number"])?))),
    fixed("to_array", 1, to_array),
    fixed("to_number", 1, to_number),
    fixed("to_string", 1, to_string),
    fixed("type", 1, |arguments| value(type_name(&*arguments.any()?))),
    fixed("values", 1, values),
];

/// Calls a function by its name.
///
/// # Errors
///
/// A name that is none, too many or too few arguments, an argument of the wrong type.
pub(super) fn call<'v>(name: &str, arguments: Vec<Argument<'v>>) -> Answer<'v> {
    let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
        let message = format!("Unknown function: {name}()");
        return Err(Error::new(ErrorKind::UnknownFunction, message));
    };
    let Function { name, arity, variadic, body } = *function;
    let given = arguments.len();
    if given < arity || given > arity && !variadic {
        let least = if variadic { "at least " } else { "" };
        let plural = if arity == 1 { "" } else { "s" };
        let message = format!(
            "Expected {least}{arity} argument{plural} for function {name}(), received {given}"
        );
        return Err(Error::new(ErrorKind::InvalidArity, message));
    }
    body(&mut Arguments::new(name, arguments))
}

fn value<'v>(answer: impl Into<Value>) -> Answer<'v> {
    Ok(Cow::Owned(answer.into()))
}

fn number<'v>(number: Num) -> Answer<'v> {
    match number.json() {
        Some(number) => value(Value::Number(number)),
        None => Err(Error::new(ErrorKind::InvalidValue, "the number is too great for JSON")),
    }
}

fn sum(numbers: &[Cow<Value>]) -> Num {
    numbers.iter().filter_map(|item| Num::of(item)).fold(Num::Int(0), Num::plus)
}

fn avg<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let numbers = arguments.list_of(&["array-number"])?;
    if numbers.is_empty() { Ok(null()) } else { number(sum(&numbers).over(numbers.len())) }
}

fn contains<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let subject = arguments.one_of(&["array", "string"])?;
    let search = arguments.any()?;
    match (&*subject, &*search) {
        (Value::Array(items), search) => {
            value(items.iter().any(|item| equal_in_python(item, search)))
        }
        (Value::String(text), Value::String(part)) => value(text.contains(part)),
        // Here jp.py ends with an exception of Python's.
        (_, other) => {
            Err(arguments.type_error(&python::text(other), &["string"], type_name(other)))
        }
    }
}

fn join<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let separator = arguments.text()?;
    let parts = arguments.list_of(&["array-string"])?;
    value(parts.iter().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(&separator))
}

fn keys<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let object = arguments.one_of(&["object"])?;
    value(object.as_object().into_iter().flat_map(Map::keys).cloned().collect::<Vec<_>>())
}

fn length<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    value(match &*arguments.one_of(&["string", "array", "object"])? {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        other => other.as_str().unwrap_or_default().chars().count(),
    })
}

fn map<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let (each, items) = (arguments.reference()?, arguments.list()?);
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        answers.push(evaluate(each, item)?);
    }
    Ok(list(answers))
}

fn merge<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let mut merged = Map::new();
    while arguments.has_more() {
        merged.extend(arguments.object()?);
    }
    value(merged)
}

fn not_null<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    while arguments.has_more() {
        let argument = arguments.any()?;
        if !argument.is_null() {
            return Ok(argument);
        }
    }
    Ok(null())
}

fn reverse<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    match arguments.one_of(&["array", "string"])?.into_owned() {
        Value::Array(mut items) => {
            items.reverse();
            value(items)
        }
        other => value(other.as_str().unwrap_or_default().chars().rev().collect::<String>()),
    }
}

fn sort<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let mut items = arguments.list_of(&["array-string", "array-number"])?;
    items.sort_by(|left, right| order(left, right).unwrap_or(Ordering::Equal));
    Ok(list(items))
}

fn sort_by<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let (items, key) = (arguments.list()?, arguments.reference()?);
    let mut keyed: Vec<(Value, Cow<'v, Value>)> = Vec::with_capacity(items.len());
    for item in items {
        let item_key = evaluate(key, Cow::Borrowed(&item))?.into_owned();
        let key_type = type_name(&item_key);
        match keyed.first() {
            // jp.py shows the first element itself, of the others the key.
            None if !["number", "string"].contains(&key_type) => {
                let item = python::text(&item);
                return Err(arguments.type_error(&item, &["string", "number"], key_type));
            }
            Some((first, _)) if type_name(first) != key_type => {
                return Err(arguments.key_error(&item_key, &[type_name(first)]));
            }
            _ => keyed.push((item_key, item)),
        }
    }
    keyed.sort_by(|(left, _), (right, _)| order(left, right).unwrap_or(Ordering::Equal));
    Ok(list(keyed.into_iter().map(|(_, item)| item)))
}

/// `max()` and `min()`: of equal elements the first.
fn extreme<'v>(arguments: &mut Arguments<'v>, wanted: Ordering) -> Answer<'v> {
    let items = arguments.list_of(&["array-number", "array-string"])?;
    let better = |best: Cow<'v, Value>, item: Cow<'v, Value>| {
        if order(&item, &best) == Some(wanted) { item } else { best }
    };
    Ok(items.into_iter().reduce(better).unwrap_or_else(null))
}

/// `max_by()` and `min_by()`, whose keys may be numbers or strings, but not both.
fn extreme_by<'v>(arguments: &mut Arguments<'v>, wanted: Ordering) -> Answer<'v> {
    let (items, key) = (arguments.list()?, arguments.reference()?);
    let mut best: Option<(Value, Cow<'v, Value>)> = None;
    for item in items {
        let item_key = evaluate(key, Cow::Borrowed(&item))?.into_owned();
        if !["number", "string"].contains(&type_name(&item_key)) {
            return Err(arguments.key_error(&item_key, &["number", "string"]));
        }
        if let Some((best_key, _)) = &best {
            match order(&item_key, best_key) {
                Some(order) if order == wanted => {}
                Some(_) => continue,
                None => return Err(arguments.key_error(&item_key, &[type_name(best_key)])),
            }
        }
        best = Some((item_key, item));
    }
    Ok(best.map_or_else(null, |(_, item)| item))
}

fn to_array<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let argument = arguments.any()?;
    Ok(if argument.is_array() { argument } else { list([argument]) })
}

fn to_number<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let argument = arguments.any()?;
    match &*argument {
        Value::Number(_) => Ok(argument),
        Value::String(text) => Num::parse(text).map_or_else(|| Ok(null()), number),
        _ => Ok(null()),
    }
}

fn to_string<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    let argument = arguments.any()?;
    if argument.is_string() { Ok(argument) } else { value(json::dense_ascii(&argument)) }
}

fn values<'v>(arguments: &mut Arguments<'v>) -> Answer<'v> {
    Ok(list(members(arguments.one_of(&["object"])?).unwrap_or_default()))
}
