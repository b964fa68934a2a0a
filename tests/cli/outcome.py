#!/usr/bin/python3
"""repute outcome: calls count, and a lease is settled."""
import time

from cli import main, refused, run
from running import GROUP, PRIMARY, Running, equal, fail, needs_a_node


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"outcome {PRIMARY} --class ok")


def an_outcome_counts():
    with Running(GROUP) as node:
        equal(node.ok("outcome", PRIMARY, "--class", "ok", "--latency-ms", "12"), {"accepted": 1})
        equal(node.text("outcome", PRIMARY, "--class", "timeout", "--tool", "search", "--agent", "a"),
              "accepted  1\n")
        equal(node.rows("outcome", PRIMARY, "--class", "internal"), [["accepted", "1"]])
        breaker = node.ok("breakers", "show", PRIMARY)
        equal((breaker["calls"], breaker["failures"], breaker["streak"]), (3, 1.5, 1))


def a_lease_is_asked_for_and_settled():
    config = GROUP + "breaker: { open: 100ms, probes: 1 }\n"
    with Running(config) as node:
        fail(node, PRIMARY)
        time.sleep(0.3)
        row = node.ok("select", "--group", "search", "--lease")["candidates"][0]
        equal((row["subject"], row["state"]), (PRIMARY, "half_open"))
        assert row["lease"], row
        node.ok("outcome", PRIMARY, "--class", "ok", "--lease", row["lease"])
        equal(node.ok("breakers", "show", PRIMARY)["state"], "closed")


def wrong_words_are_refused():
    refused(run("--json", "outcome", PRIMARY), "TRUST_NO_OPTION", 2)
    error = refused(run("--json", "outcome", PRIMARY, "--class", "timout"), "TRUST_NO_OPTION", 2)
    assert 'did you mean "timeout"' in error["message"], error
    refused(run("--json", "outcome", "no id", "--class", "ok"), "TRUST_NO_SUBJECT", 2)
    with Running(GROUP) as node:
        refused(node.json("outcome", PRIMARY, "--class", "ok", "--lease", "x"), "TRUST_NO_SYNTAX", 2)


main(without_a_node_it_says_how_to_start_one, an_outcome_counts, a_lease_is_asked_for_and_settled,
     wrong_words_are_refused)
