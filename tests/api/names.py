#!/usr/bin/python3
"""GET /v1/names and PUT /v1/names/{key}. TAP."""
import os
import sys

from node import Node, Tests, equal, make, refused
from web import SERVER, settle, web_of

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
        put(node, KEY, {"muted": True})
        equal(score(node), "unknown")
        equal(node.stop(), 0)
        node.start()
        equal(score(node), "unknown")
        put(node, KEY, {"muted": False})
        settle(node)
        equal(score(node), "ok")


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
