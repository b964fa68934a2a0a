#!/usr/bin/python3
"""A node on a home, a configuration or a disk that is not as it should be: each has its exit code, a
named error and a next step, and nothing that was acknowledged is lost. TAP."""
import contextlib
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

from node import Node, Tests, equal, make, now_ms

test = Tests()
NO, USAGE, DENIED, FAILED, RUNNING = 1, 2, 4, 5, 8
NOBODY = 65534
PATIENCE_S = 20


@contextlib.contextmanager
def home():
    path = tempfile.mkdtemp(prefix="rpt", dir="/tmp")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def disk(size):
    """A small file system of its own; None where nobody may mount one."""
    with home() as path:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path],
                              capture_output=True, check=False)
        if done.returncode != 0:
            yield None
            return
        try:
            yield path
        finally:
            subprocess.run(["umount", path], check=True)


@contextlib.contextmanager
def programs(user):
    """Where the node's programs are; whoever runs the tests may have built where others cannot
    look."""
    built = os.path.dirname(os.environ["REPUTED"])
    if user is None:
        yield built
        return
    with home() as path:
        os.chmod(path, 0o755)
        for name in ("reputed", "reputed-link"):
            shutil.copy(os.path.join(built, name), path)
        yield path


def reputed(path, *options, user=None):
    """Runs it to its end; (exit code, what it said)."""
    with programs(user) as directory:
        done = subprocess.run([os.path.join(directory, "reputed"), "--home", path, *options],
                              capture_output=True, text=True, user=user, timeout=PATIENCE_S,
                              check=False)
    return done.returncode, done.stdout + done.stderr


def refused(path, code, *words, options=(), user=None):
    got, said = reputed(path, *options, user=user)
    assert got == code, f"exit {got}, wanted {code}: {said}"
    for word in words:
        assert word in said, f"{word!r} is not in {said!r}"
    return said


def write(path, text, mode=0o600):
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.chmod(path, mode)


def rating(number, seq):
    """Of server number, by the operator; the same words whenever it is asked for."""
    return f"rating 1 {seq} {seq // 1000 + 86400} mcp:io.example/s{number} - 3 900 0 1"


def filled(path, count=3):
    """A home with a store of count records; what they are, in hex."""
    seq = now_ms() - 1000
    commands = [rating(i, seq + i) for i in range(count)]
    with Node(home=path, operator=1) as node:
        equal(node.publish(*commands), ["TRUST_OK"] * count)
        equal(node.stop(), 0)
    return make(*commands)


def kept(path, records):
    """True if a node on the home answers that it has each of them."""
    with Node(home=path, operator=1) as node:
        answer = node.ask("POST", "/v1/records", {"records": records})
        return [row["verdict"] for row in answer.json] == ["TRUST_NO_DUPLICATE"] * len(records)


# ---- options and configuration ----

@test
def an_unknown_option_is_named():
    with home() as path:
        refused(path, USAGE, '"--hoome"', "usage:", options=["--hoome"])
        refused(path, USAGE, '"start"', "usage:", options=["start"])
        equal(os.listdir(path), [])


@test
def a_broken_configuration_is_shown_with_line_column_and_caret():
    cases = [
        ("network: main\nstore: { limit: ]\n", r":2:\d+", []),
        ("netwrok: main\n", r":1:1", ["netwrok", "did you mean", "network"]),
        ("network: main\nstore: { limit: 8GB }\n", r":2:17", ["8GB"]),
        ("network: main\nstore: { limti: 8GiB }\n", r":2:10", ["limti", "did you mean", "limit"]),
        ("breaker: { open: 5 }\n", r":1:18", []),
        ("link: { listen: 'tcp://0.0.0.0:7717' }\n", r":1:\d+", ["newcomers"]),
        ("- network\n", r":1:3", [": expected a section of keys"]),
        ("store:\n\tlimit: 8GiB\n", r":2:1", ["tab"]),
        # Not text: what stands behind it must not be passed over.
        ("# gr\udcfc\udcdf\nnetwork: other\n", r":1:5", ["UTF-8"]),
        ("network: a\0b\n", r":1:11", ["UTF-8"]),
        ("\udcff\udcfen\0e\0t\0", r":1:1", ["UTF-8"]),
    ]
    for text, place, words in cases:
        with home() as path:
            name = os.path.join(path, "reputed.yaml")
            write(name, text)
            said = refused(path, USAGE, name, "next: ", *words)
            assert re.search(re.escape(name) + place, said), said
            assert re.search(r"^ *[|0-9 ]*\^", said, re.M), said
            equal(os.listdir(path), ["reputed.yaml"])
            refused(path, NO, options=["--check-config"])


@test
def a_configuration_that_was_named_must_be_there():
    with home() as path:
        refused(path, NO, "TRUST_NO_FOUND", "next:", options=["--config", os.path.join(path, "none.yaml")])


@test
def a_home_whose_paths_would_be_too_long_is_refused():
    with home() as path:
        long_path = os.path.join(path, "h" * 100)
        refused(long_path, USAGE, "TRUST_NO_SIZE", "next:", "short")
        equal(os.listdir(path), [])


# ---- one node a home ----

@test
def a_second_node_on_a_home_exits_8_and_names_the_first():
    with Node() as node:
        for options in ([], ["--verify"], ["--restore", "/dev/null"]):
            refused(node.home, RUNNING, f"pid {node.process.pid} ", "TRUST_NO_RUNNING", "next:",
                    options=options)
        equal(node.ask("GET", "/healthz").status, 200)
        equal(node.stop(signal.SIGKILL), -signal.SIGKILL)
        node.start()
        equal(node.ask("GET", "/healthz").status, 200)


# ---- keys ----

@test
def a_node_key_that_others_may_read_or_have_planted_is_refused():
    with home() as path:
        filled(path, 1)
        key = os.path.join(path, "node.key")
        for mode in (0o644, 0o640, 0o606, 0o620):
            os.chmod(key, mode)
            refused(path, DENIED, "part=node.key", "TRUST_NO_FILE", "next=", "0600")
        os.chmod(key, 0o600)
        os.rename(key, key + ".real")
        os.symlink(key + ".real", key)
        refused(path, DENIED, "part=node.key", "TRUST_NO_FILE", "next=")
        os.unlink(key)
        os.mkfifo(key, 0o600)
        refused(path, DENIED, "part=node.key", "TRUST_NO_FILE", "next=")
        os.unlink(key)
        os.mkdir(key, 0o700)
        refused(path, DENIED, "part=node.key", "TRUST_NO_FILE", "next=")


@test
def a_node_key_that_cannot_be_read_is_refused():
    with home() as path:
        filled(path, 1)
        user = None
        os.chmod(os.path.join(path, "node.key"), 0)
        if os.geteuid() == 0:
            user = NOBODY
            for top, directories, files in os.walk(path):
                for name in [".", *directories, *files]:
                    os.chown(os.path.join(top, name), NOBODY, NOBODY)
        refused(path, DENIED, "part=node.key", "TRUST_NO_PERMISSION", "next=", user=user)


@test
def a_node_key_of_another_form_is_refused_and_left_alone():
    with home() as path:
        filled(path, 1)
        key = os.path.join(path, "node.key")
        for text in ("", "\n", "00ff\n", "z" * 64 + "\n", "0" * 65 + "\n", "0" * 10000):
            write(key, text)
            refused(path, NO, "part=node.key", "TRUST_NO_SYNTAX", "next=")
            with open(key, encoding="utf-8") as file:
                equal(file.read(), text)


@test
def an_operator_key_that_is_none_is_refused():
    with home() as path:
        filled(path, 1)
        public = os.path.join(path, "keys", "operator.pub")
        good = make("key 1")[0]
        typo = good[:-1] + ("q" if good[-1] != "q" else "p")
        for text in (typo, make("node 1")[0], "", good[:30]):
            write(public, text + "\n")
            refused(path, NO, "part=operator.pub", "TRUST_NO_KEY", "next=")


# ---- the store ----

@test
def a_check_key_that_is_damaged_or_gone_is_refused_and_a_restore_helps():
    with home() as path:
        records = filled(path)
        key = os.path.join(path, "store", "check.key")
        with open(key, "rb") as file:
            good = file.read()
        for bad in (good[:-1], good + b"x", bytes([good[0] ^ 1]) + good[1:], b""):
            with open(key, "wb") as file:
                file.write(bad)
            refused(path, DENIED, "part=store", "TRUST_NO_FILE", "next=", "restore")
        os.unlink(key)
        refused(path, DENIED, "part=store", "TRUST_NO_FILE", "next=", "restore")
        shutil.copy(os.path.join(path, "store", "data.mdb"), os.path.join(path, "copy.mdb"))
        code, said = reputed(path, "--restore", os.path.join(path, "copy.mdb"))
        equal((code, said), (0, "3 records of 1 author, 0 complaints\n"))
        assert kept(path, records)


@test
def a_check_key_that_others_may_read_is_refused():
    with home() as path:
        filled(path, 1)
        os.chmod(os.path.join(path, "store", "check.key"), 0o644)
        refused(path, DENIED, "part=store", "TRUST_NO_FILE", "next=")


@test
def a_store_of_another_network_is_refused_and_keeps_its_records():
    with home() as path:
        records = filled(path)
        write(os.path.join(path, "reputed.yaml"), "network: elsewhere\n")
        refused(path, NO, "part=store", "TRUST_NO_NETWORK", "next=", "network")
        os.unlink(os.path.join(path, "reputed.yaml"))
        assert kept(path, records)


def edit_store(path, before, after):
    """Replaces bytes in the data file, in old copies of their page too; how often."""
    name = os.path.join(path, "store", "data.mdb")
    with open(name, "rb") as file:
        data = file.read()
    count = data.count(before)
    with open(name, "wb") as file:
        file.write(data.replace(before, after))
    return count


@test
def a_store_of_a_newer_schema_is_refused_and_left_as_it_is():
    with home() as path:
        records = filled(path)
        old, new = b"identity\0\0\0\1", b"identity\0\0\0\2"
        assert edit_store(path, old, new) > 0
        refused(path, NO, "part=store", "TRUST_NO_VERSION", "next=", "newer program")
        refused(path, NO, "TRUST_NO_VERSION", options=["--verify"])
        edit_store(path, new, old)
        assert kept(path, records)


@test
def verify_names_a_record_with_a_flipped_bit_and_says_1():
    with home() as path:
        records = filled(path)
        equal(reputed(path, "--verify"), (0, "3 records of 1 author, 0 complaints\n"))
        record = bytearray.fromhex(records[1])
        record[-30] ^= 1
        assert edit_store(path, bytes.fromhex(records[1]), bytes(record)) > 0
        code, said = reputed(path, "--verify")
        equal(code, NO)
        assert make("key 1")[0] in said, said
        assert "the keyed hash does not agree" in said, said
        equal(said.count("keyed hash"), 1)
        # The node goes on without it, says so, and takes it again.
        with Node(home=path) as node:
            assert "damaged" in node.log(), node.log()
            answer = node.ask("POST", "/v1/records", {"records": records})
            equal([row["verdict"] for row in answer.json],
                  ["TRUST_NO_DUPLICATE", "TRUST_OK", "TRUST_NO_DUPLICATE"])
            node.stop()
        equal(reputed(path, "--verify")[0], 0)


@test
def a_data_file_that_is_none_is_refused_with_a_next_step():
    with home() as path:
        filled(path)
        with open(os.path.join(path, "store", "data.mdb"), "r+b") as file:
            file.write(b"\xa5" * 8192)
        refused(path, FAILED, "part=store", "TRUST_FAIL_CORRUPT", "next=", "restore")
        refused(path, FAILED, "TRUST_FAIL_CORRUPT", options=["--verify"])


@test
def a_restore_of_garbage_leaves_the_store_as_it_was():
    with home() as path:
        records = filled(path)
        garbage = os.path.join(path, "garbage")
        for content in (b"", b"x", b"\xa5" * 100000, b"\0" * 65536):
            with open(garbage, "wb") as file:
                file.write(content)
            code, said = reputed(path, "--restore", garbage)
            assert code != 0, said
            assert "TRUST_" in said and garbage in said, said
        code, said = reputed(path, "--restore", os.path.join(path, "none"))
        assert code != 0 and "TRUST_" in said, said
        equal(sorted(os.listdir(os.path.join(path, "store"))),
              ["check.key", "data.mdb", "lock.mdb", "spare"])
        assert kept(path, records)


@test
def a_backup_of_a_running_node_is_restored_into_another_home():
    with home() as path, home() as other:
        records = filled(path)
        backup = os.path.join(path, "backup.mdb")
        with Node(home=path) as node:
            equal(node.ask("POST", "/v1/backup", {"path": backup}).status, 200)
        equal(reputed(other, "--restore", backup), (0, "3 records of 1 author, 0 complaints\n"))
        assert kept(other, records)
        # Also from where nothing can be written.
        with disk("1m") as medium, home() as third:
            if medium is not None:
                backup = shutil.copy(backup, medium)
                subprocess.run(["mount", "-o", "remount,ro", medium], check=True)
                equal(reputed(third, "--restore", backup)[0], 0)
                assert kept(third, records)


# ---- the disk ----

@test
def a_home_that_may_not_be_written_is_refused():
    with disk("32m") as path:
        if path is None:
            return
        subprocess.run(["mount", "-o", "remount,ro", path], check=True)
        refused(path, DENIED, "TRUST_NO_PERMISSION", "next:")
    with home() as path:
        user = NOBODY if os.geteuid() == 0 else None
        os.chmod(path, 0o555)
        refused(path, DENIED, "TRUST_NO_PERMISSION", "next:", user=user)
        os.chmod(path, 0o700)


def fill(path, leave=0):
    """Takes all of the disk but so many bytes."""
    room = os.statvfs(path)
    size = room.f_bavail * room.f_bsize - leave
    ballast = os.path.join(path, "ballast")
    with open(ballast, "wb") as file:
        if size > 0:
            os.posix_fallocate(file.fileno(), 0, size)
    return ballast


@test
def a_disk_that_is_full_at_the_start_is_named_and_later_it_starts():
    with disk("40m") as path:
        if path is None:
            return
        # From nothing at all to enough for the store but not for the board.
        for leave in [*range(0, 20 * 4096, 4096), 8 << 20]:
            fill(path, leave)
            refused(path, NO, "TRUST_NO_ROOM", "next", "room")
            for name in os.listdir(path):
                subprocess.run(["rm", "-r", os.path.join(path, name)], check=True)
        with Node(home=path, operator=1) as node:
            equal(node.publish(rating(1, now_ms())), ["TRUST_OK"])


def until(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.05)


@test
def a_disk_that_becomes_full_is_said_and_it_goes_on_by_itself_when_there_is_room():
    with disk("40m") as path:
        if path is None:
            return
        with Node(home=path, operator=1) as node:
            pid = node.process.pid
            seq = now_ms() - 100000
            durable = []
            durable.append(rating(0, seq))
            equal(node.publish(*durable), ["TRUST_OK"])
            ballast = fill(path)
            verdicts = []
            for i in range(1, 200):
                commands = [rating(50 * i + j, seq + 50 * i + j) for j in range(50)]
                verdicts = node.publish(*commands)
                durable += [c for c, v in zip(commands, verdicts) if v == "TRUST_OK"]
                if "TRUST_NO_ROOM" in verdicts:
                    break
            assert "TRUST_NO_ROOM" in verdicts, verdicts
            status = node.ask("GET", "/v1/status").json
            equal(status["store"]["fault"], "TRUST_NO_ROOM")
            lines = [line for line in status["health"] if line["code"] == "store_fault"]
            equal(len(lines), 1)
            assert "make room" in lines[0]["next"], lines
            os.unlink(ballast)
            until(lambda: node.ask("GET", "/v1/status").json["store"]["fault"] is None)
            equal(node.publish(rating(99999, seq + 99999)), ["TRUST_OK"])
            equal(node.process.pid, pid)
            equal(node.process.poll(), None)
            records = make(*durable)
            equal(node.stop(signal.SIGKILL), -signal.SIGKILL)
            node.start()
            for i in range(0, len(records), 100):
                part = records[i:i + 100]
                answer = node.ask("POST", "/v1/records", {"records": part})
                equal([row["verdict"] for row in answer.json], ["TRUST_NO_DUPLICATE"] * len(part))


@test
def files_of_a_home_are_private_from_the_start():
    with home() as path:
        filled(path, 1)
        for name in ("node.key", "store/data.mdb", "store/check.key", "store/lock.mdb",
                     "reputed.lock"):
            mode = stat.S_IMODE(os.stat(os.path.join(path, name)).st_mode)
            assert mode & 0o077 == 0, f"{name} has mode {mode:o}"
        for name in ("store", "keys"):
            equal(stat.S_IMODE(os.stat(os.path.join(path, name)).st_mode), 0o700)


if __name__ == "__main__":
    sys.exit(test.run())
