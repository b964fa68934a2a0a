#!/usr/bin/python3
"""repute config show."""
from cli import main
from running import Running, equal, needs_a_node

CONFIG = "breaker: { streak: 3 }\n"


def without_a_node_it_says_how_to_start_one():
    needs_a_node("config show", "config show --effective")


def only_what_somebody_wrote_is_shown():
    with Running(CONFIG) as node:
        equal(node.ok("config", "show"),
              [{"path": "breaker.streak", "value": "3", "origin": "line 1"}])
        equal(node.text("config", "show"),
              "KEY             VALUE  ORIGIN\nbreaker.streak  3      line 1\n")
        equal(node.rows("config", "show"), [["breaker.streak", "3", "line 1"]])


def with_effective_every_value_has_its_origin():
    with Running(CONFIG) as node:
        rows = {row["path"]: (row["value"], row["origin"])
                for row in node.ok("config", "show", "--effective")}
        equal(rows["breaker.streak"], ("3", "line 1"))
        equal(rows["breaker.window"], ("30s", "default"))


def nothing_written_is_said():
    with Running() as node:
        equal(node.ok("config", "show"), [])
        equal(node.text("config", "show"),
              "everything is as by default: `repute config show --effective`\n")


main(without_a_node_it_says_how_to_start_one, only_what_somebody_wrote_is_shown,
     with_effective_every_value_has_its_origin, nothing_written_is_said)
