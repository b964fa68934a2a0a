#!/usr/bin/python3
"""tools/dev itself: how it counts what test programs print, what it refuses, and how it installs the
npm packages. TAP."""
import json
import os
import re
import subprocess
import sys
import tempfile

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
REFUSED = (["nonsense"], ["fuzz"], ["fuzz", "0"], ["fuzz", "5s"], ["run", "--quick"],
           ["npm", "--quick"])
# What stands in for npm, its name being in the environment: it installs, or it cannot.
NPM = """#!/bin/sh
echo "$1 $PWD" >>"$NPM_CALLS"
[ ! -e "$NPM_CALLS.broken" ] || { echo "no network here" >&2; exit 1; }
mkdir node_modules
"""


def refuses(arguments):
    result = subprocess.run(["sh", os.path.join(ROOT, "tools", "dev"), *arguments],
                            capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/")
    return result.returncode == 2 and "usage" in result.stderr


class Packages:
    """npm.py with an empty cache and a stand-in for npm."""

    def __init__(self, folder):
        self.folder = folder
        self.calls = os.path.join(folder, "calls")
        os.mkdir(os.path.join(folder, "bin"))
        path = os.path.join(folder, "bin", "npm")
        with open(path, "w", encoding="ascii") as file:
            file.write(NPM)
        os.chmod(path, 0o755)

    def start(self, *words):
        environment = {"XDG_CACHE_HOME": os.path.join(self.folder, "cache"),
                       "NPM_CALLS": self.calls, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"}
        return subprocess.Popen(
            [sys.executable, os.path.join(ROOT, "tools", "dev.d", "npm.py"), *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
            env=os.environ | environment)

    def run(self, *words):
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        return process.returncode, out.strip(), err

    def kept(self):
        return [name for name in os.listdir(os.path.join(self.folder, "cache", "repute"))
                if name != "npm.lock"]

    def count(self):
        with open(self.calls, encoding="utf-8") as file:
            return len(file.readlines())


def package_cases():
    with tempfile.TemporaryDirectory(prefix="rpt") as folder:
        packages = Packages(folder)
        code, out, err = packages.run("--where")
        yield "packages that are not there are said to be", \
            (code, out) == (5, "") and err.endswith("; run: sh tools/dev npm\n")
        with open(packages.calls + ".broken", "w", encoding="ascii"):
            code, out, err = packages.run()
        yield "an npm that fails is quoted, and the next step named", \
            (code, out) == (5, "") and "no network here" in err and "run: sh tools/dev npm" in err
        yield "what failed leaves nothing", packages.kept() == []
        os.unlink(packages.calls + ".broken")
        os.mkdir(os.path.join(folder, "cache", "repute", "part-x"))
        several = [packages.start() for _ in range(3)]
        outs = {process.communicate(timeout=60)[0].strip() for process in several}
        yield "several at once install once", packages.count() == 2 and len(outs) == 1
        path = outs.pop()
        yield "the folder holds the packages", os.path.isdir(os.path.join(path, "node_modules"))
        yield "nothing half done is beside it", packages.kept() == [os.path.basename(path)]
        yield "the same are not installed again", \
            packages.run() == (0, path, "") == packages.run("--where") and packages.count() == 2


def lock_cases():
    with open(os.path.join(ROOT, "tests", "npm", "package-lock.json"), encoding="utf-8") as file:
        packages = {path: entry for path, entry in json.load(file)["packages"].items() if path}
    yield "every npm package has a digest", \
        all(re.match("sha512-.{86}==$", entry["integrity"]) for entry in packages.values())
    yield "no npm package names a registry", \
        not any("resolved" in entry for entry in packages.values())


def main():
    cases = [(f"{verdict} with {output!r}", dev_test.count_cases(verdict, output) == expected)
             for verdict, output, expected in COUNTS]
    cases += [(f"refuses: {' '.join(arguments)}", refuses(arguments)) for arguments in REFUSED]
    cases += [*package_cases(), *lock_cases()]
    print(f"1..{len(cases)}")
    for number, (name, passed) in enumerate(cases, 1):
        print(f"{'ok' if passed else 'not ok'} {number} - {name.replace('#', '%')}")
    return 0 if all(passed for _, passed in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
