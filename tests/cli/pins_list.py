#!/usr/bin/python3
"""`repute pins list`: what is pinned, and how much of it waits."""
from cli import Home, main
from pinned import A, A_OTHER, B, GREETING, SERVER, TIME, entry, put, tool


def each_server_of_each_group_is_listed():
    with Home() as home:
        put(home, entry(tool(A), tool(B)))
        put(home, entry(tool(A, A_OTHER), tool(None, B), subject="https://mcp.example/mcp"),
            group="docs")
        rows = home.ok("pins", "list")
        assert rows == [
            {"subject": "https://mcp.example/mcp", "group": "docs", "capabilities": "ab" * 32,
             "state": "changed", "tools": 2, "waiting": 2, "instructions_changed": False,
             "first": TIME, "accepted": None},
            {"subject": SERVER, "group": "search", "capabilities": "ab" * 32, "state": "same",
             "tools": 2, "waiting": 0, "instructions_changed": False, "first": TIME,
             "accepted": None}], rows
        assert home.ok("pins", "list", "--group", "docs") == rows[:1]
        lines = home.run("--plain", "pins", "list").out.splitlines()
        assert lines[0].split("\t")[:5] == ["https://mcp.example/mcp", "docs", "changed", "2", "2"]


def changed_instructions_are_told():
    with Home() as home:
        put(home, entry(tool(A), offered=GREETING | {"instructions": "Be cruel."}))
        row, = home.ok("pins", "list")
        assert (row["state"], row["instructions_changed"]) == ("changed", True), row


def without_pins_there_is_nothing_to_show():
    with Home() as home:
        assert home.ok("pins", "list") == []
        result = home.run("pins", "list")
        assert (result.code, result.out) == (0, "no server was seen by a guard yet\n"), result


main(each_server_of_each_group_is_listed, changed_instructions_are_told,
     without_pins_there_is_nothing_to_show)
