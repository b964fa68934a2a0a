#!/usr/bin/python3
"""POST /v1/nonces. TAP."""
import re
import sys

from node import Node, Tests, equal, refused
from orders import consent, order_breaker

test = Tests()
OUT_MAX = 16


@test
def a_nonce_is_32_bytes_and_new_each_time(_):
    with Node(operator=1) as node:
        seen = set()
        for _ in range(OUT_MAX):
            answer = node.ask("POST", "/v1/nonces", {})
            equal((answer.status, list(answer.json)), (200, ["nonce", "expires_s"]))
            equal(answer.json["expires_s"], 60)
            assert re.fullmatch("[0-9a-f]{64}", answer.json["nonce"]), answer.json
            seen.add(answer.json["nonce"])
        equal(len(seen), OUT_MAX)
        refused(node.ask("POST", "/v1/nonces", {}), 503, "TRUST_NO_BUSY", "16")


@test
def a_used_one_makes_room(node):
    out = [consent(node, "reset", "mcp:io.example/a") for _ in range(OUT_MAX)]
    refused(node.ask("POST", "/v1/nonces", {}), 503, "TRUST_NO_BUSY")
    for signed in out:
        answer = node.ask("POST", "/v1/breakers/mcp%3Aio.example%2Fa", {"verb": "reset"} | signed)
        equal(answer.status, 200)
    equal(order_breaker(node, "mcp:io.example/a", "reset").status, 200)


@test
def agents_get_none(node):
    refused(node.ask("POST", "/v1/nonces", {}, as_agent=True), 403, "TRUST_NO_PERMISSION")


@test
def the_body_is_an_empty_object(node):
    refused(node.ask("POST", "/v1/nonces", {"count": 2}), 400, "TRUST_NO_OPTION", "/count")
    refused(node.ask("POST", "/v1/nonces", b""), 400, "TRUST_NO_SYNTAX")
    refused(node.ask("GET", "/v1/nonces"), 405, "TRUST_NO_METHOD", "POST")


if __name__ == "__main__":
    with Node(operator=1) as running:
        sys.exit(test.run(running))
