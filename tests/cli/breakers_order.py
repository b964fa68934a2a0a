#!/usr/bin/python3
"""repute breakers force-open, force-closed, metrics-only, close, reset."""
from cli import main, refused, run
from running import GROUP, PRIMARY, Running, equal, fail, needs_a_node, with_key

LOOSENING = ("force-closed", "metrics-only", "close", "reset")


def without_a_node_it_says_how_to_start_one():
    needs_a_node(*(f"breakers {verb} {PRIMARY}" for verb in ("force-open", *LOOSENING)))


def to_force_one_open_needs_no_key():
    with Running(GROUP) as node:
        document = node.ok("breakers", "force-open", PRIMARY, "--expires", "1h", "--reason", "tests")
        equal((document["key"], document["state"]), (PRIMARY, "forced_open"))
        assert 3_590_000 < document["opens_in_ms"] <= 3_600_000, document
        assert "\nretry in    1 h\n" in node.text("breakers", "show", PRIMARY)


def what_loosens_is_signed_with_the_key():
    with with_key(GROUP) as node:
        for verb, state in (("force-closed", "forced_closed"), ("metrics-only", "metrics_only"),
                            ("close", "closed"), ("reset", "closed")):
            equal(node.ok("breakers", verb, PRIMARY)["state"], state)
        fail(node, PRIMARY)
        equal(node.ok("breakers", "show", PRIMARY)["state"], "open")
        assert "\nstate       closed\n" in node.text("breakers", "reset", PRIMARY)
        rows = node.rows("breakers", "force-closed", PRIMARY, "--expires", "30s")
        equal(dict(rows)["state"], "forced_closed")


def to_shorten_an_opening_is_signed_too():
    with with_key(GROUP) as node:
        node.ok("breakers", "force-open", PRIMARY)
        document = node.ok("breakers", "force-open", PRIMARY, "--expires", "10s")
        assert document["opens_in_ms"] <= 10_000, document


def without_the_operators_key_nothing_is_loosened():
    with Running(GROUP, operator=1) as node:
        fail(node, PRIMARY)
        for verb in LOOSENING:
            result = node.json("breakers", verb, PRIMARY)
            assert result.code in (1, 4), result
            assert result.refusal.startswith("TRUST_NO_"), result
        equal(node.ok("breakers", "show", PRIMARY)["state"], "open")


def wrong_words_are_refused():
    refused(run("--json", "breakers", "close", "x"), "TRUST_NO_SUBJECT", 2)
    refused(run("--json", "breakers", "close", PRIMARY, "--expires", "1h"), "TRUST_NO_OPTION", 2)
    refused(run("--json", "breakers", "force-open", PRIMARY, "--expires", "2y"), "TRUST_NO_RANGE",
            2)


main(without_a_node_it_says_how_to_start_one, to_force_one_open_needs_no_key,
     what_loosens_is_signed_with_the_key, to_shorten_an_opening_is_signed_too,
     without_the_operators_key_nothing_is_loosened, wrong_words_are_refused)
