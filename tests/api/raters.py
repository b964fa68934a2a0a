#!/usr/bin/python3
"""GET /v1/raters. TAP."""
import sys

from node import Node, Tests, equal, make, near, refused
from web import rating, settle, vouch

test = Tests()
ME, FIRST, SECOND, THIRD = make("key 1", "key 2", "key 3", "key 4")


@test
def raters_come_with_their_weights_heaviest_first(node):
    rows = node.ask("GET", "/v1/raters").json
    equal([row["key"] for row in rows], [ME, FIRST, SECOND, THIRD])
    equal([row["distance"] for row in rows], [0, 1, 1, 2])
    equal([row["records"] for row in rows], [2, 2, 0, 0])
    equal([row["name"] for row in rows], [None, "first one", None, None])
    # W(me) = 1.5: 2 gets 1/1.5 of the walk, 3 half of that, 4 what 2 passes on.
    for row, weight in zip(rows, (1, .7 / 1.5, .35 / 1.5, .49 / 1.5 * .2)):
        near(row["weight"], weight)


@test
def a_limit_cuts_the_lightest(node):
    equal([row["key"] for row in node.ask("GET", "/v1/raters?limit=2").json], [ME, FIRST])
    equal(node.ask("GET", "/v1/raters?limit=0").json, [])


@test
def without_peers_nobody_else_is_seen(node):
    equal(node.ask("GET", "/v1/raters?seen=1").json, node.ask("GET", "/v1/raters").json)


@test
def agents_and_wrong_parameters_are_refused(node):
    refused(node.ask("GET", "/v1/raters", as_agent=True), 403, "TRUST_NO_PERMISSION")
    refused(node.ask("GET", "/v1/raters?seen=2"), 400, "TRUST_NO_RANGE", "seen")
    refused(node.ask("GET", "/v1/raters?limit=x"), 400, "TRUST_NO_TYPE", "limit")


if __name__ == "__main__":
    with Node(operator=1) as running:
        equal(running.publish(vouch(1, 2), vouch(1, 3, 500)), ["TRUST_OK"] * 2)
        settle(running)
        equal(running.publish(vouch(2, 4, 200), rating(2)), ["TRUST_OK"] * 2)
        equal(running.ask("PUT", f"/v1/names/{FIRST}", {"name": "first one"}).status, 200)
        settle(running)
        sys.exit(test.run(running))
