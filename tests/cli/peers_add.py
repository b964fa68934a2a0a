#!/usr/bin/python3
"""repute peers add."""
from cli import main, refused, run
from node import make
from running import Running, equal, needs_a_node

KEY = make("node 5")[0]


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"peers add {KEY}")


def an_added_peer_is_there_and_stays_over_a_restart():
    with Running() as node:
        document = node.ok("peers", "add", KEY, "--endpoint", "tcp://127.0.0.1:1")
        equal((document["key"], document["endpoint"]), (KEY, "tcp://127.0.0.1:1"))
        node.stop()
        node.start()
        equal([row["key"] for row in node.ok("peers", "list")], [KEY])


def text_and_plain_say_what_was_added():
    with Running() as node:
        assert node.text("peers", "add", KEY).startswith(f"peer      {KEY}\nendpoint  -\n")
        equal(node.rows("peers", "add", make("node 6")[0])[0], ["key", make("node 6")[0]])


def the_node_itself_is_no_peer_of_its():
    with Running() as node:
        refused(node.json("peers", "add", node.ok("status")["node"]["key"]), "TRUST_NO_CONFLICT", 1)


def wrong_words_are_refused():
    refused(run("--json", "peers", "add", make("key 5")[0]), "TRUST_NO_KEY", 2)
    with Running() as node:
        refused(node.json("peers", "add", KEY, "--endpoint", "http://x"), "TRUST_NO_RANGE", 2)


main(without_a_node_it_says_how_to_start_one, an_added_peer_is_there_and_stays_over_a_restart,
     text_and_plain_say_what_was_added, the_node_itself_is_no_peer_of_its, wrong_words_are_refused)
