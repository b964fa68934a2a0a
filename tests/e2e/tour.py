#!/usr/bin/python3
"""The tour of tools/tour/ as a test: its sample is fair, it ends well, and it leaves nobody behind.

The swarm is smaller than in `tools/dev run`; all else is the same.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from node import Tests, equal

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOUR = os.path.join(ROOT, "tools", "tour")
sys.path.insert(0, TOUR)
from sample import Sample  # noqa: E402 (tools/tour/sample.py)

test = Tests()
LEAST_FOR_REAL = 0.8


def start(folder, *more):
    return subprocess.Popen([sys.executable, os.path.join(TOUR, "tour.py"), "--programs",
                             os.environ["BUILD"], "--folder", folder, "--swarm", "200", *more],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def nodes_of(folder):
    """Processes whose command line names the folder."""
    found = []
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                if name.isdigit() and folder.encode() in file.read():
                    found.append(int(name))
        except OSError:
            pass
    return found


def wait_until_gone(folder):
    deadline = time.monotonic() + 10
    while nodes_of(folder):
        assert time.monotonic() < deadline, f"still running: {nodes_of(folder)}"
        time.sleep(0.05)


@test
def the_sample_says_nothing_bad_of_real_servers(_):
    sample = Sample()
    assert len(sample.real) >= 12
    equal(len(set(sample.real)), len(sample.real))
    assert all("io.example" in subject for subject in sample.invented)
    assert not any("example" in subject for subject in sample.real)
    known = set(sample.real) | set(sample.invented)
    for row in sample.cast["ratings"]:
        assert row["subject"] in known, row
        assert row["subject"] in sample.invented or row["value"] >= LEAST_FOR_REAL, row
    for row in sample.cast["flags"]:
        assert row["subject"] in sample.invented, row


@test
def each_step_shows_what_it_should(folder):
    process = start(folder, "--exit")
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, out[-2000:] + err
    assert "\x1b" not in out, "colour into a pipe"
    assert "== 15. " in out and "NOT SO" not in out
    wait_until_gone(folder)


@test
def the_first_node_runs_on_until_it_is_interrupted(folder):
    process = start(folder)
    shown = ""
    while "Ctrl-C stops it" not in shown:
        line = process.stdout.readline()
        assert line, shown[-2000:] + process.stderr.read()
        shown += line
    running = [pid for pid in nodes_of(folder) if pid != process.pid]
    home = re.search(r"export REPUTE_HOME=(\S+)", shown)[1]
    repute = os.path.join(os.environ["BUILD"], "tools", "repute", "repute")
    status = subprocess.run([repute, "--json", "status"], env={"REPUTE_HOME": home},
                            capture_output=True, check=True)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    equal((len(running), json.loads(status.stdout)["peers"]["up"], process.returncode), (1, 0, 0))
    wait_until_gone(folder)


@test
def a_killed_tour_leaves_no_node(folder):
    for how in (signal.SIGTERM, signal.SIGKILL):
        process = start(folder, "--exit")
        deadline = time.monotonic() + 20
        while len([pid for pid in nodes_of(folder) if pid != process.pid]) < 3:
            assert process.poll() is None and time.monotonic() < deadline, process.communicate()
            time.sleep(0.02)
        process.send_signal(how)
        process.communicate(timeout=20)
        assert process.returncode != 0
        wait_until_gone(folder)


@test
def a_step_that_fails_is_told(folder):
    wrong = os.path.join(folder + ".build")
    os.makedirs(os.path.join(wrong, "node"))
    process = subprocess.run([sys.executable, os.path.join(TOUR, "tour.py"), "--programs", wrong,
                              "--folder", folder, "--exit"], capture_output=True, text=True,
                             check=False)
    shutil.rmtree(wrong)
    equal(process.returncode, 1)
    assert "failed" in process.stderr, process.stderr


def main():
    folder = tempfile.mkdtemp(prefix="tour", dir="/tmp")
    try:
        return test.run(os.path.join(folder, "demo"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
