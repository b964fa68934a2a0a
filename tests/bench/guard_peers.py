"""`repute-guard` beside proxies of others in front of the same server, in turns: npm's mcp-scan on
standard streams, and npm's mcp-proxy, which has only HTTP in front.

usage: guard_peers.py BUILD      run by tools/dev bench; prints lines as bench.c does

They are installed by `sh tools/dev npm`; without them only that is said.
"""
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from bench import (CALLS, GREETED, GREETING, ROUNDS, WIDTH, Process, Server, call, guard_of,
                   home_with, null_server, on_one_processor, print_line, taken_us)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir,
                                "tools", "dev.d"))
import npm

WAIT_S = 20
HTTP_CALLS = 1000
CONFIG = """breaker: {{ streak: 0, fail_pct: 0, slow_pct: 0 }}
groups:
  work:
    primary: {{ subject: "mcp:io.example/a", command: "{server}", trust_hints: true }}
"""


class Stream:
    """One kept connection to an MCP server that speaks Streamable HTTP."""

    def __init__(self, port, path):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                      "Content-Type: application/json\r\n"
                      "Accept: application/json, text/event-stream\r\n")
        self._session = ""

    def _read(self):
        """One answer with its head; it ends with its length or its last chunk."""
        text = b""
        while True:
            got = self._socket.recv(65536)
            assert got, "it has closed the connection"
            text += got
            head, is_whole, body = text.partition(b"\r\n\r\n")
            if not is_whole:
                continue
            lower = head.lower()
            if b"chunked" in lower:
                if body.endswith(b"0\r\n\r\n"):
                    return head.decode(), body
            elif b"content-length:" in lower:
                if len(body) >= int(lower.split(b"content-length:")[1].split()[0]):
                    return head.decode(), body
            else:
                return head.decode(), body

    def send(self, line):
        body = line.rstrip(b"\n")
        self._socket.sendall((self._head + self._session
                              + f"Content-Length: {len(body)}\r\n\r\n").encode() + body)
        return self._read()

    def greet(self):
        head, _ = self.send(GREETING)
        for line in head.split("\r\n"):
            if line.lower().startswith("mcp-session-id:"):
                self._session = (f"Mcp-Session-Id: {line.split(':', 1)[1].strip()}\r\n"
                                 "MCP-Protocol-Version: 2025-06-18\r\n")
        self.send(GREETED)
        return self

    def ask(self, number):
        _, body = self.send(call(number))
        assert b"done" in body, body

    def close(self):
        self._socket.close()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Listener(Process):
    """A program with an HTTP face."""

    def __init__(self, command, port, path):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        super().__init__(self.process.pid)
        end = time.monotonic() + WAIT_S
        while True:
            try:
                self.stream = Stream(port, path).greet()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < end, "it does not listen"
                time.sleep(0.02)

    def latency_us(self):
        return statistics.median(taken_us(self.stream.ask, HTTP_CALLS))

    def close(self):
        self.stream.close()
        self.process.terminate()
        self.process.wait()


def cpu_us(program, count):
    before = program.cpu_us()
    program.latency_us()
    return (program.cpu_us() - before) / count


def print_beside(what, unit, ours, theirs, peer):
    """The ratio says how many times better ours is."""
    print_line(f"guard: {what}", ours, unit)
    print_line(f"{peer}: the same", theirs, unit)
    print_line("ratio", ours / theirs if unit == "/s" else theirs / ours, "x")


def streams(build, home):
    """On standard streams: ours, mcp-scan's, the server alone."""
    server = null_server(build)
    scan = npm.command("mcp-scan") + ["proxy", "--command", server]
    with tempfile.TemporaryDirectory(prefix="rpt", dir="/tmp") as elsewhere:
        programs = [Server(server).greet(), Server(*guard_of(build, home, "work")).greet(),
                    Server(*scan, environment={"HOME": elsewhere}).greet()]
        direct, guarded, other = programs
        other.latency_us()  # V8 compiles what is called often
        with on_one_processor(*programs):
            taken = [[one.latency_us() for one in programs] for _ in range(ROUNDS)]
            our_cpu, their_cpu = cpu_us(guarded, CALLS), cpu_us(other, CALLS)
        rates = [[one.rate() for one in programs] for _ in range(ROUNDS)]
        plain, ours, theirs = (statistics.median(column) for column in zip(*taken))
        _, our_rate, their_rate = (statistics.median(column) for column in zip(*rates))
        peer = "mcp-scan proxy"
        print_beside("added to a call on streams, p50", "us", ours - plain, theirs - plain, peer)
        print_beside("processor time a call on streams", "us", our_cpu, their_cpu, peer)
        print_beside(f"calls on streams, {WIDTH} ways", "/s", our_rate,
                     their_rate, peer)
        print_beside("resident", "MB", guarded.memory_mb("VmRSS"), other.memory_mb("VmRSS"), peer)
        for one in programs:
            one.close()


def faces(build, home):
    """HTTP in front, standard streams behind: ours and mcp-proxy's."""
    port, other_port = free_port(), free_port()
    command = npm.command("mcp-proxy") + ["--port", str(other_port), "--host", "127.0.0.1",
                                          "--server", "stream", "--", null_server(build)]
    guarded = Listener(guard_of(build, home, "work") + ["--http", f"127.0.0.1:{port}"], port, "/mcp")
    other = Listener(command, other_port, "/mcp")
    other.latency_us()
    with on_one_processor(guarded, other):
        taken = [[one.latency_us() for one in (guarded, other)] for _ in range(ROUNDS)]
        our_cpu, their_cpu = cpu_us(guarded, HTTP_CALLS), cpu_us(other, HTTP_CALLS)
    ours, theirs = (statistics.median(column) for column in zip(*taken))
    peer = "mcp-proxy"
    print_beside("a call by HTTP, p50", "us", ours, theirs, peer)
    print_beside("processor time a call by HTTP", "us", our_cpu, their_cpu, peer)
    print_beside("resident, with the HTTP face", "MB", guarded.memory_mb("VmRSS"),
                 other.memory_mb("VmRSS"), peer)
    guarded.close()
    other.close()


def main(build):
    try:
        npm.folder()
    except npm.Missing as missing:
        print(f"guard_peers: not measured: {missing}", flush=True)
        return 0
    with home_with(CONFIG.format(server=null_server(build))) as home:
        streams(build, home)
        faces(build, home)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
