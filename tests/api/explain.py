#!/usr/bin/python3
"""GET /v1/servers/{id}/explain. TAP."""
import sys

from node import Node, Tests, equal, make, near, quote, refused
from web import EVIDENCE, MEAN, SERVER, WEIGHT, flag, rating, vouch, web_of

test = Tests()
PATH = f"/v1/servers/{quote(SERVER)}/explain"
ME, RATER = make("key 1", "key 2")


@test
def the_shares_of_a_category_sum_to_its_mean(node):
    for as_agent in (True, False):
        why = node.ask("GET", PATH, as_agent=as_agent).json
        rows = [row for row in why["contributions"] if row["category"] == "overall"]
        equal([row["kind"] for row in rows], ["prior", "rating"])
        near(sum(row["share"] for row in rows), why["categories"]["overall"]["mean"])
        near(why["mean"], MEAN, 1e-5)
        prior, by_rater = rows
        equal((prior["from"], prior["age_s"], prior["paths"]), (None, None, []))
        equal(by_rater["from"], RATER)
        near(by_rater["value"], .9)
        near(by_rater["weight"], EVIDENCE, 1e-4)
        assert 0 <= by_rater["age_s"] < 60
        [path] = by_rater["paths"]
        equal(path["keys"], [ME, RATER])
        near(path["flow"], WEIGHT)


@test
def the_single_source_is_named(node):
    why = node.ask("GET", PATH).json
    equal(why["single_source"], True)
    equal(why["first_hop"]["key"], RATER)
    near(why["first_hop"]["share"], 1)


@test
def what_was_ignored_is_said_with_its_record(node):
    [withdrawn] = make(rating(2, SERVER, value=1001, category=2))
    answer = node.ask("POST", "/v1/records", {"records": [withdrawn]}).json
    equal(answer[0]["verdict"], "TRUST_OK")
    why = node.ask("GET", PATH).json
    equal(why["ignored"], [{"record": answer[0]["id"], "from": RATER, "reason": "withdrawn"}])
    equal(why["ignored_count"], 1)


@test
def flags_and_what_would_change_are_shown(node):
    equal(node.publish(flag(1)), ["TRUST_OK"])
    why = node.ask("GET", PATH).json
    equal(why["status"], "flagged")
    [shown] = why["flags"]
    equal((shown["severity"], shown["class"], shown["rule"], shown["scanner"], shown["q"]),
          ("high", "poisoning", "TP001", ME, 1))
    near(why["factor"], .25, 1e-5)
    assert "flags_end" in [row["kind"] for row in why["changes"]], why["changes"]
    for row in why["changes"]:
        equal(sorted(row), ["amount", "kind", "status"])


@test
def a_server_that_nobody_knows_has_priors_alone(node):
    why = node.ask("GET", f"/v1/servers/{quote('mcp:io.example/unheard')}/explain").json
    equal((why["status"], why["ignored"], why["single_source"], why["first_hop"]),
          ("unknown", [], False, None))
    equal({row["kind"] for row in why["contributions"]}, {"prior"})


@test
def wrong_questions_are_refused(node):
    refused(node.ask("GET", "/v1/servers/x/explain"), 400, "TRUST_NO_SUBJECT")
    refused(node.ask("GET", PATH + "?manifest=zz"), 400, "TRUST_NO_RANGE")
    refused(node.ask("GET", PATH + "?radius=1"), 400, "TRUST_NO_OPTION")


if __name__ == "__main__":
    with Node(operator=1) as running:
        web_of(running)
        equal(running.publish(vouch(1, 3, -1000)), ["TRUST_OK"])
        sys.exit(test.run(running))
