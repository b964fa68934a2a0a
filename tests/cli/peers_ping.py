#!/usr/bin/python3
"""repute peers ping: two nodes that meet."""
import time

from cli import main, refused
from node import free_port, make
from running import Running, equal, needs_a_node

KEY = make("node 5")[0]


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"peers ping {KEY}")


def a_peer_that_is_away_does_not_answer():
    with Running() as node:
        refused(node.json("peers", "ping", KEY), "TRUST_NO_PEER", 1)
        node.ok("peers", "add", KEY, "--endpoint", "tcp://127.0.0.1:1")
        refused(node.json("peers", "ping", KEY), "TRUST_NO_PEER", 1)


def a_peer_that_is_there_answers():
    port = free_port()
    with Running(f'link: {{ listen: "tcp://127.0.0.1:{port}" }}\n') as first, Running() as second:
        keys = [node.ok("status")["node"]["key"] for node in (first, second)]
        first.ok("peers", "add", keys[1])
        second.ok("peers", "add", keys[0], "--endpoint", f"tcp://127.0.0.1:{port}")
        deadline = time.monotonic() + 20
        while (result := second.json("peers", "ping", keys[0])).code != 0:
            assert time.monotonic() < deadline, result
            time.sleep(0.1)
        equal(result.document["key"], keys[0])
        assert 0 <= (result.document["rtt_ms"] or 0) < 5000, result
        assert f"peer         ·{keys[0][4:11]}\nanswered in  " in second.text(
            "peers", "ping", keys[0])


main(without_a_node_it_says_how_to_start_one, a_peer_that_is_away_does_not_answer,
     a_peer_that_is_there_answers)
