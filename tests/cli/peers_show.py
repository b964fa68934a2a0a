#!/usr/bin/python3
"""repute peers show."""
from cli import main, refused, run
from node import make
from running import Running, equal, needs_a_node

KEY = make("node 5")[0]
AUTHOR = make("key 2")[0]


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"peers show {KEY}")


def one_peer_is_shown_in_full():
    with Running() as node:
        node.ok("peers", "add", KEY)
        equal(node.ok("peers", "show", KEY)["key"], KEY)
        text = node.text("peers", "show", KEY)
        assert text.startswith(f"peer              ·{KEY[4:11]}\nendpoint          -\n"), text
        equal(dict(node.rows("peers", "show", KEY))["refused_count"], "0")


def why_an_author_is_exchanged_is_shown():
    with Running() as node:
        node.ok("peers", "add", KEY)
        node.ask("PUT", "/v1/names/" + AUTHOR, {"name": "alice"})
        document = node.ok("peers", "show", KEY, "--why", "alice")
        equal((document["why"]["author"], document["why"]["named"]), (AUTHOR, True))
        text = node.text("peers", "show", KEY, "--why", AUTHOR)
        assert f"\n\nauthor                alice·{AUTHOR[4:11]}\n" in text, text
        assert "\nhas a name here       yes\n" in text, text


def an_unknown_peer_is_said():
    with Running() as node:
        refused(node.json("peers", "show", KEY), "TRUST_NO_PEER", 1)
        refused(node.json("peers", "show", KEY, "--why", "nobody"), "TRUST_NO_KEY", 2)


def what_is_no_key_is_refused():
    refused(run("--json", "peers", "show", KEY[:-1] + "0"), "TRUST_NO_KEY", 2)
    refused(run("--json", "peers", "show", AUTHOR), "TRUST_NO_KEY", 2)


main(without_a_node_it_says_how_to_start_one, one_peer_is_shown_in_full,
     why_an_author_is_exchanged_is_shown, an_unknown_peer_is_said, what_is_no_key_is_refused)
