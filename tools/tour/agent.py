"""An agent's MCP client, as small as one can be, and the guard that it starts as its server."""
import json
import os
import select
import signal
import subprocess
import time

from children import ending_with_us

ANSWER_S = 30
END_S = 10


class Agent:
    """Speaks MCP over the standard streams of the command, as any client does."""

    def __init__(self, command, log):
        self._log = open(log, "ab")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self._log, preexec_fn=ending_with_us())
        self._rest = b""
        self._last = 0

    def _write(self, message):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self.process.stdin.flush()

    def _read(self, seconds):
        end = time.monotonic() + seconds
        while b"\n" not in self._rest:
            left = max(0, end - time.monotonic())
            if not select.select([self.process.stdout], [], [], left)[0]:
                raise RuntimeError(f"no answer for {seconds} s")
            part = os.read(self.process.stdout.fileno(), 65536)
            if not part:
                raise RuntimeError("the guard has ended")
            self._rest += part
        line, self._rest = self._rest.split(b"\n", 1)
        return json.loads(line)

    def send(self, method, **params):
        """Returns the number of the request, for answer."""
        self._last += 1
        self._write({"id": self._last, "method": method, "params": params})
        return self._last

    def answer(self, number):
        while True:
            message = self._read(ANSWER_S)
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"answered {message['error']}")
                return message["result"]

    def ask(self, method, **params):
        return self.answer(self.send(method, **params))

    def send_call(self, tool, **arguments):
        return self.send("tools/call", name=tool, arguments=arguments)

    def call(self, tool, **arguments):
        return self.answer(self.send_call(tool, **arguments))

    def greet(self):
        result = self.ask("initialize", protocolVersion="2025-06-18", capabilities={},
                          clientInfo={"name": "tour", "version": "1"})
        self._write({"method": "notifications/initialized"})
        return result

    def servers(self):
        """Process ids of the guard's children."""
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(path, encoding="ascii") as file:
            return [int(word) for word in file.read().split()]

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.process.stdout.close()
        self._log.close()
