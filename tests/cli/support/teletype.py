"""`repute` on a terminal of its own, with a person who reads and types."""
import os
import pty
import select
import signal
import termios
import time

import cli

WAIT_S = 20
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Teletype:
    """environment: all that it gets, besides what a sanitizer is told."""

    def __init__(self, *words, environment=None, folder=None):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for number in ENDING:  # whoever runs the tests may ignore some
                signal.signal(number, signal.SIG_DFL)
            if folder is not None:
                os.chdir(folder)
            os.execve(cli.REPUTE, [cli.REPUTE, *words], (environment or {}) | {
                name: value for name, value in os.environ.items() if "SAN_OPTIONS" in name})

    def read_until(self, text):
        deadline = time.monotonic() + WAIT_S
        while text not in self.seen:
            assert time.monotonic() < deadline, (text, self.seen)
            if not select.select([self.fd], [], [], 0.1)[0]:
                continue
            try:
                piece = os.read(self.fd, 4096)
            except OSError:
                piece = b""
            assert piece, (text, self.seen)
            self.seen += piece

    def type(self, text):
        os.write(self.fd, text.encode())

    def read_rest(self):
        """To the end; returns the exit code."""
        while True:
            try:
                piece = os.read(self.fd, 4096)
            except OSError:
                break
            if not piece:
                break
            self.seen += piece
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def answer(self, text, question=b"[y/N] "):
        """Types it at the question; returns the exit code."""
        self.read_until(question)
        self.type(text + "\n")
        return self.read_rest()

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def wait_for_echo(self, wanted):
        deadline = time.monotonic() + WAIT_S
        while self.echoes() != wanted:
            assert time.monotonic() < deadline, (wanted, self.seen)
            time.sleep(0.01)
