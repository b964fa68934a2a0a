#!/usr/bin/python3
"""repute breakers show."""
from cli import main, refused, run
from running import GROUP, PRIMARY, Running, equal, fail, needs_a_node

MEMBERS = ["key", "state", "reason", "calls", "failures", "slow", "streak", "opens_in_ms",
           "generation"]


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"breakers show {PRIMARY}")


def an_open_breaker_says_when_it_ends():
    with Running(GROUP) as node:
        fail(node, PRIMARY)
        document = node.ok("breakers", "show", PRIMARY)
        equal(list(document), MEMBERS)
        equal((document["key"], document["state"]), (PRIMARY, "open"))
        assert 0 < document["opens_in_ms"] <= 7500, document
        text = node.text("breakers", "show", PRIMARY)
        assert text.startswith(f"server      {PRIMARY}\nstate       open\n"), text
        equal(dict(node.rows("breakers", "show", PRIMARY))["state"], "open")


def an_unknown_server_has_none():
    with Running() as node:
        refused(node.json("breakers", "show", "mcp:io.example/nobody"), "TRUST_NO_FOUND", 1)
    refused(run("--json", "breakers", "show", "nobody"), "TRUST_NO_SUBJECT", 2)


main(without_a_node_it_says_how_to_start_one, an_open_breaker_says_when_it_ends,
     an_unknown_server_has_none)
