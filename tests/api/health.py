#!/usr/bin/python3
"""/healthz and /readyz. TAP."""
import os
import signal
import sys
import time

from node import Node, Tests, equal, refused

test = Tests()


@test
def a_node_that_runs_is_alive_and_ready_on_both_sockets(node):
    for as_agent in (True, False):
        for path in ("/healthz", "/readyz"):
            answer = node.ask("GET", path, as_agent=as_agent)
            equal((answer.status, answer.json), (200, {"status": "ok"}))


@test
def head_answers_without_a_body(node):
    answer = node.ask("HEAD", "/healthz")
    equal((answer.status, answer.body), (200, b""))
    equal(answer.headers["content-length"], "15")


@test
def a_node_without_its_link_is_alive_but_not_ready(node):
    children = open(f"/proc/{node.process.pid}/task/{node.process.pid}/children",
                    encoding="ascii").read().split()
    for pid in children:
        os.kill(int(pid), signal.SIGKILL)
    deadline = time.monotonic() + 5
    while node.ask("GET", "/readyz").status == 200:
        assert time.monotonic() < deadline, "it stays ready"
    answer = node.ask("GET", "/readyz")
    if answer.status != 200:  # it may have come back already
        refused(answer, 503, "TRUST_NO_BUSY", "link")
    equal(node.ask("GET", "/healthz").status, 200)
    deadline = time.monotonic() + 10
    while node.ask("GET", "/readyz").status != 200:
        assert time.monotonic() < deadline, "the link does not come back"
        time.sleep(0.05)


if __name__ == "__main__":
    with Node() as running:
        sys.exit(test.run(running))
