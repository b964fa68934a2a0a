#!/usr/bin/python3
"""The files behind `repute pins`: a damaged one is refused with its place, by every command."""
from cli import Home, main, refused
from pinned import A, SERVER, entry, put, tool

COMMANDS = (("list",), ("show", SERVER), ("diff", SERVER), ("accept", SERVER), ("reject", SERVER))


def a_damaged_file_is_refused_and_left_alone():
    with Home() as home:
        path = put(home, entry(tool(A)))
        damaged = home.read("pins/search.json")[:-20]
        home.write("pins/search.json", damaged)
        for command in COMMANDS:
            error = refused(home.json("pins", *command), "TRUST_NO_SYNTAX", 1)
            assert error["message"].startswith(path + ":"), error
        assert home.read("pins/search.json") == damaged


def a_definition_that_is_not_its_digests_is_refused():
    with Home() as home:
        changed = tool(A)
        changed["pinned"]["definition"] = '{"name":"a"}'
        path = put(home, entry(changed))
        error = refused(home.json("pins", "list"), "TRUST_FAIL_CORRUPT", 5)
        assert error["message"].startswith(path + ": pins[0].tools[0].pinned.definition: "), error


def other_files_are_none_of_it():
    with Home() as home:
        put(home, entry(tool(A)))
        for name in ("search.json.lock", "README", ".json", "No.json", "a b.json"):
            home.write(f"pins/{name}", "x")
        assert [row["group"] for row in home.ok("pins", "list")] == ["search"]


def a_group_that_confirms_believes_only_what_was_accepted():
    with Home() as home:
        put(home, entry(tool(A)))
        home.write("reputed.yaml", "groups:\n  search:\n    primary: {subject: "
                   f'"{SERVER}", command: x}}\n    pin: confirm\n')
        row, = home.ok("pins", "list")
        assert (row["state"], row["waiting"]) == ("pending", 1), row
        home.ok("pins", "accept", SERVER)
        row, = home.ok("pins", "list")
        assert (row["state"], row["waiting"]) == ("same", 0), row


main(a_damaged_file_is_refused_and_left_alone, a_definition_that_is_not_its_digests_is_refused,
     other_files_are_none_of_it, a_group_that_confirms_believes_only_what_was_accepted)
