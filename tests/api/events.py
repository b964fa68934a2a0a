#!/usr/bin/python3
"""GET /v1/events: what is told to whom, resuming, gaps, bounds. TAP."""
import sys
import time

from node import Node, Tests, equal, free_port, refused
from orders import A, GROUP, Events, order_breaker, order_quarantine, tell

test = Tests()
READERS_MAX = 16
KEPT = 1024


@test
def a_breaker_is_told_of_with_everything_about_its_transition(node):
    with Events(node) as events:
        equal((events.status, events.type), (200, "text/event-stream"))
        assert events.block().startswith(": after "), "no greeting"
        equal(order_breaker(node, A, "force_open", False, expires_s=60).status, 200)
        type_, number, data = events.next()
        equal((type_, data["type"], data["seq"]), ("breaker", "breaker", number))
        equal(list(data), ["seq", "time", "type", "subject", "from", "to", "reason", "threshold",
                           "observed", "since", "until", "generation"])
        equal([data[name] for name in ("subject", "from", "to", "reason")],
              [A, "closed", "forced_open", "override"])
        assert data["since"] < data["until"], data


@test
def a_quarantine_is_told_of(node):
    subject = "mcp:io.example/q"
    with Events(node, "?type=quarantine") as events:
        equal(order_breaker(node, A, "reset").status, 200)
        equal(order_quarantine(node, subject, "add", ttl_s=60).status, 200)
        type_, _, data = events.next()
        equal((type_, data["subject"], data["from"], data["to"], data["rule"]),
              ("quarantine", subject, "ok", "quarantined", "operator"))


@test
def agents_are_told_of_the_servers_that_the_operator_named(node):
    with Events(node, as_agent=True) as events:
        equal(order_quarantine(node, "mcp:io.example/foreign", "add").status, 200)
        equal(order_quarantine(node, A, "add").status, 200)
        equal(events.next()[2]["subject"], A)
    for type_ in ("peer", "import", "store"):
        refused(node.ask("GET", f"/v1/events?type={type_}", as_agent=True), 403,
                "TRUST_NO_PERMISSION")


@test
def a_reader_resumes_behind_the_last_that_it_saw(node):
    with Events(node) as events:
        for expires in (100, 200, 300):
            equal(order_breaker(node, "mcp:io.example/r", "force_open", False,
                                expires_s=expires).status, 200)
        numbers = [events.next()[1] for _ in range(3)]
        equal(numbers, list(range(numbers[0], numbers[0] + 3)))
    with Events(node, f"?since={numbers[0]}") as events:
        equal([events.next()[1] for _ in range(2)], numbers[1:])


@test
def who_comes_too_late_is_told_of_a_gap(node):
    with Events(node) as events:
        equal(order_breaker(node, A, "force_open", False).status, 200)
        first = events.next()[1]
    rows = [{"subject": f"mcp:io.example/g{i}", "class": "refused", "agent": "one"}
            for i in range(KEPT + 10) for _ in range(5)]
    for at in range(0, len(rows), 256):
        equal(node.ask("POST", "/v1/outcomes", {"outcomes": rows[at:at + 256]}).status, 200)
    with Events(node, f"?since={first}") as events:
        type_, number, data = events.next()
        equal((type_, data["from"], data["to"]), ("gap", first + 1, number))
        got = events.next()
        equal((got[0], got[1]), ("breaker", number + 1))


@test
def a_number_of_an_earlier_life_is_a_gap(node):
    for since in (1, 2**52):
        with Events(node, f"?since={since}") as events:
            equal(events.next()[0], "gap")
            equal(events.next()[0], "breaker")


@test
def wrong_queries_are_refused(node):
    refused(node.ask("GET", "/v1/events?type=gap"), 400, "TRUST_NO_RANGE", "breaker")
    refused(node.ask("GET", "/v1/events?since=x"), 400, "TRUST_NO_TYPE", "since")
    refused(node.ask("GET", "/v1/events?since=99999999999999999999"), 400, "TRUST_NO_RANGE")
    refused(node.ask("POST", "/v1/events", {}), 405, "TRUST_NO_METHOD")


@test
def readers_are_bounded_on_each_socket_and_a_gone_one_makes_room(_):
    with Node(GROUP) as node:
        readers = [Events(node, as_agent=True) for _ in range(READERS_MAX)]
        refused(node.ask("GET", "/v1/events", as_agent=True), 503, "TRUST_NO_BUSY", "16")
        with Events(node) as events:
            equal(events.status, 200)
        for reader in readers:
            reader.socket.close()
        # Writing is what notices that a reader left.
        equal(order_breaker(node, A, "force_open", False).status, 200)
        equal(order_breaker(node, A, "force_open", False).status, 200)
        deadline = time.monotonic() + 5
        while True:
            with Events(node, as_agent=True) as events:
                if events.status == 200:
                    break
            assert time.monotonic() < deadline, "gone readers keep their places"
            time.sleep(.05)


@test
def a_reader_that_does_not_read_delays_nobody_and_hears_of_its_gap(_):
    with Node(GROUP) as node:
        with Events(node) as slow, Events(node) as quick:
            rows = [{"subject": f"mcp:io.example/s{i}", "class": "refused", "agent": "one"}
                    for i in range(KEPT) for _ in range(5)]
            for _ in range(3):
                for at in range(0, len(rows), 250):
                    tell_rows(node, rows[at:at + 250])
                    for _ in range(0, len(rows[at:at + 250]), 5):
                        assert quick.next()[0] == "breaker"
                for row in rows[::5]:
                    row["subject"] += "x"
                for i, row in enumerate(rows):
                    row["subject"] = rows[i - i % 5]["subject"]
            types = [slow.next()[0] for _ in range(KEPT)]
            assert types.count("gap") <= 3, types


def tell_rows(node, rows):
    equal(node.ask("POST", "/v1/outcomes", {"outcomes": rows}).json, {"accepted": len(rows)})


@test
def peers_that_come_and_go_are_told_of_once(_):
    port = free_port()
    with Node(f'link: {{ listen: "tcp://127.0.0.1:{port}" }}\n') as left, Node() as right:
        left_key, right_key = (node.ask("GET", "/v1/status").json["node"]["key"]
                               for node in (left, right))
        with Events(left, "?type=peer", timeout=20) as events:
            equal(left.ask("POST", "/v1/peers", {"key": right_key}).status, 200)
            there = {"key": left_key, "endpoint": f"tcp://127.0.0.1:{port}"}
            equal(right.ask("POST", "/v1/peers", there).status, 200)
            for state in ("up", "down", "up", "down"):
                _, _, data = events.next()
                equal((data["key"], data["state"]), (right_key, state))
                if state == "up":
                    equal(right.ask("GET", "/v1/status").json["peers"]["known"], 1)
                    right.stop()
                elif right.process is None:
                    right.start()


@test
def a_peer_that_is_removed_went_down_once(_):
    port = free_port()
    with Node(f'link: {{ listen: "tcp://127.0.0.1:{port}" }}\n') as left, Node() as right:
        left_key, right_key = (node.ask("GET", "/v1/status").json["node"]["key"]
                               for node in (left, right))
        with Events(left, "?type=peer", timeout=20) as events:
            equal(left.ask("POST", "/v1/peers", {"key": right_key}).status, 200)
            there = {"key": left_key, "endpoint": f"tcp://127.0.0.1:{port}"}
            equal(right.ask("POST", "/v1/peers", there).status, 200)
            equal(events.next()[2]["state"], "up")
            equal(left.ask("DELETE", f"/v1/peers/{right_key}").status, 200)
            equal(events.next()[2]["state"], "down")
            events.socket.settimeout(1)
            try:
                assert False, events.next()
            except TimeoutError:
                pass


@test
def a_silent_stream_shows_that_it_lives(_):
    with Node(GROUP) as node:
        with Events(node, timeout=20) as events:
            began = time.monotonic()
            assert events.block().startswith(": after ")
            equal(events.block(), ": still here")
            assert 13 < time.monotonic() - began < 18


@test
def a_stop_ends_the_streams(_):
    with Node(GROUP) as node:
        events = Events(node)
        began = time.monotonic()
        equal(node.stop(), 0)
        assert time.monotonic() - began < 10
        events.block()
        try:
            events.block()
            assert False, "more came"
        except (EOFError, ConnectionError):
            pass
        events.socket.close()


if __name__ == "__main__":
    with Node(GROUP, operator=1) as running:
        sys.exit(test.run(running))
