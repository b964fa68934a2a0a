"""What the benchmarks of the guard share: programs that speak MCP, measured from outside, and lines
as bench.c prints them."""
import contextlib
import glob
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

ROUNDS = 5
CALLS = 4000
WIDTH = 16
BATCHES = 1000
GREETING = json.dumps({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {},
    "clientInfo": {"name": "bench", "version": "1"}}}).encode() + b"\n"
GREETED = b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n'


def call(number, tool=b"look"):
    return (b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":'
            b'{"name":"%s","arguments":{"query":"what is measured here","n":%d}}}\n'
            % (number, tool, number))


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return list(map(int, file.read().split()))


def name_of(pid):
    with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
        return file.read().strip()


def family(pid):
    """A process and all that it has started."""
    yield pid
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for child in children(pid):
            yield from family(child)


@contextlib.contextmanager
def on_one_processor(*programs):
    """Us and them: a call goes from one to the next, and what it costs to wake another processor is
    a matter of the machine."""
    before = os.sched_getaffinity(0)

    def place(processors):
        for pid in [os.getpid(), *(pid for one in programs for pid in family(one.pid))]:
            for task in os.listdir(f"/proc/{pid}/task"):
                os.sched_setaffinity(int(task), processors)
    place({max(before)})
    try:
        yield
    finally:
        place(before)


class Process:
    """A program that stands between a client and null_server, with what it starts besides."""

    def __init__(self, pid):
        self.pid = pid

    def pids(self):
        return [pid for pid in family(self.pid) if name_of(pid) != "null_server"]

    def cpu_us(self):
        """Of all its threads."""
        spent = 0
        for pid in self.pids():
            for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
                with open(path, encoding="ascii") as file:
                    spent += int(file.read().split()[0])
        return spent / 1000

    def memory_mb(self, name, file_name="status"):
        """VmRSS, RssAnon, or Pss of smaps_rollup."""
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/{file_name}", encoding="ascii") as file:
                total += next(int(line.split()[1]) for line in file if line.startswith(name + ":"))
        return total / 1024


class Server(Process):
    """A program that speaks MCP on its standard streams."""

    def __init__(self, *command, environment=None):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, bufsize=0,
                                        env=os.environ | (environment or {}))
        super().__init__(self.process.pid)
        self._in, self._out = self.process.stdin.fileno(), self.process.stdout.fileno()

    def greet(self):
        self.ask(GREETING)
        self.write(GREETED)
        return self

    def write(self, lines):
        os.write(self._in, lines)

    def ask(self, lines, count=1):
        self.write(lines)
        self.read(count)

    def read(self, count=1):
        while count > 0:
            got = os.read(self._out, 65536)
            assert got, "it has ended"
            count -= got.count(b"\n")

    def latency_us(self):
        """The median of many calls, one after the other."""
        return statistics.median(taken_us(lambda number: self.ask(call(number)), CALLS))

    def rate(self):
        """Calls a second while 16 are always on their way together."""
        lines = b"".join(call(number) for number in range(WIDTH))
        began = time.perf_counter()
        for _ in range(BATCHES):
            self.ask(lines, WIDTH)
        return BATCHES * WIDTH / (time.perf_counter() - began)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def taken_us(work, count):
    """How long work(0), work(1)... took each."""
    taken = []
    for number in range(count):
        began = time.perf_counter_ns()
        work(number)
        taken.append((time.perf_counter_ns() - began) / 1000)
    return taken


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def null_server(build):
    return os.path.abspath(os.path.join(build, "tests", "e2e", "null_server"))


def guard_of(build, home, group):
    return [os.path.join(build, "tools", "guard", "repute-guard"), "--home", home, "--group", group]


@contextlib.contextmanager
def home_with(config):
    home = tempfile.mkdtemp(prefix="rpt", dir="/tmp")
    try:
        with open(os.path.join(home, "reputed.yaml"), "w", encoding="utf-8") as file:
            file.write(config)
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def print_line(name, value, unit, most=None, least=None):
    target = ""
    if most is not None:
        target = f"  <= {most} {unit}: {'met' if value <= most else 'MISSED'}"
    if least is not None:
        target = f"  >= {least} {unit}: {'met' if value >= least else 'MISSED'}"
    print(f"{name:<52} {value:10.1f} {unit:<10}{target}", flush=True)
