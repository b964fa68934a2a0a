"""An MCP client of either era beside the real `repute mcp serve`, which holds every structured
content against the output schema of its tool.

    with Client(home) as client:
        client.greet()
        client.tool("get_score", subject="mcp:io.example/search")
"""
import json
import os
import select
import subprocess
import time

import schema

import cli

MODERN = "2026-07-28"
WAIT_S = 20


class Client:
    """version: the one to speak; MODERN needs no greeting."""

    def __init__(self, home, version="2025-11-25"):
        self.version = version
        self.is_modern = version == MODERN
        self.process = subprocess.Popen(
            [cli.REPUTE, "--home", home, "mcp", "serve"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env=dict(os.environ))
        self._rest = b""
        self._next = 0
        self._schemas = None
        self.notices = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def send(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def line(self, wait_s=WAIT_S):
        """The next line that comes, as bytes; None: the stream has ended."""
        deadline = time.monotonic() + wait_s
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            assert left > 0, "no line came in time"
            if not select.select([self.process.stdout], [], [], left)[0]:
                continue
            piece = os.read(self.process.stdout.fileno(), 1 << 16)
            if piece == b"":
                assert self._rest == b"", "the last line was cut off"
                return None
            self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        return line

    def answer(self):
        """The next message that is no notification; those are kept."""
        while True:
            message = json.loads(self.line())
            assert message["jsonrpc"] == "2.0", message
            if "id" in message:
                return message
            self.notices.append(message)

    def notice(self):
        while not self.notices:
            message = json.loads(self.line())
            assert "id" not in message, message
            self.notices.append(message)
        return self.notices.pop(0)

    def write(self, method, params=None):
        """Sends a request; returns its id."""
        self._next += 1
        params = dict(params or {})
        if self.is_modern:
            params["_meta"] = {"io.modelcontextprotocol/protocolVersion": MODERN,
                               "io.modelcontextprotocol/clientCapabilities": {}}
        message = {"jsonrpc": "2.0", "id": self._next, "method": method, "params": params}
        self.send(json.dumps(message).encode())
        return self._next

    def ask(self, method, params=None):
        """The whole answer."""
        wanted = self.write(method, params)
        message = self.answer()
        assert message["id"] == wanted, message
        return message

    def result(self, method, params=None):
        message = self.ask(method, params)
        assert "result" in message, message
        if self.is_modern:
            assert message["result"]["resultType"] == "complete", message
        else:
            assert "resultType" not in message["result"], message
        return message["result"]

    def error(self, method, params=None):
        """(code, message) of a refusal."""
        message = self.ask(method, params)
        assert set(message) == {"jsonrpc", "id", "error"}, message
        return message["error"]["code"], message["error"]["message"]

    def greet(self):
        if self.is_modern:
            return self.result("server/discover")
        greeting = self.result("initialize", {"protocolVersion": self.version, "capabilities": {},
                                              "clientInfo": {"name": "test", "version": "1"}})
        self.send(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        return greeting

    def tools(self):
        return self.result("tools/list")["tools"]

    def call(self, name, arguments):
        return self.result("tools/call", {"name": name, "arguments": arguments})

    def tool(self, name, /, **arguments):
        """The structured content of a call that must succeed."""
        if self._schemas is None:
            self._schemas = {tool["name"]: tool["outputSchema"] for tool in self.tools()}
        result = self.call(name, arguments)
        assert result["isError"] is False, result
        content = result["structuredContent"]
        schema.check(self._schemas[name], content, name)
        assert [item["type"] for item in result["content"]] == ["text"], result
        assert json.loads(result["content"][0]["text"]) == content, result
        return content

    def refusal(self, name, /, **arguments):
        """The sentence of a call whose arguments are wrong."""
        result = self.call(name, arguments)
        assert result["isError"] is True and "structuredContent" not in result, result
        return result["content"][0]["text"]

    def end(self):
        """Closes our end; the exit code, when everything that was left has been read."""
        self.process.stdin.close()
        left = []
        while (line := self.line()) is not None:
            left.append(json.loads(line))
        return self.process.wait(WAIT_S), left
