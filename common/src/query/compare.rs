//! Truth, equality and order of values: where Python and JMESPath shine through one another.

use std::cmp::Ordering;

use jmespath::ast::Comparator;
use serde_json::Value;

use super::number::Num;

/// JMESPath's truth: everything but `null`, `false` and what is empty. Zero is true.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

/// The answer of `left comparator right`: a boolean, or null if the two have no order.
///
/// Nothing for a number and a string, on which Python raises an exception.
pub(super) fn compare(comparator: &Comparator, left: &Value, right: &Value) -> Option<Value> {
    let is_fitting: fn(Ordering) -> bool = match comparator {
        Comparator::Equal => return Some(equal(left, right).into()),
        Comparator::NotEqual => return Some((!equal(left, right)).into()),
        Comparator::LessThan => Ordering::is_lt,
        Comparator::LessThanEqual => Ordering::is_le,
        Comparator::GreaterThan => Ordering::is_gt,
        Comparator::GreaterThanEqual => Ordering::is_ge,
    };
    let has_order = |value: &Value| value.is_number() || value.is_string();
    if has_order(left) && has_order(right) {
        order(left, right).map(|order| is_fitting(order).into())
    } else {
        Some(Value::Null)
    }
}

/// The order of two numbers or of two strings (by code points); other values have none.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => Some(Num::of(left)?.order(Num::of(right)?)),
    }
}

/// `==` of JMESPath: Python's, except that a boolean is never equal to a number.
fn equal(left: &Value, right: &Value) -> bool {
    left.is_boolean() == right.is_boolean() && equal_in_python(left, right)
}

/// `==` of Python, for which true is 1 and false is 0. It decides inside lists and objects and in
/// `contains()`.
pub(super) fn equal_in_python(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| equal_in_python(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| {
                    right.get(key).is_some_and(|right| equal_in_python(left, right))
                })
        }
        _ => match (number(left), number(right)) {
            (Some(left), Some(right)) => left.order(right).is_eq(),
            _ => false,
        },
    }
}

fn number(value: &Value) -> Option<Num> {
    match value {
        Value::Bool(flag) => Some(Num::Int((*flag).into())),
        _ => Num::of(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn zero_is_true_and_what_is_empty_is_false() {
        for value in [json!(0), json!(0.0), json!(" "), json!([null]), json!({"": null})] {
            assert!(is_true(&value), "{value}");
        }
        for value in [json!(null), json!(false), json!(""), json!([]), json!({})] {
            assert!(!is_true(&value), "{value}");
        }
    }

    #[test]
    fn true_is_one_only_inside_of_lists() {
        assert!(!equal(&json!(true), &json!(1)));
        assert!(equal(&json!([true]), &json!([1])));
        assert!(equal(&json!({"a": 1, "b": 0}), &json!({"b": false, "a": 1.0})));
        assert!(equal_in_python(&json!(1.0), &json!(true)));
        assert!(!equal_in_python(&json!(null), &json!(false)));
    }

    #[test]
    fn strings_have_an_order_and_mixed_values_have_none() {
        let less = |left, right| compare(&Comparator::LessThan, &left, &right);
        assert_eq!(less(json!("a"), json!("b")), Some(json!(true)));
        assert_eq!(less(json!("\u{ffff}"), json!("😀")), Some(json!(true)));
        assert_eq!(less(json!(1), json!(1.5)), Some(json!(true)));
        assert_eq!(less(json!(true), json!(2)), Some(json!(null)));
        assert_eq!(less(json!([]), json!("a")), Some(json!(null)));
        assert_eq!(less(json!(1), json!("a")), None);
    }
}
