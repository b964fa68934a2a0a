#!/usr/bin/python3
"""GET and POST /v1/quarantine, its history, the withheld file and the audit log. TAP."""
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.parse

from node import Node, Tests, equal, make, refused
from orders import A, B, GROUP, consent, order_breaker, order_quarantine
from web import flag

test = Tests()
MEMBERS = ["subject", "manifest", "state", "rule", "since", "until", "times"]
ENTRY = ["seq", "time", "actor", "subject", "manifest", "from", "to", "rule", "reason",
         "evidence", "ttl_s", "dry", "hooks", "good"]
STRANGER = "mcp:io.example/stranger"


def rows(node, as_agent=False):
    answer = node.ask("GET", "/v1/quarantine", as_agent=as_agent)
    equal(answer.status, 200)
    return {row["subject"]: row["state"] for row in answer.json}


def history(node, query=""):
    answer = node.ask("GET", "/v1/quarantine/history" + query)
    equal(answer.status, 200)
    return answer.json


def withheld(node):
    with open(os.path.join(node.home, "withheld"), encoding="ascii") as file:
        return [line.split() for line in file]


def audit_path(node):
    return os.path.join(node.home, "audit.log")


@test
def an_order_quarantines_and_is_in_the_withheld_file_when_it_is_answered(node):
    got = order_quarantine(node, A, "add", ttl_s=3600, reason="a report")
    equal((got.status, list(got.json)), (200, MEMBERS))
    equal([got.json[name] for name in ("subject", "manifest", "state", "rule", "times")],
          [A, None, "quarantined", "operator", 1])
    assert got.json["since"] < got.json["until"], got.json
    [line] = withheld(node)
    equal(line[:3], [A, "-", "quarantined"])
    equal(line[3][:16], got.json["until"][:16])
    equal(rows(node), {A: "quarantined"})


@test
def agents_see_what_the_operator_named_and_give_no_orders(node):
    equal(order_quarantine(node, STRANGER, "add").status, 200)
    equal(rows(node), {A: "quarantined", STRANGER: "quarantined"})
    equal(rows(node, as_agent=True), {A: "quarantined"})
    for method, path, body in (("POST", "/v1/quarantine", {"subject": B, "order": "add"}),
                               ("GET", "/v1/quarantine/history", None)):
        refused(node.ask(method, path, body, as_agent=True), 403, "TRUST_NO_PERMISSION")
    equal(rows(node), {A: "quarantined", STRANGER: "quarantined"})


@test
def a_release_needs_the_operator(node):
    for body in ({}, consent(node, "release", A, key=2), consent(node, "ban", A),
                 consent(node, "release", B), {"nonce": consent(node, "release", A)["nonce"]}):
        refused(node.ask("POST", "/v1/quarantine", {"subject": A, "order": "release"} | body), 403,
                "TRUST_NO_CHALLENGE")
    equal(rows(node)[A], "quarantined")
    got = order_quarantine(node, A, "release", True)
    equal((got.status, got.json["state"]), (200, "released"))
    equal([line[0] for line in withheld(node)], [STRANGER])


@test
def a_ban_ends_by_a_signed_release_alone(node):
    got = order_quarantine(node, B, "ban")
    equal((got.json["state"], got.json["until"]), ("banned", None))
    equal([line[3] for line in withheld(node) if line[0] == B], ["-"])
    refused(order_quarantine(node, B, "add"), 409, "TRUST_NO_CONFLICT", "banned")
    refused(order_quarantine(node, B, "ban"), 409, "TRUST_NO_CONFLICT", "banned")
    equal(order_quarantine(node, B, "release", True).json["state"], "released")
    refused(order_quarantine(node, B, "release", True), 409, "TRUST_NO_CONFLICT", "released")


@test
def a_term_is_lengthened_and_never_shortened(node):
    [before] = [row for row in node.ask("GET", "/v1/quarantine").json if row["subject"] == STRANGER]
    for signed in (False, True):
        got = order_quarantine(node, STRANGER, "add", signed, ttl_s=60)
        refused(got, 409, "TRUST_NO_CONFLICT", before["until"][:16])
    got = order_quarantine(node, STRANGER, "add", ttl_s=2 * 86400)
    equal((got.status, got.json["times"]), (200, 1))
    assert got.json["until"] > before["until"], (got.json, before)


@test
def the_history_says_who_did_what(node):
    entries = history(node)
    equal(list(entries[0]), ENTRY)
    key = make("key 1")[0]
    equal([(row["seq"], row["subject"], row["from"], row["to"]) for row in entries[:5]],
          [(1, A, "ok", "quarantined"), (2, STRANGER, "ok", "quarantined"),
           (3, A, "quarantined", "released"), (4, B, "ok", "banned"),
           (5, B, "banned", "released")])
    equal({(row["actor"], row["rule"], row["good"], row["dry"]) for row in entries},
          {(key, "operator", True, True)})
    equal([row["reason"] for row in entries[:3]], ["a report", None, None])
    equal((entries[0]["ttl_s"], entries[0]["evidence"], entries[0]["hooks"]),
          (3600, [], {"nft": "none", "exec": "none"}))
    equal([row["seq"] for row in history(node, "?subject=mcp%3Aio.example%2Fa")], [1, 3])
    equal([row["seq"] for row in history(node, "?limit=2")], [len(entries) - 1, len(entries)])
    equal(stat.S_IMODE(os.stat(audit_path(node)).st_mode), 0o600)


@test
def tampering_with_the_audit_log_is_found(node):
    whole = history(node, "?verify=1")
    equal((whole["verified"], whole["damaged"], whole["segments"]), (True, 0, 0))
    equal(len(whole["head"]), 64)
    with open(audit_path(node), "rb") as file:
        text = file.read()
    lines = text.split(b"\n")
    for changed, first in ((text.replace(b" 3600 ", b" 3601 "), 1),
                           (b"\n".join(lines[:1] + lines[2:]), 2),
                           (b"\n".join(lines[:2] + [lines[0]] + lines[2:]), 3)):
        with open(audit_path(node), "wb") as file:
            file.write(changed)
        got = history(node, "?verify=1")
        equal((got["verified"], got["first_damaged"]), (False, first))
    with open(audit_path(node), "wb") as file:
        file.write(b"\n".join(lines[:-2]) + b"\n")
    got = history(node, "?verify=1")
    equal((got["verified"], got["damaged"]), (False, 0))
    with open(audit_path(node), "wb") as file:
        file.write(text)
    equal(history(node, "?verify=1"), whole)
    equal(order_quarantine(node, A, "add").status, 200)
    equal(history(node, "?verify=1")["verified"], True)


@test
def wrong_bodies_and_queries_are_refused(node):
    good = {"subject": A, "order": "add"}
    for body, code, *words in (
            ({"order": "add"}, "TRUST_NO_TYPE", "/subject"),
            ({"subject": A}, "TRUST_NO_TYPE", "/order"),
            (good | {"order": "unban"}, "TRUST_NO_RANGE", "/order", "release"),
            (good | {"subject": "A"}, "TRUST_NO_SUBJECT", "/subject"),
            (good | {"ttl_s": 0}, "TRUST_NO_RANGE", "/ttl_s"),
            (good | {"ttl_s": 2_592_001}, "TRUST_NO_RANGE", "/ttl_s"),
            (good | {"order": "ban", "ttl_s": 5}, "TRUST_NO_OPTION", "/ttl_s"),
            (good | {"order": "release", "ttl_s": 5}, "TRUST_NO_OPTION", "/ttl_s"),
            (good | {"reason": ""}, "TRUST_NO_RANGE", "/reason"),
            (good | {"why": "x"}, "TRUST_NO_OPTION", "/why")):
        refused(node.ask("POST", "/v1/quarantine", body), 400, code, *words)
    refused(node.ask("GET", "/v1/quarantine/history?verify=2"), 400, "TRUST_NO_RANGE", "verify")
    refused(node.ask("GET", "/v1/quarantine/history?subject=x"), 400, "TRUST_NO_SUBJECT")


@test
def the_rule_of_scanners_names_its_evidence(node):
    subject = "mcp:io.example/poisoned"
    equal(node.ask("POST", "/v1/score", {"subjects": [subject]}).status, 200)
    answer = node.ask("POST", "/v1/records", {"records": make(flag(1, subject, severity=4))})
    equal(answer.json[0]["verdict"], "TRUST_OK")
    deadline = time.monotonic() + 5
    while subject not in rows(node):
        assert time.monotonic() < deadline, "nobody looked at the flag"
        time.sleep(.05)
    equal(rows(node)[subject], "quarantined")
    [entry] = history(node, "?subject=mcp%3Aio.example%2Fpoisoned")
    equal((entry["actor"], entry["rule"], entry["to"], entry["ttl_s"]),
          ("rule", "scanners", "quarantined", 86400))
    equal(entry["evidence"], [answer.json[0]["id"]])
    assert subject in [line[0] for line in withheld(node)]


@test
def without_an_operator_nobody_releases(_):
    with Node(GROUP) as node:
        equal(order_quarantine(node, A, "add").status, 200)
        refused(node.ask("POST", "/v1/quarantine", {"subject": A, "order": "release"}), 409,
                "TRUST_NO_OPERATOR")
        equal(history(node)[0]["actor"], "operator")


@test
def quarantine_and_log_outlive_every_end_of_the_node(_):
    with Node(GROUP, operator=1) as node:
        for how in (signal.SIGTERM, signal.SIGKILL):
            subject = f"mcp:io.example/{how.name.lower()}"
            equal(order_quarantine(node, subject, "add").status, 200)
            node.stop(how)
            node.start()
            equal(rows(node)[subject], "quarantined")
        equal(order_quarantine(node, "mcp:io.example/sigkill", "release", True).status, 200)
        node.stop()
        node.start()
        equal(rows(node), {"mcp:io.example/sigterm": "quarantined",
                           "mcp:io.example/sigkill": "released"})
        got = history(node, "?verify=1")
        equal((got["verified"], [row["seq"] for row in got["entries"]]), (True, [1, 2, 3]))


def health(node):
    return [line["code"] for line in node.ask("GET", "/v1/status").json["health"]]


@test
def neither_a_restored_backup_nor_a_lost_store_lets_a_server_go(_):
    with Node(GROUP, operator=1) as node:
        copy = os.path.join(node.home, "copy.mdb")
        equal(node.ask("POST", "/v1/backup", {"path": copy}).status, 200)
        equal(order_quarantine(node, A, "ban").status, 200)
        equal(order_quarantine(node, STRANGER, "add").status, 200)
        equal(node.stop(), 0)
        done = subprocess.run([os.environ["REPUTED"], "--home", node.home, "--restore", copy],
                              capture_output=True, text=True, check=False, timeout=30)
        equal(done.returncode, 0)
        node.start()
        equal(rows(node), {A: "investigating", STRANGER: "investigating"})
        equal(sorted(line[:3] for line in withheld(node)),
              [[A, "-", "investigating"], [STRANGER, "-", "investigating"]])
        assert "withheld_by_file" in health(node), health(node)
        entry = history(node, "?subject=" + urllib.parse.quote(A, safe=""))[-1]
        equal([entry[name] for name in ("actor", "from", "to", "rule", "ttl_s")],
              ["rule", "ok", "investigating", "file", 0])
        equal(order_quarantine(node, A, "release", signed=True).status, 200)
        equal(order_quarantine(node, STRANGER, "ban").status, 200)
        assert "withheld_by_file" not in health(node), health(node)
        equal(node.stop(), 0)
        shutil.rmtree(os.path.join(node.home, "store"))
        node.start()
        equal(rows(node), {STRANGER: "investigating"})
        equal(len(history(node)), 7)


@test
def a_log_cut_short_begins_a_new_chain_and_is_not_rewritten(_):
    with Node(GROUP, operator=1) as node:
        for subject in (A, B):
            equal(order_quarantine(node, subject, "add").status, 200)
        node.stop()
        with open(audit_path(node), "rb") as file:
            text = file.read()
        part = text.splitlines()[0][:100]
        with open(audit_path(node), "wb") as file:
            file.write(text + part)
        node.start()
        assert "audit_damaged" in node.log()
        equal(order_quarantine(node, STRANGER, "add").status, 200)
        got = history(node, "?verify=1")
        equal((got["verified"], got["segments"], got["torn"]), (True, 1, 1))
        equal([row["subject"] for row in got["entries"]], [A, B, STRANGER])
        assert "audit_damaged" not in health(node), health(node)
        with open(audit_path(node), "rb") as file:
            assert file.read().startswith(text + part + b"\n")


@test
def a_log_whose_end_or_whole_is_taken_away_is_never_called_whole_again(_):
    for kept in (1, 0):
        with Node(GROUP, operator=1) as node:
            for subject in (A, B):
                equal(order_quarantine(node, subject, "add").status, 200)
            equal(history(node, "?verify=1")["verified"], True)
            node.stop()
            with open(audit_path(node), "rb") as file:
                lines = file.readlines()
            os.unlink(audit_path(node))
            if kept > 0:
                with open(audit_path(node), "wb") as file:
                    file.writelines(lines[:kept])
            node.start()
            got = history(node, "?verify=1")
            equal((got["verified"], got["damaged"], got["first_damaged"]), (False, 1, kept + 1))
            assert "audit_damaged" in health(node), health(node)
            equal(order_quarantine(node, STRANGER, "add").status, 200)
            node.stop()
            node.start()
            got = history(node, "?verify=1")
            equal((got["verified"], got["damaged"], got["entries"][-1]["seq"]), (False, 1, 4))
            assert "audit_damaged" in health(node), health(node)


@test
def a_log_that_cannot_be_written_stops_no_quarantine(_):
    with Node(GROUP, operator=1) as node:
        node.stop()
        os.unlink(audit_path(node))
        os.mkdir(audit_path(node))
        node.start()
        equal(order_quarantine(node, A, "add").status, 200)
        equal(rows(node), {A: "quarantined"})
        assert "audit" in node.log() and "lost=1" in node.log(), node.log()
        os.rmdir(audit_path(node))
        equal(order_quarantine(node, B, "add").status, 200)
        got = history(node, "?verify=1")
        equal((got["verified"], got["segments"], [row["subject"] for row in got["entries"]]),
              (True, 1, [B]))


if __name__ == "__main__":
    with Node(GROUP, operator=1) as running:
        sys.exit(test.run(running))
