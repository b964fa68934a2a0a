"""What a call costs that comes to `repute-guard` by HTTP: the server itself on its standard streams,
and through the guard over kept connections, in turns; one call at a time, and 16 at once.

usage: guard_face.py BUILD      run by tools/dev bench; prints lines as bench.c does
"""
import os
import select
import shutil
import socket
import statistics
import sys
import tempfile
import time

from guard import CALLS, CONFIG, ROUNDS, WIDTH, Server, call, print_line

CPU_US_MAX = 60
BATCHES = 250
HELLO = (b'{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
         b'"capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}')


class Client:
    """One kept connection, and requests as an SDK makes them."""

    def __init__(self, port, head=b""):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                      "Accept: application/json, text/event-stream\r\n"
                      "Content-Type: application/json\r\n").encode() + head

    def write(self, line):
        self.socket.sendall(b"%sContent-Length: %d\r\n\r\n%s" % (self._head, len(line), line))

    def read(self):
        got = self.socket.recv(65536)
        while not got.endswith(b"}"):
            got += self.socket.recv(65536)
        return got

    def ask(self, line):
        self.write(line)
        return self.read()

    def close(self):
        self.socket.close()


def begin(port):
    """The headers of a session that was begun."""
    client = Client(port)
    answer = client.ask(HELLO).decode()
    client.close()
    name = answer.lower().index("mcp-session-id: ") + len("mcp-session-id: ")
    return (f"Mcp-Session-Id: {answer[name:].split(chr(13))[0]}\r\n"
            "MCP-Protocol-Version: 2025-06-18\r\n").encode()


def latency_us(client):
    taken = []
    for number in range(CALLS):
        line = call(number)
        began = time.perf_counter_ns()
        client.ask(line)
        taken.append(time.perf_counter_ns() - began)
    return statistics.median(taken) / 1000


def rate(clients):
    """Calls a second while each of them always has one on its way."""
    line = call(1)
    files = {client.socket.fileno(): client for client in clients}
    waiting = select.poll()
    for number in files:
        waiting.register(number, select.POLLIN)
    began, left = time.perf_counter(), BATCHES * WIDTH
    for client in clients:
        client.write(line)
    while left > 0:
        for number, _ in waiting.poll():
            files[number].read()
            left -= 1
            if left >= WIDTH:
                files[number].write(line)
    return BATCHES * WIDTH / (time.perf_counter() - began)


def measure(direct, guarded, clients):
    latencies, rates, alone, together = [], [], [], []
    for _ in range(ROUNDS):
        plain = direct.latency_us()
        before = guarded.cpu_us()
        latencies.append((plain, latency_us(clients[0])))
        alone.append((guarded.cpu_us() - before) / CALLS)
        before = guarded.cpu_us()
        rates.append(rate(clients))
        together.append((guarded.cpu_us() - before) / (BATCHES * WIDTH))
    plain, through = (statistics.median(column) for column in zip(*latencies))
    print_line("guard, HTTP face: a call to the server itself, p50", plain, "us")
    print_line("guard, HTTP face: the same by HTTP through the guard, p50", through, "us")
    print_line("guard, HTTP face: its processor time a call", statistics.median(alone), "us",
               CPU_US_MAX)
    print_line("guard, HTTP face: calls through it, 16 ways", statistics.median(rates), "/s")
    print_line("guard, HTTP face: its processor time, 16 ways", statistics.median(together), "us",
               CPU_US_MAX)
    print_line("guard, HTTP face: resident", guarded.memory_mb("VmRSS"), "MB")
    print_line("guard, HTTP face: of it, its own", guarded.memory_mb("RssAnon"), "MB")


class Guarded(Server):
    """The guard itself, with the port that it says it listens on."""

    def __init__(self, build, home):
        super().__init__(os.path.join(build, "tools", "guard", "repute-guard"), "--home", home,
                         "--group", "work", "--http", "127.0.0.1:0")
        self.port = int(self.process.stdout.readline().decode().rsplit(":", 1)[1].split("/")[0])

    def close(self):
        self.process.terminate()
        super().close()


def main(build):
    server = os.path.abspath(os.path.join(build, "tests", "e2e", "null_server"))
    home = tempfile.mkdtemp(prefix="rpt", dir="/tmp")
    try:
        with open(os.path.join(home, "reputed.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(server=server))
        direct, guarded = Server(server).greet(), Guarded(build, home)
        head = begin(guarded.port)
        clients = [Client(guarded.port, head) for _ in range(WIDTH)]
        clients[0].ask(call(0))
        measure(direct, guarded, clients)
        for client in clients:
            client.close()
        direct.close()
        guarded.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
