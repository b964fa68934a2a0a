"""What the tour prints: a heading a step, the commands that it runs, and what it checks."""
import os
import sys
import textwrap

WIDTH = 100


class Failed(Exception):
    """A step did not show what it should."""


class Screen:
    def __init__(self, out=sys.stdout):
        self._out = out
        self._is_coloured = out.isatty() and not os.environ.get("NO_COLOR")
        self._steps = 0
        self.checks = 0

    def _print(self, text=""):
        print(text, file=self._out, flush=True)

    def _coloured(self, code, text):
        return f"\x1b[{code}m{text}\x1b[0m" if self._is_coloured else text

    def heading(self, title):
        self._steps += 1
        line = f"== {self._steps}. {title} "
        self._print()
        self._print(self._coloured("1", line + "=" * max(2, WIDTH - len(line))))

    def say(self, text):
        self._print(textwrap.fill(" ".join(text.split()), WIDTH))

    def command(self, text):
        self._print(self._coloured("36", "  $ " + text))

    def block(self, text):
        for line in text.rstrip("\n").split("\n"):
            self._print(("    " + line).rstrip())

    def table(self, rows):
        """rows: lists of texts, the first one the titles. Columns are as wide as they must be."""
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            self.block("  ".join(cell.ljust(width) for cell, width in zip(row, widths)))

    def check(self, is_so, text):
        """One thing that the step must show."""
        if not is_so:
            self._print(self._coloured("31", "  NOT SO: " + text))
            raise Failed(text)
        self.checks += 1
        self._print(self._coloured("32", "  ok: " + text))
