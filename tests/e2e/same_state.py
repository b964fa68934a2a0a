#!/usr/bin/python3
"""Merging is a join: nodes that received the same records in different orders, with duplicates,
contradictions and revocations among them, export the same bytes. TAP.

usage: same_state.py [SEED]      prints the seed; records and orders follow from it
"""
import os
import random
import subprocess
import sys
import time

from node import Node, Tests, equal, make

test = Tests()

RECORDS = 10_000
OPERATOR = 1
FRIENDS = range(2, 32)  # the operator vouches for these
SECOND = range(32, 42)  # and ten of the friends for one of these each
CROWDED = 2  # has more registers than are kept of an author
CROWDED_REGISTERS = 3_300
GOES_BAD = 28  # compromised
ORPHAN = 41  # known through GOES_BAD only, so that nobody wants it in the end
RETIRES, RETIRES_TWICE, FALLS_LATER = 29, 30, 31
SERVERS = 60
DUPLICATES = 700
YEAR_S = 365 * 86400
MAGIC = b"RPTREC1\n"
AUTHOR = slice(5, 37)  # of a record: [1, kind, author...
# make_records takes enums as numbers.
ALL_SCOPES, OVERALL, HUMAN = 7, 3, 1
COMPROMISED, RETIRED = 1, 2


class World:
    """Commands for make_records, and the records made of them."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now = time.time_ns() // 1_000_000
        self.vouches = []
        self.others = []
        self._vouch_for_authors()
        self._revoke()
        self._crowd()
        self._contradict()
        while len(self.vouches) + len(self.others) < RECORDS:
            self.others.append(self._rating(self._author(), self._past(),
                                            f"mcp:io.example.same/s{self._number(SERVERS)}"))
        self.vouches = [bytes.fromhex(line) for line in make(*self.vouches)]
        self.others = [bytes.fromhex(line) for line in make(*self.others)]

    def _number(self, bound):
        return self.random.randrange(bound)

    def _author(self):
        return self.random.choice([*FRIENDS, *SECOND])

    def _past(self):
        """A seq within the last 100 days."""
        return self.now - 1 - self._number(100 * 86_400_000)

    def _rating(self, author, seq, subject, value=None):
        value = self._number(1002) if value is None else value
        # Some have expired already: they keep their places.
        expires = seq // 1000 + (self._number(YEAR_S) + 1 if self._number(8) else 1)
        return f"rating {author} {seq} {expires} {subject} - {OVERALL} {value} 0 {HUMAN}"

    def _vouch(self, author, key):
        return (f"vouch {author} {self._past()} {self.now // 1000 + YEAR_S} {key} {ALL_SCOPES} "
                f"{1 + self._number(1000)}")

    def _vouch_for_authors(self):
        self.vouches += [self._vouch(OPERATOR, friend) for friend in FRIENDS]
        voucher = {key: key - 30 for key in SECOND} | {ORPHAN: GOES_BAD}
        self.vouches += [self._vouch(author, key) for key, author in voucher.items()]
        # Vouches of the same register: only the newest counts.
        self.vouches += [self._vouch(OPERATOR, friend) for friend in FRIENDS]

    def _revoke(self):
        middle = self.now - 50 * 86_400_000
        self.others += [
            f"revocation {GOES_BAD} {self.now - 1000} {COMPROMISED} 0",
            f"revocation {RETIRES} {self.now - 1000} {RETIRED} {middle}",
            f"revocation {RETIRES_TWICE} {self.now - 1000} {RETIRED} {middle}",
            f"revocation {RETIRES_TWICE} {self.now - 500} {RETIRED} {middle - 86_400_000}",
            f"revocation {FALLS_LATER} {self.now - 1000} {RETIRED} {middle}",
            f"revocation {FALLS_LATER} {self.now - 500} {COMPROMISED} 0",
        ]

    def _crowd(self):
        self.others += [self._rating(CROWDED, self._past(), f"mcp:io.example.crowd/s{i}")
                        for i in range(CROWDED_REGISTERS)]

    def _contradict(self):
        """Two or three values of one register and seq; some are settled by a later record."""
        for i in range(300):
            author, seq, subject = self._author(), self._past(), f"mcp:io.example.two/s{i}"
            values = self.random.sample(range(1001), 2 + i % 2)
            self.others += [self._rating(author, seq, subject, value) for value in values]
            if i % 3 == 0:
                self.others.append(self._rating(author, seq + 1, subject))

    def shuffled(self, records):
        """A new order, with duplicates."""
        order = records + self.random.choices(records, k=DUPLICATES * len(records) // RECORDS)
        self.random.shuffle(order)
        return order


def repute(node, *arguments):
    return subprocess.run([os.environ["REPUTE"], "--home", node.home, *arguments],
                          capture_output=True, stdin=subprocess.DEVNULL, check=False)


def bring(node, records):
    """Imports them as one file. Returns the counts of those refused."""
    network = export(node)[len(MAGIC):len(MAGIC) + 8]
    file = MAGIC + network + b"".join(len(record).to_bytes(2, "big") + record
                                      for record in records)
    answer = node.ask("POST", "/v1/records", file,
                      headers={"Content-Type": "application/vnd.repute.records"}, timeout=100)
    equal((answer.status, answer.type), (200, "application/json"))
    counts = answer.json["counts"]
    equal(answer.json["accepted"] + answer.json["duplicate"] + sum(counts.values()), len(records))
    return counts


def export(node):
    done = repute(node, "export")
    equal(done.returncode, 0)
    assert done.stdout.startswith(MAGIC), done.stdout[:16]
    return done.stdout


def split(data):
    """The records of an export."""
    at, records = len(MAGIC) + 8, []
    while at < len(data):
        size = int.from_bytes(data[at:at + 2], "big")
        records.append(data[at + 2:at + 2 + size])
        at += 2 + size
    return records


@test
def two_orders_give_the_same_bytes(world):
    everything = world.vouches + world.others
    equal(len(set(everything)), RECORDS)
    exports = []
    for _ in range(2):
        with Node(operator=OPERATOR) as node:
            counts = bring(node, world.shuffled(everything))
            # Nobody's, of bad form or wrongly signed is none of them.
            assert set(counts) <= {"TRUST_NO_OLDER", "TRUST_NO_REVOKED", "TRUST_NO_INTEREST"}, counts
            exports.append(export(node))
            node.stop()
            node.start()
            assert export(node) == exports[-1], "a restart changes the export"
    assert exports[0] == exports[1], "the exports differ"
    world.expected = exports[0]


@test
def what_is_kept_is_what_the_rules_keep(world):
    kept = split(world.expected)
    equal(len(kept), len(set(kept)))
    assert set(kept) < set(world.vouches + world.others)
    text = world.expected
    # Of the crowded author, 3,072 registers of ratings; each pair of contradictions whole.
    crowd = {record for record in kept if b"mcp:io.example.crowd/" in record}
    assert 2_000 < len(crowd) < 3_072, len(crowd)
    pairs = sum(text.count(b"mcp:io.example.two/s%d\xc4" % i) == 2 for i in range(300))
    assert pairs > 100, pairs


def by_others(data, author):
    """The records of an export without an author's; its key stands at a fixed place in them."""
    [sample] = make(f"revocation {author} 1 {COMPROMISED} 0")
    key = bytes.fromhex(sample)[AUTHOR]
    return [record for record in split(data) if record[AUTHOR] != key]


@test
def many_files_in_another_order_give_the_same_bytes(world):
    """What arrived of the orphan before it was one stays for a while, and nothing is promised about
    an author that one node keeps and the other does not."""
    with Node(operator=OPERATOR) as node:
        bring(node, world.shuffled(world.vouches))
        others = world.shuffled(world.others)
        for start in range(0, len(others), 1_700):
            bring(node, others[start:start + 1_700])
        given = by_others(export(node), ORPHAN)
        assert len(given) > 4_000, len(given)
        assert given == by_others(world.expected, ORPHAN), "the exports differ"


@test
def one_record_more_or_less_is_another_export(world):
    with Node(operator=OPERATOR) as node:
        everything = world.vouches + world.others
        everything.remove(split(world.expected)[-1])
        bring(node, everything)
        assert export(node) != world.expected, "the comparison cannot fail"


if __name__ == "__main__":
    chosen = int(sys.argv[1]) if len(sys.argv) > 1 else time.time_ns() % 1_000_000
    print(f"# seed {chosen}", flush=True)
    sys.exit(test.run(World(chosen)))
