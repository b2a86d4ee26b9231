//! The evaluation of a tree on a document.
//!
//! What an answer has in common with the document is borrowed from it, what a step has built is
//! handed on by value, so that the cost of each step is that of the list it builds.

use std::borrow::Cow;

use jmespath::ast::Comparator;
use serde_json::{Map, Value};

use super::ast::{Node, Step};
use super::compare::{compare, is_true};
use super::functions::{self, Argument};
use super::python;
use super::{Error, ErrorKind};

pub(super) type Answer<'v> = Result<Cow<'v, Value>, Error>;

/// Applies a step to a value.
///
/// # Errors
///
/// What a function or a slice rejects, and an operator for values that it cannot compare.
pub(super) fn evaluate<'v>(node: &'v Node, value: Cow<'v, Value>) -> Answer<'v> {
    // All recursion passes here: each arm is one call, so that the frame stays small.
    match &node.step {
        Step::Identity => Ok(value),
        Step::Field(name) => Ok(field(value, name)),
        Step::Literal(literal) => Ok(Cow::Borrowed(literal)),
        Step::Index(index) => Ok(element(value, *index)),
        Step::Slice(parts) => slice(value, *parts),
        Step::Then(first, second) => then(first, second, value),
        Step::Projection(list, each) => project(list, elements, each, value),
        Step::Values(object, each) => project(object, members, each, value),
        Step::Filter(list, each, condition) => filter(list, each, condition, value),
        Step::Flatten(list) => flatten(list, value),
        Step::List(nodes) => build_list(nodes, &value),
        Step::Object(pairs) => build_object(pairs, &value),
        Step::Compare(comparator, left, right) => comparison(comparator, left, right, &value),
        Step::Or(left, right) => choose(left, right, false, value),
        Step::And(left, right) => choose(left, right, true, value),
        Step::Not(operand) => not(operand, value),
        Step::Function(name, arguments) => call(name, arguments, &value),
        Step::Reference(_) => stray_reference(),
    }
}

fn then<'v>(first: &'v Node, second: &'v Node, value: Cow<'v, Value>) -> Answer<'v> {
    evaluate(second, evaluate(first, value)?)
}

/// `||` goes on to its right side if the left one is false, `&&` if it is true.
fn choose<'v>(left: &'v Node, right: &'v Node, on: bool, value: Cow<'v, Value>) -> Answer<'v> {
    let answer = evaluate_apart(left, &value)?;
    if is_true(&answer) == on { evaluate(right, value) } else { Ok(answer) }
}

fn not<'v>(operand: &'v Node, value: Cow<'v, Value>) -> Answer<'v> {
    let answer = !is_true(&*evaluate(operand, value)?);
    Ok(Cow::Owned(answer.into()))
}

fn stray_reference<'v>() -> Answer<'v> {
    Err(Error::new(
        ErrorKind::InvalidType,
        "an expression reference (&) is no value, only an argument of some functions",
    ))
}

/// An answer that does not borrow from the value at hand, only from what that borrows from, so
/// that the value can still be handed on.
fn evaluate_apart<'v>(node: &'v Node, value: &Cow<'v, Value>) -> Answer<'v> {
    match value {
        Cow::Borrowed(value) => evaluate(node, Cow::Borrowed(value)),
        Cow::Owned(value) => {
            let answer = evaluate(node, Cow::Borrowed(value))?;
            Ok(Cow::Owned(answer.into_owned()))
        }
    }
}

pub(super) fn null<'v>() -> Cow<'v, Value> {
    Cow::Owned(Value::Null)
}

/// The list of some elements, as an answer.
pub(super) fn list<'v>(items: impl IntoIterator<Item = Cow<'v, Value>>) -> Cow<'v, Value> {
    Cow::Owned(items.into_iter().map(Cow::into_owned).collect())
}

/// The elements, if the value is a list.
pub(super) fn elements(value: Cow<'_, Value>) -> Option<Vec<Cow<'_, Value>>> {
    match value {
        Cow::Borrowed(Value::Array(items)) => Some(items.iter().map(Cow::Borrowed).collect()),
        Cow::Owned(Value::Array(items)) => Some(items.into_iter().map(Cow::Owned).collect()),
        _ => None,
    }
}

/// The values without their keys, if the value is an object.
pub(super) fn members(value: Cow<'_, Value>) -> Option<Vec<Cow<'_, Value>>> {
    match value {
        Cow::Borrowed(Value::Object(map)) => Some(map.values().map(Cow::Borrowed).collect()),
        Cow::Owned(Value::Object(map)) => Some(map.into_values().map(Cow::Owned).collect()),
        _ => None,
    }
}

fn field<'v>(value: Cow<'v, Value>, name: &str) -> Cow<'v, Value> {
    let member = match value {
        Cow::Borrowed(value) => value.get(name).map(Cow::Borrowed),
        // The rest of the object is dropped, its order does not matter any more.
        Cow::Owned(Value::Object(mut map)) => map.swap_remove(name).map(Cow::Owned),
        Cow::Owned(_) => None,
    };
    member.unwrap_or_else(null)
}

fn element(value: Cow<'_, Value>, index: i64) -> Cow<'_, Value> {
    let place = |length: usize| {
        let from_the_end = if index < 0 { length as i64 } else { 0 };
        usize::try_from(index.saturating_add(from_the_end)).ok().filter(|&place| place < length)
    };
    let element = match value {
        Cow::Borrowed(Value::Array(items)) => {
            place(items.len()).map(|place| Cow::Borrowed(&items[place]))
        }
        Cow::Owned(Value::Array(mut items)) => {
            place(items.len()).map(|place| Cow::Owned(items.swap_remove(place)))
        }
        _ => None,
    };
    element.unwrap_or_else(null)
}

fn slice(value: Cow<'_, Value>, parts: [Option<i64>; 3]) -> Answer<'_> {
    let Some(mut items) = elements(value) else { return Ok(null()) };
    let [start, stop, step] = parts;
    let (step, length) = (step.unwrap_or(1), items.len() as i64);
    if step == 0 {
        return Err(Error::new(ErrorKind::InvalidValue, "slice step cannot be zero"));
    }
    let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let (first, last) = if step > 0 { (lowest, highest) } else { (highest, lowest) };
    let bound = |part: i64| {
        let from_the_end = if part < 0 { length } else { 0 };
        part.saturating_add(from_the_end).clamp(lowest, highest)
    };
    let (mut place, stop) = (start.map_or(first, bound), stop.map_or(last, bound));
    let mut chosen = Vec::new();
    while if step > 0 { place < stop } else { place > stop } {
        chosen.push(std::mem::replace(&mut items[place as usize], null()));
        place = place.saturating_add(step);
    }
    Ok(list(chosen))
}

/// Applies a step to each of the parts of a list or object; answers that are null are left out.
fn project<'v>(
    whole: &'v Node,
    parts: fn(Cow<'v, Value>) -> Option<Vec<Cow<'v, Value>>>,
    each: &'v Node,
    value: Cow<'v, Value>,
) -> Answer<'v> {
    let Some(items) = parts(evaluate(whole, value)?) else { return Ok(null()) };
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        let answer = evaluate(each, item)?;
        if !answer.is_null() {
            answers.push(answer.into_owned());
        }
    }
    Ok(Cow::Owned(answers.into()))
}

fn filter<'v>(
    list: &'v Node,
    each: &'v Node,
    condition: &'v Node,
    value: Cow<'v, Value>,
) -> Answer<'v> {
    let Some(items) = elements(evaluate(list, value)?) else { return Ok(null()) };
    let mut answers = Vec::new();
    for item in items {
        if is_true(&*evaluate(condition, Cow::Borrowed(&item))?) {
            let answer = evaluate(each, item)?;
            if !answer.is_null() {
                answers.push(answer.into_owned());
            }
        }
    }
    Ok(Cow::Owned(answers.into()))
}

fn flatten<'v>(list: &'v Node, value: Cow<'v, Value>) -> Answer<'v> {
    let Some(items) = elements(evaluate(list, value)?) else { return Ok(null()) };
    let mut flat = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Cow::Borrowed(Value::Array(inner)) => flat.extend_from_slice(inner),
            Cow::Owned(Value::Array(inner)) => flat.extend(inner),
            other => flat.push(other.into_owned()),
        }
    }
    Ok(Cow::Owned(flat.into()))
}

fn build_list<'v>(nodes: &'v [Node], value: &Value) -> Answer<'v> {
    if value.is_null() {
        return Ok(null());
    }
    let mut answers = Vec::with_capacity(nodes.len());
    for node in nodes {
        answers.push(evaluate(node, Cow::Borrowed(value))?.into_owned());
    }
    Ok(Cow::Owned(answers.into()))
}

fn build_object<'v>(pairs: &'v [(String, Node)], value: &Value) -> Answer<'v> {
    if value.is_null() {
        return Ok(null());
    }
    let mut answers = Map::with_capacity(pairs.len());
    for (key, node) in pairs {
        answers.insert(key.clone(), evaluate(node, Cow::Borrowed(value))?.into_owned());
    }
    Ok(Cow::Owned(answers.into()))
}

fn comparison<'v>(
    comparator: &Comparator,
    left: &'v Node,
    right: &'v Node,
    value: &Value,
) -> Answer<'v> {
    let left = evaluate(left, Cow::Borrowed(value))?;
    let right = evaluate(right, Cow::Borrowed(value))?;
    compare(comparator, &left, &right).map(Cow::Owned).ok_or_else(|| {
        let (left, right) = (python::text(&left), python::text(&right));
        let message = format!("a number and a string have no order: {left} and {right}");
        Error::new(ErrorKind::InvalidType, message)
    })
}

fn call<'v>(name: &'v str, nodes: &'v [Node], value: &Cow<'v, Value>) -> Answer<'v> {
    let mut arguments = Vec::with_capacity(nodes.len());
    for node in nodes {
        arguments.push(match &node.step {
            Step::Reference(referred) => Argument::Reference(referred),
            _ => Argument::Value(evaluate_apart(node, value)?),
        });
    }
    functions::call(name, arguments)
}
