#!/usr/bin/python3
"""`repute publish`: drafts become durable records, with one unlock; what fails is kept."""
import fcntl
import http.server
import json
import os
import select
import signal
import socketserver
import subprocess
import termios
import threading
import time

import cli
from cli import PASSPHRASE, SUBJECT, Home, main, refused
from running import Running, equal, needs_a_node, with_key


def rate(node, category, value, *more):
    return node.ok("rate", SUBJECT, "--category", category, "--value", value, *more)


def all_drafts_are_published_and_durable():
    with with_key() as node:
        drafts = [rate(node, "overall", "0.9"), rate(node, "security", "0.8")]
        rows = node.ok("publish")
        equal(sorted(row["draft"] for row in rows), sorted(draft["draft"] for draft in drafts))
        equal({row["verdict"] for row in rows}, {"TRUST_OK"})
        assert all(len(row["record"]) == 64 for row in rows), rows
        equal(node.ok("drafts", "list"), [])
        node.stop(signal.SIGKILL)
        node.start()
        equal(node.ok("status")["records"], 2)
        equal(node.ok("publish"), [])
        equal(node.text("publish"), "There is nothing to publish.\n")


def named_drafts_alone_are_published():
    with with_key() as node:
        first, second = rate(node, "overall", "0.9"), rate(node, "security", "0.8")
        [row] = node.ok("publish", second["draft"], second["draft"])
        equal(row["draft"], second["draft"])
        equal([row["draft"] for row in node.ok("drafts", "list")], [first["draft"]])
        refused(node.json("publish", second["draft"]), "TRUST_NO_FOUND", 1)
        refused(node.json("publish", first["draft"], "--all"), "TRUST_NO_OPTION", 2)


def at_once_is_one_step():
    with with_key() as node:
        row = rate(node, "overall", "0.9", "--publish")
        equal((row["verdict"], row["value"], len(row["record"])), ("TRUST_OK", 0.9, 64))
        equal(node.ok("drafts", "list"), [])
        [score] = node.ok("score", SUBJECT)
        assert score["evidence"] > 5 and score["status"] in ("weak", "ok"), score


def many_go_in_several_requests():
    with with_key() as node:
        for number in range(150):
            node.run("rate", f"mcp:io.example/s{number}", "--category", "overall", "--value", "0.5")
        rows = node.ok("publish", "--all")
        equal((len(rows), {row["verdict"] for row in rows}), (150, {"TRUST_OK"}))
        equal(node.ok("status")["records"], 150)


def seqs_go_up_whatever_the_clock_did():
    with with_key() as node:
        path = node.home + "/keys/operator.seq"
        rate(node, "overall", "0.9", "--publish")
        ahead = time.time_ns() // 1_000_000 + 60_000  # as if the clock had been a minute ahead
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{ahead}\n")
        for value in ("0.1", "0.2", "0.3"):
            equal(rate(node, "overall", value, "--publish")["verdict"], "TRUST_OK")
        with open(path, encoding="utf-8") as file:
            equal(file.read(), f"{ahead + 3}\n")
        [score] = node.ok("score", SUBJECT)
        equal(node.ok("status")["records"], 1)
        assert score["categories"]["overall"]["mean"] < 0.5, score


def a_clock_far_behind_is_refused_before_anything_is_signed():
    with with_key() as node:
        with open(node.home + "/keys/operator.seq", "w", encoding="utf-8") as file:
            file.write(f"{time.time_ns() // 1_000_000 + 86_400_000}\n")
        draft = rate(node, "overall", "0.9")
        error = refused(node.json("publish"), "TRUST_NO_TIME", 1)
        assert "clock" in error["next"], error
        equal([row["draft"] for row in node.ok("drafts", "list")], [draft["draft"]])


class Clockwork(http.server.BaseHTTPRequestHandler):
    """A node of which only the status is there, with a clock of another time."""
    status = {}

    def do_GET(self):  # pylint: disable=invalid-name
        body = json.dumps(self.status).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass


def clocks_apart_number_nothing():
    with Home() as home:
        home.ok("init", "--no-passphrase")
        rate(home, "overall", "0.9")
        before = home.read("keys/operator.seq")
        os.makedirs(home.file("run"), exist_ok=True)
        server = socketserver.UnixStreamServer(home.file("run/operator.sock"), Clockwork)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        Clockwork.status = {"time": "2023-11-20T10:00:00Z", "network": "main",
                            "operator": home.read("keys/operator.pub").decode().split()[0]}
        error = refused(home.json("publish"), "TRUST_NO_TIME", 1)
        assert "2023-11-20T10:00:00Z at the node" in error["message"], error
        assert "correct the clock" in error["next"], error
        equal(home.read("keys/operator.seq"), before)
        equal(len(home.ok("drafts", "list")), 1)
        server.shutdown()
        server.server_close()


def a_refused_draft_is_kept_and_the_exit_code_says_so():
    with with_key() as node:
        rate(node, "overall", "0.9", "--publish")
        node.ok("key", "revoke", "--reason", "compromised", "--yes")
        draft = rate(node, "overall", "0.8")
        result = node.json("publish")
        equal((result.code, [row["verdict"] for row in result.document]), (1, ["TRUST_NO_REVOKED"]))
        equal([row["draft"] for row in node.ok("drafts", "list")], [draft["draft"]])
        text = node.run("publish")
        equal(text.code, 1)
        assert "this key is revoked" in text.out, text


def a_sealed_key_is_unlocked_once():
    with Running() as node:
        with open(node.home + "/passphrase", "w", opener=_private, encoding="utf-8") as file:
            file.write(PASSPHRASE + "\n")
        node.ok("init", "--passphrase-file", node.home + "/passphrase")
        node.stop()
        node.start()
        rate(node, "overall", "0.9")
        rate(node, "security", "0.9")
        rows = node.ok("publish", "--passphrase-file", node.home + "/passphrase")
        equal([row["verdict"] for row in rows], ["TRUST_OK", "TRUST_OK"])
        rate(node, "overall", "0.1")
        with open(node.home + "/passphrase", "w", encoding="utf-8") as file:
            file.write(PASSPHRASE[:-1] + "\n")
        refused(node.json("publish", "--passphrase-file", node.home + "/passphrase"),
                "TRUST_NO_PASSPHRASE", 4)
        refused(node.json("publish", no_terminal=True), "TRUST_NO_PASSPHRASE", 4)
        equal(len(node.ok("drafts", "list")), 1)


def _private(path, flags):
    return os.open(path, flags, 0o600)


class Prompt:
    """`publish` at a terminal, which waits for the passphrase."""

    def __init__(self, node):
        self.end, inside = os.openpty()
        self.process = subprocess.Popen(
            [cli.REPUTE, "--home", node.home, "--json", "publish"], stdin=inside, stderr=inside,
            stdout=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(2, termios.TIOCSCTTY, 0))
        os.close(inside)
        shown = b""
        while b": " not in shown:
            assert select.select([self.end], [], [], 20)[0], shown
            shown += os.read(self.end, 4096)

    def answer(self):
        os.write(self.end, PASSPHRASE.encode() + b"\n")
        out, _ = self.process.communicate(timeout=60)
        os.close(self.end)
        return self.process.returncode, json.loads(out)


def a_draft_written_anew_at_the_prompt_is_kept_and_one_that_went_is_left_out():
    with Running() as node:
        with open(node.home + "/passphrase", "w", opener=_private, encoding="utf-8") as file:
            file.write(PASSPHRASE + "\n")
        node.ok("init", "--passphrase-file", node.home + "/passphrase")
        node.stop()
        node.start()
        anew, gone = rate(node, "overall", "0.9"), rate(node, "security", "0.9")
        same = node.ok("rate", SUBJECT + "2", "--category", "overall", "--value", "0.9")
        prompt = Prompt(node)
        rate(node, "overall", "0.1")
        [row] = node.ok("publish", gone["draft"], "--passphrase-file", node.home + "/passphrase")
        equal((row["verdict"], row["kept"]), ("TRUST_OK", False))
        code, rows = prompt.answer()
        equal(code, 1)
        equal(sorted((row["draft"], row["verdict"], row["kept"]) for row in rows),
              sorted([(anew["draft"], "TRUST_NO_CONFLICT", True), (same["draft"], "TRUST_OK", False)]))
        [draft] = node.ok("drafts", "list")
        equal((draft["draft"], draft["value"]), (anew["draft"], 0.1))
        equal(node.ok("status")["records"], 2)


def without_a_node_the_drafts_are_kept():
    with Home() as home:
        home.ok("init", "--no-passphrase")
        draft = rate(home, "overall", "0.9")
        refused(home.json("publish"), "TRUST_NO_NODE", 3)
        refused(home.json("rate", SUBJECT, "--category", "security", "--value", "1", "--publish"),
                "TRUST_NO_NODE", 3)
        kept = [row["draft"] for row in home.ok("drafts", "list")]
        assert draft["draft"] in kept and len(kept) == 2, kept


def another_operators_node_is_noticed_before_anything_is_signed():
    with Running(operator=1) as node, Home() as home:
        home.ok("init", "--no-passphrase")
        rate(node, "overall", "0.9")
        for name in ("operator.key", "operator.pub"):
            node_file = f"{node.home}/keys/{name}"
            with open(node_file, "wb", opener=_private) as file:
                file.write(home.read("keys/" + name))
        error = refused(node.json("publish"), "TRUST_NO_OPERATOR", 1)
        assert "operator" in error["next"], error
    with Running() as node:
        node.ok("init", "--no-passphrase")
        rate(node, "overall", "0.9")
        error = refused(node.json("publish"), "TRUST_NO_OPERATOR", 1)
        assert "restart the node" in error["next"], error


def without_a_key_it_says_how_to_get_one():
    with Running() as node:
        rate(node, "overall", "0.9")
        error = refused(node.json("publish"), "TRUST_NO_FOUND", 1)
        assert "repute init" in error["next"], error


main(all_drafts_are_published_and_durable, named_drafts_alone_are_published, at_once_is_one_step,
     many_go_in_several_requests, seqs_go_up_whatever_the_clock_did,
     a_clock_far_behind_is_refused_before_anything_is_signed,
     clocks_apart_number_nothing, a_refused_draft_is_kept_and_the_exit_code_says_so, a_sealed_key_is_unlocked_once,
     a_draft_written_anew_at_the_prompt_is_kept_and_one_that_went_is_left_out,
     without_a_node_the_drafts_are_kept,
     another_operators_node_is_noticed_before_anything_is_signed,
     without_a_key_it_says_how_to_get_one)
