"""Runs `repute` in homes of its own. A test is a function: its name says what must hold, its
asserts check it; `main` runs those it is given and prints TAP.

usage of each test program: NAME.py REPUTE REPUTED
"""
import json
import os
import subprocess
import sys
import tempfile
import traceback

REPUTE, REPUTED = (os.path.abspath(path) for path in sys.argv[1:3])
# A key and ids to speak of: any 32 bytes have a text form.
SUBJECT = "mcp:io.example/search"
PASSPHRASE = "a passphrase of several words"


class Result:
    """How a command ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit {self.code}\n--- out\n{self.out}--- err\n{self.err}---"

    @property
    def document(self):
        """Standard output as its one JSON document."""
        return json.loads(self.out)

    @property
    def refusal(self):
        """The code of an error that was asked for with --json."""
        return self.document["error"]["code"]


def run(*words, env=None, stdin="", fds=(), timeout=60, no_terminal=False, cwd=None):
    environment = {"PATH": os.environ["PATH"]} | {
        name: value for name, value in os.environ.items() if "SAN_OPTIONS" in name}
    done = subprocess.run([REPUTE, *map(str, words)], input=stdin, capture_output=True, text=True,
                          env=environment | (env or {}), timeout=timeout, pass_fds=fds,
                          start_new_session=no_terminal, cwd=cwd)
    return Result(done.returncode, done.stdout, done.stderr)


class Home:
    """A directory of one instance, gone at the end."""

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="repute-cli-", dir="/tmp")
        self.path = self._directory.name + "/h"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._directory.cleanup()

    def file(self, name):
        return os.path.join(self.path, name)

    def read(self, name):
        with open(self.file(name), "rb") as file:
            return file.read()

    def write(self, name, content, mode=0o600):
        path = self.file(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, mode)
        return path

    def run(self, *words, **options):
        return run("--home", self.path, *words, **options)

    def json(self, *words, **options):
        return self.run("--json", *words, **options)

    def ok(self, *words, **options):
        """The document of a command that must succeed."""
        result = self.json(*words, **options)
        assert result.code == 0, (words, result)
        return result.document


def refused(result, code, exit_code):
    """A refusal as --json shows it: this code, this exit, a message, a next step."""
    assert result.code == exit_code, result
    error = result.document["error"]
    assert set(error) == {"code", "message", "next"}, error
    assert error["code"] == code, error
    assert error["message"] and error["next"], error
    assert result.err == "", result
    return error


def main(*tests):
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        try:
            test()
            verdict = "ok"
        except Exception:  # an unforeseen error is a failure like any other
            print(traceback.format_exc(), file=sys.stderr)
            verdict = "not ok"
            failed += 1
        print(f"{verdict} {number} - {test.__name__.replace('_', ' ')}", flush=True)
    sys.exit(1 if failed else 0)
