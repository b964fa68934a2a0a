#!/usr/bin/python3
"""`repute drafts list`: all that is written and not published, in each form."""
import os

from cli import SUBJECT, Home, main, refused


def without_drafts_it_is_empty_in_each_form():
    with Home() as home:
        assert home.ok("drafts", "list") == []
        assert home.run("drafts", "list", "--plain").out == ""
        result = home.run("drafts", "list")
        assert (result.code, result.out) == (0, "There are no drafts.\n"), result


def drafts_are_listed_with_what_they_say():
    with Home() as home, Home() as other:
        key = other.ok("init", "--no-passphrase")["key"]
        made = [home.ok("rate", SUBJECT, "--category", "overall", "--value", "0.5"),
                home.ok("flag", SUBJECT, "--severity", "low", "--class", "other"),
                home.ok("vouch", key), home.ok("alias", SUBJECT, "https://x.example/mcp")]
        listed = home.ok("drafts", "list")
        key_of = lambda draft: draft["draft"]  # noqa: E731
        wanted = [{name: value for name, value in draft.items() if name != "replaced"}
                  for draft in made]
        assert sorted(listed, key=key_of) == sorted(wanted, key=key_of), listed
        assert [row["created"] for row in listed] == sorted(row["created"] for row in listed)
        rows = [line.split("\t") for line in
                home.run("drafts", "list", "--plain").out.splitlines()]
        assert sorted(row[0] for row in rows) == sorted(draft["draft"] for draft in made)
        text = home.run("drafts", "list").out
        assert text.startswith("DRAFT ") and "trust 1 to rate,introduce,scan" in text, text


def a_file_that_is_no_draft_is_named_with_a_way_out():
    with Home() as home:
        draft = home.ok("rate", SUBJECT, "--category", "overall", "--value", "0.5")["draft"]
        home.write("drafts/notes.txt", "not looked at")
        content = home.read("drafts/" + draft)
        for broken in (b"", content[:-1], content + b"\n", content.replace(b"500", b"1500"),
                       content.replace(b"rating", b"ratin"), content.replace(b"\n", b"\r\n"),
                       content.replace(b"mcp:", b"http://localhost/"), b"x" * 5000):
            home.write("drafts/00000000", broken)
            result = home.json("drafts", "list")
            assert result.code == 1 and result.refusal.startswith("TRUST_NO_"), (broken, result)
            error = result.document["error"]
            assert "drafts/00000000" in error["message"], error
            assert "repute drafts drop 00000000" in error["next"], error
        home.ok("drafts", "drop", "00000000")
        assert [row["draft"] for row in home.ok("drafts", "list")] == [draft]


def a_link_is_not_followed():
    with Home() as home:
        draft = home.ok("rate", SUBJECT, "--category", "overall", "--value", "0.5")["draft"]
        os.symlink(home.file("drafts/" + draft), home.file("drafts/11111111"))
        refused(home.json("drafts", "list"), "TRUST_NO_FILE", 4)


main(without_drafts_it_is_empty_in_each_form, drafts_are_listed_with_what_they_say,
     a_file_that_is_no_draft_is_named_with_a_way_out, a_link_is_not_followed)
