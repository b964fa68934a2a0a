#!/usr/bin/python3
"""repute peers list."""
from cli import main
from node import make
from running import Running, equal, needs_a_node

MEMBERS = {"key", "endpoint", "state", "lag_s", "records_in", "records_out", "bytes_in",
           "bytes_out", "refused"}


def without_a_node_it_says_how_to_start_one():
    needs_a_node("peers list")


def an_empty_list_says_what_to_do():
    with Running() as node:
        equal(node.ok("peers", "list"), [])
        equal(node.rows("peers", "list"), [])
        assert node.text("peers", "list").startswith("no peers yet: `repute peers invite`")


def peers_are_shown_by_their_names():
    key = make("node 5")[0]
    with Running() as node:
        node.ok("peers", "add", key, "--endpoint", "tcp://127.0.0.1:1", "--name", "hub")
        [row] = node.ok("peers", "list")
        assert MEMBERS <= set(row), row
        equal((row["key"], row["endpoint"], row["records_in"], row["refused"]),
              (key, "tcp://127.0.0.1:1", 0, {}))
        [heading, line] = node.text("peers", "list").splitlines()
        equal(heading.split()[:4], ["PEER", "ENDPOINT", "STATE", "LAG"])
        equal(line.split()[:2], [f"hub·{key[4:11]}", "tcp://127.0.0.1:1"])
        equal(node.rows("peers", "list")[0][0], key)


main(without_a_node_it_says_how_to_start_one, an_empty_list_says_what_to_do,
     peers_are_shown_by_their_names)
