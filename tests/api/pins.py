#!/usr/bin/python3
"""/v1/pins: what agents tell of servers' manifests makes a few suspect, and the operator's signature
takes it back. TAP."""
import signal
import sys
import time

from node import Node, Tests, equal, make, quote, refused
from orders import A, B, C, GROUP, Events, order_quarantine
from web import rating

test = Tests()
ROW = ["subject", "manifest", "state", "tools", "since", "seen", "agents", "held_back", "sights"]
SIGHT = ["manifest", "state", "tools", "since", "seen", "agents", "accepted"]
FIRST, SECOND, THIRD = "11" * 32, "22" * 32, "33" * 32
LEGACY, MODERN = "aa" * 32, "bb" * 32
STRANGER = "mcp:io.example/stranger"


def body(subject, manifest, state, capabilities=LEGACY, **more):
    return {"subject": subject, "capabilities": capabilities, "manifest": manifest,
            "state": state, **more}


def tell(node, *words, as_agent="guard", **more):
    answer = node.ask("POST", "/v1/pins", body(*words, **more), as_agent=as_agent)
    equal((answer.status, list(answer.json)), (200, ROW))
    equal([list(sight) for sight in answer.json["sights"]], [SIGHT] * len(answer.json["sights"]))
    return answer.json


def quarantine(node, subject):
    """(state, rule, manifest) of a server; ok ones have no row."""
    for row in node.ask("GET", "/v1/quarantine").json:
        if row["subject"] == subject:
            return row["state"], row["rule"], row["manifest"]
    return "ok", None, None


def await_state(node, subject, state):
    deadline = time.monotonic() + 5
    while quarantine(node, subject)[0] != state:
        assert time.monotonic() < deadline, quarantine(node, subject)
        time.sleep(.02)


def score(node, subject):
    [row] = node.ask("POST", "/v1/score", {"subjects": [subject]}).json
    return row


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def accept(node, subject, manifest, when=None, capabilities=LEGACY, key=1):
    when = when or now()
    [signature] = make(f"statement {key} pin {chr(10).join((subject, manifest, when)).encode().hex()}")
    return node.ask("POST", f"/v1/pins/{quote(subject)}",
                    {"capabilities": capabilities, "manifest": manifest, "time": when,
                     "signature": signature})


@test
def what_agents_see_is_kept_and_shown(node):
    equal(node.ask("GET", "/v1/pins").json, [])
    refused(node.ask("GET", f"/v1/pins/{quote(A)}"), 404, "TRUST_NO_FOUND", "no agent has told")
    equal((score(node, A)["manifest"], score(node, A)["pins"]), (None, None))
    got = tell(node, A, FIRST, "pinned", agent="guard")
    equal([got[name] for name in ("subject", "manifest", "state", "tools", "agents", "held_back")],
          [A, FIRST, "pinned", 0, 1, False])
    equal(tell(node, A, FIRST, "pinned")["agents"], 1)
    equal(tell(node, A, FIRST, "pinned", as_agent="other")["agents"], 2)
    equal(len(tell(node, A, SECOND, "pinned", capabilities=MODERN)["sights"]), 2)
    equal([row["subject"] for row in node.ask("GET", "/v1/pins", as_agent=True).json], [A])
    row = score(node, A)
    equal((row["manifest"], row["pins"]["state"], row["quarantine"]), (SECOND, "pinned", "ok"))
    [asked] = node.ask("POST", "/v1/score", {"subjects": [{"subject": A, "manifest": THIRD}]}).json
    equal(asked["manifest"], THIRD)


@test
def a_change_makes_suspect_and_everybody_hears(node):
    with Events(node, "?type=quarantine", as_agent=True) as events:
        got = tell(node, A, THIRD, "changed", tools=2)
        equal((got["state"], got["tools"], got["manifest"]), ("changed", 2, THIRD))
        event = events.next()[2]
        equal([event[name] for name in ("subject", "from", "to", "rule")],
              [A, "ok", "suspect", "manifest"])
    equal(quarantine(node, A), ("suspect", "manifest", THIRD))
    row = score(node, A)
    equal((row["quarantine"], row["manifest"], row["pins"]["state"], row["pins"]["tools"]),
          ("suspect", THIRD, "changed", 2))
    entry = node.ask("GET", "/v1/quarantine/history").json[-1]
    equal([entry[name] for name in ("actor", "subject", "manifest", "to", "rule", "ttl_s")],
          ["rule", A, THIRD, "suspect", "manifest", 86400])
    equal(len(node.ask("GET", "/v1/quarantine/history").json), 1)
    tell(node, A, THIRD, "changed", tools=2)
    equal(len(node.ask("GET", "/v1/quarantine/history").json), 1)


@test
def it_is_refused_at_high_risk_and_serves_at_low(node):
    equal(node.publish(rating(1, A)), ["TRUST_OK"])
    for risk, count in (("low", 3), ("high", 0)):
        asked = {"group": "search", "risk": risk, "min_score": 0}
        answer = node.ask("POST", "/v1/select", asked)
        whys = {row["subject"]: row["why"] for row in answer.json["refused"]}
        equal(len(answer.json["candidates"]), count)
        equal(whys.get(A), "suspect" if risk == "high" else None)


@test
def an_agent_takes_nothing_back(node):
    equal(tell(node, A, FIRST, "pinned")["state"], "changed")
    equal(tell(node, A, FIRST, "pinned", capabilities=MODERN)["state"], "changed")
    equal(quarantine(node, A)[0], "suspect")
    refused(node.ask("POST", f"/v1/pins/{quote(A)}", {}, as_agent=True), 403,
            "TRUST_NO_PERMISSION")


@test
def one_that_lies_about_all_has_one_at_a_time(node):
    for subject in (B, C, STRANGER):
        tell(node, subject, THIRD, "changed", tools=1)
    await_state(node, STRANGER, "suspect")
    equal([quarantine(node, subject)[0] for subject in (A, B, C)], ["suspect", "ok", "ok"])
    equal([node.ask("GET", f"/v1/pins/{quote(subject)}").json["held_back"]
           for subject in (A, B, C)], [False, True, True])
    health = {line["code"]: line for line in node.ask("GET", "/v1/status").json["health"]}
    equal(health["manifests_changed"]["text"],
          "3 servers of groups offer other tools than were approved (2 of them are not suspect: too "
          "many would be)")
    equal([row["subject"] for row in node.ask("GET", "/v1/pins", as_agent=True).json], [A, B, C])
    equal(node.ask("GET", f"/v1/pins/{quote(STRANGER)}", as_agent=True).status, 404)


@test
def the_operators_signature_takes_it_back(node):
    path = f"/v1/pins/{quote(A)}"
    good = {"capabilities": LEGACY, "manifest": FIRST, "time": now()}
    refused(node.ask("POST", path, good), 403, "TRUST_NO_CHALLENGE", "needs")
    refused(node.ask("POST", path, good | {"signature": "00" * 64}), 403, "TRUST_NO_CHALLENGE")
    refused(accept(node, A, THIRD, key=2), 403, "TRUST_NO_CHALLENGE")
    refused(node.ask("POST", path, good | {"time": "yesterday"}), 400, "TRUST_NO_RANGE", "/time")
    # What was accepted before the change was told, and what another client was shown.
    equal(accept(node, A, THIRD, "2020-01-01T00:00:00Z").json["state"], "changed")
    equal(accept(node, A, THIRD, capabilities=MODERN).json["state"], "changed")
    equal(quarantine(node, A)[0], "suspect")
    got = accept(node, A, THIRD)
    equal((got.status, got.json["state"], got.json["tools"]), (200, "pinned", 0))
    equal(quarantine(node, A), ("ok", None, None))
    entry = node.ask("GET", "/v1/quarantine/history").json[-1]
    equal([entry[name] for name in ("actor", "subject", "from", "to", "rule", "reason")],
          [make("key 1")[0], A, "suspect", "ok", "operator", "its tools were accepted"])
    # Another's pins may say so still; and now another server has its turn.
    equal(tell(node, A, THIRD, "changed", as_agent="other")["state"], "pinned")
    equal(accept(node, STRANGER, THIRD).json["state"], "pinned")
    refused(accept(node, "mcp:io.example/never", THIRD), 404, "TRUST_NO_FOUND")


@test
def a_release_excuses_a_change_that_was_told(_):
    with Node(GROUP, operator=1) as node:
        tell(node, A, THIRD, "changed")
        equal(order_quarantine(node, A, "release", True).json["state"], "released")
        tell(node, A, THIRD, "changed")
        equal(quarantine(node, A)[0], "released")


@test
def what_was_told_outlives_every_end_of_the_node(_):
    with Node(GROUP, operator=1) as node:
        tell(node, A, THIRD, "changed", tools=3)
        since = node.ask("GET", f"/v1/pins/{quote(A)}").json["since"]
        node.stop(signal.SIGTERM)
        node.start()
        for _ in range(2):
            got = node.ask("GET", f"/v1/pins/{quote(A)}").json
            equal([got[name] for name in ("manifest", "state", "tools", "since", "agents")],
                  [THIRD, "changed", 3, since, 0])
            equal(quarantine(node, A), ("suspect", "manifest", THIRD))
            equal(tell(node, B, THIRD, "changed")["held_back"], True)
            node.stop(signal.SIGKILL)
            node.start()
        equal(accept(node, A, THIRD).json["state"], "pinned")
        node.stop(signal.SIGKILL)
        node.start()
        equal(quarantine(node, A), ("ok", None, None))
        equal(node.ask("GET", f"/v1/pins/{quote(A)}").json["state"], "pinned")


@test
def without_an_operator_the_sockets_permission_is_enough(_):
    with Node(GROUP) as node:
        tell(node, A, THIRD, "changed")
        await_state(node, A, "suspect")
        got = node.ask("POST", f"/v1/pins/{quote(A)}",
                       {"capabilities": LEGACY, "manifest": THIRD, "time": now()})
        equal((got.status, got.json["state"]), (200, "pinned"))
        equal(quarantine(node, A)[0], "ok")


@test
def a_connection_that_tells_too_much_is_asked_to_wait(_):
    with Node(GROUP) as node:
        codes = [node.ask("POST", "/v1/pins", body(A, f"{number:064x}", "changed"),
                          as_agent="liar") for number in range(80)]
        equal({answer.status for answer in codes[:64]}, {200})
        refused(codes[-1], 503, "TRUST_NO_BUSY", "more manifests")
        equal(tell(node, B, FIRST, "pinned", as_agent="honest")["state"], "pinned")
        equal(len(node.ask("GET", "/v1/quarantine/history").json), 1)


@test
def wrong_bodies_are_refused(node):
    good = body(A, FIRST, "pinned")
    for wrong, code, *words in (
            ({k: v for k, v in good.items() if k != "capabilities"}, "TRUST_NO_TYPE",
             "/capabilities"),
            (good | {"manifest": "11" * 31}, "TRUST_NO_RANGE", "/manifest"),
            (good | {"state": "none"}, "TRUST_NO_RANGE", "/state", "changed"),
            (good | {"tools": 65536}, "TRUST_NO_RANGE", "/tools"),
            (good | {"why": 1}, "TRUST_NO_OPTION", "/why")):
        refused(node.ask("POST", "/v1/pins", wrong, as_agent=True), 400, code, *words)


if __name__ == "__main__":
    with Node(GROUP, operator=1) as running:
        sys.exit(test.run(running))
