#!/usr/bin/python3
"""repute peers invite."""
from cli import main, refused, run
from node import free_port
from running import Running, equal, needs_a_node


def without_a_node_it_says_how_to_start_one():
    needs_a_node("peers invite")


def an_invite_is_one_line_that_scripts_can_take():
    with Running(f'link: {{ listen: "tcp://127.0.0.1:{free_port()}" }}\n') as node:
        words = ["peers", "invite", "--endpoint", "tcp://host.example:7717"]
        document = node.ok(*words, "--uses", "2", "--expires", "1h")
        assert document["invite"].startswith("host.example:7717/rpn1"), document
        [[invite]] = node.rows(*words)
        assert len(invite) > 40, invite
        lines = node.text(*words).splitlines()
        assert len(lines[0]) > 40 and " " not in lines[0], lines
        equal(lines[1:], ["", "next: there, `repute peers join` with this text"])


def a_node_that_does_not_listen_cannot_invite():
    with Running() as node:
        refused(node.json("peers", "invite"), "TRUST_NO_CONFLICT", 1)


def an_endpoint_that_is_none_is_refused():
    with Running(f'link: {{ listen: "tcp://127.0.0.1:{free_port()}" }}\n') as node:
        error = refused(node.json("peers", "invite", "--endpoint", "foo"), "TRUST_NO_RANGE", 2)
        equal((error["message"], error["next"]),
              ("endpoint: not of the form tcp://HOST:PORT",
               "name the address where others reach this node"))


def wrong_words_are_refused():
    refused(run("--json", "peers", "invite", "--uses", "0"), "TRUST_NO_RANGE", 2)
    refused(run("--json", "peers", "invite", "--expires", "7"), "TRUST_NO_SYNTAX", 2)


main(without_a_node_it_says_how_to_start_one, an_invite_is_one_line_that_scripts_can_take,
     a_node_that_does_not_listen_cannot_invite, an_endpoint_that_is_none_is_refused, wrong_words_are_refused)
