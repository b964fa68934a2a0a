#!/usr/bin/python3
"""POST /v1/records with JSON: one door, and an answer that survives a crash. TAP."""
import concurrent.futures
import signal
import sys

from node import Node, Tests, equal, make, near, now_ms, refused
from web import EVIDENCE, LOWER, MEAN, SERVER, rating, settle, vouch

test = Tests()


def post(node, records, **arguments):
    return node.ask("POST", "/v1/records", {"records": records}, **arguments)


@test
def accepted_records_count_at_once_and_are_there_after_a_kill():
    with Node(operator=1) as node:
        records = make(vouch(1, 2), rating(2))
        ids = []
        for record in records:
            answer = post(node, [record])
            equal((answer.status, answer.json[0]["verdict"]), (200, "TRUST_OK"))
            ids.append(answer.json[0]["id"])
            settle(node)
        assert all(len(text) == 64 for text in ids) and ids[0] != ids[1]
        for _ in range(2):
            [score] = node.ask("POST", "/v1/score", {"subjects": [SERVER]}).json
            equal((score["status"], score["raters"]), ("ok", 1))
            near(score["mean"], MEAN, 1e-5)
            near(score["lower"], LOWER, 1e-5)
            near(score["evidence"], EVIDENCE, 1e-4)
            equal(node.ask("GET", "/v1/status").json["records"], 2)
            node.stop(signal.SIGKILL)
            node.start()
        answer = post(node, records)
        equal([row["verdict"] for row in answer.json], ["TRUST_NO_DUPLICATE"] * 2)
        equal([row["id"] for row in answer.json], ids)


@test
def every_refusal_has_its_verdict_and_takes_nothing_else_along():
    with Node(operator=1) as node:
        seq = now_ms() - 10_000
        good, older, stranger, ahead = make(
            rating(1, seq=seq), rating(1, value=100, seq=seq - 1), rating(3, seq=seq),
            rating(1, seq=now_ms() + 700_000))
        [foreign] = make(rating(1, "mcp:io.example/foreign", seq=seq), network="other")
        forged = make(rating(1, "mcp:io.example/x", seq=seq))[0]
        forged = forged[:-2] + ("00" if forged[-2:] != "00" else "01")
        answer = post(node, [good, older, stranger, ahead, foreign, forged, "00" * 65, "00" * 64,
                             "00" * 513, good.upper()])
        equal([row["verdict"] for row in answer.json],
              ["TRUST_OK", "TRUST_NO_OLDER", "TRUST_NO_INTEREST", "TRUST_NO_TIME",
               "TRUST_NO_SIGNATURE", "TRUST_NO_SIGNATURE", "TRUST_NO_CANONICAL", "TRUST_NO_SIZE",
               "TRUST_NO_SIZE", "TRUST_NO_DUPLICATE"])
        equal([row["id"] is None for row in answer.json],
              [False] * 6 + [True] * 3 + [False])
        equal(node.ask("GET", "/v1/status").json["records"], 1)


@test
def two_records_of_one_seq_are_void_and_a_greater_one_heals():
    with Node(operator=1) as node:
        seq = now_ms() - 10_000
        equal(node.publish(rating(1, value=900, seq=seq), rating(1, value=100, seq=seq)),
              ["TRUST_OK", "TRUST_OK"])
        status = node.ask("GET", "/v1/status").json
        equal((status["records"], status["authors"]), (0, 1))
        equal(node.publish(rating(1, value=500, seq=seq + 1)), ["TRUST_OK"])
        equal(node.ask("GET", "/v1/status").json["records"], 1)


@test
def withdrawn_and_expired_records_are_not_counted():
    with Node(operator=1) as node:
        equal(node.publish(rating(1, value=1001), vouch(1, 2, 0), vouch(1, 3)), ["TRUST_OK"] * 3)
        equal(node.ask("GET", "/v1/status").json["records"], 1)


@test
def many_publishers_at_once_are_all_answered():
    with Node(operator=1) as node:
        seq = now_ms() - 100_000
        batches = [[rating(1, f"mcp:io.example/n{i}x{j}", seq=seq + 64 * i + j)
                    for j in range(64)] for i in range(16)]
        records = [make(*batch) for batch in batches]
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda batch: post(node, batch), records))
        for answer in answers:
            equal([row["verdict"] for row in answer.json], ["TRUST_OK"] * 64)
        equal(node.ask("GET", "/v1/status").json["records"], 1024)


@test
def wrong_bodies_publish_nothing():
    with Node(operator=1) as node:
        [good] = make(rating(1))
        for body, code, *words in (
                ({"records": []}, "TRUST_NO_RANGE", "/records"),
                ({"records": [good] * 65}, "TRUST_NO_RANGE", "/records", "1 to 64"),
                ({"records": good}, "TRUST_NO_TYPE", "/records"),
                ({"records": [good, 1]}, "TRUST_NO_TYPE", "/records/1"),
                ({"records": [good, "xyz"]}, "TRUST_NO_SYNTAX", "/records/1"),
                ({"records": [good, "abc"]}, "TRUST_NO_SYNTAX", "/records/1"),
                ({"records": [good], "more": 1}, "TRUST_NO_OPTION", "/more"),
                (b"{", "TRUST_NO_SYNTAX", "line 1")):
            refused(node.ask("POST", "/v1/records", body), 400, code, *words)
        equal(node.ask("GET", "/v1/status").json["records"], 0)


@test
def agents_may_not_publish():
    with Node(operator=1) as node:
        refused(post(node, make(rating(1)), as_agent=True), 403, "TRUST_NO_PERMISSION")
        equal(node.ask("GET", "/v1/status").json["records"], 0)


@test
def without_an_operator_nobody_is_of_interest():
    with Node() as node:
        equal(node.publish(rating(1)), ["TRUST_NO_INTEREST"])


if __name__ == "__main__":
    sys.exit(test.run())
