#!/usr/bin/python3
"""tools/dev itself: how it counts what test programs print, and what it refuses. TAP."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools", "dev.d"))
import test as dev_test  # noqa: E402 (tools/dev.d/test.py)

# (meson's verdict on a program, its standard output, (passed, failed))
COUNTS = (
    ("OK", "1..2\nok 1 - a\nok 2 - b\n# ok - group\n", (2, 0)),
    ("FAIL", "1..2\nok 1 - a\nnot ok 2 - b\n", (1, 1)),
    ("ERROR", "1..3\nok 1 - a\n", (1, 1)),
    ("ERROR", "1..3\nnot ok 1 - a\nnot ok 2 - b\n", (0, 2)),
    ("TIMEOUT", "", (0, 1)),
    ("OK", "no TAP at all\n", (1, 0)),
    ("FAIL", "no TAP at all\n", (0, 1)),
    ("OK", "1..2\nok 1 - a\nok 2 - b # SKIP no IPv6\n", (1, 0)),
    ("SKIP", "1..0 # SKIP no kernel support\n", (0, 0)),
)
REFUSED = (["nonsense"], ["fuzz"], ["fuzz", "0"], ["fuzz", "5s"], ["run", "--quick"])


def refuses(arguments):
    result = subprocess.run(["sh", os.path.join(ROOT, "tools", "dev"), *arguments],
                            capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/")
    return result.returncode == 2 and "usage" in result.stderr


def main():
    cases = [(f"{verdict} with {output!r}", dev_test.count_cases(verdict, output) == expected)
             for verdict, output, expected in COUNTS]
    cases += [(f"refuses: {' '.join(arguments)}", refuses(arguments)) for arguments in REFUSED]
    print(f"1..{len(cases)}")
    for number, (name, passed) in enumerate(cases, 1):
        print(f"{'ok' if passed else 'not ok'} {number} - {name.replace('#', '%')}")
    return 0 if all(passed for _, passed in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
