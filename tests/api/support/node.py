"""A real `reputed` on a temporary home, and HTTP over its Unix sockets. For every test beside it.

    with Node() as node:
        status, answer = node.ask("GET", "/v1/status")

Paths of the programs come from the environment, which meson sets: REPUTED and MAKE_RECORDS.
"""
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import schema

START_S = 10
STOP_S = 10


class _Connection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Answer:
    """status, headers (lower case), body (bytes), json (None if it is none)."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()
        self.type = self.headers.get("content-type", "")
        self.json = json.loads(self.body) if "json" in self.type.split(";")[0] \
            and "ndjson" not in self.type and self.body else None

    @property
    def code(self):
        """The code of a problem document; None: it is none."""
        return self.json["code"] if self.type == "application/problem+json" else None


class Node:
    """config: text of reputed.yaml. operator: number of the key whose node it is; None: none."""

    def __init__(self, config="", operator=None, home=None):
        # Socket paths are short, so the home must be.
        self._made = home is None
        self.home = home or tempfile.mkdtemp(prefix="rpt", dir="/tmp")
        self.process = None
        self._agents = {}
        os.makedirs(os.path.join(self.home, "keys"), mode=0o700, exist_ok=True)
        if config:
            with open(os.path.join(self.home, "reputed.yaml"), "w", encoding="utf-8") as file:
                file.write(config)
        if operator is not None:
            with open(os.path.join(self.home, "keys", "operator.pub"), "w",
                      encoding="utf-8") as file:
                file.write(make(f"key {operator}")[0] + "\n")

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        if self._made:
            shutil.rmtree(self.home, ignore_errors=True)

    def start(self, *options):
        with open(os.path.join(self.home, "log"), "ab") as log:
            self.process = subprocess.Popen([os.environ["REPUTED"], "--home", self.home, *options],
                                            stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_S
        while True:
            try:
                if self.ask("GET", "/healthz").status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("reputed does not start:\n" + self.log())
            time.sleep(0.01)

    def stop(self, how=signal.SIGTERM):
        """Returns the exit code, None if it did not run."""
        for connection in self._agents.values():
            connection.close()
        self._agents = {}
        if self.process is None:
            return None
        process, self.process = self.process, None
        process.send_signal(how)
        try:
            return process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def log(self):
        with open(os.path.join(self.home, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def socket(self, as_agent=False):
        return os.path.join(self.home, "run", "agent.sock" if as_agent else "operator.sock")

    def connection(self, as_agent=False, timeout=30):
        return _Connection(self.socket(as_agent), timeout)

    def ask(self, method, path, body=None, as_agent=False, headers=None, timeout=30):
        """body: bytes as they are, anything else as JSON. Every answer is held against openapi.json.
        as_agent: True: an agent of its own, over a new connection; a name: this agent, over the
        connection that it keeps."""
        is_kept = isinstance(as_agent, str)
        if is_kept and as_agent not in self._agents:
            self._agents[as_agent] = self.connection(True, timeout)
        connection = self._agents[as_agent] if is_kept else self.connection(as_agent, timeout)
        try:
            if body is not None and not isinstance(body, bytes):
                body = json.dumps(body).encode()
            connection.request(method, path, body, headers or {})
            answer = Answer(connection.getresponse())
        finally:
            if not is_kept:
                connection.close()
        schema.check_answer(method, path, answer)
        return answer

    def publish(self, *commands):
        """Makes the records (see make_records.c) and publishes them; the verdicts in order."""
        answer = self.ask("POST", "/v1/records", {"records": make(*commands)})
        assert answer.status == 200, answer.body
        return [row["verdict"] for row in answer.json]


    def import_records(self, records, network="main", **arguments):
        """POSTs a record file of these records, in hex, in this order."""
        return self.ask("POST", "/v1/records", record_file(records, network),
                        headers={"Content-Type": "application/vnd.repute.records"}, **arguments)


def record_file(records, network="main"):
    name = hashlib.blake2b(b"repute-network-v1\0" + network.encode(), digest_size=32).digest()
    framed = (bytes.fromhex(record) for record in records)
    return b"RPTREC1\n" + name[:8] + b"".join(len(one).to_bytes(2, "big") + one for one in framed)


def make(*commands, network="main"):
    """The lines that make_records prints for these commands."""
    done = subprocess.run([os.environ["MAKE_RECORDS"], network], input="\n".join(commands) + "\n",
                          capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1]


def now_ms():
    return time.time_ns() // 1_000_000


def quote(text):
    """A path segment: everything but unreserved characters is escaped."""
    return "".join(c if c.isalnum() or c in "-._~" else f"%{ord(c):02X}" for c in text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, seconds=20):
    """What what() gives once that is true."""
    deadline = time.monotonic() + seconds
    while not (got := what()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)
    return got


class Tests:
    """TAP: each function is one test, its name a sentence; a failure is whatever it raises."""

    def __init__(self):
        self._tests = []

    def __call__(self, function):
        self._tests.append(function)
        return function

    def run(self, *arguments):
        failed = 0
        print(f"1..{len(self._tests)}", flush=True)
        for number, function in enumerate(self._tests, 1):
            name = function.__name__.replace("_", " ")
            try:
                function(*arguments)
                print(f"ok {number} - {name}", flush=True)
            except Exception as error:  # every failure is a line, and the next test runs
                failed += 1
                print(f"not ok {number} - {name}", flush=True)
                where = error.__traceback__
                while where.tb_next:
                    where = where.tb_next
                print(f"# line {where.tb_lineno}: {error!r}", file=sys.stderr)
        return 1 if failed else 0


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def near(got, wanted, tolerance=1e-6):
    assert got is not None and abs(got - wanted) <= tolerance, f"got {got!r}, wanted {wanted!r}"


def refused(answer, status, code, *words):
    """A problem document that says this much."""
    equal(answer.type, "application/problem+json")
    equal((answer.status, answer.code), (status, code))
    equal(answer.json["status"], status)
    for member in ("type", "title", "detail", "next"):
        assert answer.json[member], f"{member} is empty"
    for text in words:
        assert text in answer.json["detail"], f"{text!r} is not in {answer.json['detail']!r}"
