//! From text to answer, as users of jp.py and aws-cli know it.

use serde_json::{Value, json};

use super::{ErrorKind, Expression};
use crate::json;

fn identities() -> Value {
    json!({"Identities": ["b.example.com", "a.example", "x@example.com"], "NextToken": null})
}

fn answer(expression: &str, document: &Value) -> String {
    match Expression::compile(expression).and_then(|compiled| compiled.search(document)) {
        Ok(answer) => json::compact(&answer),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn answers(document: &Value, expected: &[(&str, &str)]) {
    for (expression, expected) in expected {
        assert_eq!(answer(expression, document), *expected, "{expression}");
    }
}

#[test]
fn the_queries_of_runbooks_work() {
    answers(
        &identities(),
        &[
            ("Identities[?contains(@, `example.com`)]", r#"["b.example.com", "x@example.com"]"#),
            ("Identities[?@=='a.example'] | [0]", r#""a.example""#),
            ("length(Identities)", "3"),
            ("sort(Identities)[-1]", r#""x@example.com""#),
            ("Identities[::-1][:1]", "[]"),
            ("Identities[::-1] | [:1]", r#"["x@example.com"]"#),
            ("NextToken", "null"),
            ("Missing.field[0]", "null"),
        ],
    );
}

#[test]
fn keys_keep_their_order() {
    answers(
        &json!({"z": 1, "a": {"y": 2, "b": 3}}),
        &[
            ("{z: z, a: a, m: `0`}", r#"{"z": 1, "a": {"y": 2, "b": 3}, "m": 0}"#),
            ("keys(@)", r#"["z", "a"]"#),
            ("a.*", "[2, 3]"),
            ("merge(a, {y: `5`, c: `6`})", r#"{"y": 5, "b": 3, "c": 6}"#),
            ("to_string(@)", r#""{\"z\":1,\"a\":{\"y\":2,\"b\":3}}""#),
        ],
    );
}

#[test]
fn numbers_are_integers_where_they_are_in_python() {
    answers(
        &json!({"ints": [1, 2], "floats": [1.0, 2.5], "none": []}),
        &[
            ("[sum(ints), sum(floats), sum(none)]", "[3, 3.5, 0]"),
            ("[avg(ints), avg(none)]", "[1.5, null]"),
            ("[abs(`-1`), abs(`-1.0`), ceil(`1.2`), floor(`-1.2`)]", "[1, 1.0, 2, -2]"),
            ("[to_number('1'), to_number('1.0'), to_number('x')]", "[1, 1.0, null]"),
        ],
    );
}

#[test]
fn the_grammar_is_that_of_jmespath_py() {
    answers(
        &json!({"a": {"x": {"b": {"c": 1}}}, "l": [[{"b": 1}], [{"b": 2}]]}),
        &[
            // A projection over values ends after one name, a slice after an index starts none.
            ("a.*.b", r#"[{"c": 1}]"#),
            ("a.*.b.c", "null"),
            ("a.* | [*].b.c", "[1]"),
            ("a.*.*.[c].d", "null"),
            ("a.*.*.[c][0]", "[[1]]"),
            ("a.*[b.c][0]", "[1]"),
            ("a.*[b].c", "null"),
            ("*.*.b.c", "[[1]]"),
            ("l[0][0:].b", "null"),
            ("l[0] | [0:].b", "[1]"),
            ("l[99999999999]", "null"),
            ("l[-0][0].b", "1"),
            ("a[::0]", "null"),
            // Like a list, an object ends the projection.
            ("l[].{x: b}[0]", r#"{"x": 1}"#),
            ("l[].{x: b}.x", "null"),
            ("length(l,)", "2"),
            ("{x: `1` y: `2`}", r#"{"x": 1, "y": 2}"#),
            ("!l == `false`", "true"),
        ],
    );
}

#[test]
fn values_are_compared_as_in_python() {
    answers(
        &json!(null),
        &[
            ("'a' < 'b'", "true"),
            ("`1` == `1.0`", "true"),
            ("`1` == `true`", "false"),
            ("`[1]` == `[true]`", "true"),
            ("contains(`[1]`, `true`)", "true"),
            ("`true` < `2`", "null"),
            ("`0` && 'zero is true'", r#""zero is true""#),
            ("`{}` || 'empty is false'", r#""empty is false""#),
        ],
    );
}

#[test]
fn functions_that_take_expressions_apply_them() {
    answers(
        &json!([{"n": "b", "v": 2}, {"n": "a", "v": 3}, {"n": "c", "v": 2}]),
        &[
            ("sort_by(@, &n)[*].v", "[3, 2, 2]"),
            ("sort_by(@, &v)[*].n", r#"["b", "c", "a"]"#),
            ("min_by(@, &v).n", r#""b""#),
            ("max_by(@, &n).n", r#""c""#),
            ("map(&v, @)", "[2, 3, 2]"),
            ("map(&missing, @)", "[null, null, null]"),
        ],
    );
}

#[test]
fn errors_are_worded_as_in_jp_py() {
    answers(
        &identities(),
        &[
            ("foo(@)", "unknown-function: Unknown function: foo()"),
            (
                "length(@, @)",
                "invalid-arity: Expected 1 argument for function length(), received 2",
            ),
            (
                "not_null()",
                "invalid-arity: Expected at least 1 argument for function not_null(), received 0",
            ),
            (
                "length(NextToken)",
                "invalid-type: In function length(), invalid type for value: None, \
                 expected one of: ['string', 'array', 'object'], received: \"null\"",
            ),
            (
                "sum(Identities)",
                "invalid-type: In function sum(), invalid type for value: b.example.com, \
                 expected one of: ['array-number'], received: \"str\"",
            ),
            ("Identities[::0]", "invalid-value: slice step cannot be zero"),
            ("", "syntax-error: Invalid JMESPath expression: cannot be empty."),
        ],
    );
}

#[test]
fn syntax_errors_show_the_expression_and_a_caret() {
    answers(
        &identities(),
        &[
            (
                "a]",
                "syntax-error: Unexpected token: ]: Parse error at column 1, token \"]\" \
                 (RBRACKET), for expression:\n\"a]\"\n  ^",
            ),
            (
                "a[?b",
                "syntax-error: Invalid jmespath expression: Incomplete expression:\n\"a[?b\"\n     ^",
            ),
            ("'é'.#", "syntax-error: Bad jmespath expression: Unknown token #:\n'é'.#\n    ^"),
            (
                "[a b]",
                "syntax-error: invalid token: Parse error at column 3, token \"b\" \
                 (UNQUOTED_IDENTIFIER), for expression:\n\"[a b]\"\n    ^",
            ),
        ],
    );
    for expression in ["[ ]", "[*x]", "a.&b", "a.", "{a}", "f(", "\"f\"(@)", "`\"`", "a b"] {
        assert!(Expression::compile(expression).unwrap_err().is_syntax(), "{expression}");
    }
    // What could look like something else once it is spelled for the crate.
    for expression in
        ["[a,]", "f(,)", "[a)]", "{a: b)}", "a{b: *}", "a[*]{b: c}", "{[0]a: b}", "{a: b,}", "(a,)"]
    {
        assert!(Expression::compile(expression).unwrap_err().is_syntax(), "{expression}");
    }
}

#[test]
fn a_function_that_does_not_exist_is_no_syntax_error() {
    let compiled = Expression::compile("[*].foo(@)").unwrap();
    assert_eq!(compiled.search(&json!(null)).unwrap(), json!(null));
    let error = compiled.search(&json!([1])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownFunction);
    assert!(!error.is_syntax());
}

#[test]
fn what_crashes_python_is_an_error() {
    for (expression, kind) in [
        ("'a' < `1`", ErrorKind::InvalidType),
        ("contains('1', `1`)", ErrorKind::InvalidType),
        ("max_by(`[{\"a\": 1}, {\"a\": \"x\"}]`, &a)", ErrorKind::InvalidType),
        ("sum(`[1e308, 1e308]`)", ErrorKind::InvalidValue),
        ("&a", ErrorKind::InvalidType),
        ("[&a]", ErrorKind::InvalidType),
    ] {
        let error = Expression::compile(expression).unwrap().search(&json!({})).unwrap_err();
        assert_eq!(error.kind(), kind, "{expression}");
    }
}

/// Expressions that nest or go on `n` times, in every way the grammar has.
fn repeated(n: usize) -> Vec<String> {
    let nested = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(n), close.repeat(n))
    };
    let chained = |first: &str, next: &str| format!("{first}{}", next.repeat(n));
    vec![
        nested("(", "a", ")"),
        nested("!", "a", ""),
        nested("&", "a", ""),
        nested("[", "a", "]"),
        nested("{a:", "a", "}"),
        nested("a.[", "a", "]"),
        nested("to_array(", "a", ")"),
        nested("map(&", "@", ",`[1]`)"),
        nested("map(&[@],", "`[1]`", ")"),
        nested("length(sort_by(`[1]`,&", "@", "))"),
        nested("`[1]`[?", "@", "]"),
        format!("`{}`", nested("[", "1", "]")),
        chained("a", ".a"),
        chained("a", "|a"),
        chained("[@]", "|[@]"),
        chained("a", "||a"),
        chained("`1`", "&&`1`"),
        chained("a", "==a"),
        nested("[a || a && a == ", "a", "]"),
        nested("&a || a && a == ", "a", ""),
        chained("*", ".*"),
        chained("a", "[0]"),
        chained("`[[1]]`", "[0:]"),
        chained("`[[1]]`", "[*]"),
        chained("`[[1]]`", "[]"),
        chained("`[1]`", "[?@]"),
    ]
}

/// Test threads have 2 MiB of stack, a quarter of what programs have.
#[test]
fn no_expression_overflows_the_stack() {
    let document = json!({"a": {"a": 1}});
    for n in [100, 132, 198, 397, 399, 40_000] {
        for expression in repeated(n) {
            answer(&expression, &document);
        }
    }
}

#[test]
fn sixty_expressions_nest_and_no_more() {
    let parentheses = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(answer(&parentheses(60), &json!({"a": 1})), "1");
    assert_eq!(
        answer(&parentheses(61), &json!(null)),
        "syntax-error: the expression is too long or nests too deeply"
    );
    // What stands side by side does not nest.
    for operand in ["!a", "a[*].a", "(a)", "a[?a]", "sort_by(a, &a)"] {
        let expression = format!("{operand}{}", format!(" || {operand}").repeat(300));
        assert!(Expression::compile(&expression).is_ok(), "{operand}");
    }
}

#[test]
fn four_hundred_steps_are_taken_and_no_more() {
    let document = json!({"a": 1});
    let pipes = |n: usize| format!("@{}", "|@".repeat(n - 1));
    assert_eq!(answer(&pipes(400), &document), r#"{"a": 1}"#);
    assert_eq!(
        answer(&pipes(401), &document),
        "syntax-error: the expression has more than 400 steps in a row"
    );
    let literal = format!("`{}1{}`", "[".repeat(1_001), "]".repeat(1_001));
    assert!(answer(&literal, &document).starts_with("syntax-error: Bad jmespath expression"));
}
