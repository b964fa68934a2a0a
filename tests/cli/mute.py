#!/usr/bin/python3
"""`repute mute`: a key counts for nothing here, until it is heard again."""
from cli import Home, main, refused
from running import needs_a_node, with_key


def a_muted_key_is_listed_so():
    with Home() as other, with_key() as node:
        key = other.ok("init", "--no-passphrase")["key"]
        assert node.ok("mute", key) == {"key": key, "name": None, "muted": True}
        assert node.ask("GET", "/v1/names").json == [{"key": key, "name": None, "muted": True}]
        assert node.text("mute", key).splitlines()[-1].split() == ["muted", "yes"]
        assert node.ok("mute", key, "--off") == {"key": key, "name": None, "muted": False}
        assert node.ask("GET", "/v1/names").json == []


def what_is_no_key_is_refused():
    with with_key() as node:
        refused(node.json("mute", "rpt1nonsense"), "TRUST_NO_KEY", 2)
        refused(node.json("mute", "nobody"), "TRUST_NO_KEY", 2)
        refused(node.json("mute"), "TRUST_NO_SIZE", 2)


def without_a_node_it_says_so():
    with Home() as other:
        needs_a_node("mute " + other.ok("init", "--no-passphrase")["key"])


main(a_muted_key_is_listed_so, what_is_no_key_is_refused, without_a_node_it_says_so)
