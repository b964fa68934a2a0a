#!/usr/bin/python3
"""repute raters list."""
from cli import main
from node import make
from running import A, B, C, ME, Running, equal, needs_a_node, publish_worked


def without_a_node_it_says_how_to_start_one():
    needs_a_node("raters list", "raters list --seen")


def without_an_operator_nobody_has_weight():
    with Running() as node:
        equal(node.ok("raters", "list"), [])
        assert node.text("raters", "list").startswith("nobody has weight yet: `repute vouch KEY`")
        equal(node.text("raters", "list", "--seen"), "nobody has weight yet, and no peer has asked for a key\n")
        equal(node.rows("raters", "list"), [])


def raters_stand_in_the_order_of_their_weight():
    with Running(operator=ME) as node:
        publish_worked(node)
        keys = {number: make(f"key {number}")[0] for number in (ME, A, B, C)}
        node.ask("PUT", "/v1/names/" + keys[A], {"name": "alice"})
        rows = node.ok("raters", "list")
        equal([(row["key"], row["distance"]) for row in rows[:4]],
              [(keys[ME], 0), (keys[A], 1), (keys[C], 2), (keys[B], 1)])
        equal([round(row["weight"], 6) for row in rows[:4]], [1, .466667, .457333, .233333])
        equal(node.ok("raters", "list", "--seen"), rows)
        lines = node.text("raters", "list").splitlines()
        equal(lines[0].split(), ["RATER", "WEIGHT", "DISTANCE", "RECORDS", "KEY"])
        equal(lines[1].split(), [f"me·{keys[ME][4:11]}", "1.000", "0", "2", keys[ME]])
        equal(lines[2].split(), [f"alice·{keys[A][4:11]}", "0.467", "1", "2", keys[A]])
        equal(node.rows("raters", "list")[1][0], "alice")


main(without_a_node_it_says_how_to_start_one, without_an_operator_nobody_has_weight,
     raters_stand_in_the_order_of_their_weight)
