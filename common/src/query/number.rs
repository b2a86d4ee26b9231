//! Arithmetic as in Python: integers stay integers, and an integer compares exactly with a float.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::python;

/// A number of a document. Integers have room for any sum of a list that fits into memory.
#[derive(Clone, Copy, Debug)]
pub(super) enum Num {
    Int(i128),
    Float(f64),
}

impl Num {
    /// The number in a value; a boolean is none here.
    pub(super) fn of(value: &Value) -> Option<Num> {
        let number = value.as_number()?;
        match number.as_i128() {
            Some(integer) => Some(Num::Int(integer)),
            None => number.as_f64().map(Num::Float),
        }
    }

    /// Python's `int()`, then its `float()` of a text. Not a number: nothing; Python's infinities
    /// and NaN are nothing, too.
    pub(super) fn parse(text: &str) -> Option<Num> {
        let digits = without_underscores(text.trim_matches(python::is_space))?;
        match digits.parse() {
            Ok(integer) => Some(Num::Int(integer)),
            Err(_) => digits.parse().ok().filter(|float: &f64| float.is_finite()).map(Num::Float),
        }
    }

    /// The JSON number, unless it is an infinity. Integers beyond 64 bits become floats.
    pub(super) fn json(self) -> Option<Number> {
        match self {
            Num::Float(float) => Number::from_f64(float),
            Num::Int(integer) => {
                Number::from_i128(integer).or_else(|| Number::from_f64(integer as f64))
            }
        }
    }

    pub(super) fn abs(self) -> Num {
        match self {
            Num::Int(integer) => Num::Int(integer.abs()),
            Num::Float(float) => Num::Float(float.abs()),
        }
    }

    pub(super) fn ceil(self) -> Num {
        self.rounded(f64::ceil)
    }

    pub(super) fn floor(self) -> Num {
        self.rounded(f64::floor)
    }

    fn rounded(self, round: fn(f64) -> f64) -> Num {
        match self {
            Num::Float(float) if float.abs() < 1e38 => Num::Int(round(float) as i128),
            _ => self,
        }
    }

    pub(super) fn plus(self, other: Num) -> Num {
        match (self, other) {
            (Num::Int(left), Num::Int(right)) => Num::Int(left.saturating_add(right)),
            _ => Num::Float(self.float() + other.float()),
        }
    }

    /// True division: always a float, rounded once even if the integer is too long for a float.
    pub(super) fn over(self, count: usize) -> Num {
        Num::Float(match self {
            Num::Int(integer) if integer.unsigned_abs() >= 1 << f64::MANTISSA_DIGITS => {
                let (whole, rest) = (integer / count as i128, integer % count as i128);
                whole as f64 + rest as f64 / count as f64
            }
            _ => self.float() / count as f64,
        })
    }

    /// There is no NaN in a document, so any two numbers have an order.
    pub(super) fn order(self, other: Num) -> Ordering {
        match (self, other) {
            (Num::Int(left), Num::Int(right)) => left.cmp(&right),
            (Num::Float(left), Num::Float(right)) => {
                left.partial_cmp(&right).unwrap_or(Ordering::Equal)
            }
            (Num::Int(left), Num::Float(right)) => int_to_float(left, right),
            (Num::Float(left), Num::Int(right)) => int_to_float(right, left).reverse(),
        }
    }

    fn float(self) -> f64 {
        match self {
            Num::Int(integer) => integer as f64,
            Num::Float(float) => float,
        }
    }
}

/// The conversion saturates, which puts a float beyond all integers of a document in its place.
fn int_to_float(integer: i128, float: f64) -> Ordering {
    let fraction = float.fract();
    integer
        .cmp(&(float as i128))
        .then_with(|| 0.0_f64.partial_cmp(&fraction).unwrap_or(Ordering::Equal))
}

/// Python allows single underscores between digits.
fn without_underscores(text: &str) -> Option<String> {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let misplaced = (0..bytes.len()).any(|at| {
        bytes[at] == b'_' && !(at > 0 && is_digit(bytes.get(at - 1)) && is_digit(bytes.get(at + 1)))
    });
    (!misplaced).then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<String> {
        Num::parse(text).and_then(Num::json).map(|number| number.to_string())
    }

    #[test]
    fn text_becomes_a_number_where_python_takes_it() {
        for (text, number) in [
            ("1", "1"),
            (" -01 ", "-1"),
            ("1_000", "1000"),
            ("1.0", "1.0"),
            (".5", "0.5"),
            ("5.", "5.0"),
            ("1e3", "1000.0"),
            ("\u{a0}+7\x1c", "7"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(number), "{text}");
        }
        for text in ["", "a", "1_", "_1", "1__0", "0x1", "1 2", "inf", "nan", "1e999", "."] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn integers_and_floats_compare_exactly() {
        let big = Num::Int(9_007_199_254_740_993);
        assert_eq!(big.order(Num::Float(9_007_199_254_740_992.0)), Ordering::Greater);
        assert_eq!(Num::Int(1).order(Num::Float(1.0)), Ordering::Equal);
        assert_eq!(Num::Int(1).order(Num::Float(1.5)), Ordering::Less);
        assert_eq!(Num::Float(-1.5).order(Num::Int(-1)), Ordering::Less);
        assert_eq!(Num::Float(1e300).order(Num::Int(i128::from(u64::MAX))), Ordering::Greater);
    }

    #[test]
    fn rounding_gives_integers() {
        assert_eq!(Num::Float(1.5).ceil().json(), Some(2.into()));
        assert_eq!(Num::Float(-1.5).floor().json(), Some((-2).into()));
        assert_eq!(Num::Int(3).floor().json(), Some(3.into()));
        assert_eq!(Num::Float(1e300).ceil().json(), Number::from_f64(1e300));
    }

    #[test]
    fn averages_are_exact() {
        let average = |sum, count| Num::Int(sum).over(count).json();
        assert_eq!(average(9_007_199_254_740_997, 3), Number::from_f64(3_002_399_751_580_332.5));
        assert_eq!(average(7, 3), Number::from_f64(7.0 / 3.0));
    }

    #[test]
    fn sums_beyond_64_bits_are_floats_and_infinities_are_nothing() {
        let most = Num::Int(u64::MAX.into());
        assert_eq!(most.plus(most).json(), Number::from_f64(36_893_488_147_419_103_232.0));
        assert_eq!(Num::Float(1e308).plus(Num::Float(1e308)).json(), None);
    }
}
