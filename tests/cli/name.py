#!/usr/bin/python3
"""`repute name`: a pet name for a key, kept by the node."""
from cli import Home, main, refused
from running import needs_a_node, with_key


def a_name_is_given_changed_and_taken_away():
    with Home() as other, with_key() as node:
        key = other.ok("init", "--no-passphrase")["key"]
        assert node.ok("name", key, "alice") == {"key": key, "name": "alice", "muted": False}
        assert node.ok("name", "alice", "alicia")["name"] == "alicia"
        node.ok("mute", "alicia")
        assert node.ok("name", key, "--remove") == {"key": key, "name": None, "muted": True}
        assert node.ask("GET", "/v1/names").json == [{"key": key, "name": None, "muted": True}]


def what_the_node_refuses_is_told():
    with Home() as other, with_key() as node:
        key = other.ok("init", "--no-passphrase")["key"]
        refused(node.json("name", key, "x" * 65), "TRUST_NO_RANGE", 2)
        refused(node.json("name", key), "TRUST_NO_OPTION", 2)
        refused(node.json("name", key, "alice", "--remove"), "TRUST_NO_OPTION", 2)
        refused(node.json("name", key[:-1] + ("p" if key[-1] == "q" else "q"), "alice"), "TRUST_NO_KEY", 2)
        assert node.ask("GET", "/v1/names").json == []


def without_a_node_it_says_so():
    with Home() as other:
        needs_a_node("name " + other.ok("init", "--no-passphrase")["key"] + " bob")


main(a_name_is_given_changed_and_taken_away, what_the_node_refuses_is_told,
     without_a_node_it_says_so)
