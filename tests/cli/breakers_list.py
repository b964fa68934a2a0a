#!/usr/bin/python3
"""repute breakers list."""
from cli import main
from running import GROUP, PRIMARY, Running, equal, fail, needs_a_node


def without_a_node_it_says_how_to_start_one():
    needs_a_node("breakers list")


def an_empty_list_says_so():
    with Running() as node:
        equal(node.ok("breakers", "list"), [])
        equal(node.rows("breakers", "list"), [])
        equal(node.text("breakers", "list"),
              "no breakers yet: they begin with the first call to a server\n")


def an_open_breaker_is_among_them():
    with Running(GROUP) as node:
        fail(node, PRIMARY)
        [row] = [row for row in node.ok("breakers", "list") if row["key"] == PRIMARY]
        equal((row["state"], row["reason"]), ("open", "agents"))
        [line] = [line for line in node.text("breakers", "list").splitlines() if PRIMARY in line]
        equal(line.split()[:3], [PRIMARY, "open", "agents"])
        assert PRIMARY in [row[0] for row in node.rows("breakers", "list")]


main(without_a_node_it_says_how_to_start_one, an_empty_list_says_so, an_open_breaker_is_among_them)
