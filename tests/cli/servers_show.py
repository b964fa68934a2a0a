#!/usr/bin/python3
"""repute servers show."""
from cli import main, refused, run
from running import ME, RATED, Running, equal, needs_a_node, publish_worked


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"servers show {RATED}")


def one_server_is_shown_in_full():
    with Running(operator=ME) as node:
        publish_worked(node)
        document = node.ok("servers", "show", RATED)
        equal((document["subject"], document["status"], document["raters"]), (RATED, "ok", 5))
        text = node.text("servers", "show", RATED)
        assert "\nmean           0.742\n" in text and "\n  overall      0.742  0.586" in text, text
        fields = dict(node.rows("servers", "show", RATED))
        equal((fields["status"], fields["raters"], fields["breaker"]), ("ok", "5", "closed"))


def an_unknown_server_is_an_answer_too():
    with Running() as node:
        equal(node.ok("servers", "show", RATED)["status"], "unknown")
        assert "\nscore          -\n" in node.text("servers", "show", RATED)


def what_is_no_id_is_refused():
    refused(run("--json", "servers", "show", "search"), "TRUST_NO_SUBJECT", 2)


main(without_a_node_it_says_how_to_start_one, one_server_is_shown_in_full,
     an_unknown_server_is_an_answer_too, what_is_no_id_is_refused)
