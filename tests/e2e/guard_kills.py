#!/usr/bin/python3
"""Servers that are killed while writes are under way: none of them is made twice, what was answered
was made, and what is said not to be made was not. TAP.

usage: guard_kills.py KILLS
"""
import collections
import contextlib
import json
import os
import random
import re
import signal
import sys
import time

from guarding import Desk, until
from node import Tests, equal

test = Tests()
KILLS = int(sys.argv[1])
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
TOGETHER = 8


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


class Writes:
    """What became of each write, by its number."""

    def __init__(self, desk):
        self._files = [os.path.join(desk.home, name) for name in desk.servers]
        self.said = {}
        self.next = 0

    def made(self):
        """How often each was executed, by the servers' own account."""
        count = collections.Counter()
        for path in self._files:
            with open(path, encoding="utf-8") as file:
                count.update(int(n) for n in re.findall(r'"n": ?(\d+)', file.read()))
        return count

    def take(self, number, result):
        about = result.get("_meta", {}).get("io.repute/guard", {})
        self.said[number] = about["executed"] if result.get("isError") else "yes"


def desk_of_counters():
    desk = Desk()
    server = os.environ["NULL_SERVER"]
    desk.configure(entries={
        name: f'{{ subject: "mcp:io.example/{name}", command: "{server}", '
              f'args: ["{os.path.join(desk.home, name)}"] }}' for name in desk.servers})
    with open(os.path.join(desk.home, "reputed.yaml"), "a", encoding="utf-8") as file:
        file.write("breaker: { streak: 0, fail_pct: 0, slow_pct: 0 }\n")
    return desk


def one_round(guard, writes, chance):
    """Some writes, and in their midst the end of one of the servers or of both."""
    guard.process.send_signal(signal.SIGHUP)
    until(lambda: len(children(guard.process.pid)) == 2, "both run")
    lines = []
    for _ in range(TOGETHER):
        writes.next += 1
        lines.append(json.dumps({"jsonrpc": "2.0", "id": writes.next, "method": "tools/call",
                                 "params": {"name": "change", "arguments": {"n": writes.next}}}))
    guard.write("\n".join(lines))
    end = time.perf_counter() + chance.random() * 0.0006
    while time.perf_counter() < end:
        pass
    victims = children(guard.process.pid)
    for pid in chance.sample(victims, min(len(victims), chance.choice((1, 1, 1, 2)))):
        with contextlib.suppress(ProcessLookupError):  # it was on its way out
            os.kill(pid, signal.SIGKILL)
    for _ in range(TOGETHER):
        answer = guard.read()
        writes.take(answer["id"], answer["result"])


@test
def no_write_is_made_twice_and_every_answer_is_true():
    print(f"# seed {SEED}", flush=True)
    chance = random.Random(SEED)
    with desk_of_counters() as desk, desk.guard() as guard:
        writes = Writes(desk)
        guard.greet()
        guard.call("look")
        for _ in range(KILLS):
            one_round(guard, writes, chance)
        guard.stop()
        made = writes.made()
        equal([n for n, count in made.items() if count > 1], [])
        equal([n for n, said in writes.said.items() if said == "yes" and made[n] != 1], [])
        equal([n for n, said in writes.said.items() if said == "no" and made[n] != 0], [])
        equal(sorted(writes.said), list(range(1, writes.next + 1)))
        print("# " + str(collections.Counter(writes.said.values())), flush=True)


if __name__ == "__main__":
    sys.exit(test.run())
