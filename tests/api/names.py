#!/usr/bin/python3
"""GET /v1/names and PUT /v1/names/{key}. TAP."""
import os
import sys

from node import Node, Tests, equal, make, refused
from orders import consent
from web import SERVER, flag, rating, settle, vouch, web_of

test = Tests()
KEY, OTHER = make("key 2", "key 3")


def put(node, key, body, **arguments):
    return node.ask("PUT", f"/v1/names/{key}", body, **arguments)


@test
def names_are_kept_over_a_restart():
    with Node(operator=1) as node:
        equal(node.ask("GET", "/v1/names").json, [])
        row = {"key": KEY, "name": "Änne B.", "muted": False}
        equal(put(node, KEY, {"name": "Änne B."}).json, row)
        equal(put(node, OTHER, {"muted": True}).json,
              {"key": OTHER, "name": None, "muted": True})
        equal(sorted(node.ask("GET", "/v1/names").json, key=lambda r: r["key"] != KEY)[0], row)
        equal(os.stat(os.path.join(node.home, "names")).st_mode & 0o777, 0o600)
        equal(node.stop(), 0)
        node.start()
        equal(len(node.ask("GET", "/v1/names").json), 2)
        # What is not spoken of stays; null takes the name away; nothing left is no entry.
        equal(put(node, KEY, {"muted": True}).json, {"key": KEY, "name": "Änne B.", "muted": True})
        equal(put(node, KEY, {"name": None}).json, {"key": KEY, "name": None, "muted": True})
        equal(put(node, KEY, {"muted": False}).json, {"key": KEY, "name": None, "muted": False})
        equal([row["key"] for row in node.ask("GET", "/v1/names").json], [OTHER])


@test
def a_muted_rater_weighs_nothing():
    def score(node):
        return node.ask("POST", "/v1/score", {"subjects": [SERVER]}).json[0]["status"]

    with Node(operator=1) as node:
        web_of(node)
        equal(score(node), "ok")
        equal(put(node, KEY, {"muted": True} | consent(node, "mute", KEY)).status, 200)
        equal(score(node), "unknown")
        equal(node.stop(), 0)
        node.start()
        equal(score(node), "unknown")
        put(node, KEY, {"muted": False})
        settle(node)
        equal(score(node), "ok")


@test
def a_scanner_is_muted_by_the_operators_signature_alone():
    def factor(node):
        return node.ask("POST", "/v1/score", {"subjects": [SERVER]}).json[0]["factor"]

    with Node(operator=1) as node:
        equal(node.publish(vouch(1, 2, scopes=4)), ["TRUST_OK"])
        settle(node)
        equal(node.publish(flag(2, severity=4)), ["TRUST_OK"])
        equal(factor(node), 0)
        refused(put(node, KEY, {"muted": True}), 403, "TRUST_NO_CHALLENGE", "signature")
        for wrong in (consent(node, "mute", OTHER), consent(node, "mute", KEY, key=2),
                      consent(node, "release", KEY)):
            refused(put(node, KEY, {"muted": True} | wrong), 403, "TRUST_NO_CHALLENGE")
        equal(node.ask("GET", "/v1/names").json, [])
        equal(factor(node), 0)
        # Names say nothing of its weight.
        equal(put(node, KEY, {"name": "scanner"}).status, 200)
        equal(put(node, KEY, {"muted": True} | consent(node, "mute", KEY)).json,
              {"key": KEY, "name": "scanner", "muted": True})
        equal(factor(node), 1)
        # It is muted already: there is nothing to loosen. To hear it again tightens.
        equal(put(node, KEY, {"name": None, "muted": True}).status, 200)
        equal(put(node, KEY, {"muted": False}).status, 200)
        settle(node)
        equal(factor(node), 0)


@test
def who_introduces_scanners_is_signed_for_too_and_a_plain_rater_is_not():
    with Node(operator=1) as node:
        equal(node.publish(vouch(1, 2, scopes=2), vouch(1, 3, scopes=1)), ["TRUST_OK"] * 2)
        settle(node)
        equal(node.publish(rating(3)), ["TRUST_OK"])
        refused(put(node, KEY, {"muted": True}), 403, "TRUST_NO_CHALLENGE")
        equal(put(node, OTHER, {"muted": True}).status, 200)


@test
def wrong_names_are_refused():
    with Node(operator=1) as node:
        for key, body, code, *words in (
                ("rpt1xyz", {"name": "a"}, "TRUST_NO_KEY", "rpt1"),
                (make("node 2")[0], {"name": "a"}, "TRUST_NO_KEY", "rpt1"),
                (KEY, {"name": ""}, "TRUST_NO_RANGE", "/name"),
                (KEY, {"name": "x" * 65}, "TRUST_NO_RANGE", "/name", "64"),
                (KEY, {"name": "a\nb"}, "TRUST_NO_RANGE", "/name", "control"),
                (KEY, {"name": 1}, "TRUST_NO_TYPE", "/name"),
                (KEY, {"muted": "yes"}, "TRUST_NO_TYPE", "/muted"),
                (KEY, {"name": "a", "weight": 1}, "TRUST_NO_OPTION", "/weight"),
                (KEY, b"nonsense", "TRUST_NO_SYNTAX")):
            refused(put(node, key, body), 400, code, *words)
        refused(put(node, KEY, {"name": "a"}, as_agent=True), 403, "TRUST_NO_PERMISSION")
        refused(node.ask("GET", "/v1/names", as_agent=True), 403, "TRUST_NO_PERMISSION")
        refused(node.ask("DELETE", f"/v1/names/{KEY}"), 405, "TRUST_NO_METHOD", "PUT")
        equal(node.ask("GET", "/v1/names").json, [])


@test
def a_broken_file_stops_the_start_and_names_its_line():
    with Node(operator=1) as node:
        put(node, KEY, {"muted": True})
        equal(node.stop(), 0)
        with open(os.path.join(node.home, "names"), "a", encoding="utf-8") as file:
            file.write("not a line\n")
        try:
            node.start()
            assert False, "it started without a mute"
        except RuntimeError as error:
            assert "line=2" in str(error) and "TRUST_NO_KEY" in str(error), error


if __name__ == "__main__":
    sys.exit(test.run())
