"""What the tests of shielding resources share: servers, outcomes, signed orders, events."""
import json
import socket

from node import equal, make, quote

A = "mcp:io.example/a"
B = "https://b.example/mcp"
C = "pkg:npm/c"

GROUP = """groups:
  search:
    primary: { subject: "mcp:io.example/a", command: "true" }
    fallbacks:
      - { subject: "https://b.example/mcp", url: "https://b.example/mcp" }
      - { subject: "pkg:npm/c", command: "true" }
"""


def tell(node, subject, class_, count=1, as_agent=True, **more):
    """Sends outcomes of one server in one batch. as_agent: as of Node.ask."""
    row = {"subject": subject, "class": class_, **more}
    answer = node.ask("POST", "/v1/outcomes", {"outcomes": [row] * count}, as_agent=as_agent)
    equal((answer.status, answer.json), (200, {"accepted": count}))


def breaker(node, subject, as_agent=True):
    answer = node.ask("GET", f"/v1/breakers/{quote(subject)}", as_agent=as_agent)
    equal(answer.status, 200)
    return answer.json


def nonce(node):
    answer = node.ask("POST", "/v1/nonces", {})
    equal(answer.status, 200)
    return answer.json["nonce"]


def consent(node, verb, subject, argument="-", key=1):
    """The members that sign an order."""
    number = nonce(node)
    text = f"{verb}\n{subject}\n{argument}\n{number}"
    [signature] = make(f"statement {key} order {text.encode().hex()}")
    return {"nonce": number, "signature": signature}


def order_breaker(node, subject, verb, signed=True, **more):
    body = {"verb": verb, **more}
    if signed:
        body |= consent(node, verb, subject, more.get("expires_s", "-"))
    return node.ask("POST", f"/v1/breakers/{quote(subject)}", body)


def order_quarantine(node, subject, order, signed=False, **more):
    body = {"subject": subject, "order": order, **more}
    if signed:
        body |= consent(node, order, subject, more.get("ttl_s", "-"))
    return node.ask("POST", "/v1/quarantine", body)


class Events:
    """A reader of /v1/events, over its own connection."""

    def __init__(self, node, query="", as_agent=False, timeout=5):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(node.socket(as_agent))
        self.socket.sendall(f"GET /v1/events{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self._got = b""
        head = self._until(b"\r\n\r\n").decode()
        self.status = int(head.split()[1])
        self.type = [line.split(": ")[1] for line in head.split("\r\n")
                     if line.lower().startswith("content-type")][0]
        self._text = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _until(self, end):
        while end not in self._got:
            piece = self.socket.recv(65536)
            if not piece:
                raise EOFError("the stream ended")
            self._got += piece
        part, self._got = self._got.split(end, 1)
        return part + end

    def block(self):
        """The next block of lines, comments included."""
        while b"\n\n" not in self._text:
            size = int(self._until(b"\r\n"), 16)
            if size == 0:
                raise EOFError("the stream ended")
            while len(self._got) < size + 2:
                piece = self.socket.recv(65536)
                if not piece:
                    raise EOFError("the stream was cut")
                self._got += piece
            self._text += self._got[:size]
            self._got = self._got[size + 2:]
        block, self._text = self._text.split(b"\n\n", 1)
        return block.decode()

    def next(self):
        """The next event: (type, id, data)."""
        while True:
            block = self.block()
            if block.startswith(":"):
                continue
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            return fields["event"], int(fields["id"]), json.loads(fields["data"])
