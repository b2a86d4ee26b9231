#!/usr/bin/env python3
"""Compares the programs of ses-toolkit with aws-cli 2 and 1, on random command lines.

    cargo build --bins
    SES_TEST_AWS2=/usr/bin/aws SES_TEST_PEERS=target/python \\
        python3 tests/differential/aws_cli.py --count 300 target/debug

Each command line goes to our program and to each aws-cli that is there: stdout must be the same to
the byte, and the statuses of the same class (`status_differs`). They all ask one scripted SES, which
this script runs on loopback: it has pages, awkward names, and every kind of failure. It remembers
nothing, so that a command line means the same whoever asks first.

Differences that are meant are in `explanation`, each with its reason, and are counted. With the same
seed the command lines are the same.

The exit status is 0 if there was no other difference, 1 if there was, 2 if the comparison failed.
"""

import argparse
import base64
import collections
import concurrent.futures
import dataclasses
import hashlib
import http.server
import json
import os
import random
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from xml.sax.saxutils import escape

# --- The SES --------------------------------------------------------------------------------------

# SES's own page size, where the request names none: small, so that paging shows.
PAGE = 3

AWKWARD = [
    "example.com",
    "Upper@Example.example",
    "bücher@x.example",
    "例え.example",
    "e f@x.example",
    "g+h/i=@x.example",
    '"quoted name"@x.example',
    "b\\c'd@x.example",
    "<&>&amp;@x.example",
    " blank@x.example ",
    "tab\there@x.example",
    "😀👩‍🚀@x.example",
    "e\u0301@x.example",
    "مرحبا@x.example",
    "ＡＢＣ한국어@x.example",
    "null",
    "1e3",
    "yes",
    "- item: #1",
    "{a: *b}@x.example",
    "%41%00@x.example",
    "$HOME`id`@x.example",
    "a" * 63 + "." + "b" * 63 + ".example",
    "two words and " + "many more " * 9 + "@x.example",
    "straße.example",
    "ſ\u2028\u0085\xa0@x.example",
    "~",
    "z.example",
]

# The account's identities, by the first part of the endpoint's path.
ACCOUNTS = {
    "empty": [],
    "single": ["only.example"],
    "page": ["example.com", "notexample.com", "user@example.com"],
    "many": [f"{letter}.example" for letter in "hgfedcba"],
    "awkward": AWKWARD,
    "gaps": [f"{letter}.example" for letter in "abcde"],
    "repeats": ["a.example", "b.example"],
    "unbounded": ["a.example", "b.example"],
}

# What a request meets on these paths, and as these names: an HTTP status, and a code or a body.
FAILURES = {
    "denied": (403, "AccessDenied"),
    "invalid": (400, "InvalidParameterValue"),
    "throttled": (400, "Throttling"),
    "expired": (403, "ExpiredToken"),
    "broken": (500, "InternalFailure"),
    "unavailable": (503, "ServiceUnavailable"),
    "html": (200, "<html><body>Sign in, please</html>"),
    "cut": (200, "<ListIdentitiesResponse><ListIdentities"),
    "gone": (0, ""),
}

STATUSES = ["Success", "Pending", "Failed", "TemporaryFailure", "NotStarted", "SomethingNew"]


def token_of(name):
    """A verification token: base64, always the same for the same name."""
    return base64.b64encode(hashlib.sha256(name.lower().encode()).digest()).decode()


def page_token(account, offset):
    """SES calls its tokens opaque; one account has some that try that out."""
    return f'{offset}/+= "é\\' if account == "awkward" else f"{offset}+/=="


class Refused(Exception):
    """The error that a request is answered with: an HTTP status and a code."""


def list_identities(account, form):
    names = ACCOUNTS[account]
    kind = form.get("IdentityType")
    if kind not in (None, "Domain", "EmailAddress"):
        raise Refused(400, "InvalidParameterValue")
    names = [name for name in names if kind is None or ("@" in name) == (kind == "EmailAddress")]
    try:
        size = int(form.get("MaxItems", PAGE))
    except ValueError as error:
        raise Refused(400, "MalformedInput") from error
    if not 1 <= size <= 1000:
        raise Refused(400, "InvalidParameterValue")
    token, offset = form.get("NextToken"), 0
    if token is not None:
        known = {page_token(account, offset): offset for offset in range(len(names) + 1)}
        if token.removesuffix("gap") not in known:
            raise Refused(400, "InvalidParameterValue")
        offset = known[token.removesuffix("gap")]
    end = offset + size
    more = page_token(account, end) if end < len(names) else None
    shown = names[offset:end]
    if account == "gaps" and not (token or "").endswith("gap"):
        # An empty page with a token before each full one, as SES may send when it filters.
        shown, more = [], page_token(account, offset) + "gap"
    if account == "repeats":
        more = page_token(account, 1)
    if account == "unbounded":
        # An empty token is no token.
        more = ""
    members = "".join(f"<member>{escape(name)}</member>" for name in shown)
    tail = "" if more is None else f"<NextToken>{escape(more)}</NextToken>"
    return f"<Identities>{members}</Identities>{tail}"


def attributes(form):
    entries = ""
    number = 1
    while (name := form.get(f"Identities.member.{number}")) is not None:
        number += 1
        fail_as(name)
        if name.startswith("absent"):
            continue
        status = STATUSES[hashlib.sha256(name.encode()).digest()[0] % len(STATUSES)]
        token = "" if "@" in name else f"<VerificationToken>{token_of(name)}</VerificationToken>"
        entries += (
            f"<entry><key>{escape(name)}</key><value>"
            f"<VerificationStatus>{status}</VerificationStatus>{token}</value></entry>"
        )
    return f"<VerificationAttributes>{entries}</VerificationAttributes>"


def fail_as(name):
    """denied.example and x@denied.example are refused as the account `denied` is."""
    label = name.rpartition("@")[2].partition(".")[0]
    if label in FAILURES:
        raise Refused(*FAILURES[label])


def answer(account, form):
    if account in FAILURES:
        raise Refused(*FAILURES[account])
    action = form.get("Action")
    if action == "ListIdentities":
        return list_identities(account, form)
    if action == "GetIdentityVerificationAttributes":
        return attributes(form)
    if action == "VerifyDomainIdentity":
        fail_as(form["Domain"])
        return f"<VerificationToken>{token_of(form['Domain'])}</VerificationToken>"
    if action == "VerifyEmailIdentity":
        fail_as(form["EmailAddress"])
        return ""
    raise Refused(400, "InvalidAction")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802 (the base class's name)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        action = form.get("Action", "Unknown")
        request_id = "<RequestId>00000000-0000-4000-8000-000000000000</RequestId>"
        try:
            result = answer(self.path.split("/")[1], form)
            status = 200
            text = (
                f'<{action}Response xmlns="http://ses.amazonaws.com/doc/2010-12-01/">'
                f"<{action}Result>{result}</{action}Result>"
                f"<ResponseMetadata>{request_id}</ResponseMetadata></{action}Response>"
            )
        except Refused as refused:
            status, code = refused.args
            if not status:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            text = code
            if status != 200:
                text = (
                    '<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">'
                    f"<Error><Type>Sender</Type><Code>{code}</Code><Message>no &lt;{code}&gt;"
                    f"</Message></Error>{request_id}</ErrorResponse>"
                )
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """A program may go away before its answer."""


# --- The command lines ----------------------------------------------------------------------------

# Realistic and odd; `{}` is an object to aws-cli as well as a placeholder to nobody.
LIST_QUERIES = r"""
Identities
Identities[0]
Identities[-1]
Identities[9999]
Identities[1:3]
Identities[::-1]
Identities[]
Identities[*]
Identities[0:2] | [1]
Identities[?contains(@, `example.com`)]
Identities[?contains(@, `"example.com"`)]
Identities[?contains(@, 'example.com')] | [0]
Identities[?contains(@, `@`)]
Identities[?!contains(@, '@')]
Identities[?starts_with(@, 'b')]
Identities[?ends_with(@, `.example`)]
Identities[?@ == `example.com`]
Identities[?@ == 'bücher@x.example']
Identities[?contains(@, `ü`)]
Identities[?@ > 'f']
Identities[?length(@) > `9`]
contains(Identities, 'example.com')
contains(Identities, `only.example`)
contains(Identities, `例え.example`)
length(Identities)
length(@)
sort(Identities)
sort(Identities)[0]
reverse(sort(Identities))
join(`,`, Identities)
join('\n', Identities)
join(' ', sort(Identities))
max(Identities)
min(Identities)
sort_by(Identities, &length(@))
max_by(Identities, &length(@))
map(&length(@), Identities)
map(&{name: @, size: length(@)}, Identities)
sum(map(&length(@), Identities))
avg(map(&length(@), Identities))
Identities[*].{Name: @, Length: length(@)}
Identities[*].[@]
Identities[*].[@, length(@)]
Identities[].[@, `x`, `1`, `null`]
[Identities[0], Identities[1]]
[Identities, Identities]
[length(Identities), NextToken]
{first: Identities[0], count: length(Identities)}
{z: length(Identities), a: `1`, m: Identities[:2]}
{all: Identities, none: `null`, no: `false`, number: `1.5`}
{Identities: Identities}
{"a b": Identities[0], "ü": `ä`}
NextToken
Missing
Missing.Deeper
Missing[0]
Missing || `none`
Identities[0] || 'nothing'
Identities && 'some'
!Identities
!Missing
Identities == `[]`
@
@.Identities
*
* | [0]
keys(@)
values(@)
to_string(Identities)
to_string(@)
to_array(Identities[0])
to_number('12')
to_number('x')
type(Identities)
not_null(Missing, Identities[0])
merge(@, `{"Extra": [1, 2]}`)
`null`
`true`
`[]`
`{}`
`""`
''
`0`
`-1.50`
`1e3`
`12345678901`
`text`
'text'
`é漢😀`
`["a", "b", "c"]`
`[["a", "b"], ["c"]]`
`[1, "a", null, true, {}]`
`{"b": {"c": []}, "a": [[]]}`
`[{"a": 1, "b": "x"}, {"a": 2}]`
`{"Rows": [{"b": 1, "a": [1, 2]}, {"b": 2, "a": []}], "k": {"n": null}}`
floor(`1.5`)
ceil(`1.5`)
abs(`-1`)
a[
Identities[
Identities[?
nosuch(@)
length()
length(@, @)
length(Missing)
contains(Identities)
sum(Identities)
join(',', @)
@[::0]
Identities[::0]
 Identities 
Identities[?contains(@, "x")]
`
""".split("\n")[1:-1]

ATTRIBUTE_QUERIES = r"""
VerificationAttributes
VerificationAttributes.*
VerificationAttributes.*.VerificationStatus
VerificationAttributes.*.VerificationToken | [0]
VerificationAttributes."example.com".VerificationToken
VerificationAttributes."example.com".VerificationStatus
VerificationAttributes."absent.example"
keys(VerificationAttributes)
keys(VerificationAttributes) | sort(@)
values(VerificationAttributes)
values(VerificationAttributes)[?VerificationStatus == `Success`]
length(VerificationAttributes)
VerificationAttributes.*.[VerificationStatus, VerificationToken]
VerificationAttributes.*.{t: VerificationToken, s: VerificationStatus}
to_string(VerificationAttributes)
@
Missing
a[
""".split("\n")[1:-1]

VERIFY_QUERIES = r"""
VerificationToken
[VerificationToken]
{t: VerificationToken}
length(VerificationToken)
starts_with(VerificationToken, 'A')
join('=', [VerificationToken, `x`])
DkimTokens
@
`foo`
a[
""".split("\n")[1:-1]

OUTPUTS = [None, "json", "json", "text", "text", "table", "table", "yaml", "yaml"]

# What both can be asked about, and what neither changes on the way.
NAMES = [
    "example.com",
    "a.example",
    "b-1.sub.example.co.jp",
    "xn--bcher-kva.example",
    "1.example",
    "absent.example",
    "absent2.example",
    "user@example.com",
    "User.Name+tag@Example.example",
    "denied.example",
    "throttled.example",
    "invalid.example",
    "broken.example",
]

# Names that only aws-cli asks SES about are none of these, see `explanation`.
DOMAINS = [
    "example.com",
    "a.example",
    "xn--bcher-kva.example",
    "a-very-long-label-of-more-than-forty-letters-indeed.example",
    "denied.example",
    "invalid.example",
    "throttled.example",
    "expired.example",
    "broken.example",
    "unavailable.example",
    "html.example",
    "gone.example",
]
ADDRESSES = ["user@example.com", "User+Tag@example.com", "a.b-c_d@x.example", "u@denied.example"]


@dataclasses.dataclass(frozen=True)
class Line:
    """A command line, without what only one of the programs needs."""

    account: str
    operation: str
    # Options that aws-cli takes before `ses`, too; each is one option with its value.
    common: tuple = ()
    # Options of the operation; for get-identity-verification-attributes its names.
    own: tuple = ()
    before: int = 0  # how many of `common` go before `ses`
    environment: tuple = ()  # names and values; a variable that is None is unset
    # For get-identity-verification-attributes: asked by ours without names, about the whole list.
    whole: bool = False
    # Its NextToken is handed on.
    is_cut: bool = False

    def value(self, name):
        """The last value of an option, however it is spelt."""
        found = None
        for words in self.common + self.own:
            if words[0] == name:
                found = words[1]
            elif words[0].startswith(name + "="):
                found = words[0].partition("=")[2]
        return found

    def output(self):
        return self.value("--output") or dict(self.environment).get("AWS_DEFAULT_OUTPUT") or "json"


OURS = {
    "list-identities": ["ses-list"],
    "get-identity-verification-attributes": ["ses-list", "--attributes"],
    "verify-domain-identity": ["ses-verify"],
    "verify-email-identity": ["ses-verify"],
}


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def spelt(self, name, value):
        return (f"{name}={value}",) if self.random.random() < 0.3 else (name, value)

    def common(self, queries, output=None, query_share=0.7):
        pick = self.random
        options = []
        output = output or pick.choice(OUTPUTS)
        if output:
            options.append(self.spelt("--output", output))
        if pick.random() < query_share:
            options.append(self.spelt("--query", pick.choice(queries)))
        if pick.random() < 0.15:
            options.append(("--no-cli-pager",))
        if pick.random() < 0.2:
            options.append(self.spelt("--color", pick.choice(["on", "off", "auto"])))
        if pick.random() < 0.1:
            options.append(self.spelt("--region", pick.choice(["eu-west-1", "us-east-1"])))
        if pick.random() < 0.1:
            options.append(pick.choice([("--no-verify-ssl",), ("--no-sign-request",), ("--cli-read-timeout", "30")]))
        pick.shuffle(options)
        return tuple(options)

    def environment(self):
        if self.random.random() < 0.05:
            return (("AWS_DEFAULT_OUTPUT", self.random.choice(["text", "table", "yaml", "json"])),)
        return ()

    def line(self, operation, account, options, own):
        before = self.random.randint(0, len(options)) if self.random.random() < 0.4 else 0
        return Line(account, operation, options, tuple(own), before, self.environment())

    def listing(self):
        """Outputs × queries, each account."""
        pick = self.random
        accounts = ["empty", "single", "page", "page", "many", "awkward", "awkward", "awkward"]
        account = pick.choice(accounts)
        options = self.common(LIST_QUERIES)
        own = []
        if pick.random() < 0.15:
            own.append(self.spelt("--identity-type", pick.choice(["Domain", "EmailAddress"])))
        line = self.line("list-identities", account, options, own)
        # Text is made of one page where it is to be compared.
        if line.output() == "text" and line.value("--query") and pick.random() < 0.9:
            own.append(self.spelt("--page-size", "1000"))
        return dataclasses.replace(line, own=tuple(own))

    def paging(self):
        pick = self.random
        account = pick.choice(["many", "awkward", "awkward", "page", "gaps", "empty"])
        own = []
        if pick.random() < 0.75:
            own.append(self.spelt("--max-items", str(pick.choice([0, 1, 2, 3, 4, 5, 6, 8, 9, 30, 10000]))))
        if pick.random() < 0.4:
            own.append(self.spelt("--page-size", str(pick.choice([1, 2, 3, 4, 1000]))))
        if pick.random() < 0.15:
            own.append(("--no-paginate",))
        if pick.random() < 0.15:
            own.append(self.spelt("--starting-token", pick.choice([page_token(account, 3), page_token(account, 2)])))
        if pick.random() < 0.2:
            own.append(self.spelt("--identity-type", pick.choice(["Domain", "EmailAddress"])))
        pick.shuffle(own)
        return self.line("list-identities", account, self.common(LIST_QUERIES, query_share=0.25), own)

    def cut(self):
        """A list whose token is handed on: JSON, so that the token can be read."""
        pick = self.random
        own = [("--max-items", str(pick.choice([1, 2, 3, 4, 5, 6, 7])))]
        if pick.random() < 0.5:
            own.append(("--page-size", str(pick.choice([1, 2, 3, 4]))))
        account = pick.choice(["many", "awkward", "gaps"])
        return Line(account, "list-identities", (("--output", "json"),), tuple(own), is_cut=True)

    def resumed(self, line, token):
        own = [words for words in line.own if words[0] != "--max-items"]
        own.append(self.spelt("--starting-token", token))
        if self.random.random() < 0.5:
            own.append(("--max-items", str(self.random.choice([1, 2, 4]))))
        self.random.shuffle(own)
        return self.line("list-identities", line.account, self.common(LIST_QUERIES, query_share=0.2), own)

    def attributes(self):
        pick = self.random
        options = self.common(ATTRIBUTE_QUERIES, query_share=0.55)
        operation = "get-identity-verification-attributes"
        if pick.random() < 0.4:
            account = pick.choice(["empty", "page", "many", "awkward", "awkward"])
            own = [("--identities", *ACCOUNTS[account])] if ACCOUNTS[account] else [("--identities", "absent.example")]
            line = self.line(operation, account, options, own)
            return dataclasses.replace(line, whole=True)
        good = [name for name in NAMES if name.partition(".")[0] not in FAILURES]
        names = pick.sample(NAMES if pick.random() < 0.2 else good, pick.choice([1, 1, 1, 2, 3, 5]))
        return self.line(operation, "page", options, [("--identities", *names)])

    def verification(self):
        pick = self.random
        options = self.common(VERIFY_QUERIES, query_share=0.5)
        if pick.random() < 0.7:
            own = [self.spelt("--domain", pick.choice(DOMAINS))]
            return self.line("verify-domain-identity", "page", options, own)
        own = [self.spelt("--email-address", pick.choice(ADDRESSES))]
        return self.line("verify-email-identity", "page", options, own)

    def failure(self):
        """What SES refuses, and what no request is made for."""
        pick = self.random
        account = pick.choice([*FAILURES, "repeats", "unbounded"])
        options = self.common(LIST_QUERIES, query_share=0.3)
        wrong = pick.choice(
            [
                *[None] * 6,
                ("--no-such-option",),
                ("--max-items", "x"),
                ("--page-size", "1.5"),
                ("--page-size", "0"),
                ("--page-size", "1001"),
                ("--identity-type", "Nonsense"),
                ("--output", "nonsense"),
                ("--color", "sometimes"),
                ("--starting-token", "junk"),
                ("--starting-token", "ä"),
                ("--starting-token", ""),
                ("--no-paginate", "--page-size", "2"),
                ("operand",),
                ("--region",),
                ("--profile", "nobody"),
                ("environment", "AWS_DEFAULT_REGION", ""),
                ("environment", "AWS_DEFAULT_REGION", None),
                ("environment", "AWS_DEFAULT_OUTPUT", "nonsense"),
                ("environment", "AWS_PROFILE", "nobody"),
                ("environment", "AWS_ACCESS_KEY_ID", ""),
                ("environment", "AWS_MAX_ATTEMPTS", "0"),
            ]
        )
        if wrong is None:
            return self.line("list-identities", account, options, [])
        if wrong[0] == "environment":
            # Options would go before the variable that is at fault.
            spared = ("--region", "--no-sign-request")
            options = tuple(words for words in options if words[0].partition("=")[0] not in spared)
            return Line("page", "list-identities", options, (), 0, (wrong[1:],))
        return self.line("list-identities", "page", options, [wrong])

    def lines(self, count):
        """Command lines of all kinds, in the shares of this table; `cut` ones go on elsewhere."""
        kinds = [self.listing] * 8 + [self.paging] * 4 + [self.cut] * 2
        kinds += [self.attributes] * 3 + [self.verification] * 2 + [self.failure] * 2
        made = {}
        # Few kinds of line can run out, but never all.
        while len(made) < count:
            made[self.random.choice(kinds)()] = None
        return list(made)


# --- Running --------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Ended:
    status: int
    stdout: bytes
    stderr: str


class Runner:
    def __init__(self, url, home, directory):
        self.url = url
        self.directory = directory
        self.cache = {}
        self.lock = threading.Lock()
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": home,
            "LC_ALL": "C.UTF-8",
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
            # One answer is enough to compare what becomes of it.
            "AWS_MAX_ATTEMPTS": "1",
        }

    def endpoint(self, line):
        return ["--endpoint-url", f"{self.url}/{line.account}"]

    def ours(self, line):
        program, *arguments = OURS[line.operation]
        for words in line.common:
            arguments += words
        for words in line.own:
            if words[0] == "--identities":
                arguments += () if line.whole else words[1:]
            else:
                arguments += words
        pace = ["--rate", "1000"]
        return [os.path.join(self.directory, program), *self.endpoint(line), *pace, *arguments]

    def theirs(self, aws, line):
        arguments, rest = [], []
        for index, words in enumerate(line.common):
            (arguments if index < line.before else rest).extend(words)
        for words in line.own:
            rest += words
        return [aws, *self.endpoint(line), *arguments, "ses", line.operation, *rest]

    def run(self, command, environment):
        """The same command is run once: it means the same every time."""
        key = (tuple(command), environment)
        with self.lock:
            future = self.cache.get(key)
            first = future is None
            if first:
                future = self.cache[key] = concurrent.futures.Future()
        if first:
            try:
                future.set_result(self.start(command, environment))
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()

    def start(self, command, environment):
        variables = {**self.environment, **dict(environment)}
        variables = {name: value for name, value in variables.items() if value is not None}
        ended = subprocess.run(
            command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr.decode(errors="replace"))


# --- Comparing ------------------------------------------------------------------------------------

CLASSES = {0: "done", 252: "usage", 253: "configuration", 254: "service", 255: "other"}


def status_differs(version, ours, theirs):
    """The class of a status.

    aws-cli 2 has ours: 0 done, 252 usage, 253 configuration, 254 SES's answer, 255 all else. aws-cli 1
    has 0, 2 for most of usage, and 255 for every other failure, so that to its 255 any of ours but 0
    belongs.
    """
    if ours not in CLASSES:
        return True
    if version == 2:
        return ours != theirs
    if theirs == 2:
        return ours != 252
    return (ours == 0) != (theirs == 0)


# The options whose values aws-cli does not look at.
CHECKED = {"--page-size", "--identity-type", "--starting-token"}


def is_paged(line):
    """May aws-cli see more than one page, or a NextToken, where ours sees one whole result?"""
    size = int(line.value("--page-size") or PAGE)
    return (
        line.account == "gaps"
        or line.value("--max-items") is not None
        or len(ACCOUNTS.get(line.account, [])) > size
    )


def explanation(version, line, ours, theirs):
    """Why this difference is meant, or None."""
    if ours.status == theirs.status == 0:
        if line.output() == "text" and line.value("--query") and line.operation == "list-identities" and is_paged(line):
            return "text with --query: aws-cli evaluates it on each page, ours once"
        if line.output() == "yaml" and b"&id001" in theirs.stdout:
            return "yaml: what a query selects twice, aws-cli writes once, with an alias"
    crashes = ("Row should have", "object has no attribute 'items'")
    if (ours.status, theirs.status) == (0, 255) and any(text in theirs.stderr for text in crashes):
        return "text and table: aws-cli ends with a Python error for a list of objects and other things"
    if ours.status == 253 and ("AWS_DEFAULT_REGION", "") in line.environment:
        return "an empty AWS_DEFAULT_REGION: aws-cli signs for a Region without a name, to ours it is unset"
    if ours.stdout or theirs.stdout or version == 1:
        return None
    is_configured = line.environment or line.value("--profile")
    if (ours.status, theirs.status) == (253, 255) and is_configured:
        return "configuration: aws-cli 2 has 253 for a missing Region or credentials only, ours for all of it"
    if (ours.status, theirs.status) == (252, 254) and CHECKED & {words[0] for words in line.own}:
        return "usage: ours refuses at once what aws-cli lets SES refuse"
    return None


def shown(text):
    return text if len(text) < 1500 else text[:1500] + "…"


class Comparison:
    def __init__(self, runner, peers):
        self.runner = runner
        self.peers = peers
        self.compared = collections.Counter()
        self.explained = collections.Counter()
        self.statuses = collections.Counter()
        self.differences = 0
        self.lock = threading.Lock()

    def compare(self, line):
        for version, aws in self.peers.items():
            asked = line
            if version == 1:
                if line.output() == "yaml":
                    continue
                # aws-cli 1 has no pager, and no option for it.
                kept = tuple(words for words in line.common if words != ("--no-cli-pager",))
                asked = dataclasses.replace(line, common=kept, before=min(line.before, len(kept)))
            self.compare_with(version, aws, asked)

    def compare_with(self, version, aws, line):
        command, mine = self.runner.theirs(aws, line), self.runner.ours(line)
        theirs = self.runner.run(command, line.environment)
        ours = self.runner.run(mine, line.environment)
        same = ours.stdout == theirs.stdout and not status_differs(version, ours.status, theirs.status)
        reason = None if same else explanation(version, line, ours, theirs)
        with self.lock:
            self.compared[version] += 1
            self.statuses[f"{CLASSES.get(ours.status, ours.status)}"] += 1
            if reason:
                self.explained[reason] += 1
            elif not same:
                variables = "".join(f"{name}={shlex.quote(value or '')} " for name, value in line.environment)
                report = [f"aws-cli {version}: {variables}{shlex.join(command)}", f"    {shlex.join(mine)}"]
                for who, ended in (("theirs", theirs), ("ours", ours)):
                    report.append(f"  {who} {ended.status}: {shown(repr(ended.stdout.decode(errors='replace')))}")
                    report.append(f"      {shown(repr(ended.stderr.strip()))}")
                # At once: a long run may be ended early.
                print("\n".join(report), flush=True)
                self.differences += 1


def resumed(maker, runner, peers, lines):
    """Each shortened list gone on with, by all, from the token of each program that shortened it."""
    more = []
    for line in lines:
        if line.is_cut:
            commands = [runner.ours(line), *(runner.theirs(aws, line) for aws in peers.values())]
            more += [maker.resumed(line, token) for token in tokens(runner, commands, line)]
    return list(dict.fromkeys(more))


def tokens(runner, commands, line):
    """The tokens that the programs give for a shortened list; they should be one and the same."""
    found = []
    for command in commands:
        ended = runner.run(command, line.environment)
        try:
            token = json.loads(ended.stdout).get("NextToken")
        except ValueError:
            continue
        if token and token not in found:
            found.append(token)
    return found


def tell(comparison, lines):
    for reason, count in comparison.explained.items():
        print(f"{count} explained: {reason}")
    compared = ", ".join(f"aws-cli {version}: {count}" for version, count in comparison.compared.items())
    statuses = ", ".join(f"{status} {count}" for status, count in comparison.statuses.most_common())
    print(f"{lines} command lines ({compared}; {statuses})")
    print(f"{comparison.differences} unexplained differences")


def find_peers():
    peers = {}
    if path := os.environ.get("SES_TEST_AWS2"):
        peers[2] = path
    if path := os.environ.get("SES_TEST_PEERS"):
        peers[1] = os.path.join(os.path.abspath(path), "bin", "aws")
    return peers


def parse_arguments():
    parser = argparse.ArgumentParser(description="Compares the programs with aws-cli 2 and 1.")
    parser.add_argument("--count", type=int, default=300, help="command lines (300)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other command lines (1)")
    parser.add_argument("--jobs", type=int, default=3, help="command lines at the same time (3)")
    parser.add_argument("--show", action="store_true", help="print the command lines, and run none")
    parser.add_argument("directory", help="where our programs are")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    maker = Maker(arguments.seed)
    peers = find_peers()
    if not peers:
        sys.stderr.write("aws_cli: neither SES_TEST_AWS2 nor SES_TEST_PEERS names an aws-cli\n")
        return 2
    for name in ("ses-list", "ses-verify"):
        if not os.access(os.path.join(arguments.directory, name), os.X_OK):
            sys.stderr.write(f"aws_cli: there is no {name} in {arguments.directory}: cargo build --bins\n")
            return 2
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        runner = Runner(f"http://127.0.0.1:{server.server_port}", home, os.path.abspath(arguments.directory))
        comparison = Comparison(runner, peers)
        lines = maker.lines(arguments.count)
        if arguments.show:
            for line in lines:
                print(shlex.join(runner.theirs("aws", line)))
            return 0
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            list(pool.map(comparison.compare, lines))
            more = resumed(maker, runner, peers, lines)
            list(pool.map(comparison.compare, more))
        tell(comparison, len(lines) + len(more))
    server.shutdown()
    return 1 if comparison.differences else 0


if __name__ == "__main__":
    sys.exit(main())
