#!/usr/bin/python3
"""`repute drafts drop`: named drafts go, or all of them, and nothing else."""
from cli import SUBJECT, Home, main, refused


def two_drafts(home):
    return [home.ok("rate", SUBJECT, "--category", category, "--value", "0.5")["draft"]
            for category in ("overall", "security")]


def a_named_draft_goes():
    with Home() as home:
        first, second = two_drafts(home)
        assert home.ok("drafts", "drop", first) == {"dropped": [first]}
        assert [row["draft"] for row in home.ok("drafts", "list")] == [second]
        assert home.run("drafts", "drop", second).out == f"dropped {second}\n"


def all_go_at_once():
    with Home() as home:
        drafts = two_drafts(home)
        assert sorted(home.ok("drafts", "drop", "--all")["dropped"]) == sorted(drafts)
        assert home.ok("drafts", "list") == []
        assert home.ok("drafts", "drop", "--all") == {"dropped": []}


def what_is_not_clear_is_refused():
    with Home() as home:
        drafts = two_drafts(home)
        refused(home.json("drafts", "drop"), "TRUST_NO_OPTION", 2)
        refused(home.json("drafts", "drop", drafts[0], "--all"), "TRUST_NO_OPTION", 2)
        refused(home.json("drafts", "drop", "0123abcd"), "TRUST_NO_FOUND", 1)
        refused(home.json("drafts", "drop", "../names"), "TRUST_NO_SYNTAX", 2)
        assert len(home.ok("drafts", "list")) == 2


main(a_named_draft_goes, all_go_at_once, what_is_not_clear_is_refused)
