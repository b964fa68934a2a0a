#!/usr/bin/python3
"""repute import: what was exported comes in again, and what is bad is named."""
import json
import os
import pty
import subprocess

from cli import REPUTE, main, refused, run
from node import make, now_ms, record_file
from running import ME, RATED, Running, equal, needs_a_node, publish_worked

RECORDS = 13


def export(directory):
    """A record file of another node with the worked example."""
    with Running(operator=ME) as node:
        publish_worked(node)
        path = os.path.join(directory, "all.rec")
        node.ok("export", "--output", path)
    return path


def spoil(path):
    """Changes a bit of the last rating's signature, on which no other record depends; its index."""
    with open(path, "rb") as file:
        content = bytearray(file.read())
    at, index, found = 16, 0, None
    while at < len(content):
        size = int.from_bytes(content[at:at + 2], "big")
        at += 2 + size
        if RATED.encode() in content[at - size:at]:
            found = (index, at - 1)
        index += 1
    content[found[1]] ^= 1
    with open(path, "wb") as file:
        file.write(content)
    return found[0]


def without_a_node_it_says_how_to_start_one():
    needs_a_node("import /etc/hostname")


def all_records_come_in_and_are_known_the_second_time():
    with Running(operator=ME) as node:
        path = export(node.home)
        equal(node.ok("import", path),
              {"accepted": RECORDS, "duplicate": 0, "refused": [], "counts": {}})
        equal(node.text("import", path), "accepted 0, already here 13, refused 0\n")
        equal(node.rows("import", path),
              [["accepted", "0"], ["duplicate", "13"], ["refused_count", "0"]])
        again = os.path.join(node.home, "again.rec")
        node.ok("export", "--output", again)
        with open(path, "rb") as first, open(again, "rb") as second:
            equal(first.read(), second.read())


def a_bad_record_is_named_and_the_rest_comes_in():
    with Running(operator=ME) as node:
        path = export(node.home)
        index = spoil(path)
        result = node.json("import", path)
        document = result.document
        equal((result.code, document["accepted"], document["counts"]),
              (1, RECORDS - 1, {"TRUST_NO_SIGNATURE": 1}))
        [row] = document["refused"]
        equal((row["index"], row["code"]), (index, "TRUST_NO_SIGNATURE"))
        equal(len(row["id"]), 64)
        result = node.run("import", path)
        equal(result.code, 1)
        equal(result.out.splitlines()[:3], [
            "accepted 0, already here 12, refused 1", "  1 TRUST_NO_SIGNATURE",
            "INDEX  RECORD    REFUSED"])
        equal(result.out.splitlines()[3], f"{index:<5}  {row['id'][:8]}  TRUST_NO_SIGNATURE")


def what_is_no_record_file_is_refused():
    with Running() as node:
        for content in (b"", b"hello", b"RPTREC1\n"):
            path = os.path.join(node.home, "file")
            with open(path, "wb") as file:
                file.write(content)
            result = node.json("import", path)
            assert result.code != 0 and result.refusal == "TRUST_NO_SYNTAX", result


def a_file_that_cannot_be_read_is_said():
    refused(run("--json", "import", "/nonexistent"), "TRUST_NO_FOUND", 1)
    refused(run("--json", "import", "/dev/null"), "TRUST_NO_FILE", 1)
    refused(run("--json", "import", "/tmp"), "TRUST_NO_FILE", 1)


def standard_input_is_a_file_too():
    with Running(operator=ME) as node:
        path = export(node.home)
        for counts in ((RECORDS, 0), (0, RECORDS)):
            with open(path, "rb") as file, subprocess.Popen(
                    [REPUTE, "--home", node.home, "--json", "import", "-"],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE) as importing:
                answer = json.loads(importing.communicate(file.read())[0])
            equal((answer["accepted"], answer["duplicate"]), counts)


def a_stranger_s_records_lead_to_a_vouch():
    with Running(operator=ME) as node:
        seq = now_ms() - 10_000
        path = os.path.join(node.home, "strangers")
        with open(path, "wb") as file:
            file.write(record_file(make(
                f"rating 99 {seq} {seq // 1000 + 86400} mcp:io.example/x - 3 900 0 1")))
        result = node.run("import", path)
        equal(result.code, 1)
        assert "  1 TRUST_NO_INTEREST: nobody you trust vouches for the author\n" in result.out, result
        assert "next: `repute vouch KEY`" in result.out, result


def read_all(leader):
    """All that was written to the other end; a closed one is an error on Linux."""
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            part = b""
        if not part:
            return shown
        shown += part


def a_terminal_sees_the_progress():
    with Running(operator=ME) as node:
        path = export(node.home)
        leader, follower = pty.openpty()
        done = subprocess.run([REPUTE, "--home", node.home, "import", path], stderr=follower,
                              stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=60)
        os.close(follower)
        shown = read_all(leader)
        os.close(leader)
        equal(done.stdout, b"accepted 13, already here 0, refused 0\n")
        assert b"\rimport [" in shown and b"] 100%" in shown and shown.endswith(b"\r"), shown


main(without_a_node_it_says_how_to_start_one, all_records_come_in_and_are_known_the_second_time,
     a_bad_record_is_named_and_the_rest_comes_in, what_is_no_record_file_is_refused,
     a_file_that_cannot_be_read_is_said, standard_input_is_a_file_too,
     a_stranger_s_records_lead_to_a_vouch, a_terminal_sees_the_progress)
