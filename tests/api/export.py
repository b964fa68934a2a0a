#!/usr/bin/python3
"""GET /v1/records: both formats, one author's part, and large stores. TAP."""
import json
import sys

from node import Node, Tests, equal, make, near, now_ms, refused
from web import MANIFEST, SERVER, flag, rating, settle, vouch

test = Tests()
ME, RATER = make("key 1", "key 2")


def records_of(body):
    """The records of a file, in order."""
    equal(body[:8], b"RPTREC1\n")
    at, found = 16, []
    while at < len(body):
        size = int.from_bytes(body[at:at + 2], "big")
        found.append(body[at + 2:at + 2 + size].hex())
        at += 2 + size
    equal(at, len(body))
    return found


def lines(answer):
    equal((answer.status, answer.type), (200, "application/x-ndjson"))
    return [json.loads(line) for line in answer.body.splitlines()]


@test
def an_empty_store_is_a_header_or_nothing():
    with Node(operator=1) as node:
        answer = node.ask("GET", "/v1/records")
        equal((answer.status, answer.type, len(answer.body)),
              (200, "application/vnd.repute.records", 16))
        equal(node.ask("GET", "/v1/records?format=ndjson").body, b"")


@test
def the_file_holds_the_records_by_author_and_seq():
    with Node(operator=1) as node:
        seq = now_ms() - 100_000
        made = make(*(rating(1, f"mcp:io.example/n{i}", seq=seq + i) for i in range(50)))
        for record in reversed(made):
            equal(node.ask("POST", "/v1/records", {"records": [record]}).json[0]["verdict"],
                  "TRUST_OK")
        equal(records_of(node.ask("GET", "/v1/records").body), made)
        equal(records_of(node.ask("GET", "/v1/records?format=records").body), made)


@test
def one_author_is_taken_alone():
    with Node(operator=1) as node:
        mine = make(vouch(1, 2), vouch(1, 3))
        equal([row["verdict"] for row in node.ask("POST", "/v1/records", {"records": mine}).json],
              ["TRUST_OK"] * 2)
        settle(node)
        theirs = make(rating(2), rating(2, "mcp:io.example/y", seq=now_ms() + 5))
        equal([row["verdict"] for row in node.ask("POST", "/v1/records",
                                                  {"records": theirs}).json], ["TRUST_OK"] * 2)
        equal(sorted(records_of(node.ask("GET", f"/v1/records?author={ME}").body)), sorted(mine))
        equal(records_of(node.ask("GET", f"/v1/records?author={RATER}").body), theirs)
        nobody, = make("key 9")
        equal(records_of(node.ask("GET", f"/v1/records?author={nobody}").body), [])
        whole = records_of(node.ask("GET", "/v1/records").body)
        equal(sorted(whole), sorted(mine + theirs))


@test
def lines_say_what_a_record_says():
    with Node(operator=1) as node:
        seq = now_ms() - 10_000
        commands = [
            vouch(1, 2, -250, scopes=5, seq=seq), rating(1, value=750, category=1, calls=40,
                                                         seq=seq + 1, manifest=MANIFEST),
            rating(1, value=1001, seq=seq + 2), flag(1, severity=4, kind=5, seq=seq + 3),
            f"alias 1 {seq + 4} {seq // 1000 + 500} https://a.example/mcp {SERVER} 1",
            f"revocation 1 {seq + 5} 2 {seq + 4}"]
        equal(node.publish(*commands), ["TRUST_OK"] * 6)
        rows = lines(node.ask("GET", "/v1/records?format=ndjson"))
        equal([row["kind"] for row in rows],
              ["vouch", "rating", "rating", "flag", "alias", "revocation"])
        for i, row in enumerate(rows):
            equal((row["verdict"], row["void"], row["author"], row["seq"]),
                  ("TRUST_OK", False, ME, seq + i))
        first, measured, withdrawn, flagged, alias, revocation = rows
        equal((first["subject"], first["scopes"]), (RATER, ["rate", "scan"]))
        near(first["strength"], -.25)
        equal((measured["subject"], measured["manifest"], measured["category"], measured["calls"],
               measured["origin"]), (SERVER, MANIFEST, "performance", 40, "human"))
        near(measured["value"], .75)
        equal((withdrawn["value"], withdrawn["manifest"]), (None, None))
        equal((flagged["severity"], flagged["class"], flagged["rule"]),
              ("critical", "exfiltration", "TP001"))
        equal((alias["first"], alias["second"], alias["joined"]),
              ("https://a.example/mcp", SERVER, True))
        equal((revocation["reason"], revocation["last_seq"], revocation["successor"],
               revocation["expires"]), ("retired", seq + 4, None, None))


@test
def void_pairs_are_exported_and_marked():
    with Node(operator=1) as node:
        seq = now_ms() - 10_000
        equal(node.publish(rating(1, value=1, seq=seq), rating(1, value=2, seq=seq)),
              ["TRUST_OK"] * 2)
        rows = lines(node.ask("GET", "/v1/records?format=ndjson"))
        equal([row["void"] for row in rows], [True, True])
        assert rows[0]["id"] < rows[1]["id"]


@test
def three_thousand_records_come_in_pieces():
    with Node(operator=1) as node:
        seq = now_ms() - 100_000
        made = make(*(rating(1, f"mcp:io.example/n{i}", seq=seq + i) for i in range(3000)))
        for at in range(0, 3000, 64):
            answer = node.ask("POST", "/v1/records", {"records": made[at:at + 64]})
            equal({row["verdict"] for row in answer.json}, {"TRUST_OK"})
        equal(records_of(node.ask("GET", "/v1/records").body), made)
        equal(len(lines(node.ask("GET", "/v1/records?format=ndjson"))), 3000)
        # A client that leaves in the middle harms nobody.
        for _ in range(5):
            connection = node.connection()
            connection.request("GET", "/v1/records")
            connection.getresponse().read(1000)
            connection.close()
        equal(node.ask("GET", "/healthz").status, 200)


@test
def wrong_parameters_and_agents_are_refused():
    with Node(operator=1) as node:
        refused(node.ask("GET", "/v1/records?format=csv"), 400, "TRUST_NO_RANGE", "format")
        refused(node.ask("GET", "/v1/records?author=me"), 400, "TRUST_NO_KEY")
        refused(node.ask("GET", "/v1/records?a=b"), 400, "TRUST_NO_OPTION")
        refused(node.ask("GET", "/v1/records", as_agent=True), 403, "TRUST_NO_PERMISSION")


if __name__ == "__main__":
    sys.exit(test.run())
