#!/usr/bin/python3
"""repute peers join."""
from cli import main, refused
from node import free_port
from running import Running, equal, needs_a_node


def without_a_node_it_says_how_to_start_one():
    needs_a_node("peers join abc")


def an_invite_makes_the_inviter_a_peer():
    port = free_port()
    with Running(f'link: {{ listen: "tcp://127.0.0.1:{port}" }}\n') as host, Running() as guest:
        key = host.ok("status")["node"]["key"]
        invite = host.ok("peers", "invite", "--uses", "3")["invite"]
        document = guest.ok("peers", "join", invite)
        equal((document["key"], document["endpoint"]), (key, f"tcp://127.0.0.1:{port}"))
        equal([row["key"] for row in guest.ok("peers", "list")], [key])
        equal(guest.text("peers", "join", invite).splitlines()[:2],
              [f"peer      {key}", f"endpoint  tcp://127.0.0.1:{port}"])
        equal(guest.rows("peers", "join", invite)[0], ["key", key])


def a_text_that_is_no_invite_is_refused():
    with Running() as node:
        error = refused(node.json("peers", "join", "abc"), "TRUST_NO_RANGE", 2)
        equal((error["message"], error["next"]),
              ("invite: not of the form HOST:PORT/rpn1.../SECRET",
               "copy the whole line that the inviter was given"))


main(without_a_node_it_says_how_to_start_one, an_invite_makes_the_inviter_a_peer,
     a_text_that_is_no_invite_is_refused)
