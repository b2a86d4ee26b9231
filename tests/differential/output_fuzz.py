#!/usr/bin/env python3
"""Compares the formatters of ses-toolkit with aws-cli's, on random JSON values.

    cargo build --release -p common --example render_lines
    python3 tests/differential/output_fuzz.py target/release/examples/render_lines

The interpreter must be one that can import aws-cli's package `awscli`: with Debian's package
`awscli` (aws-cli 2) that is Debian's own Python, with PyPI's (aws-cli 1) the one it was installed
for. aws-cli 1 knows no yaml. Nothing is sent to AWS: the formatters are called as a library.

A value that aws-cli itself refuses with a Python error is counted, and only must not end our
program. Beyond that, these differences are known, and the values are made so that they do not
occur:

- Unicode versions: whether a character that is new since Python's Unicode is printable, and how
  wide it is; a few old ones have become wide since (around U+2630, U+4DC0 and U+1D300).
- Integers beyond 64 bits and floats of 16 or more digits: the JSON reader's doing.
- YAML aliases: what a query selects twice (`{a: Identities, b: Identities}`), aws-cli writes once
  (`&id001`) and refers to (`*id001`). We write it twice.
- On a terminal, aws-cli with colour ends its output with one more reset sequence.

The exit status is 0 if there was no difference, 1 if there was, 2 if the comparison failed.
"""

import argparse
import io
import json
import random
import subprocess
import sys
import unicodedata

try:
    import awscli
    from awscli import formatter, text
    from colorama.ansitowin32 import AnsiToWin32
except ImportError as missing:
    sys.stderr.write(f"output_fuzz: this Python has no aws-cli: {missing}\n")
    sys.exit(2)

# Names and tokens, then what YAML may take for something else than a string, then Unicode.
WORDS = r"""
    a.example B.Example user@example.com xn--bcher-kva.example bücher.example 例え.example テスト
    QTKknzFg2J4ygwa+XvHAxUl1hyHoY0gVfZdfjIedHZ0= Success Pending 200 Domain
    y n yes No on OFF true True TRUE tRUE false null Null NULL nuLL ~ None = << <<< . 1 0 -1 +1
    1_000 _1 +_ 0b1 0b2 0o7 0o8 08 07_ 0x1F 0xG 1.0 1. .5 -.5 ._5 1e5 1e+5 1.e-3 .5e3 .5e+3 1_0.5_
    .inf -.Inf +.INF .NaN -.nan 12:30 1:2:3 190:20:30.15 2026-01-01 2026-1-1 2026-01-01T10:00:00Z
    2026-1-1T1:00:00.5+01:00 2026-01-01T10:00 20260101 @x `x` * *a &a !a !!str | > % # - -- --- ...
    -a ? ?a : :a a: a:b a#b #a , ,a [ ] { } [] {} [a] {a} ' " \ \n '' a'b a"b a'b" a\b $x ^ ; ( )
    a,b a?b Straße ﬁ ŉ İ ß é ° ½ あ 漢字 한국어 ＡＢＣ Привет αβγ שלום مرحبا 😀 👩‍🚀 🇯🇵
""".split()
WORDS += ["e\u0301", "\ufeff", "\ufffd", "\ue000", "\u200b", "\u202e", "\xad", "\xa0", "\u3000"]
WORDS += ["\u2028", "\u2029", "\x85", "\0", "\a", "\x1b[31m", "\x7f", "\x9f", "\r", "\r\n", "\n", "\t"]
SEPARATORS = ["", " ", " ", " ", "  ", "\n", "\n\n", " \n", "\n ", "\t", ": ", ": ", " #", ", ", "- "]
SEPARATORS += ["\u2028", "\r\n"]
NUMBERS = [0, 1, -1, 7, 200, 10**9, 2**63, -(2**63), 0.0, -0.0, 0.5, 1.0, 1e15, 1e16, 1e-5, 1234.5, 1e300]
KEYS = """
    Identities VerificationAttributes VerificationStatus VerificationToken DkimTokens NextToken a b c d
    a.example 例え.example ß 名前 yes 1 null ? - : @
""".split()


class Maker:
    """Makes values like SES's answers and JMESPath's results, and worse."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def string(self):
        pick = self.random.random()
        if pick < 0.45:
            return self.random.choice(WORDS)
        if pick < 0.5:
            return ""
        if pick < 0.6:
            length = self.random.randrange(12)
            return "".join(self.random.choices(" \n'\"\\:#a-é漢😀\a\u2028_1.e", k=length))
        if pick < 0.64:
            return self.character()
        length = self.random.choice([2, 3, 4, 8, 20, 40])
        pieces = zip(self.random.choices(WORDS, k=length), self.random.choices(SEPARATORS, k=length))
        return "".join(word + separator for word, separator in pieces)

    def character(self):
        """A character whose width has been the same since Unicode 14."""
        ranges = [
            (0, 0x20), (0x7F, 0x250), (0x250, 0x2600), (0x2E80, 0x4DC0), (0x4E00, 0xD800),
            (0xE000, 0x10000), (0x1F300, 0x20000),
        ]
        while True:
            character = chr(self.random.randrange(*self.random.choice(ranges)))
            if unicodedata.category(character) != "Cn":
                return character

    def key(self):
        return self.random.choice(KEYS) if self.random.random() < 0.85 else self.string()

    def scalar(self):
        pick = self.random.random()
        if pick < 0.7:
            return self.string()
        return self.random.choice([None, True, False, *self.random.sample(NUMBERS, 2)])

    def value(self, depth):
        shape = self.random.random()
        length = self.random.choice([0, 1, 1, 2, 2, 3, 5])
        if depth == 0 or shape < 0.25:
            return self.scalar()
        if shape < 0.35:
            return [self.scalar() for _ in range(length)]
        if shape < 0.45:
            return [[self.scalar() for _ in range(length)] for _ in range(self.random.randrange(4))]
        if shape < 0.6:
            keys = [self.key() for _ in range(3)]
            make = self.scalar if self.random.random() < 0.5 else lambda: self.value(depth - 1)
            return [
                {key: make() for key in keys if self.random.random() < 0.9} for _ in range(length)
            ]
        if shape < 0.7:
            return [self.value(depth - 1) for _ in range(length)]
        return {self.key(): self.value(depth - 1) for _ in range(length)}

    def case(self, form):
        case = {"format": form, "value": self.value(self.random.randrange(5))}
        if form == "table":
            case["title"] = self.random.choice(["ListIdentities", "VerifyDomainDkim", "A"])
            case["width"] = self.random.choice([80, 80, 80, 0, 20, 40, 132])
            case["colour"] = self.random.random() < 0.2
        return case


class Arguments:
    query = None
    color = "off"


def expected(case):
    """What aws-cli prints for `case`; None where it ends with an error."""
    out = io.StringIO()
    value = json.loads(json.dumps(case["value"]))
    try:
        if case["format"] == "text":
            text.format_text(value, out)
        elif case["format"] == "yaml":
            formatter.YAMLFormatter(Arguments)._format_response("", value, out)
        else:
            tables = formatter.TableFormatter(Arguments)
            stream = out
            if case["colour"]:
                # What `--color on` sets up, without touching the streams of this process.
                tables.table._styler = Colour()
                stream = AnsiToWin32(out, strip=False, autoreset=True).stream
            tables.table._terminal_width = case["width"]
            tables._format_response(case["title"], value, stream)
    except (AttributeError, IndexError, TypeError, ValueError):
        return None
    return out.getvalue()


class Colour(formatter.ColorizedStyler):
    def __init__(self):
        pass


def rendered(program, cases):
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    run = subprocess.run([program], input=lines, stdout=subprocess.PIPE, encoding="utf-8")
    answers = [json.loads(line) for line in run.stdout.split("\n")[:-1]]
    if run.returncode != 0 or len(answers) != len(cases):
        told = f"status {run.returncode} after {len(answers)} of {len(cases)} answers"
        sys.stderr.write(f"output_fuzz: {program}: {told}\n")
        sys.exit(2)
    return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the example render_lines, built")
    parser.add_argument("--count", type=int, default=2000, help="values a format (default: 2000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same values")
    parser.add_argument("--format", choices=["text", "table", "yaml"], help="only this one")
    parser.add_argument("--show", type=int, default=3, help="differences to show a format (default: 3)")
    options = parser.parse_args()

    forms = ["text", "table", "yaml"] if hasattr(formatter, "YAMLFormatter") else ["text", "table"]
    if options.format not in [None, *forms]:
        parser.error(f"aws-cli {awscli.__version__} has no {options.format}")
    differences = 0
    for form in [options.format] if options.format else forms:
        maker = Maker(f"{options.seed} {form}")
        cases = [maker.case(form) for _ in range(options.count)]
        refused = found = 0
        for case, ours in zip(cases, rendered(options.program, cases)):
            theirs = expected(case)
            refused += theirs is None
            if theirs is not None and theirs != ours:
                found += 1
                if found <= options.show:
                    print(json.dumps(case), f"  aws-cli: {theirs!r}", f"  ours:    {ours!r}", sep="\n")
        print(
            f"{form}: {options.count} values, aws-cli {awscli.__version__}, seed {options.seed}: "
            f"{found} differences; aws-cli refused {refused}"
        )
        differences += found
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
