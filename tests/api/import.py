#!/usr/bin/python3
"""POST /v1/records with a record file: one batch, whatever the order of its records. TAP."""
import concurrent.futures
import http.client
import random
import signal
import socket
import sys
import time

from node import Node, Tests, equal, make, now_ms, record_file, refused, wait_for
from orders import Events
from web import rating, vouch

test = Tests()
TYPE = "application/vnd.repute.records"


def outcome(node, records, **arguments):
    """(accepted, duplicate, {index: code}) of an import."""
    answer = node.import_records(records, **arguments)
    equal(answer.status, 200)
    got = answer.json
    codes = {row["index"]: row["code"] for row in got["refused"]}
    equal(len(codes), len(got["refused"]))
    counts = {}
    for code in codes.values():
        counts[code] = counts.get(code, 0) + 1
    equal(got["counts"], counts)
    equal(got["accepted"] + got["duplicate"] + len(codes), len(records))
    return got["accepted"], got["duplicate"], codes


def chain(length, seq):
    """me -> 2 -> 3 ..., each with a rating, deepest first in the file."""
    commands = []
    for author in range(length, 1, -1):
        commands += [rating(author, f"mcp:io.example/s{author}", seq=seq + author),
                     vouch(author - 1, author, seq=seq + 1000 + author)]
    return commands


def exported(node):
    return node.ask("GET", "/v1/records").body


@test
def interest_is_settled_over_the_whole_file():
    seq = now_ms() - 100_000
    with Node(operator=1) as node:
        records = make(*chain(12, seq))
        equal(outcome(node, records), (22, 0, {}))
        equal(node.ask("GET", "/v1/status").json["records"], 22)
        equal(outcome(node, records), (0, 22, {}))


@test
def any_order_gives_the_same_verdicts_and_the_same_export():
    seq = now_ms() - 100_000
    commands = chain(8, seq) + [
        rating(2, "mcp:io.example/void", value=1, seq=seq + 50),
        rating(2, "mcp:io.example/void", value=2, seq=seq + 50),
        rating(3, "mcp:io.example/s", value=1, seq=seq + 51),
        rating(3, "mcp:io.example/s", value=2, seq=seq + 52),   # greater than the one before
        vouch(4, 90, seq=seq + 53), rating(90, seq=seq + 54),
        f"revocation 90 {seq + 55} 1 0",                         # compromised
        vouch(90, 91, seq=seq + 56), rating(91, seq=seq + 57),   # never of interest
        rating(99, seq=seq + 58)]
    records = make(*commands)
    records += [records[0], records[3]]                          # copies
    forged = records[1][:-4] + ("0000" if records[1][-4:] != "0000" else "1111")
    records.append(forged)
    results, exports = set(), set()
    for turn in range(4):
        order = list(range(len(records)))
        random.Random(turn).shuffle(order)
        if turn == 0:
            order.sort()
        with Node(operator=1) as node:
            accepted, duplicate, codes = outcome(node, [records[i] for i in order])
            by_record = sorted((records[order[i]], code) for i, code in codes.items()
                               if records[order[i]] != forged)
            results.add((accepted, duplicate + sum(records[order[i]] == forged for i in codes),
                         tuple(by_record)))
            exports.add(exported(node))
            equal(node.stop(signal.SIGKILL), -signal.SIGKILL)
            node.start()
            exports.add(exported(node))
    equal(len(exports), 1)
    equal(len(results), 1)
    [(accepted, duplicate, codes)] = results
    named = {records[14 + 2]: "TRUST_NO_OLDER", records[14 + 5]: "TRUST_NO_REVOKED",
             records[14 + 7]: "TRUST_NO_REVOKED", records[14 + 8]: "TRUST_NO_INTEREST",
             records[14 + 9]: "TRUST_NO_INTEREST"}
    equal(dict(codes), named)
    equal((accepted, duplicate), (len(records) - 3 - len(named), 3))


@test
def each_wrong_record_has_its_verdict():
    seq = now_ms() - 100_000
    with Node(operator=1) as node:
        good, other = make(rating(1, seq=seq), rating(1, "mcp:io.example/b", seq=seq + 1))
        forged = other[:-2] + ("00" if other[-2:] != "00" else "11")
        [ahead] = make(rating(1, "mcp:io.example/c", seq=now_ms() + 700_000))
        [foreign] = make(rating(1, "mcp:io.example/d", seq=seq), network="other")
        records = [good, forged, ahead, foreign, "ab" * 64, "ab" * 513, "", "00" * 65, good]
        equal(outcome(node, records),
              (1, 1, {1: "TRUST_NO_SIGNATURE", 2: "TRUST_NO_TIME", 3: "TRUST_NO_SIGNATURE",
                      4: "TRUST_NO_SIZE", 5: "TRUST_NO_SIZE", 6: "TRUST_NO_SIZE",
                      7: "TRUST_NO_CANONICAL"}))
        answer = node.import_records(records).json
        ids = {row["index"]: row["id"] for row in answer["refused"]}
        assert all(len(ids[i]) == 64 for i in (1, 2, 3))
        equal([ids[i] for i in (4, 5, 6, 7)], [None] * 4)


@test
def a_withdrawn_vouch_in_the_file_ends_the_interest():
    seq = now_ms() - 100_000
    with Node(operator=1) as node:
        equal(node.publish(vouch(1, 2, seq=seq)), ["TRUST_OK"])
        records = make(vouch(1, 2, 0, seq=seq + 1), rating(2, seq=seq + 2))
        equal(outcome(node, records), (1, 0, {1: "TRUST_NO_INTEREST"}))


@test
def a_compromised_author_takes_its_introductions_along():
    seq = now_ms() - 100_000
    with Node(operator=1) as node:
        equal(outcome(node, make(vouch(1, 2, seq=seq), vouch(2, 3, seq=seq + 1),
                                 rating(3, seq=seq + 2))), (3, 0, {}))
        records = make(rating(3, "mcp:io.example/new", seq=seq + 9),
                       f"revocation 2 {seq + 5} 1 0", rating(2, seq=seq + 6))
        equal(outcome(node, records), (1, 0, {0: "TRUST_NO_INTEREST", 2: "TRUST_NO_REVOKED"}))


@test
def broken_files_change_nothing():
    with Node(operator=1) as node:
        [good] = make(rating(1))
        whole = record_file([good, good])
        post = lambda body: node.ask("POST", "/v1/records", body, headers={"Content-Type": TYPE})
        for body in (b"", b"RPTREC1", whole[:15], whole[:-1], whole[:17], b"X" + whole[1:],
                     whole + b"\0"):
            refused(post(body), 400, "TRUST_NO_SYNTAX")
        refused(post(record_file([good], network="other")), 400, "TRUST_NO_NETWORK", "main")
        refused(node.import_records([good], as_agent=True), 403, "TRUST_NO_PERMISSION")
        equal(node.ask("GET", "/v1/status").json["records"], 0)
        equal(post(whole[:16]).json,
              {"accepted": 0, "duplicate": 0, "refused": [], "counts": {}})


@test
def a_file_over_the_stores_limit_is_refused():
    with Node("store: { limit: 1MiB }\n", operator=1) as node:
        answer = node.ask("POST", "/v1/records", record_file([]) + bytes(2 << 20),
                          headers={"Content-Type": TYPE})
        refused(answer, 413, "TRUST_NO_SIZE", "store")


@test
def a_store_that_is_full_keeps_room_for_the_operators_own_word():
    seq = now_ms() - 1_000_000
    with Node("store: { limit: 1MiB }\n", operator=1) as node:
        others = make(vouch(1, 2, seq=seq - 2), vouch(1, 3, seq=seq - 1),
                      *(rating(2 + i % 2, f"mcp:io.example/{'n' * 100}{i}", seq=seq + i)
                        for i in range(3600)))
        answer = node.import_records(others).json
        equal((answer["duplicate"], list(answer["counts"])), (0, ["TRUST_NO_ROOM"]))
        equal(answer["accepted"] + answer["counts"]["TRUST_NO_ROOM"], len(others))
        assert answer["accepted"] > 1000, answer["accepted"]
        equal(outcome(node, make(rating(1, seq=seq))), (1, 0, {}))
        equal(node.publish(rating(1, "mcp:io.example/mine")), ["TRUST_OK"])
        equal(node.ask("GET", "/v1/status").json["store"]["fault"], None)


@test
def a_client_that_leaves_while_it_sends_leaves_nothing():
    with Node(operator=1) as node:
        for _ in range(3):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.connect(node.socket())
                client.sendall(f"POST /v1/records HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPE}\r\n"
                               "Content-Length: 100000\r\n\r\nRPTREC1\n".encode())
        equal(outcome(node, make(rating(1))), (1, 0, {}))


@test
def one_import_at_a_time_and_others_are_served_meanwhile():
    seq = now_ms() - 1_000_000
    with Node(operator=1) as node:
        records = make(vouch(1, 2, seq=seq - 1),
                       *(rating(2, f"mcp:io.example/n{i}", seq=seq + i) for i in range(3000)))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            running = pool.submit(node.import_records, records)
            wait_for(lambda: node.ask("GET", "/v1/status").json["pending"] > 0 or running.done(), 5)
            second = node.import_records(records)
            if second.status != 200:
                refused(second, 503, "TRUST_NO_BUSY")
            began = time.monotonic()
            equal(node.ask("GET", "/v1/status").status, 200)
            assert time.monotonic() - began < 1
            equal(running.result().json["accepted"], 3001)
        equal(node.ask("GET", "/v1/status").json["records"], 3001)


@test
def progress_is_told_as_events():
    seq = now_ms() - 1_000_000
    with Node(operator=1) as node:
        records = make(*(rating(1, f"mcp:io.example/n{i}", seq=seq + i) for i in range(2000)),
                       rating(9, seq=seq))
        with Events(node, "?type=import") as events:
            assert events.block().startswith(":")
            equal(outcome(node, records), (2000, 0, {2000: "TRUST_NO_INTEREST"}))
            before = 0
            while True:
                type_, _, data = events.next()
                equal((type_, data["records"]), ("import", 2001))
                assert data["accepted"] >= before
                before = data["accepted"]
                if data["done"]:
                    break
            equal((data["accepted"], data["duplicate"], data["refused"]), (2000, 0, 1))


@test
def what_an_answer_called_accepted_survives_a_kill():
    seq = now_ms() - 1_000_000
    with Node(operator=1) as node:
        records = make(*(rating(1, f"mcp:io.example/n{i}", seq=seq + i) for i in range(500)))
        equal(outcome(node, records), (500, 0, {}))
        node.stop(signal.SIGKILL)
        node.start()
        equal(node.ask("GET", "/v1/status").json["records"], 500)


@test
def a_stop_in_the_middle_is_answered_and_keeps_what_is_there():
    seq = now_ms() - 1_000_000
    with Node(operator=1) as node:
        records = make(*(rating(1, f"mcp:io.example/n{i}", seq=seq + i) for i in range(3000)))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            running = pool.submit(node.import_records, records)
            time.sleep(0.05)
            equal(node.stop(), 0)
            try:
                answer = running.result()
                if answer.status != 200:
                    refused(answer, 503, "TRUST_NO_BUSY", "stopping")
            except (OSError, http.client.HTTPException):
                pass
        node.start()
        accepted, duplicate, codes = outcome(node, records)
        equal((accepted + duplicate, codes), (3000, {}))
        equal(node.ask("GET", "/v1/status").json["records"], 3000)


@test
def a_long_list_of_refusals_is_cut_but_counted():
    with Node(operator=1) as node:
        answer = node.import_records(["ab"] * 1500).json
        equal((len(answer["refused"]), answer["counts"]), (1000, {"TRUST_NO_SIZE": 1500}))
        equal(answer["refused"][-1]["index"], 999)


if __name__ == "__main__":
    sys.exit(test.run())
