#!/usr/bin/python3
"""`repute key revoke`: a key ends for good, only when that is certainly wanted."""
import os

from cli import SUBJECT, Home, main, refused
from running import equal, with_key
from teletype import Teletype


def rate(node, *more):
    return node.json("rate", SUBJECT, "--category", "overall", "--value", "0.9", "--publish", *more)


def a_compromised_key_needs_no_passphrase_and_takes_everything_along():
    with with_key() as node:
        equal(rate(node).code, 0)
        os.rename(node.home + "/keys/operator.key", node.home + "/keys/lost.key")
        row = node.ok("key", "revoke", "--reason", "compromised", "--yes")
        equal((row["reason"], row["verdict"], row["successor"]), ("compromised", "TRUST_OK", None))
        equal(node.ok("key", "revoke", "--reason", "compromised", "--yes")["verdict"],
              "TRUST_NO_DUPLICATE")
        os.rename(node.home + "/keys/lost.key", node.home + "/keys/operator.key")
        result = rate(node)
        equal((result.code, result.document["verdict"]), (1, "TRUST_NO_REVOKED"))
        [score] = node.ok("score", SUBJECT)
        equal(score["status"], "unknown")


def a_retired_key_leaves_what_it_said():
    with with_key() as node, Home() as other:
        successor = other.ok("init", "--no-passphrase")["key"]
        equal(rate(node).code, 0)
        equal(node.ok("key", "show")["revoked"], False)
        row = node.ok("key", "revoke", "--reason", "superseded", "--successor", successor, "--yes")
        equal((row["verdict"], row["successor"]), ("TRUST_OK", successor))
        equal(node.ok("key", "show")["revoked"], True)
        assert "\nrevoked       yes\n" in node.text("key", "show")
        equal(node.ok("status")["health"][0]["code"], "operator_revoked")
        [score] = node.ok("score", SUBJECT)
        assert score["evidence"] > 5, score
        node.ok("rate", SUBJECT, "--category", "security", "--value", "0", "--publish")
        [after] = node.ok("score", SUBJECT)
        equal(after["categories"]["security"]["evidence"], 0.0)


def without_the_file_it_is_signed_anew():
    with with_key() as node:
        os.unlink(node.home + "/keys/revocation.rec")
        row = node.ok("key", "revoke", "--reason", "compromised", "--yes")
        equal(row["verdict"], "TRUST_OK")


def nobody_is_revoked_by_accident():
    with with_key() as node:
        refused(node.json("key", "revoke", "--yes"), "TRUST_NO_OPTION", 2)
        refused(node.json("key", "revoke", "--reason", "stolen", "--yes"), "TRUST_NO_OPTION", 2)
        error = refused(node.json("key", "revoke", "--reason", "retired", no_terminal=True),
                        "TRUST_NO_OPTION", 2)
        assert "--yes" in error["next"], error
        own = node.ok("key", "show")["key"]
        refused(node.json("key", "revoke", "--reason", "superseded", "--successor", own, "--yes"),
                "TRUST_NO_KEY", 2)
        equal(rate(node).code, 0)


def on_a_terminal(node, answer):
    terminal = Teletype("--home", node.home, "key", "revoke", "--reason", "retired")
    return terminal.answer(answer, b"to revoke it: "), terminal.seen


def the_terminal_asks_for_the_short_id():
    with with_key() as node:
        short = node.ok("key", "show")["short"]
        code, seen = on_a_terminal(node, "yes")
        equal(code, 1)
        assert b"the key is not revoked" in seen, seen
        equal(rate(node).code, 0)
        code, seen = on_a_terminal(node, short)
        assert code == 0 and b"TRUST_OK" in seen, seen


def without_a_node_it_says_so():
    with Home() as home:
        home.ok("init", "--no-passphrase")
        refused(home.json("key", "revoke", "--reason", "compromised", "--yes"), "TRUST_NO_NODE", 3)


main(a_compromised_key_needs_no_passphrase_and_takes_everything_along,
     a_retired_key_leaves_what_it_said, without_the_file_it_is_signed_anew,
     nobody_is_revoked_by_accident, the_terminal_asks_for_the_short_id, without_a_node_it_says_so)
