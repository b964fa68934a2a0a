"""`repute-guard` with an HTTP face, clients of both eras, and talkative servers behind it.

    with Front() as front:
        client = front.legacy()
        client.call("look")
"""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile

from guarding import WAIT_S, Desk

CHATTY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "servers", "chatty.py")
META = "io.modelcontextprotocol/"
LATEST, MODERN = "2025-11-25", "2026-07-28"
TAKES = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


class Answer:
    """status, headers (names in lower case), body (bytes), messages of the body."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def is_stream(self):
        return self.headers.get("content-type") == "text/event-stream"

    @property
    def messages(self):
        if not self.is_stream:
            return [json.loads(self.body)]
        return [json.loads(event.split("data: ", 1)[1])
                for event in self.body.decode().split("\n\n") if "data: " in event]

    @property
    def message(self):
        """The last one: the answer itself."""
        return self.messages[-1]

    @property
    def text(self):
        return self.message["result"]["content"][0]["text"]


class Stream:
    """An answer that is read while it comes."""

    def __init__(self, connection):
        self.connection = connection
        self.response = connection.getresponse()
        self.status = self.response.status
        self.type = self.response.getheader("Content-Type")
        self.comments = 0

    def next(self):
        """The next message; None: it has ended."""
        data = []
        while True:
            line = self.response.readline()
            if not line:
                return None
            line = line.decode().rstrip("\n")
            if line.startswith("data: "):
                data.append(line[6:])
            elif line.startswith(":"):
                self.comments += 1
            elif not line and data:
                return json.loads("\n".join(data))

    def close(self):
        """As a client does that is not there any more."""
        self.response.close()
        self.connection.close()


class Client:
    """headers go with each request."""

    def __init__(self, port, headers=None):
        self.port = port
        self.headers = dict(TAKES) | (headers or {})
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
        self.number = 0

    def ask(self, method, path="/mcp", body=None, headers=None):
        self.connection.request(method, path, body, self.headers | (headers or {}))
        return Answer(self.connection.getresponse())

    def post(self, message, headers=None):
        body = message if isinstance(message, (str, bytes)) else json.dumps(message)
        return self.ask("POST", body=body, headers=headers)

    def open(self, message=None, headers=None):
        """Its answer as a stream, on a connection of its own; without a message a GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        connection.request("GET" if message is None else "POST", "/mcp",
                           None if message is None else json.dumps(message),
                           self.headers | (headers or {}))
        return connection

    def stream(self, message=None, headers=None):
        return Stream(self.open(message, headers))

    def request(self, method, params=None, number=None):
        if number is None:
            self.number += 1
            number = self.number
        return {"jsonrpc": "2.0", "id": number, "method": method} | (
            {} if params is None else {"params": params})

    def send(self, method, params=None, number=None):
        return self.post(self.request(method, params, number))

    def call_of(self, tool, arguments=None, number=None, **params):
        return self.request("tools/call", {"name": tool, "arguments": arguments or {}} | params,
                            number)

    def call(self, tool, arguments=None, number=None, **params):
        return self.post(self.call_of(tool, arguments, number, **params))


class Legacy(Client):
    """One that has begun a session."""

    def __init__(self, port, headers=None, version=LATEST, capabilities=None):
        super().__init__(port, headers)
        self.hello = self.send("initialize", {"protocolVersion": version,
                                              "capabilities": capabilities or {},
                                              "clientInfo": {"name": "test", "version": "1"}})
        self.session = self.hello.headers.get("mcp-session-id")
        if self.session is not None:
            self.headers |= {"Mcp-Session-Id": self.session, "MCP-Protocol-Version": version}
            self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})


class Modern(Client):
    """Each request says who speaks, in its body and its headers."""

    def __init__(self, port, headers=None, name="test"):
        super().__init__(port, {"MCP-Protocol-Version": MODERN} | (headers or {}))
        self.meta = {META + "protocolVersion": MODERN,
                     META + "clientInfo": {"name": name, "version": "1"},
                     META + "clientCapabilities": {}}

    def request(self, method, params=None, number=None):
        params = dict(params or {})
        params["_meta"] = self.meta | params.get("_meta", {})
        return super().request(method, params, number)

    @staticmethod
    def headers_of(message):
        name = message["params"].get("name", message["params"].get("uri"))
        return {"Mcp-Method": message["method"]} | ({} if name is None else {"Mcp-Name": name})

    def post(self, message, headers=None):
        if isinstance(message, dict) and "params" in message:
            headers = self.headers_of(message) | (headers or {})
        return super().post(message, headers)

    def open(self, message=None, headers=None):
        return super().open(message, self.headers_of(message) | (headers or {}))


class Front(Desk):
    """A group of two such servers, alpha the primary and beta, and the guard in front of them."""

    def __init__(self, *words, command=None, servers=("alpha", "beta"), options="call_timeout: 20s"):
        super().__init__(options, servers)
        command = command or [sys.executable, CHATTY]
        self.configure(options, entries={
            name: f'{{ subject: "mcp:io.example/{name}", command: "{command[0]}", '
                  f'args: {json.dumps([*command[1:], self.folder, name])}, trust_hints: true }}'
            for name in servers})
        self._log = tempfile.TemporaryFile(prefix="rpt")
        self.process = subprocess.Popen(
            [os.environ["REPUTE_GUARD"], "--home", self.home, "--group", "work",
             "--http", "127.0.0.1:0", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log)
        self.line = self.process.stdout.readline().decode()
        assert self.line.startswith("listening on http://127.0.0.1:"), self.line + self.log()
        self.port = int(self.line.rsplit(":", 1)[1].split("/")[0])

    def __exit__(self, kind, *rest):
        self.stop(signal.SIGKILL)
        if kind is not None:
            print("# " + self.log().replace("\n", "\n# "), file=sys.stderr)
        self._log.close()
        super().__exit__(kind, *rest)

    def stop(self, how=signal.SIGTERM):
        """Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(WAIT_S)
        self.process.stdout.close()
        return code

    def log(self):
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def legacy(self, headers=None, **more):
        return Legacy(self.port, headers, **more)

    def modern(self, headers=None, **more):
        return Modern(self.port, headers, **more)

    def plain(self, headers=None):
        return Client(self.port, headers)

    def raw(self, data):
        """What comes back for these bytes, after which the other side closes."""
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), WAIT_S) as connection:
            try:
                connection.sendall(data)
                while piece := connection.recv(65536):
                    got += piece
            except ConnectionError:
                pass
        return got

    def lines(self, name, kind):
        try:
            with open(os.path.join(self.folder, f"{name}.{kind}"), encoding="utf-8") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []
