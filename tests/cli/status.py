#!/usr/bin/python3
"""repute status, and repute alone."""
import os
import re
import signal
import socket
import threading

from cli import main, refused
from node import make
from running import Running, equal, needs_a_node

MEMBERS = ["time", "node", "operator", "network", "records", "authors", "servers", "peers", "in_sync",
           "lag_s", "store_bytes", "store", "link", "unresolved", "pending", "quarantined",
           "held_back", "health"]


def without_a_node_it_says_how_to_start_one():
    needs_a_node("status", "")


def a_fresh_node_has_its_health_and_one_next_step():
    with Running() as node:
        text = node.text("status")
        assert re.match(r"node +·[a-z0-9]{7}\nversion +\S+\nup for +\d", text), text
        assert "\noperator     -\n" in text, text
        assert "\nrecords      0\n" in text, text
        assert "\nhealth\n  warn   nobody's web of trust is computed" in text, text
        equal(text.count("next: "), 1)
        equal(text.splitlines()[-1], "next: run repute init")


def repute_alone_is_the_same_screen():
    with Running() as node:
        titles = [line.split("  ")[0] for line in node.text().splitlines()]
        equal(titles, [line.split("  ")[0] for line in node.text("status").splitlines()])


def the_operator_is_me():
    with Running(operator=1) as node:
        short = make("key 1")[0][4:11]
        assert f"\noperator     me·{short}\n" in node.text("status"), node.text("status")


def json_is_what_the_node_says():
    with Running(operator=1) as node:
        document = node.ok("status")
        equal(list(document), MEMBERS)
        equal(document["operator"], make("key 1")[0])
        equal((document["records"], document["servers"]), (0, 0))
        equal(document["peers"], {"up": 0, "known": 0})
        again = node.ok()
        moving = {name: again[name] for name in ("time", "node", "store_bytes")}
        equal(again, document | moving)


def plain_has_a_line_a_field_and_a_line_of_health():
    with Running() as node:
        rows = node.rows("status")
        fields = {row[0]: row[1:] for row in rows if row[0] != "health"}
        equal(fields["records"], ["0"])
        equal(fields["in_sync"], ["yes"])
        assert fields["node.key"][0].startswith("rpn1"), fields
        codes = [row[2] for row in rows if row[0] == "health"]
        equal(codes, ["no_operator", "no_groups"])


def a_socket_that_was_left_behind_is_no_node():
    with Running() as node:
        node.stop(signal.SIGKILL)
        assert os.path.exists(node.socket())
        for _ in range(2):
            error = refused(node.json("status"), "TRUST_NO_NODE", 3)
            assert "start it" in error["next"], error
            # And then what is no socket at all.
            os.unlink(node.socket())
            with open(node.socket(), "w", encoding="ascii"):
                pass


def answers(node, text):
    """What `repute status` makes of somebody who says this at the node's socket."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(node.socket())
        listener.listen()

        def serve():
            client = listener.accept()[0]
            client.recv(65536)
            client.sendall(text)
            client.close()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        result = node.json("status")
        thread.join()
    os.unlink(node.socket())
    return result


def what_speaks_otherwise_is_told_from_a_node_that_left():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n"
    with Running() as node:
        node.stop()
        for text in (b"", head + b"{"):
            error = refused(answers(node, text), "TRUST_NO_NODE", 3)
            assert "went away" in error["message"], error
        for text in (b"hello\r\n\r\n", b"\0" * 100, head + b"{]}"):
            error = refused(answers(node, text), "TRUST_FAIL_LIBRARY", 5)
            assert "of one version" in error["next"], error


main(without_a_node_it_says_how_to_start_one, a_socket_that_was_left_behind_is_no_node,
     what_speaks_otherwise_is_told_from_a_node_that_left,
     a_fresh_node_has_its_health_and_one_next_step,
     repute_alone_is_the_same_screen, the_operator_is_me, json_is_what_the_node_says,
     plain_has_a_line_a_field_and_a_line_of_health)
