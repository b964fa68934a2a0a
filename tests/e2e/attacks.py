#!/usr/bin/python3
"""Attackers against a real node: played peers that misbehave, and raw sockets. In each test a good
peer's records go on arriving. TAP."""
import os
import socket
import struct
import sys

from network import (Net, Played, has_records, is_up, link_pid, peer, played_key, resident, status,
                     wait)
from node import Tests, equal, make, now_ms

test = Tests()
BASE = now_ms()
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01"
RESIDENT_MAX = 32 << 20


def rating(number):
    return (f"rating 1 {BASE + number} {BASE // 1000 + 86400} mcp:io.example/s{number} "
            "- 3 700 1 1")


def forgery():
    """A record with a bad signature, in hex."""
    record = bytearray.fromhex(make(rating(1))[0])
    record[-1] ^= 1
    return record.hex()


class Scene:
    """A node with one good peer and one that the test plays (number 9)."""

    def __enter__(self):
        self.net = Net(a=1, good=1).__enter__()
        self.net.configure("a", lists=["good", played_key(9)])
        self.net.configure("good", dials=["a"])
        self.net.start()
        self.node = self.net["a"]
        wait(is_up(self.node), "the good peer is up")
        self.link = link_pid(self.node)
        self.size = resident(self.link)
        self.count = 0
        return self

    def __exit__(self, *_):
        self.net.__exit__()

    def play(self, number=9, network="main"):
        return Played(self.net, "a", number, network)

    def delivers(self):
        """What the good peer publishes arrives, over the link process that there was."""
        self.count += 1
        equal(self.net["good"].publish(rating(1000 + self.count)), ["TRUST_OK"])
        wait(has_records(self.node, self.count), "the good peer's record arrives", 10)
        equal(link_pid(self.node), self.link)

    def stays_small(self):
        grown = resident(self.link) - self.size
        assert grown < RESIDENT_MAX, f"the link grew by {grown >> 20} MiB"

    def dial(self):
        client = socket.create_connection(("127.0.0.1", self.net.ports["a"]))
        client.settimeout(10)
        return client


def ends(client):
    """True once the node has closed it."""
    try:
        while client.recv(65536):
            pass
        return True
    except (ConnectionResetError, BrokenPipeError):
        return True
    except TimeoutError:
        return False


@test
def a_frame_that_is_none_ends_the_connection():
    with Scene() as scene, scene.play() as bad:
        bad.hear("up")
        bad.say("hello")
        bad.hear("frame 0")
        bad.say("raw " + os.urandom(4096).hex())
        bad.hear("frame 15 3")
        bad.hear("down")
        scene.delivers()


@test
def who_is_sent_away_waits():
    with Scene() as scene, scene.play() as bad:
        bad.hear("up")
        bad.say("raw ff")
        bad.hear("frame 15 3")
        bad.hear("down")
        bad.say("hello")
        bad.hears_not("frame", 2)
        equal(peer(scene.node, played_key(9))["state"], "waiting")
        scene.delivers()


@test
def a_bad_signature_ends_the_connection():
    with Scene() as scene, scene.play() as bad:
        bad.hear("up")
        bad.say("hello")
        bad.hear("frame 0")
        bad.say("push " + forgery())
        bad.hear("frame 15 5")
        bad.hear("down")
        equal(peer(scene.node, played_key(9))["refused"].get("TRUST_NO_SIGNATURE"), 1)
        scene.delivers()


@test
def three_bad_signatures_ban_for_a_day():
    with Scene() as scene:
        with scene.play() as bad:
            for reason, state in ((5, "waiting"), (5, "waiting"), (8, "banned")):
                bad.hear("up", 40)
                bad.say("hello")
                bad.hear("frame 0")
                bad.say("push " + forgery())
                bad.hear(f"frame 15 {reason}")
                bad.hear("down")
                wait(lambda: peer(scene.node, played_key(9))["state"] == state, state)
            bad.hear("refused 400")
            bad.hears_not("up", 1)
        with scene.play() as again:
            again.hear("refused 400")
            again.hears_not("up", 0.1)
        told = peer(scene.node, played_key(9))
        equal((told["state"], told["refused"]), ("banned", {"TRUST_NO_SIGNATURE": 3}))
        drops = [line for line in scene.node.log().splitlines() if "peer_drop" in line]
        equal(["retry_after_ms=86400000" in line for line in drops], [False, False, True])
        scene.delivers()


@test
def a_hello_for_another_network_or_key_is_answered_with_its_reason():
    with Scene() as scene:
        with scene.play(network="other") as bad:
            bad.hear("up")
            bad.say("hello")
            bad.hear("frame 15 1")
        scene.delivers()
    with Scene() as scene, scene.play() as bad:
        bad.hear("up")
        bad.say("hello 8")
        bad.hear("frame 15 4")
        scene.delivers()


@test
def strangers_and_callers_without_curve_are_not_heard():
    with Scene() as scene:
        with scene.play(number=8) as stranger, scene.play(number="-") as bare:
            stranger.say("hello")
            bare.say("hello")
            wait(lambda: played_key(8) in scene.node.log(), "the stranger is refused")
            stranger.hears_not("frame", 1)
            bare.hears_not("frame", 0.1)
        equal(status(scene.node)["peers"], {"up": 1, "known": 2})
        scene.delivers()


@test
def a_message_of_many_parts_hangs_up():
    with Scene() as scene, scene.play() as bad:
        bad.hear("up")
        bad.say("hello")
        bad.hear("frame 0")
        bad.say("parts 2000")
        bad.hear("down")
        scene.delivers()
        scene.stays_small()


@test
def a_flood_of_frames_is_bounded_and_others_are_served():
    with Scene() as scene, scene.play() as bad:
        good = " ".join(make(*[rating(i) for i in range(100)]))
        bad.hear("up")
        bad.say("hello")
        bad.hear("frame 0")
        bad.say(*["push " + good] * 300)
        wait(has_records(scene.node, 100), "they are known once")
        scene.count = 100
        scene.delivers()
        scene.stays_small()


@test
def half_open_handshakes_are_closed_after_two_seconds():
    with Scene() as scene:
        silent = [scene.dial() for _ in range(150)]
        greeted = [scene.dial() for _ in range(50)]
        for client in greeted:
            client.sendall(GREETING + b"CURVE" + bytes(15) + b"\0" + bytes(31))
        scene.delivers()
        for client in silent + greeted:
            assert ends(client), "it stays open"
            client.close()
        scene.delivers()
        scene.stays_small()


@test
def mechanisms_but_curve_are_refused_in_the_handshake():
    ready = b"\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER"
    plain = b"\x05HELLO\x05admin\x05admin"
    with Scene() as scene:
        for mechanism, command in ((b"NULL", ready), (b"PLAIN", plain), (b"GSSAPI", plain),
                                   (b"curve", plain), (b"X" * 20, ready)):
            client = scene.dial()
            client.sendall(GREETING + mechanism.ljust(20, b"\0") + b"\0" + bytes(31))
            try:
                client.sendall(b"\x04" + bytes([len(command)]) + command + b"\x00\x05hello")
            except (ConnectionResetError, BrokenPipeError):
                pass
            assert ends(client), f"{mechanism} stays open"
        equal(status(scene.node)["peers"], {"up": 1, "known": 2})
        scene.delivers()


@test
def oversize_lengths_and_garbage_are_hung_up_on():
    with Scene() as scene:
        curve = GREETING + b"CURVE" + bytes(15) + b"\0" + bytes(31)
        for data in (curve + b"\x06" + struct.pack(">Q", 1 << 40), curve + b"\x02" +
                     struct.pack(">Q", (1 << 63) - 1), curve + b"\x04\xff" + os.urandom(255),
                     os.urandom(1 << 16), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\xff" * 4096):
            client = scene.dial()
            try:
                client.sendall(data)
            except (ConnectionResetError, BrokenPipeError):
                pass
            assert ends(client), data[:80]
            client.close()
        scene.delivers()
        scene.stays_small()


if __name__ == "__main__":
    sys.exit(test.run())
