#!/usr/bin/python3
"""POST /v1/score. TAP."""
import sys

from node import Node, Tests, equal, near, refused

test = Tests()
MEMBERS = ["subject", "status", "score", "lower", "mean", "upper", "evidence", "raters",
           "categories", "flags", "factor", "cap", "manifest", "manifest_changed", "breaker",
           "quarantine", "pins", "unresolved", "basis", "updated"]
UNKNOWN = "mcp:io.example/nobody"


def score(node, *subjects):
    answer = node.ask("POST", "/v1/score", {"subjects": list(subjects)}, as_agent=True)
    equal(answer.status, 200)
    return answer.json


@test
def a_server_that_nobody_rated_is_unknown_and_has_no_score(node):
    [row] = score(node, UNKNOWN)
    equal(list(row), MEMBERS)
    equal((row["subject"], row["status"]), (UNKNOWN, "unknown"))
    equal([row[name] for name in ("score", "lower", "mean", "upper", "manifest")], [None] * 5)
    equal((row["evidence"], row["raters"], row["flags"]), (0, 0, []))
    equal((row["factor"], row["cap"], row["unresolved"]), (1, 1, 0))
    equal((row["breaker"], row["quarantine"]), ("closed", "ok"))
    equal(row["basis"], {"kind": "fresh", "age_s": 0})
    equal(list(row["categories"]), ["performance", "security", "overall"])
    near(row["categories"]["overall"]["mean"], .5)
    assert row["updated"].endswith("Z")


@test
def answers_come_in_the_order_of_the_questions(node):
    manifest = "ab" * 32
    rows = score(node, "https://b.example/mcp", {"subject": UNKNOWN, "manifest": manifest},
                 {"subject": "pkg:npm/%40acme/search@1.4.2"}, UNKNOWN, UNKNOWN)
    equal([row["subject"] for row in rows],
          ["https://b.example/mcp", UNKNOWN, "pkg:npm/%40acme/search@1.4.2", UNKNOWN, UNKNOWN])
    equal([row["manifest"] for row in rows], [None, manifest, None, None, None])


@test
def sixty_four_subjects_are_answered_and_sixty_five_refused(node):
    subjects = [f"mcp:io.example/n{i}" for i in range(65)]
    equal(len(score(node, *subjects[:64])), 64)
    refused(node.ask("POST", "/v1/score", {"subjects": subjects}), 400, "TRUST_NO_RANGE",
            "/subjects", "1 to 64")


@test
def wrong_bodies_are_refused_with_what_is_wrong(node):
    for body, code, *words in (
            (b"", "TRUST_NO_SYNTAX", "empty"),
            (b"{", "TRUST_NO_SYNTAX", "line 1"),
            (b"\xff\xfe{}", "TRUST_NO_SYNTAX"),
            ([], "TRUST_NO_TYPE", "object"),
            ({}, "TRUST_NO_TYPE", "/subjects", "missing"),
            ({"subjects": "x"}, "TRUST_NO_TYPE", "/subjects"),
            ({"subjects": []}, "TRUST_NO_RANGE", "/subjects"),
            ({"subjects": [7]}, "TRUST_NO_TYPE", "/subjects/0"),
            ({"subjects": [UNKNOWN, {}]}, "TRUST_NO_TYPE", "/subjects/1/subject"),
            ({"subjects": [UNKNOWN], "subject": 1}, "TRUST_NO_OPTION", "/subject"),
            ({"subjects": [{"subject": UNKNOWN, "x": 1}]}, "TRUST_NO_OPTION", "/subjects/0/x"),
            ({"subjects": ["no id"]}, "TRUST_NO_SUBJECT", "/subjects/0"),
            ({"subjects": ["HTTPS://A.example/"]}, "TRUST_NO_SUBJECT", "write https://a.example"),
            ({"subjects": [{"subject": UNKNOWN, "manifest": "xy"}]}, "TRUST_NO_RANGE",
             "/subjects/0/manifest"),
            ({"subjects": [{"subject": UNKNOWN, "manifest": 1}]}, "TRUST_NO_TYPE",
             "/subjects/0/manifest")):
        refused(node.ask("POST", "/v1/score", body, as_agent=True), 400, code, *words)


@test
def other_methods_and_parameters_are_refused(node):
    answer = node.ask("GET", "/v1/score")
    refused(answer, 405, "TRUST_NO_METHOD", "POST")
    equal(answer.headers["allow"], "POST")
    refused(node.ask("POST", "/v1/score?limit=1", {"subjects": [UNKNOWN]}), 400,
            "TRUST_NO_OPTION", "limit")


if __name__ == "__main__":
    with Node(operator=1) as running:
        sys.exit(test.run(running))
