"""A home whose group has servers that are URLs. For the tests beside it.

    with Web("options") as desk, desk.guard() as guard: ...
"""
import json
import os
import signal
import subprocess
import sys

from guarding import Desk, until

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "servers", "web.py")
SECRET = "Bearer of-a-secret-0123456789"


class Web(Desk):
    """As a Desk; those of urls are reached by HTTP, with headers besides."""

    def __init__(self, options="", servers=("alpha", "beta"), urls=("alpha", "beta"), **more):
        self.urls = urls
        self._processes = {}
        super().__init__(options, servers)
        for name in urls:
            self.launch(name)
        self.write(options, **more)

    def write(self, options="", headers=f'{{ Authorization: "{SECRET}" }}', entries=None):
        own = {name: f'{{ subject: "{self.subject(name)}", url: "{self.url(name)}", '
                     f'headers: {headers}, trust_hints: true }}' for name in self.urls}
        self.configure(options, entries=own | (entries or {}))

    def be_patient(self):
        """From the next guard on no breaker opens, but for a pause that a server asks for."""
        path = os.path.join(self.home, "reputed.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write("breaker: { streak: 0, fail_pct: 0, slow_pct: 0 }\n" + text)

    def subject(self, name):
        return f"https://{name}.example/mcp" if name in self.urls else f"mcp:io.example/{name}"

    def url(self, name):
        return f"http://127.0.0.1:{self.port(name)}/mcp"

    def port(self, name):
        with open(self._path(name, "port"), encoding="ascii") as file:
            return int(file.read())

    def launch(self, name):
        """Anew at the port that it had, if it had one."""
        there = os.path.exists(self._path(name, "port"))
        port = [str(self.port(name))] if there else []
        if there:
            os.unlink(self._path(name, "port"))
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-P", SERVER, self.folder, name, *port])
        until(lambda: os.path.exists(self._path(name, "port")), f"{name} listens")

    def kill(self, name):
        self._processes[name].send_signal(signal.SIGKILL)
        self._processes[name].wait()

    def _lines(self, name, kind):
        """Whole lines: one may be under way."""
        try:
            with open(self._path(name, kind), encoding="utf-8") as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def asked(self, name, method=None):
        """(headers, message) of each request; of those with a method, if one is given."""
        found = [(headers, message) for _, _, headers, message in self._lines(name, "asked")]
        return found if method is None else [
            row for row in found if row[1] is not None and row[1].get("method") == method]

    def verbs(self, name):
        """The methods of HTTP that it was asked with."""
        return [verb for verb, *_ in self._lines(name, "asked")]

    def arguments(self, name):
        """Of the calls that it was asked to execute."""
        return [params["arguments"] for params in self._lines(name, "calls")]

    def await_lists(self):
        """Each of urls has told its tools."""
        for name in self.urls:
            until(lambda name=name: self.asked(name, "tools/list"), f"{name} is learned")

    def elsewhere(self, name):
        return self._lines(name, "elsewhere")

    def __exit__(self, *what):
        for name in self._processes:
            self.kill(name)
        super().__exit__(*what)
