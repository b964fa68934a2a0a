#!/usr/bin/python3
"""repute export: to a stream, and to a file that is whole or not there."""
import json
import os
import stat
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
        refused(node.json("export", "--output", path, "--force"), "TRUST_NO_NODE", 3)
        with open(path, encoding="utf-8") as file:
            equal(file.read(), "old")
        equal([name for name in os.listdir(node.home) if ".tmp" in name], [])


def what_is_there_is_not_overwritten_without_force():
    with Running(operator=ME) as node:
        publish_worked(node)
        path, link = os.path.join(node.home, "old.rec"), os.path.join(node.home, "link.rec")
        with open(path, "w", encoding="utf-8") as file:
            file.write("old")
        os.symlink("old.rec", link)
        for name in (path, link):
            error = refused(node.json("export", "--output", name), "TRUST_NO_CONFLICT", 1)
            assert "--force" in error["next"], error
        with open(path, encoding="utf-8") as file:
            equal(file.read(), "old")
        size = node.ok("export", "--output", link, "--force")["bytes"]
        equal((os.readlink(link), os.path.getsize(path)), ("old.rec", size))
        os.symlink("nothing", os.path.join(node.home, "lost"))
        refused(node.json("export", "--output", os.path.join(node.home, "lost"), "--force"),
                "TRUST_NO_CONFLICT", 1)
        equal([name for name in os.listdir(node.home) if ".tmp" in name], [])


def what_is_no_file_is_written_to_and_stays_what_it_is():
    with Running(operator=ME) as node:
        publish_worked(node)
        for words in ([], ["--force"]):
            error = refused(node.json("export", "--output", "/dev/full", *words),
                            "TRUST_NO_ROOM", 1)
            assert "/dev/full" in error["message"], error
            assert node.ok("export", "--output", "/dev/null", *words)["bytes"] > 0
        assert stat.S_ISCHR(os.stat("/dev/full").st_mode) and stat.S_ISCHR(
            os.stat("/dev/null").st_mode)
        pipe = os.path.join(node.home, "pipe")
        os.mkfifo(pipe)
        with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
            size = node.ok("export", "--output", pipe)["bytes"]
            equal(len(reader.communicate()[0]), size)
        refused(node.json("export", "--output", node.home), "TRUST_NO_FILE", 1)


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
     what_is_there_is_not_overwritten_without_force,
     what_is_no_file_is_written_to_and_stays_what_it_is, a_full_disk_is_said, wrong_words_are_refused)
