#!/usr/bin/python3
"""`repute pins show`: tools, their states and their definitions."""
import json

from cli import Home, main, refused
from pinned import A, A_OTHER, B, SERVER, TIME, entry, put, tool, tool_digest


def every_tool_has_its_state_and_definitions():
    with Home() as home:
        put(home, entry(tool(A, A_OTHER), tool(B), tool(None, {"name": "c"})))
        rows = home.ok("pins", "show", SERVER)
        assert [(row["tool"], row["state"]) for row in rows] == [
            ("a", "changed"), ("b", "same"), ("c", "pending")], rows
        assert rows[0] == {
            "group": "search", "subject": SERVER, "capabilities": "ab" * 32, "tool": "a",
            "state": "changed", "since": TIME, "pinned": tool_digest(A),
            "offered": tool_digest(A_OTHER), "definition": json.dumps(A, ensure_ascii=False),
            "offered_definition": json.dumps(A_OTHER, ensure_ascii=False)}, rows[0]
        assert (rows[1]["offered"], rows[2]["pinned"]) == (None, None)
        assert home.ok("pins", "show", SERVER, "b") == rows[1:2]
        text = home.run("pins", "show", SERVER).out.splitlines()
        assert text[1].split()[:2] == ["a", "changed"] and tool_digest(A)[:8] in text[1], text


def an_id_without_its_version_means_all():
    with Home() as home:
        put(home, entry(tool(A)), entry(tool(B), subject="mcp:io.example/search@1.5.0"),
            entry(tool(B), subject="mcp:io.example/other"))
        rows = home.ok("pins", "show", "mcp:io.example/search")
        assert [row["tool"] for row in rows] == ["a", "b"], rows


def what_is_not_pinned_is_not_found():
    with Home() as home:
        put(home, entry(tool(A)))
        refused(home.json("pins", "show", "mcp:io.example/other"), "TRUST_NO_FOUND", 1)
        refused(home.json("pins", "show", SERVER, "x"), "TRUST_NO_FOUND", 1)
        refused(home.json("pins", "show", SERVER, "--group", "docs"), "TRUST_NO_FOUND", 1)
        refused(home.json("pins", "show", "nothing"), "TRUST_NO_SUBJECT", 2)


main(every_tool_has_its_state_and_definitions, an_id_without_its_version_means_all,
     what_is_not_pinned_is_not_found)
