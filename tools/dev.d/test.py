"""Everything that CI runs. The last line is `N passed, N failed`; the exit code is 0 iff N is 0.

A case is one test case of a TAP program, one other test, or one build. What a step prints goes to
build/log/; of a failure the end of it is shown.
"""
import json
import os
import re
import signal
import subprocess
import sys
import time

import builds

LOGS = os.path.join(builds.ROOT, "build", "log")
# CI gives 25 minutes. Whatever hangs is stopped in time to say so.
DEADLINE_S = 24 * 60
SHOWN_LINES = 60
# A disk that others use makes a test wait that flushes often; what hangs is stopped all the same.
PATIENCE = "4"
BUILDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "builds.py")
PACKAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "npm.py")
# The suites that sanitizers watch: programs of our own code, one process each.
SANITIZED = {
    "asan": ("unit", "vectors", "property", "fuzz", "sim", "threads"),
    "tsan": ("threads",),
}
ENVIRONMENT = os.environ | {"UBSAN_OPTIONS": "print_stacktrace=1"}
PASSED, FAILED = "passed", "failed"


class Run:
    def __init__(self):
        self.start = time.monotonic()
        self.counts = {PASSED: 0, FAILED: 0}

    def count(self, passed, failed):
        self.counts[PASSED] += passed
        self.counts[FAILED] += failed

    def begin(self, title, command):
        """Starts one command into its log. Returns (process, path of the log)."""
        path = os.path.join(LOGS, title.replace(" ", "-") + ".log")
        with open(path, "wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT,
                                    stdin=subprocess.DEVNULL, start_new_session=True,
                                    cwd=builds.ROOT, env=ENVIRONMENT), path

    def end(self, process, path):
        """Its exit code, when it is done or the time is over."""
        left = max(1, DEADLINE_S - (time.monotonic() - self.start))
        try:
            return process.wait(timeout=left)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            with open(path, "ab") as log:
                log.write(b"\nstopped: the time for all tests is over\n")
            return -1

    def step(self, title, command):
        """Runs one command into its log. Returns (exit code, path of the log)."""
        process, path = self.begin(title, command)
        return self.end(process, path), path

    def build(self, name):
        """Builds everything; that is a case of its own."""
        started = time.monotonic()
        code, log = self.step(f"{name} build", [sys.executable, BUILDS, name])
        self.count(code == 0, code != 0)
        say(f"{name}: build {'FAILED' if code else 'passed'}, {time.monotonic() - started:.0f} s")
        if code:
            show(log)
        return code == 0

    def packages(self, process, path):
        """The npm packages, which were installed meanwhile; that is a case of its own as well."""
        code = self.end(process, path)
        self.count(code == 0, code != 0)
        say(f"npm: packages {'FAILED' if code else 'passed'}")
        if code:
            show(path)

    def tests(self, name, suites=()):
        """Builds and runs the tests, of these suites only if any are given."""
        started = time.monotonic()
        command = ["meson", "test", "-C", builds.folder(name), "--num-processes",
                   str(builds.JOBS), "--timeout-multiplier", PATIENCE, "--no-suite", "slow"]
        for suite in suites:
            command += ["--suite", suite]
        results = os.path.join(builds.folder(name), "meson-logs", "testlog.json")
        if os.path.exists(results):
            os.remove(results)
        code, log = self.step(f"{name} test", command)
        tests = read_results(results)
        passed = sum(test[PASSED] for test in tests)
        failed = sum(test[FAILED] for test in tests)
        for test in tests:
            if test[FAILED]:
                say(f"--- {name}: {test['name']}: {test['result']}")
                print(tail(test["output"]), flush=True)
        if code != 0 and failed == 0:
            failed = 1
            show(log)
        self.count(passed, failed)
        say(f"{name}: {passed} passed, {failed} failed, {time.monotonic() - started:.0f} s")


def say(text):
    print(text, flush=True)


def tail(text):
    return "\n".join(text.rstrip().split("\n")[-SHOWN_LINES:])


def show(path):
    with open(path, encoding="utf-8", errors="replace") as log:
        print(tail(log.read()), flush=True)
    say(f"--- all of it: {os.path.relpath(path, builds.ROOT)}")


def count_cases(result, output):
    """(passed, failed) of one test program, by its TAP lines where it has any."""
    passed = len(re.findall(r"^ok\b(?!.*# SKIP)", output, re.M | re.I))
    failed = len(re.findall(r"^not ok\b", output, re.M | re.I))
    if result in ("OK", "SKIP", "EXPECTEDFAIL"):
        return (passed or int(result == "OK")), failed
    # It crashed, hung or left its plan unfulfilled: one failure more than its lines admit.
    return passed, max(1, failed)


def read_results(path):
    tests = []
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                test = json.loads(line)
                output = test.get("stdout", "")
                passed, failed = count_cases(test["result"], output)
                tests.append({"name": test["name"], "result": test["result"], PASSED: passed,
                              FAILED: failed, "output": output + test.get("stderr", "")})
    return tests


def run_all(run):
    # It waits for the network most of the time, so it runs beside the compiler.
    packages = run.begin("npm packages", [sys.executable, PACKAGES])
    is_built = run.build("gcc")
    run.packages(*packages)
    if is_built:
        run.tests("gcc")
    run.build("clang")
    for name, suites in SANITIZED.items():
        code, log = run.step(f"{name} setup", [sys.executable, BUILDS, "--setup", name])
        if code:
            run.count(0, 1)
            show(log)
        else:
            run.tests(name, suites)


def main():
    os.makedirs(LOGS, exist_ok=True)
    run = Run()
    try:
        run_all(run)
    except Exception as error:  # the last line must come, whatever breaks here
        say(f"tools/dev: {type(error).__name__}: {error}")
        run.count(0, 1)
    print(f"{run.counts[PASSED]} passed, {run.counts[FAILED]} failed", flush=True)
    return 1 if run.counts[FAILED] else 0


if __name__ == "__main__":
    sys.exit(main())
