#!/usr/bin/python3
"""`repute alias`: two ids are one server, whichever is named first."""
from cli import SUBJECT, Home, main, refused
from node import wait_for
from running import with_key

URL = "https://mcp.example/mcp"


def the_order_does_not_matter():
    with Home() as home:
        one = home.ok("alias", SUBJECT, URL)
        two = home.ok("alias", URL, SUBJECT)
        assert one["draft"] == two["draft"] and two["replaced"] is True
        assert (one["first"], one["second"], one["state"]) == (URL, SUBJECT, 1), one
        assert one["about"] == f"{URL} = {SUBJECT}", one


def what_is_known_of_one_is_known_of_both():
    with with_key() as node:
        node.ok("rate", SUBJECT, "--category", "overall", "--value", "0.9", "--publish")
        [score] = node.ok("score", URL)
        assert score["status"] == "unknown", score
        node.ok("alias", SUBJECT, URL, "--publish")
        wait_for(lambda: all(row["evidence"] > 9.9 for row in node.ok("score", URL, SUBJECT)))


def one_id_twice_and_long_ids_are_refused():
    with Home() as home:
        refused(home.json("alias", SUBJECT, SUBJECT.upper().replace("MCP:", "mcp:")
                          .replace("/SEARCH", "/search")), "TRUST_NO_SUBJECT", 2)
        refused(home.json("alias", SUBJECT, "mcp:io.example/" + "x" * 180), "TRUST_NO_SIZE", 2)
        refused(home.json("alias", SUBJECT, "http://localhost/mcp"), "TRUST_NO_SUBJECT", 2)
        refused(home.json("alias", SUBJECT), "TRUST_NO_SIZE", 2)
        assert home.ok("drafts", "list") == []


main(the_order_does_not_matter, what_is_known_of_one_is_known_of_both,
     one_id_twice_and_long_ids_are_refused)
