#!/usr/bin/python3
"""repute quarantine list."""
from cli import main
from running import GROUP, PRIMARY, Running, equal, needs_a_node, withhold

MEMBERS = ["subject", "manifest", "state", "rule", "since", "until", "times"]


def without_a_node_it_says_how_to_start_one():
    needs_a_node("quarantine list")


def an_empty_list_says_so():
    with Running(GROUP) as node:
        equal(node.ok("quarantine", "list"), [])
        equal(node.rows("quarantine", "list"), [])
        equal(node.text("quarantine", "list"), "no server is in quarantine\n")


def a_withheld_server_is_shown():
    with Running(GROUP) as node:
        withhold(node, PRIMARY)
        [row] = node.ok("quarantine", "list")
        equal(list(row), MEMBERS)
        equal((row["subject"], row["state"], row["rule"], row["times"]),
              (PRIMARY, "quarantined", "operator", 1))
        [heading, line] = node.text("quarantine", "list").splitlines()
        equal(heading.split(), ["SERVER", "STATE", "RULE", "SINCE", "UNTIL", "TIMES", "MANIFEST"])
        assert line.startswith(f"{PRIMARY}  quarantined  operator  "), line
        assert "  in 24 h  1" in line, line


main(without_a_node_it_says_how_to_start_one, an_empty_list_says_so, a_withheld_server_is_shown)
