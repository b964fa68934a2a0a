#!/usr/bin/python3
"""`repute retract`: whatever a record set is set to nothing, by its id."""
from cli import SUBJECT, Home, main, refused
from running import equal, needs_a_node, with_key


def every_kind_can_be_taken_back():
    with Home() as other, with_key() as node:
        key = other.ok("init", "--no-passphrase")["key"]
        commands = (
            (["rate", SUBJECT, "--category", "performance", "--value", "1", "--calls", "5"],
             "value", None),
            (["flag", SUBJECT, "--severity", "critical", "--class", "malware"],
             "severity", "cleared"),
            (["vouch", key, "--scope", "rate"], "strength", 0.0),
            (["alias", SUBJECT, "https://x.example/mcp"], "state", 0),
        )
        for words, member, wanted in commands:
            record = node.ok(*words, "--publish")["record"]
            row = node.ok("retract", record)
            equal((row["verdict"], row[member]), ("TRUST_OK", wanted))
            assert row["record"] != record, row
        [score] = node.ok("score", SUBJECT)
        equal((score["status"], score["flags"]), ("unknown", []))
        equal(node.ok("drafts", "list"), [])


def the_first_digits_are_enough_and_too_few_are_refused():
    with with_key() as node:
        record = node.ok("rate", SUBJECT, "--category", "overall", "--value", "1",
                         "--publish")["record"]
        refused(node.json("retract", record[:7]), "TRUST_NO_SYNTAX", 2)
        refused(node.json("retract", "xyz" + record[:7]), "TRUST_NO_SYNTAX", 2)
        refused(node.json("retract", record + "00"), "TRUST_NO_SYNTAX", 2)
        refused(node.json("retract", "0" * 64), "TRUST_NO_FOUND", 1)
        equal(node.ok("retract", record[:8].upper())["verdict"], "TRUST_OK")


def a_revocation_stays():
    with with_key() as node:
        record = node.ok("key", "revoke", "--reason", "retired", "--yes")["record"]
        refused(node.json("retract", record), "TRUST_NO_CONFLICT", 1)


def without_a_node_it_says_so():
    needs_a_node("retract " + "0" * 64)


main(every_kind_can_be_taken_back, the_first_digits_are_enough_and_too_few_are_refused,
     a_revocation_stays, without_a_node_it_says_so)
