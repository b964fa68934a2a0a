#!/usr/bin/python3
"""repute export: to a stream, and to a file that is whole or not there."""
import json
import os
import subprocess

from cli import REPUTE, main, refused, run
from node import make
from running import A, ME, Running, equal, needs_a_node, publish_worked

RECORDS = 13


def without_a_node_it_says_how_to_start_one():
    needs_a_node("export --format ndjson --output x")


def a_file_holds_every_record_and_nobody_else_reads_it():
    with Running(operator=ME) as node:
        publish_worked(node)
        path = os.path.join(node.home, "all.rec")
        document = node.ok("export", "--output", path)
        with open(path, "rb") as file:
            content = file.read()
        equal((document["file"], document["bytes"]), (path, len(content)))
        equal(content[:8], b"RPTREC1\n")
        equal(os.stat(path).st_mode & 0o777, 0o600)
        equal([name for name in os.listdir(node.home) if ".tmp" in name], [])
        done = subprocess.run([REPUTE, "--home", node.home, "export"], stdout=subprocess.PIPE,
                              check=True)
        equal(done.stdout, content)


def lines_of_json_can_be_read():
    with Running(operator=ME) as node:
        publish_worked(node)
        lines = node.text("export", "--format", "ndjson").splitlines()
        equal(len(lines), RECORDS)
        equal({json.loads(line)["kind"] for line in lines}, {"vouch", "rating"})


def one_author_alone_is_written():
    with Running(operator=ME) as node:
        publish_worked(node)
        key = make(f"key {A}")[0]
        lines = node.text("export", "--format", "ndjson", "--author", key).splitlines()
        equal([json.loads(line)["author"] for line in lines], [key, key])


def an_old_file_stays_if_the_export_fails():
    with Running() as node:
        path = os.path.join(node.home, "old.rec")
        with open(path, "w", encoding="utf-8") as file:
            file.write("old")
        node.stop()
        refused(node.json("export", "--output", path), "TRUST_NO_NODE", 3)
        with open(path, encoding="utf-8") as file:
            equal(file.read(), "old")
        equal([name for name in os.listdir(node.home) if ".tmp" in name], [])


def a_full_disk_is_said():
    with Running(operator=ME) as node:
        publish_worked(node)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([REPUTE, "--home", node.home, "export", "--format", "ndjson"],
                                  stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 5 and "TRUST_FAIL_IO" in done.stderr, done


def wrong_words_are_refused():
    refused(run("--json", "export"), "TRUST_NO_OPTION", 2)
    refused(run("--json", "export", "--format", "xml", "--output", "x"), "TRUST_NO_OPTION", 2)
    refused(run("--json", "export", "--author", "rpt1x", "--output", "x"), "TRUST_NO_KEY", 2)
    with Running() as node:
        refused(node.json("export", "--output", "/nonexistent/x"), "TRUST_NO_FOUND", 1)


main(without_a_node_it_says_how_to_start_one, a_file_holds_every_record_and_nobody_else_reads_it,
     lines_of_json_can_be_read, one_author_alone_is_written, an_old_file_stays_if_the_export_fails,
     a_full_disk_is_said, wrong_words_are_refused)
