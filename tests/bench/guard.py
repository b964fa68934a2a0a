"""What `repute-guard` adds to a call: the same server spoken to directly and through it, in turns.

usage: guard.py BUILD      run by tools/dev bench; prints lines as bench.c does
"""
import contextlib
import glob
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
CALLS = 4000
WIDTH = 16
BATCHES = 1000
KILLS = 100
RESIDENT_MB_MAX = 8
CONFIG = """breaker: {{ streak: 0, fail_pct: 0, slow_pct: 0 }}
groups:
  work:
    primary: {{ subject: "mcp:io.example/a", command: "{server}", trust_hints: true }}
    fallbacks:
      - {{ subject: "mcp:io.example/b", command: "{server}", trust_hints: true }}
  hanging:
    primary:
      {{ subject: "mcp:io.example/c", command: "{server}", args: ["/dev/null", "hang"],
         trust_hints: true }}
    fallbacks:
      - {{ subject: "mcp:io.example/b", command: "{server}", trust_hints: true }}
"""
GREETING = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {},
    "clientInfo": {"name": "bench", "version": "1"}}}


def call(number):
    return (b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":'
            b'{"name":"look","arguments":{"query":"what is measured here"}}}\n' % number)


class Server:
    """A program that speaks MCP on its standard streams."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, bufsize=0)
        self._in, self._out = self.process.stdin.fileno(), self.process.stdout.fileno()

    def greet(self):
        self.ask(json.dumps(GREETING).encode() + b"\n")
        os.write(self._in, b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        return self

    def write(self, lines):
        os.write(self._in, lines)

    def ask(self, lines, count=1):
        self.write(lines)
        self.read(count)

    def read(self, count=1):
        while count > 0:
            count -= os.read(self._out, 65536).count(b"\n")

    def latency_us(self):
        """The median of many calls, one after the other."""
        taken = []
        for number in range(CALLS):
            line = call(number)
            began = time.perf_counter_ns()
            self.ask(line)
            taken.append(time.perf_counter_ns() - began)
        return statistics.median(taken) / 1000

    def rate(self):
        """Calls a second while 16 are always on their way together."""
        lines = b"".join(call(number) for number in range(WIDTH))
        began = time.perf_counter()
        for _ in range(BATCHES):
            self.ask(lines, WIDTH)
        return BATCHES * WIDTH / (time.perf_counter() - began)

    def children(self):
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return list(map(int, file.read().split()))

    def cpu_us(self):
        """Of all its threads."""
        spent = 0
        for path in glob.glob(f"/proc/{self.process.pid}/task/*/schedstat"):
            with open(path, encoding="ascii") as file:
                spent += int(file.read().split()[0])
        return spent / 1000

    def resident_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

    def own_mb(self):
        """Memory that is no file's: without the code of libraries."""
        with open(f"/proc/{self.process.pid}/smaps_rollup", encoding="ascii") as file:
            return sum(int(line.split()[1]) for line in file
                       if line.startswith("Anonymous:")) / 1024

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def hanging(guarded):
    """The process id of the server that does not answer; 0: it does not run."""
    for pid in guarded.children():
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                if file.read().endswith("hang\0"):
                    return pid
    return 0


def failovers_ms(guarded):
    """From the death of a server with a read under way to the answer of another one."""
    taken, last = [], 0
    for number in range(KILLS):
        victim = hanging(guarded)
        while victim in (0, last):
            guarded.process.send_signal(signal.SIGHUP)  # it waits for no back-off
            time.sleep(0.002)
            victim = hanging(guarded)
        time.sleep(0.01)  # it has been learned
        guarded.write(call(number))
        time.sleep(0.002)  # it is under way
        began = time.perf_counter_ns()
        os.kill(victim, signal.SIGKILL)
        guarded.read()
        taken.append((time.perf_counter_ns() - began) / 1e6)
        last = victim
    return taken


def print_line(name, value, unit, most=None, least=None):
    target = ""
    if most is not None:
        target = f"  <= {most} {unit}: {'met' if value <= most else 'MISSED'}"
    if least is not None:
        target = f"  >= {least} {unit}: {'met' if value >= least else 'MISSED'}"
    print(f"{name:<44} {value:10.1f} {unit:<10}{target}", flush=True)


def measure(direct, guarded):
    latencies, rates = [], []
    for _ in range(ROUNDS):
        latencies.append((direct.latency_us(), guarded.latency_us()))
        rates.append((direct.rate(), guarded.rate()))
    before = guarded.cpu_us()
    guarded.latency_us()
    alone = (guarded.cpu_us() - before) / CALLS
    before = guarded.cpu_us()
    guarded.rate()
    together = (guarded.cpu_us() - before) / (BATCHES * WIDTH)
    plain, through = (statistics.median(column) for column in zip(*latencies))
    print_line("guard: a call to the server itself, p50", plain, "us")
    print_line("guard: the same through the guard, p50", through, "us")
    print_line("guard: added by it", statistics.median(b - a for a, b in latencies), "us", 15)
    print_line("guard: its processor time a call", alone, "us", 10)
    plain, through = (statistics.median(column) for column in zip(*rates))
    print_line("guard: calls to the server itself, 16 ways", plain, "/s")
    print_line("guard: calls through the guard, 16 ways", through, "/s", least=60000)
    print_line("guard: its processor time a call, 16 ways", together, "us")
    print_line("guard: resident", guarded.resident_mb(), "MB", RESIDENT_MB_MAX)
    print_line("guard: of it, its own", guarded.own_mb(), "MB")


def main(build):
    server = os.path.abspath(os.path.join(build, "tests", "e2e", "null_server"))
    home = tempfile.mkdtemp(prefix="rpt", dir="/tmp")
    try:
        with open(os.path.join(home, "reputed.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(server=server))
        guard = [os.path.join(build, "tools", "guard", "repute-guard"), "--home", home, "--group"]
        direct, guarded = Server(server).greet(), Server(*guard, "work").greet()
        measure(direct, guarded)
        direct.close()
        guarded.close()
        guarded = Server(*guard, "hanging").greet()
        taken = failovers_ms(guarded)
        guarded.close()
        print_line("guard: server killed, answered by another, p50", statistics.median(taken), "ms")
        print_line("guard: the same, the longest of all", max(taken), "ms", 5)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
