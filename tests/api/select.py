#!/usr/bin/python3
"""POST /v1/select: groups, candidates, policy, what is withheld or open. TAP."""
import sys
import time

from node import Node, Tests, equal, refused
from orders import A, B, C, GROUP, order_breaker, order_quarantine, tell
from web import rating, settle

test = Tests()
MEMBERS = ["status", "reason", "group", "candidates", "refused", "retry_after_ms", "missing",
           "alternatives", "basis", "message"]
UNKNOWN = "mcp:io.example/nobody"
RATED = "mcp:io.example/rated"


def select(node, as_agent=True, **body):
    answer = node.ask("POST", "/v1/select", body, as_agent=as_agent)
    equal(answer.status, 200)
    equal(list(answer.json), MEMBERS)
    return answer.json


def places(answer):
    return [(row["subject"], row["why"]) for row in answer["candidates"]]


def losers(answer):
    return [(row["subject"], row["why"]) for row in answer["refused"]]


@test
def a_group_is_served_in_the_order_of_the_operator(node):
    answer = select(node, group="search")
    equal(places(answer), [(A, "primary"), (B, "named"), (C, "named")])
    equal(answer["candidates"][0], {"subject": A, "why": "primary", "score": None, "vetted": False,
                                    "state": "closed", "lease": None})
    equal((answer["status"], answer["reason"], answer["group"]), ("ok", None, "search"))
    equal((answer["refused"], answer["missing"], answer["alternatives"]), ([], [], []))
    equal((answer["retry_after_ms"], answer["basis"]), (0, {"kind": "fresh", "age_s": 0}))


@test
def a_group_is_told_of_to_who_asks_and_its_secrets_are_not(node):
    answer = node.ask("POST", "/v1/select", {"group": "search", "policy": True}, as_agent=True).json
    equal(list(answer), [*MEMBERS, "policy"])
    equal(answer["policy"], {"servers": [A, B, C], "strategy": "primary_first", "risk": "low",
                             "min_score": 0.5, "vetted_only": False,
                             "when_all_open": "unavailable"})
    answer = node.ask("POST", "/v1/select", {"candidates": [A], "policy": True}, as_agent=True).json
    equal(list(answer), MEMBERS)


@test
def an_unknown_group_is_not_found_and_the_nearest_is_named(node):
    refused(node.ask("POST", "/v1/select", {"group": "serch"}), 404, "TRUST_NO_FOUND",
            "/group", 'did you mean "search"')
    refused(node.ask("POST", "/v1/select", {"group": "weather"}), 404, "TRUST_NO_FOUND", "/group")


@test
def a_candidate_that_nobody_named_is_refused_while_unknown(node):
    answer = select(node, candidates=[UNKNOWN, A])
    equal(places(answer), [(A, "unscored")])
    equal(losers(answer), [(UNKNOWN, "unknown")])
    equal(answer["group"], None)


@test
def high_risk_takes_no_unknown_server_and_says_why(node):
    answer = select(node, group="search", risk="high")
    equal(losers(answer), [(A, "unknown"), (B, "unknown"), (C, "unknown")])
    equal((answer["status"], answer["reason"]), ("unavailable", "policy"))
    equal(answer["retry_after_ms"], None)
    assert answer["message"].startswith("The operator's policy"), answer["message"]


@test
def what_the_caller_excludes_is_refused(node):
    answer = select(node, group="search", exclude=[A, UNKNOWN])
    equal(places(answer), [(B, "named"), (C, "named")])
    equal(losers(answer), [(A, "excluded")])


@test
def agents_may_ask_for_more_safety_and_never_for_less(node):
    subject = "mcp:io.example/poor"
    for rival in ("one", "two", "three"):
        tell(node, subject, "internal", 9, as_agent=rival)
        tell(node, subject, "ok", 3, as_agent=rival)
    equal(losers(select(node, candidates=[subject])), [(subject, "min_score")])
    equal(losers(select(node, candidates=[subject], min_score=0)), [(subject, "min_score")])
    equal(places(select(node, False, candidates=[subject], min_score=0)), [(subject, "score")])
    equal(losers(select(node, candidates=[subject], min_score=1)), [(subject, "min_score")])


@test
def a_rating_of_the_operator_gives_a_score_and_a_place(node):
    equal(node.publish(rating(1, RATED, value=950, category=3, calls=1000)), ["TRUST_OK"])
    settle(node)
    answer = select(node, candidates=[RATED, A])
    equal(places(answer), [(RATED, "score"), (A, "unscored")])
    assert .8 < answer["candidates"][0]["score"] < 1, answer
    # High risk takes who is vetted: one that answered lately, too.
    equal(losers(select(node, candidates=[RATED], risk="high")), [(RATED, "not_vetted")])
    tell(node, RATED, "ok")
    [row] = select(node, candidates=[RATED], risk="high")["candidates"]
    equal((row["subject"], row["vetted"]), (RATED, True))


@test
def a_forced_open_server_is_out_until_its_end(node):
    equal(order_breaker(node, A, "force_open", False, expires_s=100).status, 200)
    answer = select(node, group="search")
    equal(places(answer), [(B, "named"), (C, "named")])
    equal(losers(answer), [(A, "shared_breaker")])
    for subject in (B, C):
        equal(order_breaker(node, subject, "force_open", False, expires_s=50).status, 200)
    answer = select(node, group="search")
    equal((answer["status"], answer["reason"], answer["candidates"]),
          ("unavailable", "all_open", []))
    assert 48_000 < answer["retry_after_ms"] <= 50_000, answer
    for subject in (A, B, C):
        equal(order_breaker(node, subject, "reset").status, 200)


@test
def a_quarantined_server_is_withheld(node):
    equal(order_quarantine(node, A, "add").status, 200)
    answer = select(node, group="search")
    equal(losers(answer), [(A, "quarantined")])
    equal(places(answer)[0], (B, "named"))
    answer = select(node, candidates=[A])
    equal((answer["status"], answer["reason"], answer["retry_after_ms"]),
          ("unavailable", "quarantined", None))
    equal(order_quarantine(node, A, "release", True).status, 200)
    equal(places(select(node, group="search"))[0], (A, "primary"))


@test
def a_lease_comes_with_the_answer_if_it_is_asked_for(node):
    subject = "mcp:io.example/halfopen"
    config = "breaker: { open: 100ms }\n" + GROUP.replace(A, subject) + "    min_score: 0\n"
    with Node(config) as other:
        tell(other, subject, "refused", 5)
        equal(losers(select(other, group="search")), [(subject, "shared_breaker")])
        while select(other, group="search")["refused"]:
            time.sleep(.01)
        answer = select(other, "one", group="search")
        equal((answer["candidates"][0]["state"], answer["candidates"][0]["lease"]),
              ("half_open", None))
        answer = select(other, "one", group="search", lease=True)
        [first, second, _] = answer["candidates"]
        assert first["lease"].count("-") == 3, first
        equal(second["lease"], None)
        tell(other, subject, "ok", as_agent="one", lease=first["lease"])


@test
def garbage_of_one_agent_takes_no_server_out_and_what_two_got_ends_by_a_reset(_):
    with Node(GROUP, operator=1) as node:
        everybody = [(A, "primary"), (B, "named"), (C, "named")]
        tell(node, A, "ok", 200)
        for subject in (A, B, C):
            tell(node, subject, "garbage", 4, as_agent="liar")
        equal(places(select(node, group="search")), everybody)
        # One more that got it, and half of those that were heard: it counts.
        tell(node, B, "garbage", 4)
        tell(node, A, "garbage", 4)
        answer = select(node, group="search")
        equal(losers(answer), [(A, "min_score"), (B, "min_score")])
        equal(places(answer), [(C, "named")])
        refused(order_breaker(node, A, "reset", False), 403, "TRUST_NO_CHALLENGE")
        equal(order_breaker(node, A, "reset").status, 200)
        equal(losers(select(node, group="search")), [(B, "min_score")])
        node.stop()
        node.start()
        equal(losers(select(node, group="search")), [(B, "min_score")])
        equal(order_breaker(node, B, "reset").status, 200)
        equal(places(select(node, group="search")), everybody)


@test
def the_board_has_who_was_asked_for(node):
    subject = "mcp:io.example/asked"
    refused(node.ask("GET", "/v1/breakers/mcp%3Aio.example%2Fasked"), 404, "TRUST_NO_FOUND")
    select(node, candidates=[subject])
    equal(node.ask("GET", "/v1/breakers/mcp%3Aio.example%2Fasked").json["state"], "closed")


@test
def wrong_bodies_are_refused(node):
    for body, code, *words in (
            ({}, "TRUST_NO_TYPE", "/group", "missing"),
            ({"group": "search", "candidates": [A]}, "TRUST_NO_OPTION", "/candidates"),
            ({"group": 7}, "TRUST_NO_TYPE", "/group"),
            ({"group": ""}, "TRUST_NO_RANGE", "/group"),
            ({"candidates": [A, A]}, "TRUST_NO_DUPLICATE", "/candidates/1"),
            ({"candidates": ["x y"]}, "TRUST_NO_SUBJECT", "/candidates/0"),
            ({"candidates": [f"mcp:io.example/{i}" for i in range(65)]}, "TRUST_NO_RANGE",
             "/candidates"),
            ({"group": "search", "min_score": 1.5}, "TRUST_NO_RANGE", "/min_score"),
            ({"group": "search", "strategy": "worst"}, "TRUST_NO_RANGE", "/strategy", "best"),
            ({"group": "search", "risk": "none"}, "TRUST_NO_RANGE", "/risk", "low, high"),
            ({"group": "search", "exclude": A}, "TRUST_NO_TYPE", "/exclude"),
            ({"group": "search", "agent": "x" * 65}, "TRUST_NO_RANGE", "/agent"),
            ({"group": "search", "lease": 1}, "TRUST_NO_TYPE", "/lease"),
            ({"group": "search", "need": ["q"]}, "TRUST_NO_OPTION", "/need")):
        status = 409 if code == "TRUST_NO_DUPLICATE" else 400
        refused(node.ask("POST", "/v1/select", body, as_agent=True), status, code, *words)


if __name__ == "__main__":
    with Node(GROUP, operator=1) as running:
        sys.exit(test.run(running))
