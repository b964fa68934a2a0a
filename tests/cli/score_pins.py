#!/usr/bin/python3
"""A server whose tools are not those that were approved says so wherever its score is shown."""
from cli import main
from running import FALLBACK, GROUP, PRIMARY, Running, equal

SEEN = "cd" * 32


def tell(node, subject, state, tools=0):
    answer = node.ask("POST", "/v1/pins", {"subject": subject, "capabilities": "ab" * 32,
                                           "manifest": SEEN, "state": state, "tools": tools},
                      as_agent="guard")
    equal(answer.status, 200)


def a_change_is_said_with_its_next_step():
    with Running(GROUP) as node:
        tell(node, PRIMARY, "pinned")
        assert "changed" not in node.text("score", PRIMARY)
        tell(node, PRIMARY, "changed", 2)
        for words in (("score", PRIMARY), ("servers", "list"), ("servers", "show", PRIMARY),
                      ("explain", PRIMARY)):
            out = node.text(*words)
            assert f"{PRIMARY}: its tools changed since they were approved: 2 tools, since" in out, out
            assert f"next step: repute pins diff {PRIMARY}\n" in out, out
        [line] = node.rows("score", PRIMARY)
        equal(line[-1], "suspect")
        out = node.text("quarantine", "list")
        assert f"{PRIMARY}  suspect  manifest  " in out, out
        assert "1 server of a group offers other tools than were approved" in node.text("status")


def the_document_has_all_of_it():
    with Running(GROUP) as node:
        tell(node, PRIMARY, "changed", 1)
        [score] = node.ok("score", PRIMARY)
        equal((score["quarantine"], score["manifest"], score["pins"]["state"],
               score["pins"]["tools"], score["pins"]["agents"]),
              ("suspect", SEEN, "changed", 1, 1))
        [row] = node.ok("quarantine", "list")
        equal((row["state"], row["rule"], row["manifest"]), ("suspect", "manifest", SEEN))


def what_is_held_back_is_said_too():
    with Running(GROUP) as node:
        tell(node, PRIMARY, "changed", 1)
        tell(node, FALLBACK, "changed")
        out = node.text("score", PRIMARY, FALLBACK)
        assert f"{PRIMARY}: its tools changed since they were approved: 1 tool, since" in out, out
        assert f"{FALLBACK}: what it says of itself changed since it was approved, since" in out, out
        equal(out.count("(not suspect: too many would be)"), 1)


main(a_change_is_said_with_its_next_step, the_document_has_all_of_it,
     what_is_held_back_is_said_too)
