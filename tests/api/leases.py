#!/usr/bin/python3
"""POST /v1/leases: closed, open, half-open and withheld servers. TAP."""
import json
import re
import sys
import time

from node import Node, Tests, equal, refused
from orders import breaker, order_breaker, order_quarantine, tell

test = Tests()
MEMBERS = ["subject", "lease", "state", "generation", "retry_after_ms", "code"]
OPEN_S = .2


def lease(node, subject, as_agent=True):
    answer = node.ask("POST", "/v1/leases", {"subject": subject}, as_agent=as_agent)
    equal(answer.status, 200)
    equal(list(answer.json), MEMBERS)
    return answer.json


def until(ask):
    for _ in range(200):
        if answer := ask():
            return answer
        time.sleep(.02)
    raise AssertionError("it never came")


def half_open(node, subject):
    tell(node, subject, "refused", 5, as_agent="breaker")
    equal(breaker(node, subject)["state"], "open")
    while breaker(node, subject)["state"] == "open":
        time.sleep(.01)


@test
def a_closed_breaker_lets_everybody_call_without_a_lease(node):
    got = lease(node, "mcp:io.example/new")
    equal(got, {"subject": "mcp:io.example/new", "lease": None, "state": "closed",
                "generation": 1, "retry_after_ms": 0, "code": None})


@test
def an_open_breaker_refuses_and_says_how_long(node):
    subject = "mcp:io.example/open"
    equal(order_breaker(node, subject, "force_open", False, expires_s=100).status, 200)
    got = lease(node, subject)
    equal((got["lease"], got["state"], got["code"]), (None, "forced_open", "TRUST_NO_LEASE"))
    assert 99_000 < got["retry_after_ms"] <= 100_000, got
    equal(order_breaker(node, subject, "force_open", False).status, 200)
    equal(lease(node, subject)["retry_after_ms"], None)


@test
def a_half_open_breaker_gives_its_leases_and_no_more(node):
    subject = "mcp:io.example/half"
    half_open(node, subject)
    first = lease(node, subject, as_agent="one")
    assert re.fullmatch(r"[0-9]+-[0-9]+-[0-9]+-[0-9a-f]{16}", first["lease"]), first
    equal((first["state"], first["retry_after_ms"], first["code"]), ("half_open", 0, None))
    second = lease(node, subject, as_agent="two")
    assert second["lease"] not in (None, first["lease"])
    # One lease an agent, once another one has asked.
    third = lease(node, subject, as_agent="one")
    equal((third["lease"], third["code"], third["retry_after_ms"]), (None, "TRUST_NO_LEASE", 1000))


@test
def leases_that_went_well_close_the_breaker(node):
    subject = "mcp:io.example/heals"
    half_open(node, subject)
    for agent in ("one", "two"):
        got = lease(node, subject, as_agent=agent)
        tell(node, subject, "ok", as_agent=agent, lease=got["lease"])
    equal(breaker(node, subject)["state"], "closed")
    equal(breaker(node, subject)["reason"], "probes_passed")


@test
def an_agent_that_died_with_its_lease_keeps_nobody_out(node):
    subject = "mcp:io.example/died"
    half_open(node, subject)
    taken = []
    for _ in range(3):
        connection = node.connection(True)
        connection.request("POST", "/v1/leases", json.dumps({"subject": subject}))
        taken.append(json.loads(connection.getresponse().read())["lease"])
        connection.close()
    assert None not in taken, taken
    for agent in ("one", "two"):
        text = until(lambda: lease(node, subject, as_agent=agent)["lease"])
        tell(node, subject, "ok", as_agent=agent, lease=text)
    equal(breaker(node, subject)["state"], "closed")


@test
def one_agent_of_several_has_one_lease_at_a_time(node):
    subject = "mcp:io.example/greedy"
    for agent in ("one", "two", "three"):
        tell(node, subject, "refused", 5, as_agent=agent)
    equal(breaker(node, subject)["state"], "open")
    while breaker(node, subject)["state"] == "open":
        time.sleep(.01)
    assert lease(node, subject, as_agent="one")["lease"]
    equal([lease(node, subject, as_agent="one")["lease"] for _ in range(5)], [None] * 5)
    assert lease(node, subject, as_agent="two")["lease"]


@test
def a_lease_is_settled_by_who_brings_it_and_by_nobody_who_guesses(node):
    subject = "mcp:io.example/foreign"
    half_open(node, subject)
    [one, two] = [lease(node, subject, as_agent=agent)["lease"] for agent in ("one", "two")]
    for text in (one[:-1] + "0123456789abcdef"[one[-1] == "0"], one[:-16] + two[-16:]):
        tell(node, subject, "ok", as_agent="thief", lease=text)
    equal(breaker(node, subject)["state"], "half_open")
    equal(breaker(node, subject)["calls"], 0)
    tell(node, subject, "ok", lease=one)
    equal(breaker(node, subject)["calls"], 1)


@test
def outcomes_without_a_lease_never_close_it(node):
    subject = "mcp:io.example/noise"
    half_open(node, subject)
    tell(node, subject, "ok", 50, as_agent="one")
    equal(breaker(node, subject)["state"], "half_open")


@test
def a_withheld_server_gives_none(node):
    subject = "mcp:io.example/withheld"
    equal(order_quarantine(node, subject, "add").status, 200)
    got = lease(node, subject)
    equal((got["lease"], got["state"], got["code"], got["retry_after_ms"]),
          (None, "withheld", "TRUST_NO_LEASE", None))


@test
def a_quarantine_cancels_what_is_out(node):
    subject = "mcp:io.example/cancelled"
    half_open(node, subject)
    got = lease(node, subject, as_agent="one")
    assert got["lease"], got
    equal(order_quarantine(node, subject, "add").status, 200)
    tell(node, subject, "refused", as_agent="one", lease=got["lease"])
    equal([breaker(node, subject)[name] for name in ("state", "calls")], ["half_open", 0])


@test
def wrong_bodies_are_refused(node):
    for body, code, *words in (
            ({}, "TRUST_NO_TYPE", "/subject", "missing"),
            ({"subject": "x y"}, "TRUST_NO_SUBJECT", "/subject"),
            ({"subject": "mcp:io.example/a", "agent": ""}, "TRUST_NO_RANGE", "/agent"),
            ({"subject": "mcp:io.example/a", "tool": "t"}, "TRUST_NO_OPTION", "/tool")):
        refused(node.ask("POST", "/v1/leases", body, as_agent=True), 400, code, *words)
    refused(node.ask("GET", "/v1/leases", as_agent=True), 405, "TRUST_NO_METHOD", "POST")


if __name__ == "__main__":
    with Node(f"breaker: {{ open: {int(OPEN_S * 1000)}ms }}\n", operator=1) as running:
        sys.exit(test.run(running))
