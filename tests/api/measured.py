#!/usr/bin/python3
"""GET /v1/measured: own calls as ratings to sign, and what is not offered. TAP."""
import sys

from node import Node, Tests, equal, near, now_ms, refused
from orders import tell
from web import expires

test = Tests()
PERFORMANCE, HUMAN, MEASURED = 1, 1, 2
DAY_MS = 86_400_000


def offers(node, query=""):
    answer = node.ask("GET", "/v1/measured" + query)
    equal(answer.status, 200)
    return {row["subject"]: row for row in answer.json}


def subject(name):
    return f"mcp:io.example.measured/{name}"


def rated(name, origin, age_ms, category=PERFORMANCE, value=900):
    return (f"rating 1 {now_ms() - age_ms} {expires()} {subject(name)} - {category} {value} 100 "
            f"{origin}")


@test
def twenty_calls_are_an_offer_and_nineteen_are_none(node):
    tell(node, subject("many"), "ok", 30)
    tell(node, subject("many"), "refused", 10)
    tell(node, subject("few"), "ok", 19)
    got = offers(node)
    equal(list(got), [subject("many")])
    row = got[subject("many")]
    near(row["value"], .75, 1e-3)
    equal((row["category"], row["calls"] in (39, 40)), ("performance", True))
    tell(node, subject("few"), "ok", 2)  # time passes between calls, and they fade with it
    equal(sorted(offers(node)), [subject("few"), subject("many")])
    equal(len(offers(node, "?limit=1")), 1)
    equal(offers(node, "?limit=0"), {})


@test
def what_the_operator_wrote_is_not_replaced(node):
    names = ("written", "fresh", "old", "withdrawn", "other")
    for name in names:
        tell(node, subject(name), "ok", 21)
    equal(set(offers(node)) >= {subject(name) for name in names}, True)
    commands = (rated("written", HUMAN, 3 * DAY_MS), rated("fresh", MEASURED, DAY_MS // 2),
                   rated("old", MEASURED, DAY_MS + 60_000),
                   rated("withdrawn", HUMAN, DAY_MS, value=1001),
                   rated("other", HUMAN, DAY_MS, category=3))
    equal(node.publish(*commands), ["TRUST_OK"] * len(commands))
    left = set(offers(node)) & {subject(name) for name in names}
    equal(left, {subject("old"), subject("withdrawn"), subject("other")})


@test
def servers_that_others_do_not_know_are_not_offered(node):
    tell(node, "http://127.0.0.1:8000/mcp", "ok", 40)
    equal("http://127.0.0.1:8000/mcp" in offers(node), False)


@test
def agents_and_wrong_parameters_are_refused(node):
    refused(node.ask("GET", "/v1/measured", as_agent=True), 403, "TRUST_NO_PERMISSION")
    refused(node.ask("GET", "/v1/measured?limit=x"), 400, "TRUST_NO_TYPE", "limit")


@test
def without_an_operator_nobody_could_sign(_):
    with Node() as alone:
        refused(alone.ask("GET", "/v1/measured"), 409, "TRUST_NO_OPERATOR")


with Node(operator=1) as shared:
    sys.exit(test.run(shared))
