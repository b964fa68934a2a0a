#!/usr/bin/python3
"""`repute mute`: a key counts for nothing here, until it is heard again."""
import os

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


def a_key_by_which_flags_count_is_muted_with_the_operators_key():
    with Home() as other, with_key() as node:
        key = other.ok("init", "--no-passphrase")["key"]
        node.ok("vouch", key, "--strength", "0.8")
        node.ok("publish", "--all")
        path = os.path.join(node.home, "keys", "operator.key")
        os.rename(path, path + ".aside")
        refused(node.json("mute", key), "TRUST_NO_FOUND", 1)
        assert node.ask("GET", "/v1/names").json == []
        os.rename(path + ".aside", path)
        assert node.ok("mute", key) == {"key": key, "name": None, "muted": True}


def what_is_no_key_is_refused():
    with with_key() as node:
        refused(node.json("mute", "rpt1nonsense"), "TRUST_NO_KEY", 2)
        refused(node.json("mute", "nobody"), "TRUST_NO_KEY", 2)
        refused(node.json("mute"), "TRUST_NO_SIZE", 2)


def ones_own_key_is_not_muted():
    with with_key() as node:
        key = node.ok("key", "show")["key"]
        error = refused(node.json("mute", key), "TRUST_NO_KEY", 2)
        assert "own key" in error["message"], error
        assert node.ask("GET", "/v1/names").json == []


def without_a_node_it_says_so():
    with Home() as other:
        needs_a_node("mute " + other.ok("init", "--no-passphrase")["key"])


main(a_muted_key_is_listed_so, a_key_by_which_flags_count_is_muted_with_the_operators_key,
     what_is_no_key_is_refused, ones_own_key_is_not_muted, without_a_node_it_says_so)
