#!/usr/bin/python3
"""repute peers rm."""
from cli import main, refused
from node import make
from running import Running, equal, needs_a_node

KEY = make("node 5")[0]


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"peers rm {KEY}")


def a_removed_peer_is_gone():
    for words, wanted in ((["--json"], f'{{"key":"{KEY}"}}\n'), ([], f"removed  {KEY}\n"),
                          (["--plain"], f"key\t{KEY}\n")):
        with Running() as node:
            node.ok("peers", "add", KEY)
            equal(node.text(*words, "peers", "rm", KEY), wanted)
            equal(node.ok("peers", "list"), [])


def an_unknown_peer_is_said():
    with Running() as node:
        refused(node.json("peers", "rm", KEY), "TRUST_NO_PEER", 1)


main(without_a_node_it_says_how_to_start_one, a_removed_peer_is_gone, an_unknown_peer_is_said)
