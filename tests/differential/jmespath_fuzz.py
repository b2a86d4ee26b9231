#!/usr/bin/env python3
"""Random JMESPath expressions on random documents: our evaluator against jmespath.py.

    cargo build --package common --example query_lines
    tests/differential/jmespath_fuzz.py [--count N] [--seed S] target/debug/examples/query_lines

Needs the jmespath package, 1.1. Answers have to be equal to the byte as jp.py prints them, errors
of the same class and, but for misplaced tokens, in the same words. Exits with 1 on a difference
that EXPLAINED does not name.
"""

import argparse
import collections
import json
import random
import re
import subprocess
import sys
import warnings

import jmespath
from jmespath import exceptions

# What may differ, and why. A rule looks at the expression, Python's outcome and ours.
EXPLAINED = {
    "Python raises an exception of its own (`'a' < `1``, slice step 0), ours is an error":
        lambda expression, theirs, ours: theirs["error"] == "exception" and ours["error"],
    "&expression outside of a function's arguments is a value in Python, ours is an error":
        lambda expression, theirs, ours: "an expression reference" in ours["message"]
        or 'received: "expref"' in ours["message"],
    "merge() checks its first argument only, and Python's dict.update() takes any list of pairs":
        lambda expression, theirs, ours: "merge(" in expression
        and "In function merge()" in ours["message"],
    "Infinity and NaN are no JSON":
        lambda expression, theirs, ours: re.search("Infinity|NaN", theirs["ok"])
        and (ours["ok"] == "null" or ours["error"] in ("invalid-value", "syntax-error"))
        or re.search(r"e[+]?[0-9]{3}", expression) and ": Bad token" in ours["message"],
    "half a surrogate pair is no text":
        lambda expression, theirs, ours: re.search("d83d|de00", expression)
        and ours["error"] == "syntax-error",
    "integers beyond 64 bits become floats":
        lambda expression, theirs, ours: re.search("[0-9]{19}", theirs["ok"] + expression)
        and as_floats(theirs["ok"]) == as_floats(ours["ok"]),
    "(a[0])[0:1].b: the slice projects, as the specification has it, whatever the parentheses hold":
        lambda expression, theirs, ours: re.search(r"\]\s*\)[\s)]*\[[-0-9\s]*:", expression),
    "a.*[?b].c[?d]: the star's projection goes on after a filter, as the specification has it":
        lambda expression, theirs, ours: re.search(r"[.]\s*\*\s*\[\?", expression),
    "more than 400 steps in a row, more than 60 in one another, more than 10000 tokens":
        lambda expression, theirs, ours: re.search("steps in a row|nests too", ours["message"]),
}

KEYS = ["a", "a", "a", "b", "b", "c", "foo", "Identities", "é", "a b", ""]
STRINGS = ["", "a", "b", "ab", "é", "😀", "Success", "example.com", "1", "-2.5", "1e3", " 7 ", "1_0",
           "0x1", "nul\u0000", "it's", 'say "x"', "two\nlines", "back\\slash", "\x7f", "\uffff", "`"]
NUMBERS = [0, 1, -1, 2, 3, 10, 0.0, -0.0, 1.0, 0.5, -2.5, 1e16, 1e-5, 123456789.25, 1e22,
           9007199254740993, 9223372036854775807, -9223372036854775808, 18446744073709551615]
# The arguments of each function: any value, text, number, list, object, reference, and the lists of
# numbers (N), of texts (T) and of either (E).
FUNCTIONS = {
    "abs": "n", "avg": "N", "ceil": "n", "contains": "lv", "ends_with": "tt", "floor": "n",
    "join": "tT", "keys": "o", "length": "l", "map": "rl", "max": "E", "max_by": "lr",
    "merge": "oo", "min": "E", "min_by": "lr", "not_null": "vvv", "reverse": "l", "sort": "E",
    "sort_by": "lr", "starts_with": "tt", "sum": "N", "to_array": "v", "to_number": "t",
    "to_string": "v", "type": "v", "values": "o", "unknown": "v",
}
LENIENT = ["foo", "example.com", " a b ", "[x]", "01", "", "a\\`b", "tab\\t", "a\"b", "\\x", "nul",
           "True", "{a}", "-", "1 2", "\\u00e9", "'", "é "]
JUNK = list("()[]{}.,:*@&|!<>='\"`\\-_#;~ \t\n") + ["[]", "[?", "&&", "||", "==", "!=", "<=", "a", "0",
            "é", "[*]", ".*", "[0]", "[::0]", "99999999999999999999", "`1`", "'x'"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def scalar(self):
        kind = self.random.randrange(6)
        if kind < 2:
            return self.random.choice(STRINGS)
        if kind < 4:
            return self.random.choice(NUMBERS)
        return self.random.choice([None, True, False])

    def document(self, depth):
        if depth == 0 or self.random.random() < 0.15:
            return self.scalar()
        kind = self.random.randrange(7)
        size = self.random.randrange(4)
        if kind == 0:
            return [self.random.choice(NUMBERS) for _ in range(size)]
        if kind == 1:
            return [self.random.choice(STRINGS) for _ in range(size)]
        if kind == 2:
            return [self.document(depth - 1) for _ in range(size)]
        if kind == 3:
            pool = self.random.choice([NUMBERS, STRINGS, NUMBERS + STRINGS])
            return [{"a": self.random.choice(pool), "b": self.document(depth - 1)}
                    for _ in range(size + 1)]
        return {self.random.choice(KEYS): self.document(depth - 1) for _ in range(size + 1)}

    def identifier(self):
        key = self.random.choice(KEYS)
        if re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", key) and self.random.random() < 0.9:
            return key
        return json.dumps(key, ensure_ascii=self.random.random() < 0.5)

    def literal(self):
        kind = self.random.randrange(4)
        if kind == 0:
            text = self.random.choice(STRINGS)
            return "'%s'" % text.replace("'", "\\'")
        if kind == 1:
            return "`%s`" % self.random.choice(LENIENT)
        value = self.document(2) if kind == 2 else self.scalar()
        return "`%s`" % json.dumps(value).replace("`", "\\`")

    def index(self):
        return self.random.choice(["0", "1", "-1", "2", "-0", "01", "-2", "7", "99999999999", "-3"])

    def slice(self):
        part = lambda: self.random.choice(["", "", self.index()])
        text = part() + ":" + part()
        if self.random.random() < 0.5:
            text += ":" + self.random.choice(["", "1", "-1", "2", "-2", "0"])
        return text

    def expression(self, depth):
        kind = self.random.randrange(30)
        if depth == 0 or kind < 4:
            return self.random.choice([self.identifier, self.identifier, lambda: "@", self.literal])()
        inner = lambda: self.expression(depth - 1)
        if kind < 8:
            return inner() + "." + self.dotted(depth - 1)
        if kind == 8:
            return "%s[%s]" % (inner(), self.index())
        if kind == 9:
            return "%s[%s]" % (self.random.choice(["", inner()]), self.slice())
        if kind == 10:
            return self.random.choice(["", inner()]) + "[*]"
        if kind == 11:
            return self.random.choice(["*", inner() + ".*"])
        if kind == 12:
            return self.random.choice(["", inner()]) + "[]"
        if kind in (13, 14):
            return "%s[?%s]" % (self.random.choice(["", inner()]), inner())
        if kind == 15:
            return "[%s]" % ", ".join(inner() for _ in range(self.random.randrange(1, 4)))
        if kind == 16:
            return self.hash(depth - 1)
        if kind in (17, 18):
            return "%s | %s" % (inner(), inner())
        if kind in (19, 20):
            return "%s %s %s" % (inner(), self.random.choice(["||", "&&"]), inner())
        if kind in (21, 22):
            operator = self.random.choice(["==", "!=", "<", "<=", ">", ">="])
            return "%s %s %s" % (inner(), operator, inner())
        if kind == 23:
            return "!" + inner()
        if kind == 24:
            return "(%s)" % inner()
        if kind == 25:
            return self.random.choice(["*", "[*]", "[]", "@"]) + self.suffix(depth - 1)
        return self.call(depth - 1)

    def suffix(self, depth):
        return self.random.choice([
            lambda: "." + self.dotted(depth), lambda: "[%s]" % self.index(), lambda: "[*]",
            lambda: "[]", lambda: ".*", lambda: "[%s]" % self.slice(),
            lambda: "[?%s]" % self.expression(depth),
        ])()

    def dotted(self, depth):
        kind = self.random.randrange(6)
        if kind < 3 or depth <= 0:
            return self.identifier()
        if kind == 3:
            return "[%s]" % ", ".join(self.expression(depth - 1) for _ in range(2))
        if kind == 4:
            return self.hash(depth - 1)
        return self.call(depth - 1)

    def hash(self, depth):
        pairs = ("%s: %s" % (self.identifier(), self.expression(max(depth, 0)))
                 for _ in range(self.random.randrange(1, 4)))
        return "{%s}" % self.random.choice([", ", ", ", " "]).join(pairs)

    def call(self, depth):
        depth = max(depth, 0)
        name = self.random.choice(list(FUNCTIONS))
        shape = FUNCTIONS[name]
        if self.random.random() < 0.03:
            shape = self.random.choice(["", "v", "vv", "r", "vrv"])
        arguments = [self.argument(kind, depth) for kind in shape]
        return "%s(%s)" % (name, self.random.choice([", ", ", ", ", ", " "]).join(arguments))

    def argument(self, kind, depth):
        """An argument that fits, or in half of all cases just any."""
        several = lambda pool: [self.random.choice(pool) for _ in range(self.random.randrange(5))]
        fitting = {
            "t": lambda: self.random.choice(STRINGS),
            "n": lambda: self.random.choice(NUMBERS),
            "l": lambda: self.random.choice([several(STRINGS), [self.document(2)] * 2, ["a", 1]]),
            "o": lambda: {self.random.choice(KEYS): self.document(1) for _ in range(3)},
            "N": lambda: several(NUMBERS),
            "T": lambda: several(STRINGS),
            "E": lambda: several(self.random.choice([NUMBERS, STRINGS])),
        }
        if kind == "r":
            reference = self.random.choice([self.identifier, lambda: self.expression(depth)])()
            return "&" + reference if self.random.random() < 0.95 else reference
        if kind not in fitting or self.random.random() < 0.5:
            return self.expression(depth)
        value = json.dumps(fitting[kind]()).replace("`", "\\`")
        return "`%s`" % value

    def mutated(self, text):
        for _ in range(self.random.randrange(1, 4)):
            at = self.random.randrange(len(text) + 1)
            kind = self.random.randrange(3)
            if kind == 0:
                text = text[:at] + self.random.choice(JUNK) + text[at:]
            elif kind == 1:
                text = text[:at] + text[at + 1:]
            else:
                other = self.random.randrange(len(text) + 1)
                text = text[:at] + text[min(at, other):max(at, other)] + text[at:]
        return text

    def case(self):
        kind = self.random.random()
        if kind < 0.05:
            text = "".join(self.random.choice(JUNK) for _ in range(self.random.randrange(8)))
        else:
            text = self.expression(self.random.randrange(1, 5))
            if kind < 0.25:
                text = self.mutated(text)
        return text, self.document(3)


def outcome(ok="", error="", message=""):
    return {"ok": ok, "error": error, "message": message}


def their_outcome(expression, document):
    """What jp.py would print, without its indentation."""
    try:
        return outcome(ok=json.dumps(jmespath.search(expression, document), ensure_ascii=False))
    except exceptions.ArityError as error:
        return outcome(error="invalid-arity", message=str(error))
    except exceptions.JMESPathTypeError as error:
        return outcome(error="invalid-type", message=str(error))
    except exceptions.UnknownFunctionError as error:
        return outcome(error="unknown-function", message=str(error))
    except (exceptions.ParseError, exceptions.EmptyExpressionError) as error:
        return outcome(error="syntax-error", message=str(error))
    except Exception as error:  # a traceback of jp.py's
        return outcome(error="exception", message=repr(error))


def our_outcome(line):
    answer = json.loads(line)
    if "ok" in answer:
        return outcome(ok=line[len('{"ok": '):-1])
    prefix = answer["error"] + ": "
    return outcome(error=answer["error"], message=answer["message"].removeprefix(prefix))


def as_floats(text):
    number = r"-?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?"
    return re.sub(number, lambda match: "%.12g" % float(match.group()), text)


def wording(message, with_value):
    """A message without what only one side can know."""
    message = re.sub("<jmespath[.]visitor[^>]*>", "an expression", message)
    message = re.sub("[0-9]{19,}|[0-9.]+e[+][0-9]+", "…", message)
    # Of a misplaced token, ours says less than jp.py: not which one it had expected.
    message = re.sub(".*(: Parse error at|Incomplete expression:).*", "grammar", message, flags=re.S)
    # Here jp.py always points to the beginning of the expression.
    message = re.sub("(Quoted identifier not allowed).*", r"\1", message, flags=re.S)
    if not with_value:
        message = re.sub(": .*, expected one of: ", ": …, expected one of: ", message, flags=re.S)
        message = re.sub("^(Unexpected token|Invalid function name).*?: Parse", r"\1 … Parse", message,
                         flags=re.S)
        message = re.sub('token ".*?" [(]LITERAL[)]', "token … (LITERAL)", message, flags=re.S)
    return message


def is_same(theirs, ours):
    # Long values are cut off in our messages, and what is not printable is never written raw.
    with_value = len(theirs["message"]) < 250 and ours["message"].isprintable() \
        and theirs["message"].isprintable() and "\\" not in theirs["message"]
    return (theirs["ok"], theirs["error"]) == (ours["ok"], ours["error"]) \
        and wording(theirs["message"], with_value) == wording(ours["message"], with_value)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", help="the built example query_lines")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")

    generator = Generator(arguments.seed)
    cases = [generator.case() for _ in range(arguments.count)]
    lines = "".join(json.dumps({"expression": expression, "document": document}) + "\n"
                    for expression, document in cases)
    run = subprocess.run([arguments.program], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    answers = run.stdout.decode().split("\n")[:-1]
    if len(answers) != len(cases):
        sys.exit("%d answers to %d cases" % (len(answers), len(cases)))

    classes, explained, differences = collections.Counter(), collections.Counter(), 0
    for (expression, document), line in zip(cases, answers):
        theirs, ours = their_outcome(expression, document), our_outcome(line)
        classes[theirs["error"] or ("null" if theirs["ok"] == "null" else "value")] += 1
        if is_same(theirs, ours):
            continue
        reasons = [reason for reason, rule in EXPLAINED.items() if rule(expression, theirs, ours)]
        if reasons:
            explained[reasons[0]] += 1
            continue
        differences += 1
        if differences <= 20:
            print("expression %s\n  document %s\n  jmespath.py %s\n  ours        %s" % (
                json.dumps(expression, ensure_ascii=False), json.dumps(document), theirs, ours))

    print("seed %d: %d expressions, %s" % (
        arguments.seed, len(cases), ", ".join("%s %d" % each for each in classes.most_common())))
    for reason, count in explained.most_common():
        print("  explained %d: %s" % (count, reason))
    print("  unexplained %d" % differences)
    sys.exit(differences > 0)


if __name__ == "__main__":
    main()
