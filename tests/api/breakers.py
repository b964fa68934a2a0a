#!/usr/bin/python3
"""GET /v1/breakers, GET and POST /v1/breakers/{id}: what is shown, orders, restarts. TAP."""
import signal
import sys
import time

from node import Node, Tests, equal, quote, refused
from orders import A, B, C, GROUP, breaker, consent, order_breaker, tell

test = Tests()
MEMBERS = ["key", "state", "reason", "calls", "failures", "slow", "streak", "opens_in_ms",
           "generation"]


@test
def a_breaker_shows_its_figures(node):
    subject = "mcp:io.example/figures"
    tell(node, subject, "ok", 6, as_agent="one")
    tell(node, subject, "internal", 1, as_agent="one")
    tell(node, subject, "timeout", 2, as_agent="one")
    got = breaker(node, subject)
    equal(list(got), MEMBERS)
    equal(got, {"key": subject, "state": "closed", "reason": "start", "calls": 9, "failures": 2.5,
                "slow": 2, "streak": 2, "opens_in_ms": 0, "generation": 1})


@test
def agents_see_the_servers_of_the_configuration_and_the_operator_all_that_were_called(node):
    subject = "mcp:io.example/stranger"
    tell(node, subject, "ok")
    equal([row["key"] for row in node.ask("GET", "/v1/breakers", as_agent=True).json], [A, B, C])
    rows = node.ask("GET", "/v1/breakers").json
    assert {A, B, C, subject} <= {row["key"] for row in rows}, rows
    equal(len(node.ask("GET", "/v1/breakers?limit=2").json), 2)
    refused(node.ask("GET", "/v1/breakers?limit=1001"), 400, "TRUST_NO_RANGE", "limit")


@test
def what_nobody_called_has_no_breaker(node):
    refused(node.ask("GET", "/v1/breakers/mcp%3Aio.example%2Fnew"), 404, "TRUST_NO_FOUND")
    refused(node.ask("GET", "/v1/breakers/x%20y"), 400, "TRUST_NO_SUBJECT", "id")


@test
def force_open_tightens_and_needs_no_signature(node):
    got = order_breaker(node, A, "force_open", False, expires_s=60, reason="too many reports")
    equal((got.status, got.json["state"], got.json["reason"]), (200, "forced_open", "override"))
    assert 59_000 < got.json["opens_in_ms"] <= 60_000, got.json
    assert 'reason="too many reports"' in node.log(), node.log()[-500:]
    got = order_breaker(node, A, "force_open", False)
    equal((got.status, got.json["opens_in_ms"]), (200, None))


@test
def a_force_open_that_ends_sooner_loosens(node):
    equal(order_breaker(node, B, "force_open", False, expires_s=1000).status, 200)
    refused(order_breaker(node, B, "force_open", False, expires_s=10), 403, "TRUST_NO_CHALLENGE")
    equal(order_breaker(node, B, "force_open", False, expires_s=2000).status, 200)
    got = order_breaker(node, B, "force_open", expires_s=10)
    equal(got.status, 200)
    assert got.json["opens_in_ms"] <= 10_000, got.json


@test
def every_loosening_order_needs_the_operator(node):
    for verb, state in (("force_closed", "forced_closed"), ("metrics_only", "metrics_only"),
                        ("close", "closed"), ("reset", "closed")):
        path = f"/v1/breakers/{quote(C)}"
        refused(node.ask("POST", path, {"verb": verb}), 403, "TRUST_NO_CHALLENGE", "signature")
        stranger = consent(node, verb, C, key=2)
        refused(node.ask("POST", path, {"verb": verb} | stranger), 403, "TRUST_NO_CHALLENGE")
        other = consent(node, verb, A)
        refused(node.ask("POST", path, {"verb": verb} | other), 403, "TRUST_NO_CHALLENGE")
        good = {"verb": verb} | consent(node, verb, C)
        got = node.ask("POST", path, good)
        equal((got.status, got.json["state"]), (200, state))
        refused(node.ask("POST", path, good), 403, "TRUST_NO_CHALLENGE", "not out any more")


@test
def an_expiry_is_signed_too(node):
    path = f"/v1/breakers/{quote(C)}"
    signed = consent(node, "force_closed", C, 60)
    refused(node.ask("POST", path, {"verb": "force_closed", "expires_s": 6000} | signed), 403,
            "TRUST_NO_CHALLENGE")
    got = order_breaker(node, C, "force_closed", expires_s=1)
    equal((got.status, got.json["state"]), (200, "forced_closed"))
    time.sleep(1.1)
    equal(breaker(node, C)["state"], "closed")


@test
def a_forced_closed_breaker_records_nothing_and_metrics_only_never_opens(node):
    subject = "mcp:io.example/forced"
    equal(order_breaker(node, subject, "force_closed").status, 200)
    tell(node, subject, "refused", 20, as_agent="one")
    equal((breaker(node, subject)["state"], breaker(node, subject)["calls"]), ("forced_closed", 0))
    equal(order_breaker(node, subject, "metrics_only").status, 200)
    tell(node, subject, "refused", 20, as_agent="one")
    equal((breaker(node, subject)["state"], breaker(node, subject)["calls"]), ("metrics_only", 20))


@test
def agents_give_no_orders(node):
    for verb in ("force_open", "reset"):
        refused(node.ask("POST", f"/v1/breakers/{quote(A)}", {"verb": verb}, as_agent=True), 403,
                "TRUST_NO_PERMISSION")


@test
def wrong_bodies_are_refused(node):
    for body, code, *words in (
            ({}, "TRUST_NO_TYPE", "/verb", "missing"),
            ({"verb": "open"}, "TRUST_NO_RANGE", "/verb", "force_open"),
            ({"verb": "close", "expires_s": 1}, "TRUST_NO_OPTION", "/expires_s"),
            ({"verb": "force_open", "expires_s": 0}, "TRUST_NO_RANGE", "/expires_s"),
            ({"verb": "force_open", "expires_s": 31_536_001}, "TRUST_NO_RANGE", "/expires_s"),
            ({"verb": "force_open", "expires_s": "1"}, "TRUST_NO_TYPE", "/expires_s"),
            ({"verb": "force_open", "reason": "x" * 201}, "TRUST_NO_RANGE", "/reason"),
            ({"verb": "force_open", "reason": "x\ny"}, "TRUST_NO_RANGE", "/reason"),
            ({"verb": "close", "nonce": "xy"}, "TRUST_NO_RANGE", "/nonce"),
            ({"verb": "close", "signature": 1}, "TRUST_NO_TYPE", "/signature"),
            ({"verb": "force_open", "note": 1}, "TRUST_NO_OPTION", "/note")):
        refused(node.ask("POST", f"/v1/breakers/{quote(A)}", body), 400, code, *words)
    refused(node.ask("POST", "/v1/breakers/x", {"verb": "force_open"}), 400, "TRUST_NO_SUBJECT")
    refused(node.ask("DELETE", f"/v1/breakers/{quote(A)}"), 405, "TRUST_NO_METHOD", "GET, POST")


@test
def without_an_operator_nobody_loosens(_):
    with Node(GROUP) as node:
        answer = node.ask("POST", f"/v1/breakers/{quote(A)}", {"verb": "reset"})
        refused(answer, 409, "TRUST_NO_OPERATOR")
        equal(order_breaker(node, A, "force_open", False).status, 200)


@test
def states_outlive_a_restart_in_remaining_time(_):
    with Node("breaker: { open: 100s, open_max: 300s }\n" + GROUP, operator=1) as node:
        equal(order_breaker(node, A, "force_open", False, expires_s=100).status, 200)
        equal(order_breaker(node, B, "metrics_only").status, 200)
        tell(node, C, "refused", 5, as_agent="one")
        tell(node, "mcp:io.example/unnamed", "refused", 5, as_agent="one")
        before = breaker(node, C)
        equal(before["state"], "open")
        equal(node.stop(), 0)
        time.sleep(1)
        node.start()
        got = breaker(node, A)
        equal(got["state"], "forced_open")
        assert 90_000 < got["opens_in_ms"] <= 100_000, got
        equal(breaker(node, B)["state"], "metrics_only")
        after = breaker(node, C)
        equal((after["state"], after["reason"]), ("open", "agents"))
        assert before["opens_in_ms"] - 10_000 < after["opens_in_ms"] <= before["opens_in_ms"]
        equal(breaker(node, "mcp:io.example/unnamed")["state"], "open")
        time.sleep(.5)
        node.stop(signal.SIGKILL)
        node.start()
        equal([breaker(node, subject)["state"] for subject in (A, B, C)],
              ["forced_open", "metrics_only", "open"])


if __name__ == "__main__":
    with Node(GROUP, operator=1) as running:
        sys.exit(test.run(running))
