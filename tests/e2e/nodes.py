#!/usr/bin/python3
"""Real nodes that gossip over CURVE on loopback: they end with the same records, whatever dies on
the way. TAP."""
import os
import signal
import sys

from network import Net, export, has_records, is_up, link_pid, peer, status, wait
from node import Tests, equal, make, now_ms

test = Tests()
OPERATOR = make("key 1")[0]
BASE = now_ms()


def ratings(count, first=0, author=1):
    """count commands; each is another server's, each seq greater than the one before."""
    return [f"rating {author} {BASE + first + i} {BASE // 1000 + 86400} "
            f"mcp:io.example/s{first + i} - 3 {700 + i % 100} 1 1" for i in range(count)]


def same_exports(one, other, author=None):
    """What a peer brought is committed within a quarter of a second."""
    wait(lambda: export(one, author) == export(other, author), "both export the same")


@test
def two_nodes_end_with_equal_exports():
    with Net(a=1, b=1) as net:
        net.configure("a", lists=["b"])
        net.configure("b", dials=["a"])
        net.start()
        equal(set(net["a"].publish(*ratings(60))), {"TRUST_OK"})
        wait(has_records(net["b"], 60), "b has what a published")
        equal(set(net["b"].publish(*ratings(40, first=60))), {"TRUST_OK"})
        wait(has_records(net["a"], 100), "a has what b published")
        same_exports(net["a"], net["b"])
        assert len(export(net["a"])) > 100 * 65


@test
def records_cross_a_node_whose_operator_does_not_care():
    with Net(a=1, b=None, c=1) as net:
        net.configure("a", lists=["b"])
        net.configure("b", dials=["a"], lists=["c"])
        net.configure("c", dials=["b"])
        net.start()
        wait(is_up(net["b"], 2), "b has both peers")
        net["a"].publish(*ratings(30))
        wait(has_records(net["c"], 30), "c has what a published")
        same_exports(net["a"], net["c"], OPERATOR)


@test
def two_that_dial_each_other_keep_one_connection():
    with Net(a=1, b=1) as net:
        net.configure("a", dials=["b"])
        net.configure("b", dials=["a"])
        net.start()
        wait(is_up(net["a"]), "a is up")
        wait(is_up(net["b"]), "b is up")
        net["a"].publish(*ratings(10))
        wait(has_records(net["b"], 10), "b has what a published")
        before = peer(net["a"], net.keys["b"])["bytes_in"]
        net["b"].publish(*ratings(10, first=10))
        wait(has_records(net["a"], 20), "a has what b published")
        assert peer(net["a"], net.keys["b"])["bytes_in"] > before
        equal(status(net["a"])["peers"], {"up": 1, "known": 1})


@test
def a_node_that_was_killed_catches_up():
    with Net(a=1, b=1) as net:
        net.configure("a", lists=["b"])
        net.configure("b", dials=["a"])
        net.start()
        net["a"].publish(*ratings(20))
        wait(has_records(net["b"], 20), "b has the first")
        net["b"].stop(signal.SIGKILL)
        net["a"].publish(*ratings(20, first=20))
        net.start("b")
        wait(has_records(net["b"], 40), "b has all")
        same_exports(net["a"], net["b"])


@test
def a_link_that_was_killed_comes_back_and_the_core_never_stops():
    with Net(a=1, b=1) as net:
        net.configure("a", lists=["b"])
        net.configure("b", dials=["a"])
        net.start()
        wait(is_up(net["a"]), "a is up")
        core = net["a"].process.pid
        for _ in range(2):
            killed = link_pid(net["a"])
            os.kill(killed, signal.SIGKILL)
            wait(lambda: link_pid(net["a"]) not in (None, killed), "another link runs")
            equal(net["a"].ask("GET", "/healthz").status, 200)
        wait(lambda: status(net["a"])["link"] == {**status(net["a"])["link"], "restarts": 2,
                                                  "state": "running"}, "the link says so")
        wait(is_up(net["b"]), "b is connected again")
        net["a"].publish(*ratings(15))
        wait(has_records(net["b"], 15), "records flow again")
        equal((net["a"].process.pid, net["a"].process.poll()), (core, None))


@test
def a_clean_stop_says_goodbye():
    with Net(a=1, b=1) as net:
        net.configure("a", lists=["b"])
        net.configure("b", dials=["a"])
        net.start()
        wait(is_up(net["b"]), "b is up")
        equal(net["a"].stop(), 0)
        wait(lambda: "reason=0 by_peer=1" in net["b"].log(), "b heard the bye")
        equal(status(net["b"])["peers"], {"up": 0, "known": 1})


@test
def another_network_is_told_so():
    with Net(a=1, b=1) as net:
        net.configure("a", lists=["b"], network="main")
        net.configure("b", dials=["a"], network="test")
        net.start()
        wait(lambda: "reason=1 by_peer=" in net["a"].log(), "a ended it")
        wait(lambda: "reason=1 by_peer=" in net["b"].log(), "b ended it")
        equal(status(net["a"])["peers"], {"up": 0, "known": 1})


@test
def an_invite_makes_a_peer_once_and_for_good():
    with Net(a=1, b=1, c=1) as net:
        for name in net.nodes:
            net.configure(name)
        net.start()
        made = net["a"].ask("POST", "/v1/invites", {})
        equal(made.status, 200)
        invite = made.json["invite"]
        assert len(invite) <= 106, invite
        equal(net["b"].ask("POST", "/v1/join", {"invite": invite}).status, 200)
        wait(is_up(net["a"]), "a has b")
        wait(is_up(net["b"]), "b has a")
        net["a"].publish(*ratings(5))
        wait(has_records(net["b"], 5), "records cross")
        equal([one["key"] for one in net["a"].ask("GET", "/v1/peers").json], [net.keys["b"]])
        net["c"].ask("POST", "/v1/join", {"invite": invite})
        wait(lambda: "caller_refused" in net["a"].log(), "c is refused: the invite is used up")
        for name in ("a", "b"):
            net[name].stop()
            net.start(name)
        wait(is_up(net["a"]), "a has b after both restarted")
        equal(status(net["c"])["peers"]["up"], 0)
        net["a"].ask("DELETE", f"/v1/peers/{net.keys['b']}")
        wait(lambda: status(net["b"])["peers"]["up"] == 0, "b was told")
        equal(status(net["a"])["peers"], {"up": 0, "known": 0})


if __name__ == "__main__":
    sys.exit(test.run())
