"""A client of `repute-guard`, and the servers behind it. For the tests beside it.

    with Desk() as desk:
        with desk.guard() as guard:
            guard.greet()
            guard.call("look")
"""
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "servers", "moody.py")
WAIT_S = 10


def until(condition, what):
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


class Desk:
    """A home with a group `work` of two servers, alpha the primary and beta, and their moods."""

    def __init__(self, options="", servers=("alpha", "beta"), hints=True):
        self.home = tempfile.mkdtemp(prefix="rpt", dir="/tmp")
        self.servers = servers
        self.server = SERVER
        self.folder = os.path.join(self.home, "servers")
        os.mkdir(self.folder)
        self.configure(options, hints)

    def configure(self, options="", hints=True, entries=None):
        def entry(name):
            return (entries or {}).get(name) or (
                f'{{ subject: "mcp:io.example/{name}", command: "{sys.executable}", '
                f'args: ["{SERVER}", "{self.folder}", "{name}"], '
                f'trust_hints: {"true" if hints else "false"} }}')
        first, *others = self.servers
        lines = ["groups:", "  work:", f"    primary: {entry(first)}"]
        if others:
            lines.append("    fallbacks:")
            lines += [f"      - {entry(name)}" for name in others]
        lines += [f"    {line}" for line in options.split("; ") if line]
        with open(os.path.join(self.home, "reputed.yaml"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.home, ignore_errors=True)

    def _path(self, name, kind):
        return os.path.join(self.folder, f"{name}.{kind}")

    def put(self, name, kind, text):
        """Replaced as a whole: a server may read it at any time."""
        with open(self._path(name, kind + "~"), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self._path(name, kind + "~"), self._path(name, kind))

    def raw(self, name, data, mood="raw"):
        """What it writes instead of answers; lines, @ID@ being the id of the call."""
        with open(self._path(name, "raw"), "wb") as file:
            file.write(data + b"\n")
        self.mood(name, mood)

    def mood(self, name, mood):
        self.put(name, "mood", mood)

    def read(self, name, kind):
        try:
            with open(self._path(name, kind), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def calls(self, name):
        """The names of the tools that it was asked to execute."""
        try:
            with open(self._path(name, "calls"), encoding="utf-8") as file:
                return [json.loads(line)["name"] for line in file]
        except FileNotFoundError:
            return []

    def pid(self, name):
        try:
            with open(self._path(name, "pid"), encoding="ascii") as file:
                return int(file.read() or "0")
        except FileNotFoundError:
            return 0

    def pids(self):
        return [pid for pid in map(self.pid, self.servers) if pid]

    def guard(self, *words, group="work"):
        return Guard([os.environ["REPUTE_GUARD"], "--home", self.home, "--group", group, *words])


class Guard:
    """environment: variables besides our own."""

    def __init__(self, command, environment=None):
        self._log = tempfile.TemporaryFile(prefix="rpt")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self._log, bufsize=0,
                                        env=os.environ | (environment or {}))
        self._rest = b""
        self._next = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)
        self._log.close()

    def stop(self, how=signal.SIGTERM):
        """Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(WAIT_S)
        for stream in (self.process.stdin, self.process.stdout):
            stream.close()
        return code

    def log(self):
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def write(self, line):
        data = line if isinstance(line, bytes) else line.encode()
        self.process.stdin.write(data + b"\n")

    def read_line(self, wait_s=WAIT_S):
        """None: nothing came in that time."""
        end = time.monotonic() + wait_s
        while b"\n" not in self._rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            got = os.read(self.process.stdout.fileno(), 65536)
            if not got:
                return None
            self._rest += got
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode()

    def read(self, number=None):
        """The next answer; with a number, that to this id, whatever else comes before."""
        while True:
            line = self.read_line()
            assert line is not None, "no answer\n" + self.log()
            message = json.loads(line)
            if "method" in message and "id" not in message:
                continue
            if number is None or message.get("id") == number:
                return message

    def send(self, method, params=None, number=None):
        """The id that the request was given."""
        if number is None:
            self._next += 1
            number = self._next
        self.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method}
                              | ({} if params is None else {"params": params})))
        return number

    def ask(self, method, params=None):
        return self.read(self.send(method, params))

    def greet(self):
        answer = self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {},
                                         "clientInfo": {"name": "test", "version": "1"}})
        self.write('{"jsonrpc":"2.0","method":"notifications/initialized"}')
        return answer["result"]

    def send_call(self, tool, arguments=None):
        return self.send("tools/call", {"name": tool, "arguments": arguments or {}})

    def call(self, tool, arguments=None):
        return self.read(self.send_call(tool, arguments))
