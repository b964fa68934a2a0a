"""A Streamable HTTP server that does what a test says, byte for byte, and a backend that talks to it.

    with Server() as server, Backend(server.url) as backend:
        server.answers(json_answer('{"jsonrpc":"2.0","id":1,"result":{}}'))
        backend.tell("send 1 ...")
        backend.said("line ...")

An answer is a list of steps: bytes are sent, an Event is waited for, CUT resets the connection, END
closes it; otherwise it is kept. It may be a function of the request as well.
"""
import json
import os
import queue
import socket
import struct
import subprocess
import threading
import time

PATIENCE_S = 10
CUT, END = "cut", "end"


class Request:
    """method, path, headers (names in lower case), body (bytes), connection (its number)."""

    def __init__(self, head, connection):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = lines[0].split(" ", 2)
        self.headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            self.headers[name.lower()] = value.strip()
        self.body = b""
        self.connection = connection

    @property
    def id(self):
        return json.loads(self.body).get("id")


def http(status, *headers, body=b"", length=None):
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {size}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def json_answer(text, *headers, status=200):
    return [http(status, "Content-Type: application/json", *headers, body=text.encode())]


def accepted():
    return [http(202)]


def stream(*pieces, headers=()):
    """Server-sent events until the connection ends."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Connection: close", *headers]
    return ["\r\n".join(lines).encode() + b"\r\n\r\n", *pieces]


def event(text, *fields):
    return "".join(f"{field}\n" for field in (*fields, f"data: {text}")).encode() + b"\n"


class Endless(list):
    """A stream that says nothing, until the other side is gone; then closed is set."""

    def __init__(self):
        super().__init__(stream())
        self.closed = threading.Event()

    def __iter__(self):
        yield self[0]
        try:
            while True:
                yield b": still here\n"
                time.sleep(0.01)
        finally:
            self.closed.set()


class Server:
    def __init__(self, wrap=None):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._wrap = wrap
        self._answers = queue.Queue()
        self.requests = queue.Queue()
        self.connections = 0
        self._open = []
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/mcp"
        self.rule = None
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        for connection in self._open:
            connection.close()

    def answers(self, *answers):
        """The answers to the next requests, in the order in which they come."""
        for answer in answers:
            self._answers.put(answer)

    def asked(self):
        """The next request that came."""
        return self.requests.get(timeout=PATIENCE_S)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection, self.connections),
                             daemon=True).start()

    def _serve(self, connection, number):
        try:
            if self._wrap is not None:
                connection = self._wrap(connection)
            self._open.append(connection)
            with connection:
                while self._turn(connection, number):
                    pass
        except (OSError, queue.Empty):
            pass

    def _turn(self, connection, number):
        taken = b""
        while b"\r\n\r\n" not in taken:
            piece = connection.recv(65536)
            if not piece:
                return False
            taken += piece
        head, body = taken.split(b"\r\n\r\n", 1)
        request = Request(head, number)
        size = int(request.headers.get("content-length", 0))
        while len(body) < size:
            piece = connection.recv(65536)
            if not piece:
                return False
            body += piece
        request.body = body
        answer = self.rule(request) if self.rule is not None else None
        self.requests.put(request)
        if answer is None:
            answer = self._answers.get(timeout=PATIENCE_S)
        return self._give(connection, answer)

    def _give(self, connection, steps):
        for step in steps:
            if step == CUT:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                      struct.pack("ii", 1, 0))
                return False
            if step == END:
                return False
            if isinstance(step, threading.Event):
                if not step.wait(PATIENCE_S):
                    return False
            else:
                connection.sendall(step)
        return not any(isinstance(step, bytes) and b"Connection: close" in step for step in steps)


class Backend:
    def __init__(self, url, *headers, connect_ms=5000, env=None):
        self._process = subprocess.Popen(
            [os.environ["PLAY_BACKEND"], url, str(connect_ms), *headers],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **(env or {})})
        self._said = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self._process.stdin.close()
        code = self._process.wait(PATIENCE_S)
        if kind is None:
            assert code == 0, f"it ended with {code}"

    def _read(self):
        for line in self._process.stdout:
            self._said.put(line.decode().rstrip("\n"))
        self._said.put(None)

    def tell(self, *commands):
        self._process.stdin.write("".join(f"{command}\n" for command in commands).encode())
        self._process.stdin.flush()

    def begin(self, *commands):
        """Started; then these."""
        self.tell("start")
        self.hears("up")
        self.tell(*commands)

    def hear(self):
        return self._said.get(timeout=PATIENCE_S)

    def hears(self, *wanted):
        """Exactly this comes next."""
        for line in wanted:
            got = self.hear()
            assert got == line, f"got {got!r}, wanted {line!r}"

    def is_silent(self):
        return self._said.empty()
