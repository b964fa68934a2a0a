"""An operator's home: its key, the command line on it, and its node."""
import http.client
import json
import os
import shlex
import signal
import socket
import subprocess
import time

from children import spawn

START_S = 10
STOP_S = 10
COMMAND_S = 60


class Home:
    def __init__(self, name, path, programs, screen):
        self.name = name
        self.path = path
        self.process = None
        self.repute = programs["repute"]
        self._reputed = programs["reputed"]
        self._screen = screen
        os.makedirs(path, mode=0o700)

    # ---- the command line ----

    def run(self, *arguments):
        """Runs repute; returns the finished process, its output as bytes."""
        return subprocess.run([self.repute, "--home", self.path, *arguments],
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=COMMAND_S,
                              check=False)

    def ask(self, *arguments, code=0):
        """What `repute --json ...` answers; its exit code must be this one."""
        done = self.run("--json", *arguments)
        if done.returncode != code:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise RuntimeError(f"{self.name}: repute {shlex.join(arguments)}: exit code "
                               f"{done.returncode}, wanted {code}: {said}")
        return json.loads(done.stdout)

    def show(self, *arguments):
        """Prints the command and what it says to people."""
        self._screen.command(f"repute --home {self.path} {shlex.join(arguments)}")
        done = self.run(*arguments)
        self._screen.block((done.stdout + done.stderr).decode(errors="replace"))

    def key(self):
        with open(os.path.join(self.path, "keys", "operator.pub"), encoding="ascii") as file:
            return file.read().strip()

    # ---- the node ----

    def configure(self, text):
        with open(os.path.join(self.path, "reputed.yaml"), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self):
        """Starts the node. Returns the milliseconds until it was healthy."""
        began = time.monotonic()
        with open(os.path.join(self.path, "log"), "ab") as log:
            self.process = spawn([self._reputed, "--home", self.path], log)
        while not self._is_healthy():
            if self.process.poll() is not None or time.monotonic() - began > START_S:
                raise RuntimeError(f"{self.name}'s node does not start:\n{self.log()}")
            time.sleep(0.002)
        return (time.monotonic() - began) * 1000

    def _is_healthy(self):
        client = http.client.HTTPConnection("localhost", timeout=START_S)
        client.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            client.sock.connect(os.path.join(self.path, "run", "agent.sock"))
            client.request("GET", "/healthz")
            return client.getresponse().status == 200
        except OSError:
            return False
        finally:
            client.close()

    def stop(self):
        """Stops the node, at last by force. Returns its exit code; None: it did not run."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def log(self):
        path = os.path.join(self.path, "log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-20:])
