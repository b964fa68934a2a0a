#!/usr/bin/python3
"""repute watch: events as they happen, and those that were missed."""
import json
import threading

from cli import main, refused, run
from running import FALLBACK, GROUP, PRIMARY, Running, equal, fail, needs_a_node, withhold


def without_a_node_it_says_how_to_start_one():
    needs_a_node("watch")


def what_happened_before_can_be_seen():
    with Running(GROUP) as node:
        fail(node, PRIMARY)
        withhold(node, FALLBACK)
        # Numbers begin with the time: what came before the first one is a gap.
        words = ["watch", "--since", "1", "--count", "2", "--type"]
        gap, event = map(json.loads, node.json(*words, "breaker").out.splitlines())
        equal((gap["type"], gap["from"]), ("gap", 2))
        equal([event[name] for name in ("type", "subject", "from", "to")],
              ["breaker", PRIMARY, "closed", "open"])
        [_, line] = node.text(*words, "quarantine").splitlines()
        assert f"  quarantine  subject={FALLBACK}  from=ok  to=quarantined  " in line, line
        [_, row] = node.rows(*words, "breaker")
        equal((row[0], row[1], row[2]), (str(event["seq"]), event["time"], "breaker"))
        equal(json.loads(row[3])["to"], "open")
        after = node.json("watch", "--since", event["seq"] - 1, "--count", "1").document
        equal(after, event)


def the_end_of_the_node_is_the_end():
    with Running(GROUP) as node:
        threading.Timer(0.5, node.stop).start()
        refused(node.json("watch"), "TRUST_NO_NODE", 3)


def wrong_words_are_refused():
    refused(run("--json", "watch", "--type", "weather"), "TRUST_NO_OPTION", 2)


main(without_a_node_it_says_how_to_start_one, what_happened_before_can_be_seen,
     the_end_of_the_node_is_the_end, wrong_words_are_refused)
