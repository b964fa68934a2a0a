#!/usr/bin/python3
"""kill -9 while operators publish: whatever was said to be published is there after the restart.

usage: kill.py CYCLES [SEED]

In each cycle a real node runs for a random while, publishers at work: `repute rate --publish`, and
batches through POST /v1/records. Then it is killed with no warning and started again. What `repute`
left with exit code 0, and what the node gave the verdict TRUST_OK, must be in its export. TAP.
"""
import http.client
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

from node import Node, Tests, equal, make, now_ms

test = Tests()

WORKERS = 100  # the first key that signs batches; each cycle has its own, for a node keeps so many
BATCH = 16
OVERALL, HUMAN = 3, 1
YEAR_S = 365 * 86400
SUBJECT = re.compile(rb"mcp:io\.example\.kill/[a-z]\d+")


class Publisher(threading.Thread):
    """Publishes until the node is gone; `acked` holds the subjects that were acknowledged."""

    def __init__(self, node, numbers):
        super().__init__()
        self.node = node
        self.numbers = numbers
        self.acked = set()
        self.ends = False
        self.error = None

    def run(self):
        try:
            while not self.ends and self.publish():
                pass
        except (OSError, http.client.HTTPException) as error:  # cut off, if it was killed by then
            self.error = None if self.ends else error
        except Exception as error:  # the test tells
            self.error = error


class Commands(Publisher):
    def publish(self):
        subject = f"mcp:io.example.kill/c{next(self.numbers)}"
        done = repute(self.node, "rate", subject, "--category", "overall", "--value", "0.5",
                      "--publish")
        if done.returncode == 0:
            self.acked.add(subject)
        return done.returncode == 0


class Batches(Publisher):
    def __init__(self, node, numbers, key):
        super().__init__(node, numbers)
        self.key = key

    def publish(self):
        now = now_ms()
        subjects = [f"mcp:io.example.kill/b{next(self.numbers)}" for _ in range(BATCH)]
        records = make(*(f"rating {self.key} {now} {now // 1000 + YEAR_S} {subject} - {OVERALL} 500 "
                         f"0 {HUMAN}" for subject in subjects))
        answer = self.node.ask("POST", "/v1/records", {"records": records})
        equal(answer.status, 200)
        self.acked.update(subject for subject, row in zip(subjects, answer.json)
                          if row["verdict"] == "TRUST_OK")
        return True


def repute(node, *arguments):
    return subprocess.run([os.environ["REPUTE"], "--home", node.home, *arguments],
                          capture_output=True, stdin=subprocess.DEVNULL, check=False)


def held(node):
    done = repute(node, "export")
    equal(done.returncode, 0)
    return {subject.decode() for subject in SUBJECT.findall(done.stdout)}


def wait_until_wanted(node, key):
    """The weights of a new vouch are computed at the node's next tick."""
    deadline = time.monotonic() + 10
    verdicts = []
    while verdicts != ["TRUST_OK"]:
        assert time.monotonic() < deadline, verdicts
        now = now_ms()
        verdicts = node.publish(f"rating {key} {now} {now // 1000 + YEAR_S} "
                                f"mcp:io.example.kill/first - {OVERALL} 500 0 {HUMAN}")


class Run:
    """One node that is killed again and again."""

    def __init__(self, cycles, seed):
        self.cycles = cycles
        self.random = random.Random(seed)
        self.numbers = itertools.count()
        self.keys = itertools.count(WORKERS)
        self.acked = set()

    def cycle(self, node):
        """Runs, kills, starts. Returns what was acknowledged."""
        key = next(self.keys)
        equal(repute(node, "vouch", make(f"key {key}")[0], "--publish").returncode, 0)
        publishers = [Commands(node, self.numbers), Batches(node, self.numbers, key)]
        wait_until_wanted(node, key)
        for publisher in publishers:
            publisher.start()
        time.sleep(self.random.uniform(0.03, 0.5))
        for publisher in publishers:
            publisher.ends = True
        node.stop(signal.SIGKILL)
        for publisher in publishers:
            publisher.join()
            if publisher.error:
                raise publisher.error
        node.start()
        return set().union(*(publisher.acked for publisher in publishers))


def make_node():
    node = Node()
    equal(repute(node, "init", "--no-passphrase").returncode, 0)
    return node


@test
def nothing_that_was_acknowledged_is_lost(run):
    with make_node() as node:
        for number in range(1, run.cycles + 1):
            acked = run.cycle(node)
            run.acked |= acked
            lost = run.acked - held(node)
            print(f"# kill {number}: {len(acked)} acknowledged, {len(lost)} lost", flush=True)
            assert not lost, f"lost: {sorted(lost)[:5]}"
        commands = sum("/c" in subject for subject in run.acked)
        assert commands >= run.cycles and len(run.acked) > commands, \
            f"too few to mean anything: {len(run.acked)}, {commands} of them by repute"


@test
def a_store_that_forgets_is_caught(run):
    with make_node() as node:
        equal(node.stop(), 0)
        store, copy = os.path.join(node.home, "store"), os.path.join(node.home, "copy")
        shutil.copytree(store, copy)
        node.start()
        acked = set()
        while not acked:
            acked = run.cycle(node)
        equal(node.stop(), 0)
        shutil.rmtree(store)
        shutil.move(copy, store)
        node.start()
        assert acked - held(node), "the comparison cannot fail"


if __name__ == "__main__":
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
    print(f"# seed {chosen}", flush=True)
    sys.exit(test.run(Run(int(sys.argv[1]), chosen)))
