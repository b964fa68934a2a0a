"""What `repute-guard` adds to a call of a server that is reached by HTTP: the same server asked
directly, over a kept connection, and through the guard, in turns.

usage: guard_http.py BUILD      run by tools/dev bench; prints lines as bench.c does
"""
import os
import socket
import statistics
import subprocess
import sys

from bench import (BATCHES, CALLS, ROUNDS, WIDTH, Server, call, guard_of, home_with, print_line,
                   taken_us)

CPU_US_MAX = 60
CONFIG = """breaker: {{ streak: 0, fail_pct: 0, slow_pct: 0 }}
groups:
  web:
    primary:
      {{ subject: "https://a.example/mcp", url: "http://127.0.0.1:{port}/mcp", trust_hints: true,
         headers: {{ Authorization: "Bearer of-a-token-0123456789abcdef0123456789abcdef" }} }}
"""


class Direct:
    """One kept connection to it, and a request as the guard makes it."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                      "Authorization: Bearer of-a-token-0123456789abcdef0123456789abcdef\r\n"
                      "Accept: application/json, text/event-stream\r\n"
                      "Content-Type: application/json\r\n"
                      "MCP-Protocol-Version: 2025-06-18\r\nContent-Length: ").encode()

    def latency_us(self):
        return statistics.median(taken_us(self._ask, CALLS))

    def _ask(self, number):
        line = call(number)
        self._socket.sendall(b"%s%d\r\n\r\n%s" % (self._head, len(line), line))
        while not self._socket.recv(65536).endswith(b"}}"):
            pass

    def close(self):
        self._socket.close()


def measure(direct, guarded):
    latencies, rates, alone, together = [], [], [], []
    for _ in range(ROUNDS):
        plain = direct.latency_us()
        before = guarded.cpu_us()
        latencies.append((plain, guarded.latency_us()))
        alone.append((guarded.cpu_us() - before) / CALLS)
        before = guarded.cpu_us()
        rates.append(guarded.rate())
        together.append((guarded.cpu_us() - before) / (BATCHES * WIDTH))
    plain, through = (statistics.median(column) for column in zip(*latencies))
    print_line("guard, HTTP: a call to the server itself, p50", plain, "us")
    print_line("guard, HTTP: the same through the guard, p50", through, "us")
    print_line("guard, HTTP: ratio of the two", statistics.median(b / a for a, b in latencies), "x")
    print_line("guard, HTTP: its processor time a call", statistics.median(alone), "us",
               CPU_US_MAX)
    print_line("guard, HTTP: calls through it, 16 ways", statistics.median(rates), "/s")
    print_line("guard, HTTP: its processor time, 16 ways", statistics.median(together), "us",
               CPU_US_MAX)
    print_line("guard, HTTP: resident", guarded.memory_mb("VmRSS"), "MB")
    print_line("guard, HTTP: of it, no file's", guarded.memory_mb("RssAnon"), "MB")


def main(build):
    program = os.path.abspath(os.path.join(build, "tests", "e2e", "null_http_server"))
    server = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        port = int(server.stdout.readline())
        with home_with(CONFIG.format(port=port)) as home:
            direct, guarded = Direct(port), Server(*guard_of(build, home, "web")).greet()
            measure(direct, guarded)
            direct.close()
            guarded.close()
    finally:
        server.stdin.close()
        server.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
