"""The build folders under build/: which compiler, which options, and how to make them.

As a program: `builds.py NAME` configures and compiles one, `builds.py --setup NAME` only configures.
"""
import os
import shlex
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JOBS = len(os.sched_getaffinity(0))

# Half the time of a build: a reader of warnings and traces needs neither -O3 nor all of -g.
_QUICK = ["-Doptimization=1"]
_SANITIZER = [*_QUICK, "-Db_lundef=false",
              "-Dc_args=-g1 -fno-sanitize-recover=all -fno-omit-frame-pointer"]
BUILDS = {
    "release": ("gcc", []),
    "gcc": ("gcc", ["-Dwerror=true"]),
    "clang": ("clang", ["-Dwerror=true", *_QUICK]),
    "asan": ("gcc", ["-Db_sanitize=address,undefined", *_SANITIZER]),
    "tsan": ("gcc", ["-Db_sanitize=thread", *_SANITIZER]),
    "fuzz": ("clang", ["-Dfuzz=true", "-Db_sanitize=address,undefined", *_SANITIZER]),
}


def folder(name):
    return os.path.join(ROOT, "build", name)


def setup(name):
    """Configures the folder, from scratch if it was made with other options; else does nothing."""
    compiler, options = BUILDS[name]
    if shutil.which("ccache"):
        compiler = "ccache " + compiler
    wanted = shlex.join([compiler, *options])
    stamp = os.path.join(folder(name), "options")
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == wanted:
                return 0
    shutil.rmtree(folder(name), ignore_errors=True)
    code = subprocess.call(["meson", "setup", folder(name), *options], cwd=ROOT,
                           env=os.environ | {"CC": compiler})
    if code == 0:
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(wanted)
    return code


def make(name, *targets):
    """Builds the targets (all of them when none is named). Returns the exit code."""
    code = setup(name)
    return code or subprocess.call(["ninja", f"-j{JOBS}", "-C", folder(name), *targets])


def main(arguments):
    if arguments[0] == "--setup":
        return 5 if setup(arguments[1]) else 0
    if make(arguments[0]):
        return 5
    print(f"built in {os.path.relpath(folder(arguments[0]), ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
