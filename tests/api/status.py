#!/usr/bin/python3
"""GET /v1/status. TAP."""
import datetime
import sys
import time

from node import Node, Tests, equal, make

test = Tests()
MEMBERS = ["time", "node", "operator", "network", "records", "authors", "servers", "peers", "in_sync",
           "lag_s", "store_bytes", "store", "link", "unresolved", "pending", "quarantined",
           "held_back", "health"]


def codes(status):
    return [line["code"] for line in status["health"]]


@test
def an_empty_node_says_all_members_and_its_first_steps():
    with Node() as node:
        for as_agent in (True, False):
            status = node.ask("GET", "/v1/status", as_agent=as_agent).json
            equal(list(status), MEMBERS)
            equal(sorted(status["node"]), ["key", "uptime_s", "version"])
            assert status["node"]["key"].startswith("rpn1")
            told = datetime.datetime.fromisoformat(status["time"].replace("Z", "+00:00"))
            assert abs(told.timestamp() - time.time()) < 10, status["time"]
            equal(status["operator"], None)
            equal(status["network"], "main")
            equal([status[name] for name in ("records", "authors", "servers", "pending",
                                             "quarantined", "held_back", "unresolved")], [0] * 7)
            equal(status["peers"], {"up": 0, "known": 0})
            equal((status["in_sync"], status["lag_s"]), (True, None))
            equal(status["store"], {"fault": None, "record_bytes": 0, "limit_bytes": 8 << 30,
                                    "damaged": 0, "scrubbed": 0})
            equal(status["link"]["state"], "running")
            equal(codes(status), ["no_operator", "no_groups"])
            for line in status["health"]:
                equal(sorted(line), ["code", "level", "next", "text"])


@test
def a_node_with_an_operator_and_groups_lacks_peers():
    config = """
network: testing
store: { limit: 1GiB }
groups:
  search: { primary: { subject: "mcp:io.example/search", command: "true" } }
"""
    with Node(config, operator=1) as node:
        status = node.ask("GET", "/v1/status").json
        equal(status["operator"], make("key 1")[0])
        equal(status["network"], "testing")
        equal(status["servers"], 1)
        equal(status["store"]["limit_bytes"], 1 << 30)
        equal(codes(status), ["no_peers"])
        equal(status["health"][0]["level"], "info")
        assert status["health"][0]["next"].startswith("repute peers")


if __name__ == "__main__":
    sys.exit(test.run())
