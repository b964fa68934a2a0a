#!/usr/bin/python3
"""POST /v1/peers/{key}/ping. TAP."""
import concurrent.futures
import os
import signal
import sys
import time

from node import Node, Tests, equal, free_port, make, refused, wait_for

test = Tests()
STRANGER, = make("node 2")


def key_of(node):
    return node.ask("GET", "/v1/status").json["node"]["key"]


def ping(node, key, **arguments):
    return node.ask("POST", f"/v1/peers/{key}/ping", **arguments)


class Pair:
    """Two nodes that are each other's peers."""

    def __enter__(self):
        port = free_port()
        self.left = Node(f'link: {{ listen: "tcp://127.0.0.1:{port}" }}\n', operator=1)
        self.right = Node(operator=2)
        self.left.start()
        self.right.start()
        self.right_key = key_of(self.right)
        equal(self.left.ask("POST", "/v1/peers", {"key": self.right_key}).status, 200)
        refused(ping(self.left, self.right_key), 404, "TRUST_NO_PEER", "not connected")
        equal(self.right.ask("POST", "/v1/peers", {
            "key": key_of(self.left), "endpoint": f"tcp://127.0.0.1:{port}"}).status, 200)
        wait_for(lambda: self.left.ask("GET", "/v1/status").json["peers"]["up"] == 1)
        return self

    def __exit__(self, *_):
        self.left.__exit__()
        self.right.__exit__()


@test
def a_peer_that_is_there_answers():
    with Pair() as pair:
        for _ in range(3):
            answer = ping(pair.left, pair.right_key)
            equal((answer.status, answer.json["key"], answer.json["state"]),
                  (200, pair.right_key, "up"))
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: ping(pair.left, pair.right_key), range(8)))
        equal({answer.status for answer in answers}, {200})


@test
def a_peer_that_hangs_is_told_of_after_five_seconds():
    with Pair() as pair:
        os.kill(pair.right.process.pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            answer = ping(pair.left, pair.right_key)
            refused(answer, 404, "TRUST_NO_PEER", "5000 ms")
            assert 4.5 < time.monotonic() - began < 15
        finally:
            os.kill(pair.right.process.pid, signal.SIGCONT)


@test
def strangers_and_agents_are_refused():
    with Node(operator=1) as node:
        refused(ping(node, STRANGER), 404, "TRUST_NO_PEER", "no such peer")
        refused(ping(node, "rpn1x"), 400, "TRUST_NO_KEY")
        refused(ping(node, STRANGER, as_agent=True), 403, "TRUST_NO_PERMISSION")
        refused(node.ask("GET", f"/v1/peers/{STRANGER}/ping"), 405, "TRUST_NO_METHOD")


if __name__ == "__main__":
    sys.exit(test.run())
