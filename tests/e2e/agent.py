#!/usr/bin/python3
"""The example agent of docs/howto, built with the installed library alone, beside a real node. TAP.

usage: agent.py BUILD_FOLDER COMPILER...
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from node import Node, Tests, equal

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLE = os.path.join(SOURCE, "docs", "howto", "examples", "agent.c")
PAGE = os.path.join(SOURCE, "docs", "howto", "use-from-an-agent.md")
FIRST, SECOND, THIRD = "mcp:io.example/first", "mcp:io.example/second", "mcp:io.example/third"
CONFIG = f"""
breaker: {{ open: 60s }}
groups:
  search:
    primary: {{ subject: "{FIRST}", command: first }}
    fallbacks:
      - {{ subject: "{SECOND}", command: second }}
      - {{ subject: "{THIRD}", command: third }}
"""
# Fails for the servers that the file `broken` names, and notes who called whom.
CALL = """#!/bin/sh
echo "$AGENT $1" >> "$PLACE/calls"
! grep -qxF "$1" "$PLACE/broken"
"""
STALE_S = 2.5

test = Tests()


class Place:
    """A folder with the installed library, the agent made with it, and servers that can break."""

    def __init__(self, folder, build, compiler):
        self.folder = folder
        root = os.path.join(folder, "root")
        subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--destdir", root],
                       check=True, capture_output=True)
        found = subprocess.run(["find", root, "-name", "libtrust.pc"], check=True,
                               capture_output=True, text=True).stdout.split()
        environment = os.environ | {"PKG_CONFIG_SYSROOT_DIR": root,
                                    "PKG_CONFIG_LIBDIR": os.path.dirname(found[0])}
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libtrust"], check=True,
                               capture_output=True, text=True, env=environment).stdout.split()
        self.lib_folder = next(flag[2:] for flag in flags if flag.startswith("-L"))
        self.program = os.path.join(folder, "agent")
        subprocess.run([*compiler, "-Wall", "-Wextra", "-Werror", EXAMPLE, "-o", self.program,
                        *flags], check=True)
        self.call = os.path.join(folder, "call")
        with open(self.call, "w", encoding="ascii") as file:
            file.write(CALL)
        os.chmod(self.call, 0o755)

    def reset(self):
        self.break_servers()
        self._write("calls", "")

    def break_servers(self, *subjects):
        self._write("broken", "".join(f"{subject}\n" for subject in subjects))

    def calls(self, agent):
        with open(os.path.join(self.folder, "calls"), encoding="ascii") as file:
            return [line.split()[1] for line in file if line.split()[0] == agent]

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.write(text)


class Agent:
    """The example program, given one task at a time."""

    def __init__(self, place, node, name):
        environment = os.environ | {"REPUTE_HOME": node.home, "LD_LIBRARY_PATH": place.lib_folder,
                                    "PLACE": place.folder, "AGENT": name}
        self.process = subprocess.Popen([place.program, "search", place.call], env=environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        equal(self.process.wait(10), 0)

    def task(self):
        """(was it done, the answer it rested on)"""
        self.process.stdin.write("task\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        done, answer = re.fullmatch(r"(done|not done) (\{.*\})\n", line).groups()
        return done == "done", json.loads(answer)

    def until(self, holds):
        """Repeats a task until the answer is the one that is waited for."""
        deadline = time.monotonic() + 10
        while True:
            done, answer = self.task()
            if holds(answer):
                return done, answer
            assert time.monotonic() < deadline, answer
            time.sleep(0.05)


def whys(answer):
    return {row["subject"]: row["why"] for row in answer["candidates"]}


def first_of(answer):
    return answer["candidates"][0]["subject"]


@test
def the_page_shows_the_program_that_is_tested(_):
    with open(PAGE, encoding="utf-8") as page, open(EXAMPLE, encoding="utf-8") as example:
        blocks = re.findall(r"```c\n(.*?)```", page.read(), re.S)
        equal(blocks[0], example.read())


@test
def failures_hand_over_to_the_fallback_and_a_second_agent_learns_it_from_the_board(place):
    place.reset()
    with Node(CONFIG) as node, Agent(place, node, "one") as one:
        done, answer = one.task()
        equal((done, answer["status"], first_of(answer)), (True, "ok", FIRST))
        equal(answer["basis"], {"kind": "fresh", "age_s": 0})
        place.break_servers(FIRST)
        for _ in range(5):
            done, answer = one.task()
            equal((done, first_of(answer)), (True, FIRST))
        done, answer = one.task()
        equal((done, first_of(answer)), (True, SECOND))
        equal(whys(answer)[FIRST], "own_breaker")
        equal(place.calls("one")[-2:], [SECOND, SECOND])
        wait_for_open(node, FIRST)
        with Agent(place, node, "two") as two:
            done, answer = two.task()
            equal((done, first_of(answer)), (True, SECOND))
            equal(whys(answer)[FIRST], "shared_breaker")
            equal(place.calls("two"), [SECOND])


@test
def with_every_server_open_all_agents_are_told_when_to_ask_again(place):
    place.reset()
    with Node(CONFIG) as node, Agent(place, node, "one") as one, Agent(place, node, "two") as two:
        place.break_servers(FIRST, SECOND, THIRD)
        for _ in range(5):
            equal(one.task()[0], False)
        for agent in (one, two):
            done, answer = agent.until(lambda answer: answer["status"] == "unavailable")
            equal((done, answer["reason"]), (False, "all_open"))
            assert 0 < answer["retry_after_ms"] <= 90000, answer
            equal(answer["retry_after_ms"],
                  min(row["opens_in_ms"] for row in answer["candidates"]))
            assert "Ask again" in answer["message"], answer
        equal(set(whys(answer).values()), {"shared_breaker"})


@test
def the_same_lines_work_while_the_node_is_killed_and_when_it_is_back(place):
    place.reset()
    with Node(CONFIG) as node, Agent(place, node, "one") as one:
        equal(one.task()[1]["status"], "ok")
        node.stop(signal.SIGKILL)
        time.sleep(STALE_S)
        with Agent(place, node, "late") as late:
            for agent in (one, late):
                done, answer = agent.task()
                equal((done, answer["status"], first_of(answer)), (True, "degraded", FIRST))
                equal(answer["basis"]["kind"], "stale")
                assert 2 <= answer["basis"]["age_s"] < 60, answer
        place.break_servers(FIRST)
        for _ in range(5):
            equal(one.task()[0], True)
        equal(first_of(one.task()[1]), SECOND)
        node.start()
        place.break_servers()
        one.until(lambda answer: answer["basis"]["kind"] == "fresh")


@test
def an_agent_that_may_not_read_the_configuration_asks_the_node_once(place):
    place.reset()
    with Node(CONFIG + "    risk: high\n") as node:
        os.unlink(os.path.join(node.home, "reputed.yaml"))
        with Agent(place, node, "one") as one:
            done, answer = one.task()
            equal((done, answer["status"], answer["reason"]), (False, "unavailable", "policy"))
            equal(list(whys(answer)), [FIRST, SECOND, THIRD])
            equal(set(whys(answer).values()), {"unknown"})
            node.stop(signal.SIGKILL)
            time.sleep(STALE_S)
            done, answer = one.task()
            equal((done, set(whys(answer).values())), (False, {"stale_basis"}))
        with Agent(place, node, "late") as late:
            done, answer = late.task()
            equal((done, answer["reason"], answer["basis"]["kind"]), (False, "no_provider", "none"))


@test
def what_was_withheld_stays_withheld_without_node_and_board(place):
    place.reset()
    with Node(CONFIG) as node:
        order = {"subject": FIRST, "order": "add"}
        equal(node.ask("POST", "/v1/quarantine", order).status, 200)
        with Agent(place, node, "one") as one:
            done, answer = one.until(lambda answer: whys(answer)[FIRST] == "quarantined")
            equal((done, first_of(answer)), (True, SECOND))
            node.stop(signal.SIGKILL)
            time.sleep(STALE_S)
            done, answer = one.task()
            equal((done, first_of(answer), whys(answer)[FIRST]), (True, SECOND, "quarantined"))
        os.unlink(os.path.join(node.home, "run", "board"))
        with Agent(place, node, "late") as late:
            done, answer = late.task()
            equal((done, first_of(answer), whys(answer)[FIRST]), (True, SECOND, "quarantined"))
            equal(answer["basis"]["kind"], "own")


def wait_for_open(node, subject):
    deadline = time.monotonic() + 10
    while True:
        rows = node.ask("GET", "/v1/breakers").json
        if any(row["key"] == subject and row["state"] == "open" for row in rows):
            return
        assert time.monotonic() < deadline, rows
        time.sleep(0.02)


def main(build, *compiler):
    with tempfile.TemporaryDirectory() as folder:
        return test.run(Place(folder, build, compiler))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
