#!/usr/bin/python3
"""Servers that end again and again, each with processes of its own: the guard starts them anew, and
nothing of the earlier ones is left: no process, no zombie, no descriptor. TAP.

usage: guard_respawns.py RESPAWNS
"""
import contextlib
import os
import signal
import sys

from guarding import Desk, until
from node import Tests, equal

test = Tests()
RESPAWNS = int(sys.argv[1])
# One child that keeps the server's output open, one that keeps nothing, one that has a child.
SERVER = ("sleep 1000 & sleep 1000 </dev/null >/dev/null 2>&1 & (sleep 1000 & wait) & "
          "exec \"$0\"")
PROCESSES = 5  # of each server: itself and what it starts
ENDS = (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV)


def facts(pid):
    """(state, parent, process group) of a process; None: it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            words = file.read().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return words[0], int(words[1]), int(words[2])


def processes():
    found = ((int(name), facts(name)) for name in os.listdir("/proc") if name.isdigit())
    return {pid: about for pid, about in found if about}


def children(guard):
    """(process, state) of the guard's children, dead ones too."""
    return [(pid, state) for pid, (state, parent, _) in processes().items()
            if parent == guard.process.pid]


def members(groups):
    """The processes of these groups, dead ones too."""
    return [pid for pid, (_, _, group) in processes().items() if group in groups]


def descriptors(guard):
    return len(os.listdir(f"/proc/{guard.process.pid}/fd"))


def threads(guard):
    return len(os.listdir(f"/proc/{guard.process.pid}/task"))


def servers(guard, gone):
    """The process ids of both servers, once both run with all that they start; or nothing."""
    pids = [pid for pid, _ in children(guard)]
    if len(pids) != 2 or gone & set(pids) or len(members(set(pids))) != 2 * PROCESSES:
        return []
    return pids


def desk_of_parents():
    desk = Desk()
    desk.configure(entries={
        name: f'{{ subject: "mcp:io.example/{name}", command: "/bin/sh", '
              f'args: ["-c", {SERVER!r}, "{os.environ["NULL_SERVER"]}"], trust_hints: true }}'
        for name in desk.servers})
    with open(os.path.join(desk.home, "reputed.yaml"), "a", encoding="utf-8") as file:
        file.write("breaker: { streak: 0, fail_pct: 0, slow_pct: 0 }\n")
    return desk


@contextlib.contextmanager
def litter():
    """Takes the groups of the test; a test that fails leaves nothing of them."""
    groups = set()
    try:
        yield groups
    finally:
        for pid in members(groups):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def settled(guard, gone):
    """Both servers; asked for again and again, since a death may be seen after the asking."""
    def asked():
        if len(children(guard)) < 2:
            guard.process.send_signal(signal.SIGHUP)  # it waits for no back-off
        return servers(guard, gone)
    until(asked, "both run")
    return servers(guard, gone)


def end_one(guard, gone, number):
    victim = sorted(settled(guard, gone))[number % 2]
    gone.add(victim)
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, ENDS[number % len(ENDS)])
    if number % 5 == 0:
        equal("result" in guard.call("look"), True)


@test
def nothing_is_left_of_servers_that_ended():
    with litter() as gone, desk_of_parents() as desk, desk.guard() as guard:
        guard.greet()
        guard.call("look")
        first = settled(guard, gone)
        guard.call("look")
        open_before, threads_before = descriptors(guard), threads(guard)
        for number in range(RESPAWNS):
            end_one(guard, gone, number)
        last = settled(guard, gone)
        guard.call("look")
        equal(len(gone), RESPAWNS)
        until(lambda: not members(gone), "their groups are empty")
        equal(sorted(pid for pid, _ in children(guard)), sorted(last))
        equal([state for _, state in children(guard) if state in "ZX"], [])
        until(lambda: descriptors(guard) <= open_before, "no descriptor is left")
        equal(descriptors(guard), open_before)
        equal(threads(guard), threads_before)
        equal(len(members(set(last))), 2 * PROCESSES)
        equal(guard.stop(), 0)
        until(lambda: not members(gone | set(first) | set(last)), "nothing outlives the guard")


@test
def nothing_outlives_a_guard_that_is_killed():
    with litter() as left, desk_of_parents() as desk, desk.guard() as guard:
        guard.greet()
        guard.call("look")
        last = settled(guard, left)
        left.update(last)
        guard.stop(signal.SIGKILL)
        # What they started themselves is not asked: nobody is left to end it.
        until(lambda: not [pid for pid in last if pid in processes()], "the servers ended")


if __name__ == "__main__":
    sys.exit(test.run())
