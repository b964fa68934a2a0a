#!/usr/bin/python3
"""`repute pins diff`: what changed, where nobody would see it too."""
from cli import Home, main, refused
from pinned import A, A_OTHER, B, GREETING, SERVER, entry, put, tool


def findings(home, *words):
    result = home.json("pins", "diff", *words)
    assert result.code == 1, result
    return result.document


def a_change_is_shown_member_by_member():
    with Home() as home:
        other = {"name": "a", "title": "A", "description": A_OTHER["description"],
                 "annotations": {"readOnlyHint": False}}
        put(home, entry(tool(A, other), tool(B)))
        rows = [(row["tool"], row["member"], row["pinned"], row["offered"])
                for row in findings(home, SERVER)]
        assert rows == [
            ("a", "title", None, '"A"'),
            ("a", "description", '"Searches."', '"Searches.\\uDB40\\uDC41"'),
            ("a", "annotations", '{"readOnlyHint":true}', '{"readOnlyHint":false}')], rows
        text = home.run("pins", "diff", SERVER).out
        assert "uDB40" in text and text.isascii(), text


def a_new_tool_and_other_instructions_are_shown():
    with Home() as home:
        put(home, entry(tool(A), tool(None, B),
                        offered=GREETING | {"instructions": "Be cruel."}))
        rows = findings(home, SERVER)
        assert [(row["tool"], row["member"], row["pinned"], row["offered"]) for row in rows] == [
            ("b", "definition", None, '{"name": "b"}'),
            (None, "instructions", '"Be kind."', '"Be cruel."')], rows
        assert len(findings(home, SERVER, "b")) == 1


def what_is_as_it_was_differs_in_nothing():
    with Home() as home:
        put(home, entry(tool(A)))
        assert home.ok("pins", "diff", SERVER) == []
        assert home.run("pins", "diff", SERVER).out == "it offers what is pinned\n"
        refused(home.json("pins", "diff", SERVER, "x"), "TRUST_NO_FOUND", 1)


main(a_change_is_shown_member_by_member, a_new_tool_and_other_instructions_are_shown,
     what_is_as_it_was_differs_in_nothing)
