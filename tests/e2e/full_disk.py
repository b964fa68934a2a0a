#!/usr/bin/python3
"""A node whose files may not grow: an import, a publish and a start then say so, what was
acknowledged stays, and everything goes on when there is room. A limit of the process stands for the
disk, since it needs no rights; a real full disk is in bad_start.py. TAP."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys

from node import Node, Tests, equal, make, now_ms, record_file, refused, wait_for
from orders import Events
from web import rating, vouch

test = Tests()
BEGIN = now_ms() - 1_000_000
ROOM = 192 << 10


def ratings(first, count):
    """Records of two authors of weight, in hex."""
    return make(*(rating(2 + i % 2, f"mcp:io.example/{'n' * 60}{i}", seq=BEGIN + i)
                  for i in range(first, first + count)))


def long_ones(first):
    """Commands for fifty more of them."""
    return [rating(2, f"mcp:io.example/{'m' * 60}{i}", seq=BEGIN + i)
            for i in range(first, first + 50)]


def started(node, count=2000):
    """Gives it a store of so many records, and them."""
    records = make(vouch(1, 2, seq=BEGIN - 2), vouch(1, 3, seq=BEGIN - 1)) + ratings(0, count)
    answer = node.import_records(records)
    equal((answer.status, answer.json["accepted"]), (200, count + 2))
    return records


def limit(node, room):
    """No file of the node grows further than its store and so much; None: as far as it likes."""
    data = os.path.join(node.home, "store", "data.mdb")
    size = resource.RLIM_INFINITY if room is None else os.stat(data).st_size + room
    resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def fault(node):
    return node.ask("GET", "/v1/status").json["store"]["fault"]


def repute(node, *words):
    """(exit code, standard output)."""
    done = subprocess.run([os.environ["REPUTE"], "--home", node.home, *words], capture_output=True,
                          text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def killed(node):
    equal(node.stop(signal.SIGKILL), -signal.SIGKILL)
    node.start()


def whole(records):
    """What a node that never was in trouble exports."""
    with Node(operator=1) as node:
        equal(node.import_records(records).json["accepted"], len(records))
        return node.ask("GET", "/v1/records").body


@test
def an_import_that_fills_the_disk_says_so_and_is_finished_later():
    for dies in (True, False):
        with Node(operator=1) as node:
            records = started(node)
            more = ratings(2000, 2000)
            path = os.path.join(node.home, "more.rec")
            with open(path, "wb") as file:
                file.write(record_file(more))
            limit(node, ROOM)
            code, out = repute(node, "--json", "import", path)
            error = json.loads(out)["error"]
            equal((code, error["code"]), (1, "TRUST_NO_ROOM"))
            assert error["next"].startswith("make room on the disk"), error
            assert "again" in error["next"], error
            equal(fault(node), "TRUST_NO_ROOM")
            if dies:
                killed(node)
            else:
                limit(node, None)
                wait_for(lambda: fault(node) is None)
            # What was there before is there, and the rest comes in now.
            equal(node.import_records(records).json["duplicate"], len(records))
            code, out = repute(node, "--json", "import", path)
            again = json.loads(out)
            equal((code, again["accepted"] + again["duplicate"], again["counts"]), (0, 2000, {}))
            killed(node)
            equal(node.ask("GET", "/v1/records").body, whole(records + more))


@test
def an_import_whose_file_has_no_room_changes_nothing():
    with Node(operator=1) as node:
        started(node, 10)
        before = node.ask("GET", "/v1/records").body
        path = os.path.join(node.home, "more.rec")
        with open(path, "wb") as file:
            file.write(record_file(ratings(10, 2000)))
        limit(node, 0)
        code, out = repute(node, "--json", "import", path)
        error = json.loads(out)["error"]
        equal((code, error["code"]), (1, "TRUST_NO_ROOM"))
        assert "room" in error["next"], error
        limit(node, None)
        equal(node.ask("GET", "/v1/records").body, before)
        equal(repute(node, "--json", "import", path)[0], 0)


@test
def a_start_that_may_not_write_is_refused_and_leaves_a_home_that_starts():
    with Node() as node:
        node.stop()
        for size in [0, 1, 100, *range(4096, 20 * 4096, 4096), 1 << 20, 4 << 20]:
            shutil.rmtree(node.home)
            done = subprocess.run([os.environ["REPUTED"], "--home", node.home], timeout=20,
                                  capture_output=True, text=True, check=False,
                                  preexec_fn=lambda: resource.setrlimit(
                                      resource.RLIMIT_FSIZE, (size, size)))
            equal((size, done.returncode), (size, 1))
            assert "TRUST_NO_ROOM" in done.stderr and "next" in done.stderr, (size, done.stderr)
            node.start()
            equal(node.stop(), 0)


@test
def a_fault_is_told_to_operators_and_shown_until_it_is_over():
    with Node(operator=1) as node, Events(node, "?type=store", timeout=20) as events:
        started(node)
        equal(node.ask("GET", "/readyz").status, 200)
        limit(node, 0)
        batches = iter(range(10_000, 1_000_000, 50))
        wait_for(lambda: "TRUST_NO_ROOM" in node.publish(*long_ones(next(batches))))
        equal(events.next()[2]["fault"], "TRUST_NO_ROOM")
        # Alive, and says what it knows; not ready.
        equal(node.ask("GET", "/healthz", as_agent=True).status, 200)
        refused(node.ask("GET", "/readyz", as_agent=True), 503, "TRUST_NO_BUSY", "TRUST_NO_ROOM")
        equal(node.ask("POST", "/v1/score", {"subjects": ["mcp:io.example/x"]}).status, 200)
        code, out = repute(node, "status")
        equal(code, 0)
        assert "error  the store cannot write: " in out and "(TRUST_NO_ROOM)" in out, out
        assert out.endswith("next: make room on the disk; it goes on by itself\n"), out
        assert "repute_store_faulty 1" in node.ask("GET", "/metrics").body.decode().splitlines()
        limit(node, None)
        equal(events.next()[2]["fault"], None)
        equal(node.ask("GET", "/readyz").status, 200)
        equal(fault(node), None)
        assert "the store cannot write" not in repute(node, "status")[1], "still said"
        equal(node.publish(rating(1)), ["TRUST_OK"])


@test
def a_draft_that_found_no_room_is_kept_and_published_later():
    with Node() as node:
        equal(repute(node, "init", "--no-passphrase")[0], 0)
        node.stop()
        node.start()
        limit(node, 0)
        number = iter(range(1000))

        def publishes():
            """None until the free pages of the store are used up."""
            words = ("rate", f"mcp:io.example/d{next(number)}", "--category", "overall", "--value",
                     "0.9", "--publish")
            code, out = repute(node, "--json", *words)
            return (code, json.loads(out)) if code != 0 else None
        code, said = wait_for(publishes)
        equal((code, said["verdict"]), (1, "TRUST_NO_ROOM"))
        code, out = repute(node, "publish", "--all")
        equal(code, 1)
        limit(node, None)
        wait_for(lambda: fault(node) is None)
        equal(repute(node, "publish", "--all")[0], 0)
        records = node.ask("GET", "/v1/status").json["records"]
        equal(records, next(number))
        killed(node)
        equal(node.ask("GET", "/v1/status").json["records"], records)
        equal(json.loads(repute(node, "--json", "drafts", "list")[1]), [])


if __name__ == "__main__":
    sys.exit(test.run())
