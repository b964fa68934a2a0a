#!/usr/bin/python3
"""`repute publish --measured`: what own calls say of servers becomes signed records."""
from cli import main, refused
from running import Running, equal, needs_a_node, with_key

GOOD, BAD = "mcp:io.example.measured/good", "mcp:io.example.measured/bad"


def call(node, subject, class_, count):
    for _ in range(count):
        node.ok("outcome", subject, "--class", class_)


def own_calls_are_signed_and_not_offered_again():
    with with_key() as node:
        equal(node.ok("publish", "--measured"), [])
        call(node, GOOD, "ok", 22)
        rows = node.ok("publish", "--measured")
        equal([(row["subject"], row["category"], row["value"], row["origin"], row["verdict"])
               for row in rows], [(GOOD, "performance", 1, "measured", "TRUST_OK")])
        equal(rows[0]["calls"] in (21, 22), True)
        equal(node.ok("drafts", "list"), [])
        equal(node.ok("status")["records"], 1)
        equal(node.ok("publish", "--measured"), [])
        equal(node.text("publish", "--measured"), "There is nothing to publish.\n")


def other_drafts_stay_where_they_are():
    with with_key() as node:
        kept = node.ok("rate", BAD, "--category", "overall", "--value", "0.5")
        call(node, GOOD, "ok", 22)
        [row] = node.ok("publish", "--measured")
        equal(row["subject"], GOOD)
        equal([draft["draft"] for draft in node.ok("drafts", "list")], [kept["draft"]])


def it_stands_alone():
    needs_a_node("publish --measured")
    with with_key() as node:
        refused(node.json("publish", "--measured", "--all"), "TRUST_NO_OPTION", 2)
        refused(node.json("publish", "--measured", "12345678"), "TRUST_NO_OPTION", 2)
    with Running() as node:
        refused(node.json("publish", "--measured"), "TRUST_NO_OPERATOR", 1)


main(own_calls_are_signed_and_not_offered_again, other_drafts_stay_where_they_are, it_stands_alone)
