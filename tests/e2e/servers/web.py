#!/usr/bin/python3
"""An MCP server over Streamable HTTP for tests: it writes down what it is asked, and then does what
its moods say, byte for byte, on sockets of its own.

usage: web.py FOLDER NAME [PORT]

FOLDER/NAME.port gets its port once it listens, FOLDER/NAME.pid its process id, FOLDER/NAME.asked a
line for each request that came (method of HTTP, path, headers, message), FOLDER/NAME.calls one for
each tools/call. FOLDER/NAME.mood is read at each call, FOLDER/NAME.greeting at initialize and
server/discover, FOLDER/NAME.listing at tools/list: without them all is answered. FOLDER/NAME.session,
if there, is the session that it knows. FOLDER/NAME.tools is a JSON array in the place of its tools;
with FOLDER/NAME.modern it speaks MCP 2026-07-28 alone.
"""
import json
import os
import socket
import struct
import sys
import threading
import time

FOLDER, NAME = sys.argv[1:3]
LOCK = threading.Lock()
HOLD_S = 60


def path(kind):
    return os.path.join(FOLDER, f"{NAME}.{kind}")


def read(kind, default):
    try:
        with open(path(kind), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return default


def write_down(kind, value):
    with LOCK, open(path(kind), "a", encoding="utf-8") as file:
        file.write(json.dumps(value) + "\n")


def publish(kind, text):
    with open(path(kind + "~"), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path(kind + "~"), path(kind))


# ---- what it says ----

def http(status, *headers, body=b"", length=None):
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {size}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def in_json(message, *headers, status=200):
    text = message if isinstance(message, str) else json.dumps(message)
    return http(status, "Content-Type: application/json", *headers, body=text.encode())


STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def chunk(data):
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def event(message, end="\n"):
    """One line a member, so that the data of the event has several."""
    lines = json.dumps(message, indent=0).split("\n")
    return (end.join(f"data: {line}" for line in lines) + end * 2).encode()


def cut(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


# ---- moods: each gets the connection and the answer; False: the connection is done with ----

def stream(connection, answer, end="\n", begin=b""):
    connection.sendall(STREAM + begin + event(answer, end))
    return False


def chunked(connection, answer):
    body = event(answer)
    pieces = b"".join(chunk(body[i:i + 7]) for i in range(0, len(body), 7)) + b"0\r\n\r\n"
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                       b"Transfer-Encoding: chunked\r\n\r\n" + pieces)
    return True


def trickle(connection, answer):
    for byte in STREAM + event(answer):
        connection.sendall(bytes([byte]))
        time.sleep(0.0005)
    return False


def hang(connection, answer):
    del answer
    connection.settimeout(HOLD_S)
    connection.recv(1)
    return False


def endless(connection, answer):
    """Alive, says nothing, and never ends."""
    del answer
    connection.sendall(STREAM)
    while True:
        connection.sendall(b": still here\n\n")
        time.sleep(0.02)


def drop(connection, answer):
    body = json.dumps(answer).encode()
    connection.sendall(http(200, "Content-Type: application/json", body=body[:-9],
                            length=len(body)))
    return False


def cut_off(connection, answer):
    del answer
    cut(connection)
    return False


def twice(connection, answer):
    connection.sendall(STREAM + event(answer) + event(answer))
    return False


def oversize(connection, answer):
    answer["result"]["content"][0]["text"] = "x" * (5 << 20)
    connection.sendall(in_json(answer))
    return True


def slow(connection, answer):
    time.sleep(0.3)
    connection.sendall(in_json(answer))
    return True


def flood(connection, answer):
    """Half an event that grows and grows."""
    del answer
    connection.sendall(STREAM + b"data: ")
    while True:
        connection.sendall(b"x" * 65536)


def says(*pieces):
    def mood(connection, answer):
        del answer
        for piece in pieces:
            connection.sendall(piece)
        return True
    return mood


def other_id(connection, answer):
    connection.sendall(in_json(answer | {"id": 987654321}))
    return True


def mismatch(connection, answer):
    """The headers lack something, this once."""
    os.unlink(path("mood"))
    connection.sendall(in_json({"jsonrpc": "2.0", "id": answer["id"], "error": {
        "code": -32020, "message": "Header mismatch"}}, status=400))
    return True


def failed(connection, answer):
    connection.sendall(in_json({"jsonrpc": "2.0", "id": answer["id"],
                                "error": {"code": -32603, "message": "broken"}}))
    return True


def status(number, *headers):
    return says(http(number, "Content-Type: text/plain", *headers, body=b"no"))


MOODS = {
    "stream": stream,
    "stream cr": lambda connection, answer: stream(connection, answer, "\r"),
    "stream crlf": lambda connection, answer: stream(connection, answer, "\r\n"),
    "stream bom": lambda connection, answer: stream(connection, answer, begin=b"\xef\xbb\xbf"),
    "chunked": chunked, "trickle": trickle, "hang": hang, "endless": endless, "drop": drop,
    "cut": cut_off, "twice": twice, "oversize": oversize, "slow": slow, "flood": flood,
    "fail": failed, "mismatch": mismatch, "wrong id": other_id,
    "garbage": says(in_json("{this is no message")),
    "html": says(http(200, "Content-Type: text/html", body=b"<p>sign in</p>")),
    "binary": says(b"\x00\x01\x02\x03nonsense\r\n\r\n"),
    "429": status(429, "Retry-After: 7"), "429 bare": status(429),
    "401": status(401, "WWW-Authenticate: Bearer"), "403": status(403),
    "500": status(500), "503": status(503), "404": status(404), "400": status(400),
    "202": says(http(202)),
}


class Server:
    def __init__(self, port):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.elsewhere = socket.create_server(("127.0.0.1", 0))

    def run(self):
        publish("pid", str(os.getpid()))
        publish("port", str(self.listener.getsockname()[1]))
        threading.Thread(target=self.accept, args=(self.elsewhere, True), daemon=True).start()
        self.accept(self.listener, False)

    def accept(self, listener, is_elsewhere):
        while True:
            connection, _ = listener.accept()
            if is_elsewhere:
                write_down("elsewhere", "somebody came")
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection:
                while self.turn(connection):
                    pass
        except (OSError, ValueError):
            pass

    def turn(self, connection):
        taken = b""
        while b"\r\n\r\n" not in taken:
            piece = connection.recv(65536)
            if not piece:
                return False
            taken += piece
        head, body = taken.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        verb, where, _ = first.split(" ", 2)
        headers = dict(line.split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in headers.items()}
        size = int(headers.get("content-length", 0))
        while len(body) < size:
            piece = connection.recv(65536)
            if not piece:
                return False
            body += piece
        message = json.loads(body) if body else None
        write_down("asked", [verb, where, headers, message])
        return self.answer(connection, (verb, where, headers), message)

    def answer(self, connection, request, message):
        verb, where, headers = request
        method = message.get("method") if message else None
        session = read("session", "")
        if verb != "POST":
            connection.sendall(http(405 if verb == "GET" else 200))
            return True
        if session and method != "initialize" and headers.get("mcp-session-id") != session:
            connection.sendall(http(404))
            return True
        if method is None or "id" not in message:
            connection.sendall(http(202))
            return True
        if method == "tools/call":
            write_down("calls", message["params"])
        kind = {"initialize": "greeting", "server/discover": "greeting", "tools/list": "listing",
                "tools/call": "mood"}.get(method)
        mood = read(kind, "") if kind and where != "/moved" else ""
        answer = {"jsonrpc": "2.0", "id": message["id"]} | self.outcome(method, message)
        if mood == "elsewhere":
            port = self.elsewhere.getsockname()[1]
            connection.sendall(http(307, f"Location: http://127.0.0.1:{port}/mcp"))
        elif mood == "moved":
            connection.sendall(http(307, "Location: /moved"))
        elif mood in MOODS:
            return MOODS[mood](connection, answer)
        else:
            named = [f"Mcp-Session-Id: {session}"] if session and method == "initialize" else []
            connection.sendall(in_json(answer, *named))
        return True

    def outcome(self, method, message):
        modern = os.path.exists(path("modern"))
        rest = {"resultType": "complete"} if modern else {}
        about = {"capabilities": {"tools": {"listChanged": True}},
                 "serverInfo": {"name": NAME, "version": "1"}}
        if method == "initialize" and not modern:
            return {"result": about | {"protocolVersion": message["params"]["protocolVersion"]}}
        if method == "server/discover" and modern:
            return {"result": rest | about | {"supportedVersions": ["2026-07-28"], "ttlMs": 0,
                                              "cacheScope": "private"}}
        if method == "tools/list":
            return {"result": rest | {"tools": self.tools()}}
        if method == "tools/call":
            text = f"{NAME}: {message['params']['name']}"
            return {"result": rest | {"content": [{"type": "text", "text": text}]}}
        return {"error": {"code": -32601, "message": "Method not found"}}

    @staticmethod
    def tools():
        own = read("tools", "")
        return json.loads(own) if own else [
            {"name": word, "inputSchema": {"type": "object"},
             "annotations": {"readOnlyHint": word == "look"}} for word in ("look", "change")]


Server(int(sys.argv[3]) if len(sys.argv) > 3 else 0).run()
