#!/usr/bin/python3
"""POST /v1/invites and /v1/join: two nodes become peers with one line. TAP."""
import sys

from node import Node, Tests, equal, free_port, refused, wait_for

test = Tests()


def listening(port):
    return f'link: {{ listen: "tcp://127.0.0.1:{port}" }}\n'


def invite(node, **terms):
    return node.ask("POST", "/v1/invites", terms)


@test
def one_line_makes_two_nodes_peers_of_each_other():
    port = free_port()
    with Node(listening(port), operator=1) as host, Node(operator=2) as guest:
        answer = invite(host)
        equal(answer.status, 200)
        line = answer.json["invite"]
        assert len(line) <= 106, line
        joined = guest.ask("POST", "/v1/join", {"invite": line})
        equal((joined.status, joined.json["endpoint"], joined.json["origin"]),
              (200, f"tcp://127.0.0.1:{port}", "added"))
        equal(joined.json["key"], host.ask("GET", "/v1/status").json["node"]["key"])
        guest_key = guest.ask("GET", "/v1/status").json["node"]["key"]
        for node in (host, guest):
            wait_for(lambda node=node: node.ask("GET", "/v1/status").json["peers"]["up"] == 1)
        wait_for(lambda: [row["key"] for row in host.ask("GET", "/v1/peers").json] == [guest_key])
        # Used once, it lets nobody else in.
        with Node(operator=3) as late:
            equal(late.ask("POST", "/v1/join", {"invite": line}).status, 200)
            equal([row["key"] for row in host.ask("GET", "/v1/peers").json], [guest_key])


@test
def an_endpoint_may_be_given_and_must_be_where_all_addresses_are_listened_on():
    port = free_port()
    config = f'link: {{ listen: "tcp://0.0.0.0:{port}", newcomers: false }}\n'
    with Node(config, operator=1) as node:
        refused(invite(node), 400, "TRUST_NO_OPTION", "/endpoint")
        answer = invite(node, endpoint="tcp://me.example:7717", uses=2, expires_s=60)
        assert answer.json["invite"].startswith("me.example:7717/rpn1"), answer.json


@test
def a_node_that_does_not_listen_cannot_invite():
    with Node(operator=1) as node:
        refused(invite(node), 409, "TRUST_NO_CONFLICT", "does not listen")


@test
def wrong_terms_and_lines_are_refused():
    with Node(listening(free_port()), operator=1) as node:
        for terms, code, *words in (
                ({"uses": 0}, "TRUST_NO_RANGE", "/uses"),
                ({"uses": 65}, "TRUST_NO_RANGE", "/uses"),
                ({"uses": "1"}, "TRUST_NO_TYPE", "/uses"),
                ({"expires_s": 59}, "TRUST_NO_RANGE", "/expires_s"),
                ({"expires_s": 2592001}, "TRUST_NO_RANGE", "/expires_s"),
                ({"endpoint": "me:1"}, "TRUST_NO_RANGE", "/endpoint"),
                ({"secret": "x"}, "TRUST_NO_OPTION", "/secret")):
            refused(invite(node, **terms), 400, code, *words)
        for body, code, *words in (
                ({}, "TRUST_NO_TYPE", "/invite"),
                ({"invite": "nonsense"}, "TRUST_NO_RANGE", "/invite"),
                ({"invite": "h:1/rpn1x/y"}, "TRUST_NO_RANGE", "/invite"),
                ({"invite": 1}, "TRUST_NO_TYPE", "/invite")):
            refused(node.ask("POST", "/v1/join", body), 400, code, *words)
        own = invite(node).json["invite"]
        refused(node.ask("POST", "/v1/join", {"invite": own}), 409, "TRUST_NO_CONFLICT", "own key")
        for path in ("/v1/invites", "/v1/join"):
            refused(node.ask("POST", path, {}, as_agent=True), 403, "TRUST_NO_PERMISSION")


if __name__ == "__main__":
    sys.exit(test.run())
