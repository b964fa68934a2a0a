#!/usr/bin/python3
"""GET /v1/ignored, GET and PUT /v1/ignored/{record}: flags that the operator ignores. TAP."""
import os
import signal
import stat
import sys
import time

from node import Node, Tests, equal, make, now_ms, quote, refused
from orders import consent
from web import SERVER, flag, rating, settle, vouch

test = Tests()
ME, SCANNER = make("key 1", "key 2")
ROW = ["record", "register", "scanner", "subject", "manifest", "class", "rule", "severity", "time",
       "ignored"]


def publish(node, command):
    """The id of a record that must be taken."""
    [row] = node.ask("POST", "/v1/records", {"records": make(command)}).json
    equal(row["verdict"], "TRUST_OK")
    return row["id"]


def flagged(node, subject=SERVER, rule="TP001"):
    """A critical flag of a scanner whom the operator trusts; its id."""
    equal(node.publish(vouch(1, 2)), ["TRUST_OK"])
    settle(node)
    return publish(node, flag(2, subject, severity=4, rule=rule))


def factor(node, subject=SERVER):
    return node.ask("POST", "/v1/score", {"subjects": [subject]}).json[0]["factor"]


def put(node, record, ignored, signed=None, **more):
    """signed: the id that the order is signed for."""
    body = {"ignored": ignored, **more}
    if signed is not None:
        body |= consent(node, "ignore", signed)
    return node.ask("PUT", f"/v1/ignored/{record}", body)


def listed(node):
    answer = node.ask("GET", "/v1/ignored")
    equal(answer.status, 200)
    return answer.json


def path_of(node):
    return os.path.join(node.home, "ignored")


def lines(node):
    with open(path_of(node), encoding="ascii") as file:
        return file.read().splitlines()


@test
def an_ignored_flag_counts_for_nothing_and_explain_says_so():
    with Node(operator=1) as node:
        record = flagged(node)
        equal((factor(node), listed(node)), (0, []))
        [shown] = node.ask("GET", f"/v1/servers/{quote(SERVER)}").json["flags"]
        equal((shown["record"], shown["scanner"]), (record, SCANNER))
        answer = put(node, record, True, signed=record, reason="a false alarm")
        equal((answer.status, list(answer.json)), (200, ROW))
        row = answer.json
        equal([row[name] for name in ("record", "scanner", "subject", "manifest", "class", "rule",
                                      "severity", "ignored")],
              [record, SCANNER, SERVER, None, "poisoning", "TP001", "critical", True])
        equal(factor(node), 1)
        equal(listed(node), [row])
        equal(node.ask("GET", f"/v1/ignored/{record}").json, row)
        why = node.ask("GET", f"/v1/servers/{quote(SERVER)}/explain").json
        equal(why["ignored"],
              [{"record": record, "from": SCANNER, "reason": "ignored_by_operator"}])
        equal(why["flags"], [])
        equal(lines(node), [f"{SCANNER} poisoning TP001 - {SERVER}"])
        equal(stat.S_IMODE(os.stat(path_of(node)).st_mode), 0o600)
        assert "flag_order" in node.log() and "a false alarm" in node.log(), node.log()


@test
def it_is_heard_again_without_a_signature():
    with Node(operator=1) as node:
        record = flagged(node)
        equal(put(node, record, True, signed=record).status, 200)
        answer = put(node, record, False)
        equal((answer.status, answer.json["ignored"]), (200, False))
        equal((factor(node), listed(node), lines(node)), (0, [], []))
        # What changes nothing is no order, and needs no signature.
        equal(put(node, record, False).json["ignored"], False)
        equal(put(node, record, True, signed=record).status, 200)
        equal(put(node, record, True).json["ignored"], True)
        equal(factor(node), 1)


@test
def it_stays_ignored_over_every_end_of_the_node():
    with Node(operator=1) as node:
        record = flagged(node)
        equal(put(node, record, True, signed=record).status, 200)
        for how in (signal.SIGTERM, signal.SIGKILL):
            node.stop(how)
            node.start()
            settle(node)
            equal((factor(node), [row["record"] for row in listed(node)]), (1, [record]))
        equal(put(node, record, False).status, 200)
        node.stop(signal.SIGKILL)
        node.start()
        settle(node)
        equal((factor(node), listed(node)), (0, []))


@test
def a_flag_signed_anew_is_the_same_flag():
    with Node(operator=1) as node:
        record = flagged(node)
        place = put(node, record, True, signed=record).json["register"]
        again = publish(node, flag(2, severity=4, seq=now_ms() + 5))
        assert again != record
        equal(factor(node), 1)
        equal([(row["record"], row["register"]) for row in listed(node)], [(again, place)])
        refused(node.ask("GET", f"/v1/ignored/{record}"), 404, "TRUST_NO_FOUND")
        node.stop()
        node.start()
        settle(node)
        equal(factor(node), 1)
        equal(put(node, again, False).json["ignored"], False)
        equal(factor(node), 0)
        # Another rule is another flag.
        equal(put(node, again, True, signed=again).status, 200)
        publish(node, flag(2, severity=4, rule="TP002", seq=now_ms() + 10))
        equal(factor(node), 0)


@test
def a_register_names_what_no_record_is_held_of():
    with Node(operator=1) as node:
        node.stop()
        with open(path_of(node), "w", encoding="ascii") as file:
            file.write(f"{SCANNER} malware TP009 {'ab' * 32} mcp:io.example/gone@1.2\n")
        node.start()
        [row] = listed(node)
        equal([row[name] for name in ("record", "severity", "time", "scanner", "subject", "manifest",
                                      "class", "rule", "ignored")],
              [None, None, None, SCANNER, "mcp:io.example/gone@1.2", "ab" * 32, "malware", "TP009",
               True])
        equal(node.ask("GET", f"/v1/ignored/{row['register']}").json, row)
        equal(put(node, row["register"], True).json, row)
        equal(put(node, row["register"], False).json["ignored"], False)
        equal(listed(node), [])
        refused(put(node, row["register"], False), 404, "TRUST_NO_FOUND")


@test
def the_first_digits_will_do_but_the_whole_id_is_signed():
    with Node(operator=1) as node:
        record = flagged(node)
        equal(node.ask("GET", f"/v1/ignored/{record[:8]}").json["record"], record)
        equal(node.ask("GET", f"/v1/ignored/{record[:13]}").json["ignored"], False)
        refused(put(node, record[:8], True, signed=record[:8]), 403, "TRUST_NO_CHALLENGE")
        equal(factor(node), 0)
        equal(put(node, record[:8], True, signed=record).status, 200)
        equal(factor(node), 1)
        equal(put(node, record[:9], False).status, 200)
        equal(factor(node), 0)


@test
def nobody_but_the_operator_ignores_a_flag():
    with Node(operator=1) as node:
        record = flagged(node)
        other = publish(node, flag(2, "mcp:io.example/other", severity=4))
        for body in ({}, consent(node, "ignore", record, key=2), consent(node, "release", record),
                     consent(node, "ignore", other),
                     {"nonce": consent(node, "ignore", record)["nonce"]}):
            refused(node.ask("PUT", f"/v1/ignored/{record}", {"ignored": True} | body), 403,
                    "TRUST_NO_CHALLENGE")
        signed = consent(node, "ignore", record)
        for method, path, body in (("GET", "/v1/ignored", None),
                                   ("GET", f"/v1/ignored/{record}", None),
                                   ("PUT", f"/v1/ignored/{record}", {"ignored": True} | signed)):
            refused(node.ask(method, path, body, as_agent=True), 403, "TRUST_NO_PERMISSION")
        equal((factor(node), listed(node), os.path.exists(path_of(node))), (0, [], False))
        # A nonce is good once.
        equal(node.ask("PUT", f"/v1/ignored/{record}", {"ignored": True} | signed).status, 200)
        equal(put(node, record, False).status, 200)
        refused(node.ask("PUT", f"/v1/ignored/{record}", {"ignored": True} | signed), 403,
                "TRUST_NO_CHALLENGE")


@test
def without_an_operator_nothing_is_ignored():
    with Node(operator=1) as node:
        record = flagged(node)
        node.stop()
        os.unlink(os.path.join(node.home, "keys", "operator.pub"))
        node.start()
        refused(put(node, record, True), 409, "TRUST_NO_OPERATOR")
        equal(listed(node), [])


@test
def an_ignored_flag_is_no_evidence_for_a_quarantine():
    def state(node):
        rows = {row["subject"]: row for row in node.ask("GET", "/v1/quarantine").json}
        return rows.get(SERVER, {"state": "ok"})["state"]

    with Node(operator=1) as node:
        record = flagged(node, rule="TP001")
        equal(put(node, record, True, signed=record).status, 200)
        # From now on it is watched; an order of the operator shows that the rules have had a turn.
        equal(factor(node), 1)
        equal(node.ask("GET", "/v1/quarantine/history").json, [])
        other = "mcp:io.example/other"
        equal(factor(node, other), 1)
        publish(node, flag(1, other, severity=4))
        deadline = time.monotonic() + 5
        while not node.ask("GET", "/v1/quarantine").json:
            assert time.monotonic() < deadline, "nobody looked at the flag"
            time.sleep(.05)
        equal(state(node), "ok")
        equal(put(node, record, False).status, 200)
        while state(node) == "ok":
            assert time.monotonic() < deadline, "nobody looked at the flag"
            time.sleep(.05)
        [entry] = node.ask("GET", f"/v1/quarantine/history?subject={quote(SERVER)}").json
        equal((entry["actor"], entry["evidence"]), ("rule", [record]))


@test
def what_is_no_flag_is_refused():
    with Node(operator=1) as node:
        record = flagged(node)
        rated = publish(node, rating(2))
        for name in (rated, "0" * 64, "0" * 32, "0" * 8):
            refused(node.ask("GET", f"/v1/ignored/{name}"), 404, "TRUST_NO_FOUND")
            refused(put(node, name, True), 404, "TRUST_NO_FOUND")
        for name in (record[:7], record + "0", record.upper() if record.upper() != record else "G",
                     "x" * 64):
            refused(node.ask("GET", f"/v1/ignored/{name}"), 400, "TRUST_NO_RANGE", "64 hex digits")
        for body, code, *words in (
                ({}, "TRUST_NO_TYPE", "/ignored"),
                ({"ignored": None}, "TRUST_NO_TYPE", "/ignored"),
                ({"ignored": 1}, "TRUST_NO_TYPE", "/ignored"),
                ({"ignored": True, "reason": ""}, "TRUST_NO_RANGE", "/reason"),
                ({"ignored": True, "nonce": "ab"}, "TRUST_NO_RANGE", "/nonce"),
                ({"ignored": True, "why": "x"}, "TRUST_NO_OPTION", "/why")):
            refused(node.ask("PUT", f"/v1/ignored/{record}", body), 400, code, *words)
        refused(node.ask("DELETE", f"/v1/ignored/{record}"), 405, "TRUST_NO_METHOD", "PUT")
        equal(listed(node), [])


@test
def a_broken_file_stops_the_start_and_names_its_line():
    with Node(operator=1) as node:
        record = flagged(node)
        equal(put(node, record, True, signed=record).status, 200)
        node.stop()
        with open(path_of(node), "a", encoding="ascii") as file:
            file.write("not a line\n")
        try:
            node.start()
            assert False, "it started without what was to be ignored"
        except RuntimeError as error:
            assert "line=2" in str(error) and "mend the line" in str(error), error


@test
def an_order_that_cannot_be_kept_is_not_carried_out():
    with Node(operator=1) as node:
        record = flagged(node)
        os.mkdir(path_of(node))
        answer = put(node, record, True, signed=record)
        assert answer.status >= 400, answer.body
        equal((factor(node), listed(node)), (0, []))
        os.rmdir(path_of(node))
        equal(put(node, record, True, signed=record).status, 200)
        os.unlink(path_of(node))
        os.mkdir(path_of(node))
        assert put(node, record, False).status >= 400
        equal((factor(node), len(listed(node))), (1, 1))


if __name__ == "__main__":
    sys.exit(test.run())
