#!/usr/bin/python3
"""repute servers list."""
from cli import main, refused, run
from running import ME, RATED, Running, equal, needs_a_node, publish_worked

CONFIG = """groups:
  search:
    primary: { subject: "mcp:io.example/first", url: "https://first.example/mcp" }
"""


def without_a_node_it_says_how_to_start_one():
    needs_a_node("servers list")


def an_empty_list_says_what_to_do():
    with Running() as node:
        equal(node.ok("servers", "list"), [])
        equal(node.rows("servers", "list"), [])
        equal(node.text("servers", "list"),
              "no servers yet: rate one, or add a peer (`repute peers join INVITE`)\n")


def configured_and_rated_servers_are_listed():
    with Running(CONFIG, operator=ME) as node:
        publish_worked(node)
        rows = node.ok("servers", "list")
        equal([(row["subject"], row["status"], row["raters"]) for row in rows],
              [("mcp:io.example/first", "unknown", 0), (RATED, "ok", 5)])
        assert abs(rows[1]["score"] - .742441) < 1e-4, rows
        lines = node.text("servers", "list").splitlines()
        equal(lines[1].split(), ["mcp:io.example/first", "unknown", "-", "-", "-", "0.000", "0",
                                 "0", "closed", "ok"])
        equal(lines[2].split()[:5], [RATED, "ok", "0.742", "0.586", "0.899"])
        equal(len(node.rows("servers", "list")), 2)


def a_limit_cuts_the_list():
    with Running(CONFIG, operator=ME) as node:
        publish_worked(node)
        equal(len(node.ok("servers", "list", "--limit", "1")), 1)
    for limit in ("0", "1001", "x"):
        assert run("servers", "list", "--limit", limit).code == 2
    refused(run("--json", "servers", "list", "--limit", "0"), "TRUST_NO_RANGE", 2)


main(without_a_node_it_says_how_to_start_one, an_empty_list_says_what_to_do,
     configured_and_rated_servers_are_listed, a_limit_cuts_the_list)
