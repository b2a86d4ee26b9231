"""Runs a command while a local, empty SES, moto's server, answers on the loopback interface.

    with_local_ses.py DIRECTORY COMMAND [ARGUMENT...]

COMMAND finds the SES by AWS_ENDPOINT_URL, and a home directory below DIRECTORY that is removed at the
end. The exit status is COMMAND's.

The server is a thread of this process, and not a process of its own: whatever ends this one, a
SIGKILL included, leaves no server behind. In Python, because bash cannot both wait for a command
and hand signals on to it: a signal at the moment when the command ends can make it wait for ever.
"""

import contextlib
import logging
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

START_SECONDS = 60
# How long a command that has got Ctrl-C as well may take to mind it.
GRACE_SECONDS = 1
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def main():
    parent, *command = sys.argv[1:]
    runner = Runner()
    with tempfile.TemporaryDirectory(prefix="run.", dir=parent) as directory:
        # For this process too: moto uses boto3, which would mind the caller's configuration.
        os.environ |= furnish(os.path.join(directory, "home"))
        environment = dict(os.environ)
        port = start_server(os.path.join(directory, "log"))
        environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
        status = runner.run(command, environment)
    sys.exit(status)


def furnish(home):
    """Makes the home directory; returns the variables that lead there."""
    aws = os.path.join(home, ".aws")
    conf = os.path.join(home, "tmp", "conf-ses")
    programs = os.path.join(home, "bin")
    for directory in (aws, conf, programs):
        os.makedirs(directory)
    with open(os.path.join(aws, "credentials"), "x") as file:
        for profile in profiles():
            file.write(f"[{profile}]\naws_access_key_id = testing\naws_secret_access_key = testing\n")
    with open(os.path.join(home, ".bashrc"), "x") as file:
        file.write("PS1='(rehearsal) \\w\\$ '\n")
    # An older aws knows no AWS_ENDPOINT_URL, and would go to AWS. With the PATH of the caller: a shim
    # would find this one, which finds the shim.
    if real := shutil.which("aws"):
        program = os.path.join(programs, "aws")
        with open(program, "x") as file:
            file.write(f"#!/bin/sh\nexport PATH={shlex.quote(os.environ['PATH'])}\n")
            file.write(f'exec {shlex.quote(real)} --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n')
        os.chmod(program, 0o755)
    return {"HOME": home, "DIR_CONF": conf, "PATH": f"{programs}:{os.environ['PATH']}"}


def profiles():
    """The names of the caller's profiles, of whom nothing else is read."""
    names = {}
    for file in ("config", "credentials"):
        with contextlib.suppress(OSError):
            with open(os.path.expanduser(f"~/.aws/{file}"), encoding="utf-8", errors="replace") as lines:
                names |= dict.fromkeys(re.findall(r"^\[(?:profile\s+)?([\w.@+-]+)\]", lines.read(), re.M))
    return names


def start_server(log):
    """Returns the port, which the system has chosen."""
    # Requests are no news to whoever watches COMMAND.
    logging.basicConfig(filename=log)
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("rehearse: the local SES does not start"))
    signal.alarm(START_SECONDS)
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    # Python minds signals in the main thread alone. One that the kernel gave to a thread of the server
    # would wait until the main thread has something else to do, which is when the command has ended.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    server.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    signal.alarm(0)
    return server.get_host_and_port()[1]


class Runner:
    """Runs the command; a signal before it ends this process, one while it runs is handed on."""

    def __init__(self):
        self.command = None
        self.early = None
        self.starting = False
        for number in SIGNALS:
            # What the caller ignores (nohup) is none of our business.
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self.on_signal)

    def run(self, command, environment):
        self.starting = True
        try:
            self.command = subprocess.Popen(command, env=environment)
        except FileNotFoundError:
            print(f"rehearse: no such command: {command[0]}", file=sys.stderr)
            return 127
        except OSError as error:
            print(f"rehearse: cannot run {command[0]}: {error.strerror}", file=sys.stderr)
            return 126
        signal.signal(signal.SIGALRM, lambda *_: self.command.send_signal(signal.SIGINT))
        if self.early is not None:
            self.command.send_signal(self.early)
        status = None
        while status is None:
            # A signal that comes just before a wait without end is only minded after it.
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self.command.wait(timeout=1)
        return status if status >= 0 else 128 - status

    def on_signal(self, number, _frame):
        if not self.starting:
            sys.exit(128 + number)
        elif self.command is None:
            self.early = number
        elif number == signal.SIGINT:
            # The terminal sends Ctrl-C to the command as well, and twice is once too often; but a
            # SIGINT from elsewhere has come to this process alone.
            signal.alarm(GRACE_SECONDS)
        else:
            self.command.send_signal(number)


if __name__ == "__main__":
    main()
