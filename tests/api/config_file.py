#!/usr/bin/python3
"""reputed.yaml read again by a running node: SIGHUP. TAP."""
import os
import signal
import sys
import time

from node import Node, Tests, equal, make

test = Tests()
GROUPS = """
groups:
  search:
    primary: { subject: "mcp:io.example/one", command: npx }
"""


def write(node, text):
    with open(os.path.join(node.home, "reputed.yaml"), "w", encoding="utf-8") as file:
        file.write(text)


def reload(node, wanted):
    """Returns once the log has another line of this state."""
    before = node.log().count(f"state={wanted}")
    node.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 10
    while node.log().count(f"state={wanted}") == before:
        assert time.monotonic() < deadline, node.log()
        time.sleep(0.01)


def servers(node):
    return [row["subject"] for row in node.ask("GET", "/v1/servers", as_agent=True).json]


def peers(node):
    return [row["key"] for row in node.ask("GET", "/v1/peers").json]


@test
def groups_and_peers_follow_the_file():
    one, two = make("node 1", "node 2")
    with Node(config=GROUPS) as node:
        equal(servers(node), ["mcp:io.example/one"])
        write(node, GROUPS.replace("/one", "/two") +
              f"link: {{ peers: [ {{ key: {one} }}, {{ key: {two} }} ] }}\n")
        reload(node, "done")
        equal(servers(node), ["mcp:io.example/two"])
        equal(sorted(peers(node)), sorted([one, two]))
        write(node, f"link: {{ peers: [ {{ key: {two} }} ] }}\n")
        reload(node, "done")
        equal((servers(node), peers(node)), ([], [two]))


@test
def a_peer_that_was_added_by_hand_outlives_the_list():
    one = make("node 1")[0]
    with Node(config=f"link: {{ peers: [ {{ key: {one} }} ] }}\n") as node:
        write(node, "")
        reload(node, "done")
        equal(peers(node), [])
        equal(node.ask("POST", "/v1/peers", {"key": one}).status, 200)
        write(node, f"link: {{ peers: [ {{ key: {one} }} ] }}\n")
        reload(node, "done")
        write(node, "")
        reload(node, "done")
        equal(peers(node), [one])


@test
def a_bad_file_is_refused_and_the_old_one_stays():
    with Node(config=GROUPS) as node:
        for text, reason in (("groups: [\n", "TRUST_NO_SYNTAX"), ("gruops: {}\n", "did you mean"),
                             ("network: other\n", "network"),
                             ('link: { listen: "tcp://127.0.0.1:1" }\n', "link.listen"),
                             ("store: { limit: 1MiB }\n", "store.limit")):
            write(node, text)
            reload(node, "refused")
            assert reason in node.log().splitlines()[-1], node.log()
            equal(servers(node), ["mcp:io.example/one"])
        equal(node.ask("GET", "/v1/status").json["network"], "main")
        os.unlink(os.path.join(node.home, "reputed.yaml"))
        reload(node, "done")
        equal(servers(node), [])


if __name__ == "__main__":
    sys.exit(test.run())
