#!/usr/bin/python3
"""/v1/peers and below, without and with a second node. TAP."""
import sys

from node import Node, Tests, equal, free_port, make, refused, wait_for
from web import rating, vouch

test = Tests()
KEY, OTHER, AUTHOR = make("node 2", "node 3", "key 2")


@test
def added_peers_are_kept_over_a_restart():
    with Node(operator=1) as node:
        equal(node.ask("GET", "/v1/peers").json, [])
        added = node.ask("POST", "/v1/peers",
                         {"key": KEY, "endpoint": "tcp://127.0.0.1:9", "name": "two"})
        equal(added.status, 200)
        for member, value in (("key", KEY), ("endpoint", "tcp://127.0.0.1:9"), ("name", "two"),
                              ("state", "connecting"), ("lag_s", None), ("records_in", 0),
                              ("records_out", 0), ("bytes_in", 0), ("bytes_out", 0),
                              ("refused", {}), ("origin", "added"), ("rtt_ms", None)):
            equal((member, added.json[member]), (member, value))
        equal(node.ask("POST", "/v1/peers", {"key": OTHER}).json["endpoint"], None)
        equal(node.stop(), 0)
        node.start()
        equal({row["key"] for row in node.ask("GET", "/v1/peers").json}, {KEY, OTHER})
        equal(node.ask("DELETE", f"/v1/peers/{KEY}").json, {"key": KEY})
        refused(node.ask("DELETE", f"/v1/peers/{KEY}"), 404, "TRUST_NO_PEER")
        equal(node.stop(), 0)
        node.start()
        equal([row["key"] for row in node.ask("GET", "/v1/peers").json], [OTHER])


@test
def configured_peers_are_changed_in_the_configuration_only():
    config = f'link: {{ peers: [ {{ key: "{KEY}", name: "from file" }} ] }}\n'
    with Node(config, operator=1) as node:
        [row] = node.ask("GET", "/v1/peers").json
        equal((row["name"], row["origin"]), ("from file", "configuration"))
        refused(node.ask("POST", "/v1/peers", {"key": KEY}), 409, "TRUST_NO_CONFLICT")
        refused(node.ask("DELETE", f"/v1/peers/{KEY}"), 409, "TRUST_NO_CONFLICT")


@test
def wrong_peers_are_refused():
    with Node(operator=1) as node:
        own = node.ask("GET", "/v1/status").json["node"]["key"]
        for body, code, *words in (
                ({}, "TRUST_NO_TYPE", "/key"),
                ({"key": "rpn1x"}, "TRUST_NO_KEY", "rpn1"),
                ({"key": AUTHOR}, "TRUST_NO_KEY", "rpn1"),
                ({"key": KEY, "endpoint": "127.0.0.1:1"}, "TRUST_NO_RANGE", "/endpoint"),
                ({"key": KEY, "endpoint": "tcp://h:0"}, "TRUST_NO_RANGE", "/endpoint"),
                ({"key": KEY, "name": "x" * 65}, "TRUST_NO_RANGE", "/name"),
                ({"key": KEY, "name": " x"}, "TRUST_NO_RANGE", "/name"),
                ({"key": KEY, "nome": "x"}, "TRUST_NO_OPTION", "/nome")):
            refused(node.ask("POST", "/v1/peers", body), 400, code, *words)
        refused(node.ask("POST", "/v1/peers", {"key": own}), 409, "TRUST_NO_CONFLICT")
        refused(node.ask("GET", f"/v1/peers/{KEY}"), 404, "TRUST_NO_PEER")
        refused(node.ask("GET", "/v1/peers/x"), 400, "TRUST_NO_KEY")
        for method, path in (("GET", "/v1/peers"), ("POST", "/v1/peers"),
                             ("GET", f"/v1/peers/{KEY}"), ("DELETE", f"/v1/peers/{KEY}")):
            refused(node.ask(method, path, as_agent=True), 403, "TRUST_NO_PERMISSION")
        equal(node.ask("GET", "/v1/peers").json, [])


@test
def no_more_than_64_peers_are_taken():
    with Node(operator=1) as node:
        keys = make(*(f"node {i}" for i in range(100, 165)))
        for key in keys[:64]:
            equal(node.ask("POST", "/v1/peers", {"key": key}).status, 200)
        refused(node.ask("POST", "/v1/peers", {"key": keys[64]}), 507, "TRUST_NO_ROOM", "64")
        equal(len(node.ask("GET", "/v1/peers").json), 64)


@test
def two_nodes_meet_and_speak_of_each_others_authors():
    port = free_port()
    config = f'link: {{ listen: "tcp://127.0.0.1:{port}" }}\n'
    with Node(config, operator=1) as left, Node(operator=2) as right:
        left_key, right_key = (node.ask("GET", "/v1/status").json["node"]["key"]
                               for node in (left, right))
        equal(left.ask("POST", "/v1/peers", {"key": right_key}).status, 200)
        equal(right.ask("POST", "/v1/peers", {"key": left_key,
                                              "endpoint": f"tcp://127.0.0.1:{port}"}).status, 200)
        for node in (left, right):
            wait_for(lambda node=node: node.ask("GET", "/v1/status").json["peers"]["up"] == 1)
        # Each asks for its own operator, so the other has seen that key.
        seen = wait_for(lambda: [row for row in left.ask("GET", "/v1/raters?seen=1").json
                                 if row["weight"] == 0])
        equal([(row["key"], row["weight"], row["distance"]) for row in seen], [(AUTHOR, 0, None)])
        equal(right.publish(rating(2)), ["TRUST_OK"])
        equal(left.publish(vouch(1, 2)), ["TRUST_OK"])
        wait_for(lambda: left.ask("GET", "/v1/status").json["records"] == 2)
        row = left.ask("GET", f"/v1/peers/{right_key}?why={AUTHOR}").json
        equal((row["why"]["weight"], row["why"]["peer_asks"], row["why"]["we_ask"],
               row["why"]["records"]), (True, True, True, 1))
        assert row["records_in"] >= 1 and row["bytes_in"] > 0


if __name__ == "__main__":
    sys.exit(test.run())
