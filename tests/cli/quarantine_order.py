#!/usr/bin/python3
"""repute quarantine add, release, ban: what is withheld is withheld from every selection."""
from cli import main, refused, run
from running import FALLBACK, GROUP, PRIMARY, Running, equal, needs_a_node, with_key


def candidates(node):
    return [row["subject"] for row in node.json("select", "--group", "search").document["candidates"]]


def without_a_node_it_says_how_to_start_one():
    needs_a_node(*(f"quarantine {order} {PRIMARY}" for order in ("add", "release", "ban")))


def a_withheld_server_is_not_selected():
    with Running(GROUP) as node:
        document = node.ok("quarantine", "add", PRIMARY, "--ttl", "2h", "--reason", "tests")
        equal((document["subject"], document["state"], document["times"]),
              (PRIMARY, "quarantined", 1))
        equal(candidates(node), [FALLBACK])
        text = node.text("quarantine", "add", FALLBACK)
        assert text.startswith(f"server  {FALLBACK}\nstate   quarantined\n"), text
        assert "\nuntil   in 24 h\n" in text, text
        equal(candidates(node), [])


def a_ban_ends_by_no_time():
    with Running(GROUP) as node:
        rows = dict(node.rows("quarantine", "ban", PRIMARY))
        equal((rows["state"], rows["until"]), ("banned", "-"))
        refused(node.json("quarantine", "ban", PRIMARY), "TRUST_NO_CONFLICT", 1)


def a_release_is_signed_with_the_key():
    with with_key(GROUP) as node:
        node.ok("quarantine", "add", PRIMARY)
        equal(node.ok("quarantine", "release", PRIMARY)["state"], "released")
        equal(candidates(node), [PRIMARY, FALLBACK])


def a_term_is_lengthened_and_never_shortened():
    with with_key(GROUP) as node:
        node.ok("quarantine", "add", PRIMARY, "--ttl", "10h")
        error = refused(node.json("quarantine", "add", PRIMARY, "--ttl", "1h"),
                        "TRUST_NO_CONFLICT", 1)
        assert "no order shortens that" in error["message"], error
        assert "quarantine release" in error["next"], error
        text = node.text("quarantine", "add", PRIMARY, "--ttl", "2d")
        assert "times   1\n\nThe term that ran, until in 10 h, is longer now.\n" in text, text
        equal(node.run("quarantine", "release", PRIMARY).code, 0)
        error = refused(node.json("quarantine", "release", PRIMARY), "TRUST_NO_CONFLICT", 1)
        equal(error["next"], "`repute quarantine list` shows what is withheld")


def without_the_operators_key_nothing_is_released():
    with Running(GROUP, operator=1) as node:
        node.ok("quarantine", "add", PRIMARY)
        result = node.json("quarantine", "release", PRIMARY)
        assert result.code in (1, 4), result
        equal(node.ok("quarantine", "list")[0]["state"], "quarantined")


def wrong_words_are_refused():
    refused(run("--json", "quarantine", "add", "x"), "TRUST_NO_SUBJECT", 2)
    refused(run("--json", "quarantine", "add", PRIMARY, "--ttl", "31d"), "TRUST_NO_RANGE", 2)
    refused(run("--json", "quarantine", "ban", PRIMARY, "--ttl", "1d"), "TRUST_NO_OPTION", 2)


main(without_a_node_it_says_how_to_start_one, a_withheld_server_is_not_selected,
     a_ban_ends_by_no_time, a_release_is_signed_with_the_key, a_term_is_lengthened_and_never_shortened,
     without_the_operators_key_nothing_is_released, wrong_words_are_refused)
