"""fuzz.py SECONDS [TARGET...]: runs each fuzz target for so long, from its corpus.

New inputs that reach more code are kept in build/corpus/TARGET and used again the next time;
crashing ones go to build/crashes/TARGET. The last lines say, per target, executions and crashes.
"""
import os
import re
import subprocess
import sys

import builds

SOURCES = os.path.join(builds.ROOT, "tests", "fuzz")
NOT_TARGETS = {"replay.c"}
# One byte over the largest frame, so that every length check is reached from both sides.
MAX_LEN = 65537
INPUT_TIMEOUT_S = 10
MEMORY_MB = 1024


def all_targets():
    return sorted(name[:-2] for name in os.listdir(SOURCES)
                  if name.endswith(".c") and name not in NOT_TARGETS)


def run(target, seconds):
    """Returns (executions, new crashing inputs)."""
    grown = os.path.join(builds.ROOT, "build", "corpus", target)
    crashes = os.path.join(builds.ROOT, "build", "crashes", target)
    os.makedirs(grown, exist_ok=True)
    os.makedirs(crashes, exist_ok=True)
    before = set(os.listdir(crashes))
    command = [os.path.join(builds.folder("fuzz"), "tests", "fuzz", "fuzz-" + target),
               f"-max_total_time={seconds}", f"-max_len={MAX_LEN}", f"-timeout={INPUT_TIMEOUT_S}",
               f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={crashes}/",
               "-print_final_stats=1", grown, os.path.join(SOURCES, "corpus", target)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace")
    executions = 0
    for line in process.stderr:
        print(line, end="", flush=True)
        found = re.match(r"(?:stat::number_of_executed_units:\s*|#)(\d+)", line)
        executions = max(executions, int(found[1])) if found else executions
    crashed = process.wait() != 0
    new = sorted(set(os.listdir(crashes)) - before)
    for name in new:
        print(f"{target}: {os.path.relpath(os.path.join(crashes, name), builds.ROOT)}: once fixed, "
              f"move it to tests/fuzz/corpus/{target}/")
    return executions, max(len(new), int(crashed))


def main(arguments):
    known = all_targets()
    targets = arguments[1:] or known
    unknown = sorted(set(targets) - set(known))
    if unknown:
        print(f"no such target: {' '.join(unknown)}; there are: {' '.join(known)}",
              file=sys.stderr)
        return 2
    if builds.make("fuzz", *(f"tests/fuzz/fuzz-{target}" for target in targets)):
        return 5
    results = {target: run(target, arguments[0]) for target in targets}
    for target, (executions, crashes) in results.items():
        print(f"fuzz {target}: {executions} executions, {crashes} crashes")
    return 1 if any(crashes for _, crashes in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
