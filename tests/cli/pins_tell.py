#!/usr/bin/python3
"""`repute pins accept` tells a node that runs: suspicion that rests on the change ends."""
import os

from cli import main
from pinned import A, A_OTHER, B, SERVER, entry, put, tool
from running import Running, equal, with_key

GROUP = f"""groups:
  search: {{ primary: {{ subject: "{SERVER}", command: "true" }} }}
"""
PLAIN = SERVER.split("@")[0]


class Paper:
    """The home of a node, as pinned.put writes to it."""

    def __init__(self, node):
        self.home = node.home

    def write(self, name, text):
        path = os.path.join(self.home, name)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w",
                  encoding="utf-8") as file:
            file.write(text)
        return path


def suspect(node, *tools):
    """Pins of which something else is offered, and a node that was told so."""
    put(Paper(node), entry(*tools))
    answer = node.ask("POST", "/v1/pins", {"subject": SERVER, "capabilities": "ab" * 32,
                                           "manifest": "cd" * 32, "state": "changed", "tools": 2},
                      as_agent="guard")
    equal(answer.status, 200)
    equal(state(node), "suspect")


def state(node):
    return node.ok("score", PLAIN)[0]["quarantine"]


def an_acceptance_of_all_ends_the_suspicion():
    with with_key(GROUP) as node:
        suspect(node, tool(A, A_OTHER), tool(None, B))
        out = node.text("pins", "accept", SERVER)
        assert f"the node knows that the tools of {SERVER} are approved\n" in out, out
        equal(state(node), "ok")
        equal(node.ok("pins", "accept", SERVER)[0]["state"], "same")


def an_acceptance_of_one_of_two_does_not():
    with with_key(GROUP) as node:
        suspect(node, tool(A, A_OTHER), tool(None, B))
        out = node.text("pins", "accept", SERVER, "a")
        assert "the node" not in out, out
        equal(state(node), "suspect")
        node.ok("pins", "reject", SERVER, "b")
        equal(state(node), "suspect")
        node.ok("pins", "accept", SERVER, "b")
        equal(state(node), "ok")


def a_node_without_an_operator_takes_it_unsigned():
    with Running(GROUP) as node:
        suspect(node, tool(A, A_OTHER))
        node.ok("pins", "accept", SERVER)
        equal(state(node), "ok")


def the_pins_are_accepted_though_the_node_does_not_hear_it():
    with with_key(GROUP) as node:
        suspect(node, tool(A, A_OTHER))
        node.stop()
        out = node.text("pins", "accept", SERVER)
        assert "the node was not told (TRUST_NO_NODE)" in out, out
        assert "repute quarantine release" in out, out
        equal(node.ok("pins", "list")[0]["state"], "same")
        node.start()
        equal(state(node), "suspect")
        node.ok("pins", "accept", SERVER)
        equal(state(node), "ok")


main(an_acceptance_of_all_ends_the_suspicion, an_acceptance_of_one_of_two_does_not,
     a_node_without_an_operator_takes_it_unsigned,
     the_pins_are_accepted_though_the_node_does_not_hear_it)
