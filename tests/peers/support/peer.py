"""A client of the official SDKs that talks through `repute guard`, and servers from npm behind it.

    with Bench() as bench:
        with bench.client("v1") as client:
            client.call("echo", {"message": "hi"})

Paths of our programs come from the environment, which meson sets; those of the others from
tools/dev.d/npm.py.
"""
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import npm

HERE = os.path.dirname(os.path.abspath(__file__))
WAIT_S = 20
EVERYTHING = "@modelcontextprotocol/server-everything"
FILES = "@modelcontextprotocol/server-filesystem"
MEMORY = "@modelcontextprotocol/server-memory"
SUBJECT = "mcp:io.example/"


def until(condition, what):
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def _read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return b""


class Bench:
    """A home with a group `work`: for each name a server, the first is the primary. servers: name ->
    (words of its command, its environment)."""

    def __init__(self, servers=None, options=""):
        self.home = tempfile.mkdtemp(prefix="rpt", dir="/tmp")
        words = npm.command(EVERYTHING)
        self.servers = servers or {"alpha": (words, {}), "beta": (words, {})}
        self.configure(options)

    def configure(self, options=""):
        def entry(name):
            words, environment = self.servers[name]
            # Its name is in its environment: that is how the test finds its process.
            environment = {"PEER": f"{name} of {self.home}"} | environment
            return (f'{{ subject: "{SUBJECT}{name}", command: {json.dumps(words[0])}, '
                    f'args: {json.dumps(words[1:])}, env: {json.dumps(environment)}, '
                    'trust_hints: true }')
        first, *others = self.servers
        lines = ["groups:", "  work:", f"    primary: {entry(first)}"]
        if others:
            lines += ["    fallbacks:", *(f"      - {entry(name)}" for name in others)]
        lines += [f"    {line}" for line in options.split("; ") if line]
        with open(os.path.join(self.home, "reputed.yaml"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.home, ignore_errors=True)

    def pid(self, name):
        """0: it does not run."""
        wanted = f"PEER={name} of {self.home}".encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                # A program that was just forked still has its parent's environment; one that ended
                # has none.
                if wanted in _read(f"/proc/{pid}/environ").split(b"\0"):
                    return int(pid)
            except PermissionError:
                pass
        return 0

    def kill(self, name):
        pid = self.pid(name)
        assert pid, f"{name} does not run"
        os.kill(pid, signal.SIGKILL)
        return pid

    def client(self, kind="v1", **options):
        """As the file of a user's client would: {"command": "repute", "args": ["guard", ...]}."""
        return Client(kind, [os.environ["REPUTE"], "guard", "--group", "work"],
                      {"REPUTE_HOME": self.home}, **options)


class Client:
    def __init__(self, kind, command, environment, capabilities=None, options=None):
        script = os.path.join(HERE, f"client_{kind}.mjs")
        setup = {"command": command[0], "args": command[1:], "env": environment,
                 "capabilities": capabilities or {}, "options": options or {}}
        self._log = tempfile.TemporaryFile(prefix="rpt")
        self.process = subprocess.Popen(
            [npm.node(), "--import", os.path.join(HERE, "packages.mjs"), script,
             json.dumps(setup)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
            env=os.environ | {"PACKAGES": npm.folder()})
        self.seen = []
        self._lines = queue.Queue()
        self._next = 0
        threading.Thread(target=self._follow, daemon=True).start()
        try:
            self.connected = self.wait_for(lambda line: "connected" in line)["connected"]
        except BaseException:
            self.__exit__()
            raise

    def _follow(self):
        for line in self.process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self._log.close()

    def log(self):
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def tell(self, **line):
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def wait_for(self, is_wanted):
        """The first line, of those that came and those to come, that is wanted. It is taken out."""
        end = time.monotonic() + WAIT_S
        for number, line in enumerate(self.seen):
            if is_wanted(line):
                return self.seen.pop(number)
        while True:
            try:
                line = self._lines.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                line = None
            assert line is not None, f"it did not come; there were {self.seen}\n{self.log()}"
            if is_wanted(line):
                return line
            self.seen.append(line)

    def send(self, method, params=None, **options):
        """The number of the request."""
        self._next += 1
        self.tell(n=self._next, method=method, params=params, **options)
        return self._next

    def read(self, number):
        """{"result": ...} or {"error": ...}."""
        return self.wait_for(lambda line: line.get("n") == number and "progress" not in line)

    def ask(self, method, params=None, **options):
        answer = self.read(self.send(method, params, **options))
        assert "result" in answer, answer
        return answer["result"]

    def send_call(self, tool, arguments=None, **options):
        return self.send("callTool", {"name": tool, "arguments": arguments or {}}, **options)

    def call(self, tool, arguments=None, **options):
        return self.ask("callTool", {"name": tool, "arguments": arguments or {}}, **options)

    def close(self):
        """Its exit code."""
        self.tell(close=True)
        return self.process.wait(WAIT_S)


def text(result):
    return result["content"][0]["text"]


def about(result):
    """What the guard adds to a result."""
    return result.get("_meta", {}).get("io.repute/guard")


def answered_by(client):
    """The server that answers a read, by its own environment."""
    return json.loads(text(client.call("get-env")))["PEER"].split(" ")[0]


def end(test):
    """Runs the tests, or says what they lack."""
    try:
        npm.folder()
    except npm.Missing as missing:
        print(f"1..1\nnot ok 1 - {missing}", flush=True)
        print(missing, file=sys.stderr)
        return 1
    return test.run()
