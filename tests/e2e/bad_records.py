#!/usr/bin/python3
"""Records that must not come in, pushed by a played peer over a real link: each is counted by the
name of its refusal, none takes the good ones of its frame along, and a kill loses nothing. TAP."""
import collections
import os
import signal
import sys

from network import Net, Played, export, has_records, is_up, link_pid, peer, played_key, status, wait
from node import Tests, equal, make, now_ms

test = Tests()
BASE = now_ms() - 100_000
END = BASE // 1000 + 86_400
VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors", "records.txt")
# What the form alone decides, before anybody's interest is asked.
OF_FORM = {"TRUST_NO_CANONICAL", "TRUST_NO_RANGE", "TRUST_NO_SUBJECT"}
SIZE_MIN, SIZE_MAX = 65, 512


def rating(author, name, seq=0, value=700):
    return f"rating {author} {BASE + seq} {END} mcp:io.example/{name} - 3 {value} 1 1"


def vouch(author, target, seq):
    return f"vouch {author} {BASE + seq} {END} {target} 7 1000"


class Scene:
    """A node and a peer that the test plays, with its hello said."""

    def __enter__(self):
        self.net = Net(a=1).__enter__()
        self.net.configure("a", lists=[played_key(9)])
        self.net.start()
        self.node = self.net["a"]
        self.link = link_pid(self.node)
        self.bad = self.greets()
        return self

    def __exit__(self, *_):
        self.bad.__exit__()
        self.net.__exit__()

    def greets(self):
        played = Played(self.net, "a", 9)
        played.hear("up")
        played.say("hello")
        played.hear("frame 0")
        return played

    def refused(self):
        return peer(self.node, played_key(9))["refused"]

    def keeps(self, records, count=None):
        """The node has written these and kept its link process; a kill takes none away. count: of
        them, how many say something."""
        count = len(records) if count is None else count
        wait(lambda: all(is_in(record, export(self.node)) for record in records), "they are written")
        equal(status(self.node)["records"], count)
        equal(link_pid(self.node), self.link)
        before = export(self.node)
        equal(self.node.stop(signal.SIGKILL), -signal.SIGKILL)
        self.node.start()
        equal(export(self.node), before)
        equal(status(self.node)["records"], count)


def is_in(record, exported):
    return bytes.fromhex(record) in exported


def vectors():
    """(verdict, record in hex) of the records that are wrong by their form."""
    with open(VECTORS, encoding="utf-8") as file:
        rows = [line.split() for line in file if not line.startswith("#")]
    return [(row[0], row[2]) for row in rows
            if row[0] in OF_FORM and SIZE_MIN <= len(row[2]) // 2 <= SIZE_MAX]


@test
def each_wrong_form_is_refused_by_its_name():
    wrong = vectors()
    assert len(wrong) > 100, len(wrong)
    good = make(*(rating(1, f"g{i}", i) for i in range(3)))
    garbage = [os.urandom(size).hex() for size in (65, 100, 512)]
    cut = [good[0][:-2], good[0][:2 * SIZE_MIN]]
    with Scene() as scene:
        scene.bad.say("push " + " ".join([good[0], *(record for _, record in wrong), good[1]]))
        wait(has_records(scene.node, 2), "the good ones arrive")
        counts = collections.Counter(verdict for verdict, _ in wrong)
        equal(scene.refused(), dict(counts))
        scene.bad.say("push " + " ".join([*garbage, *cut, good[2]]))
        wait(has_records(scene.node, 3), "the good one arrives")
        got = scene.refused()
        equal(sum(got.values()), len(wrong) + len(garbage) + len(cut))
        assert set(got) <= OF_FORM | {"TRUST_NO_VERSION"}, got
        equal(peer(scene.node, played_key(9))["state"], "up")
        scene.keeps(good)


@test
def a_size_that_no_record_has_ends_the_connection():
    for size in (0, 1, SIZE_MIN - 1, SIZE_MAX + 1, 60_000):
        with Scene() as scene:
            # A push of one record: [2, [bin 16]].
            scene.bad.say("raw 920291c5" + size.to_bytes(2, "big").hex() + "00" * size)
            scene.bad.hear("frame 15 3")
            scene.bad.hear("down")
            scene.keeps([])


@test
def what_is_not_wanted_now_is_refused_by_its_name():
    good = make(rating(1, "a", 10), vouch(1, 2, 11))
    [ahead] = make(f"rating 1 {now_ms() + 700_000} {END} mcp:io.example/b - 3 700 1 1")
    [older, stranger] = make(rating(1, "a", 9), rating(50, "a", 12))
    with Scene() as scene:
        scene.bad.say("push " + " ".join(good))
        wait(has_records(scene.node, 2), "the good ones arrive")
        for record, name in ((good[0], "TRUST_NO_DUPLICATE"), (ahead, "TRUST_NO_TIME"),
                             (older, "TRUST_NO_OLDER"), (stranger, "TRUST_NO_INTEREST")):
            scene.bad.say("push " + record)
            wait(lambda: scene.refused().get(name) == 1, name)
        equal(sum(scene.refused().values()), 4)
        scene.keeps(good)


@test
def an_expired_record_does_not_count_and_is_refused_when_it_comes_again():
    [over, good] = make(f"rating 1 {BASE} {BASE // 1000 + 5} mcp:io.example/a - 3 700 1 1",
                        rating(1, "b", 1))
    with Scene() as scene:
        scene.bad.say("push " + over + " " + good, "push " + over)
        wait(lambda: scene.refused().get("TRUST_NO_DUPLICATE") == 1, "it is known")
        scene.keeps([over, good], 1)


@test
def what_contradicts_itself_is_void_whoever_brings_it():
    pair = make(rating(1, "a", 10, 100), rating(1, "a", 10, 900))
    [after] = make(rating(1, "b", 11))
    with Scene() as scene:
        scene.bad.say("push " + pair[0])
        wait(has_records(scene.node, 1), "the first arrives")
        scene.bad.say("push " + pair[1] + " " + after)
        wait(lambda: is_in(after, export(scene.node)), "the other arrives")
        equal(scene.refused(), {})
        scene.keeps([*pair, after], 1)


@test
def a_revoked_author_is_refused_and_what_was_said_is_gone():
    good = make(vouch(1, 2, 10), rating(1, "mine", 11))
    theirs, more = make(rating(2, "a", 12), rating(2, "b", 13))
    [revoked] = make(f"revocation 2 {BASE + 20} 1 0")
    with Scene() as scene:
        scene.bad.say("push " + " ".join(good))
        wait(has_records(scene.node, 2), "the good ones arrive")
        scene.node.ask("POST", "/v1/score", {"subjects": ["mcp:io.example/a"]})
        scene.bad.say("push " + theirs)
        wait(has_records(scene.node, 3), "an author of weight is heard")
        scene.bad.say("push " + revoked)
        wait(lambda: is_in(revoked, export(scene.node)), "it arrives")
        assert not is_in(theirs, export(scene.node)), "the word is not taken back"
        scene.bad.say("push " + more)
        wait(lambda: scene.refused() == {"TRUST_NO_REVOKED": 1}, "the next is refused")
        scene.keeps([*good, revoked])


if __name__ == "__main__":
    sys.exit(test.run())
