#!/usr/bin/python3
"""`repute drafts show`: one draft, with all that will be signed."""
from cli import SUBJECT, Home, main, refused


def a_draft_is_shown_as_it_was_written():
    with Home() as home:
        made = home.ok("flag", SUBJECT, "--severity", "medium", "--class", "exposure", "--rule",
                       "R1", "--expires", "36h")
        made.pop("replaced")
        assert home.ok("drafts", "show", made["draft"]) == made
        text = home.run("drafts", "show", made["draft"]).out
        assert "medium exposure, rule R1" in text and "36 hours after" in text, text


def what_is_no_draft_is_refused():
    with Home() as home:
        refused(home.json("drafts", "show", "0123abcd"), "TRUST_NO_FOUND", 1)
        for typed in ("0123abc", "0123ABCD", "../../etc", "0123abcdef"):
            refused(home.json("drafts", "show", typed), "TRUST_NO_SYNTAX", 2)


main(a_draft_is_shown_as_it_was_written, what_is_no_draft_is_refused)
