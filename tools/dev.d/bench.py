"""bench.py [NAME...]: builds the release and runs the benchmarks, one after the other."""
import os
import platform
import re
import subprocess
import sys

import builds

SOURCES = os.path.join(builds.ROOT, "tests", "bench")
NOT_BENCHMARKS = {"bench.c", "bench.py"}


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"^model name\s*:\s*(.*)$", file.read(), re.M)
    compiler = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True,
                              check=True).stdout.strip()
    return (f"machine: {model[1] if model else platform.machine()}, {builds.JOBS} cores, "
            f"Linux {platform.release()}, gcc {compiler}")


def command(file):
    """A benchmark in C is built; one in Python is given the build whose programs it watches."""
    release = builds.folder("release")
    if file.endswith(".py"):
        return [sys.executable, os.path.join(SOURCES, file), release]
    return [os.path.join(release, "tests", "bench", "bench-" + file[:-2])]


def main(names):
    files = {os.path.splitext(name)[0]: name for name in os.listdir(SOURCES)
             if name.endswith((".c", ".py")) and name not in NOT_BENCHMARKS}
    known = sorted(files)
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no such benchmark: {' '.join(unknown)}; there are: {' '.join(known)}",
              file=sys.stderr)
        return 2
    if builds.make("release"):
        return 5
    print(machine(), flush=True)
    commands = [command(files[name]) for name in names or known]
    return 1 if any([subprocess.call(arguments) for arguments in commands]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
