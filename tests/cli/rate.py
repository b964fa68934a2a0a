#!/usr/bin/python3
"""`repute rate`: a draft of a rating, and what is refused before there is one."""
from cli import SUBJECT, Home, main, refused

HEX = "0123456789abcdef" * 4


def a_rating_becomes_a_draft():
    with Home() as home:
        draft = home.ok("rate", SUBJECT, "--category", "overall", "--value", "0.85")
        assert (draft["kind"], draft["subject"], draft["about"]) == ("rating", SUBJECT, SUBJECT)
        assert (draft["category"], draft["value"], draft["calls"]) == ("overall", 0.85, 0), draft
        assert (draft["manifest"], draft["origin"]) == (None, "human"), draft
        assert draft["expires_in_s"] == 180 * 86400 and draft["replaced"] is False, draft
        assert home.read("drafts/" + draft["draft"]).startswith(b"repute-draft 1\nkind rating\n")


def every_option_reaches_it():
    with Home() as home:
        draft = home.ok("rate", SUBJECT + "@1.4.2", "--category", "performance", "--value", "0.1234",
                        "--calls", "1000000", "--manifest", HEX.upper(), "--expires", "2y")
        assert draft["subject"] == SUBJECT + "@1.4.2", draft
        assert (draft["value"], draft["calls"]) == (0.123, 1000000), draft
        assert draft["manifest"] == HEX and draft["expires_in_s"] == 730 * 86400, draft


def what_is_typed_otherwise_is_echoed_as_it_became():
    with Home() as home:
        result = home.run("rate", "HTTPS://MCP.Acme.dev:443/mcp/", "--category", "security",
                          "--value", "1")
        assert result.code == 0, result
        assert result.out.startswith(
            "HTTPS://MCP.Acme.dev:443/mcp/ is https://mcp.acme.dev/mcp\n"), result
        assert "security 1" in result.out and "next: `repute publish`" in result.out, result


def one_about_the_same_replaces_the_earlier():
    with Home() as home:
        first = home.ok("rate", SUBJECT, "--category", "overall", "--value", "0.5")
        other = home.ok("rate", SUBJECT, "--category", "security", "--value", "0.5")
        second = home.ok("rate", SUBJECT, "--category", "overall", "--value", "0.25")
        assert second["draft"] == first["draft"] != other["draft"]
        assert second["replaced"] is True and second["value"] == 0.25, second
        assert len(home.ok("drafts", "list")) == 2


def wrong_input_is_refused_with_what_was_wrong():
    rows = (
        ([SUBJECT, "--category", "speed", "--value", "1"], "TRUST_NO_OPTION", "performance"),
        ([SUBJECT, "--category", "overall", "--value", "1.5"], "TRUST_NO_RANGE", "0 to 1"),
        ([SUBJECT, "--category", "overall", "--value", "-0.1"], "TRUST_NO_RANGE", "0 to 1"),
        ([SUBJECT, "--category", "overall"], "TRUST_NO_OPTION", "--value"),
        ([SUBJECT, "--value", "1"], "TRUST_NO_OPTION", "--category"),
        ([SUBJECT, "--category", "performance", "--value", "1"], "TRUST_NO_OPTION", "calls"),
        ([SUBJECT, "--category", "overall", "--value", "1", "--calls", "1000001"],
         "TRUST_NO_RANGE", "1000000"),
        ([SUBJECT, "--category", "overall", "--value", "1", "--manifest", "abc"],
         "TRUST_NO_SYNTAX", "64 hex digits"),
        ([SUBJECT, "--category", "overall", "--value", "1", "--manifest", "g" * 64],
         "TRUST_NO_SYNTAX", "64 hex digits"),
        ([SUBJECT, "--category", "overall", "--value", "1", "--expires", "731d"],
         "TRUST_NO_RANGE", "730d"),
        ([SUBJECT, "--category", "overall", "--value", "1", "--expires", "180"],
         "TRUST_NO_SYNTAX", "such as 180d"),
        (["mcp:nobody", "--category", "overall", "--value", "1"], "TRUST_NO_SUBJECT", "mcp:nobody"),
        (["mcp:io.example/" + "x" * 200, "--category", "overall", "--value", "1"],
         "TRUST_NO_SUBJECT", "no id of a server"),
        (["http://127.0.0.1:8080/mcp", "--category", "overall", "--value", "1"],
         "TRUST_NO_SUBJECT", "on every host"),
    )
    for words, code, part in rows:
        with Home() as home:
            error = refused(home.json("rate", *words), code, 2)
            assert part in error["message"] + str(error["next"]), (words, error)
            assert home.ok("drafts", "list") == []


main(a_rating_becomes_a_draft, every_option_reaches_it,
     what_is_typed_otherwise_is_echoed_as_it_became, one_about_the_same_replaces_the_earlier,
     wrong_input_is_refused_with_what_was_wrong)
