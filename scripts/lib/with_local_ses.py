"""Runs a command while a local, empty SES, moto's server, answers on the loopback interface.

    with_local_ses.py DIRECTORY COMMAND [ARGUMENT...]

COMMAND finds the SES by AWS_ENDPOINT_URL, and empty configuration files and DIR_CONF in a directory
below DIRECTORY that is removed at the end. The exit status is COMMAND's.

The server is a thread of this process, and not a process of its own: whatever ends this one, a
SIGKILL included, leaves no server behind. In Python, because bash cannot both wait for a command
and hand signals on to it: a signal at the moment when the command ends can make it wait for ever.
"""

import contextlib
import logging
import os
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
        for name, file in [("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")]:
            os.environ[name] = os.path.join(directory, file)
            open(os.environ[name], "x").close()
        os.environ["DIR_CONF"] = os.path.join(directory, "conf")
        os.mkdir(os.environ["DIR_CONF"])
        environment = dict(os.environ)
        port = start_server(os.path.join(directory, "log"))
        environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
        status = runner.run(command, environment)
    sys.exit(status)


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
