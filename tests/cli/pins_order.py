#!/usr/bin/python3
"""`repute pins accept` and `reject`: who may, what changes, and what is signed."""
import os
import stat

from cli import PASSPHRASE, Home, main, refused
from pinned import A, A_OTHER, B, GREETING, SERVER, entry, form, get, put, server, tool, tool_digest

OTHER_GREETING = GREETING | {"instructions": "Be cruel."}


def fill(home):
    return put(home, entry(tool(A, A_OTHER), tool(None, B), offered=OTHER_GREETING))


def what_is_accepted_is_pinned():
    with Home() as home:
        path = fill(home)
        rows = home.ok("pins", "accept", SERVER, "a")
        assert [(row["tool"], row["state"], row["pinned"]) for row in rows] == [
            ("a", "same", tool_digest(A_OTHER))], rows
        found, = get(home)
        assert found["tools"][0]["pinned"] == form(A_OTHER), found
        assert found["tools"][0]["offered"] is None
        assert found["tools"][1]["pinned"] is None
        assert found["pinned"] == server(GREETING)
        assert found["accepted"]["time"] and found["accepted"]["signature"] is None
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        assert len(home.ok("pins", "accept", SERVER)) == 2
        found, = get(home)
        assert found["tools"][1]["pinned"] == form(B)
        assert (found["pinned"], found["offered"]) == (server(OTHER_GREETING), None)
        assert home.ok("pins", "list")[0]["state"] == "same"


def an_acceptance_is_signed_where_there_is_a_key():
    with Home() as home:
        fill(home)
        home.ok("init", "--no-passphrase")
        home.ok("pins", "accept", SERVER, "a")
        found, = get(home)
        assert len(found["accepted"]["signature"]) == 128, found
        row, = home.ok("pins", "list")
        assert (row["state"], row["waiting"]) == ("changed", 1), row
        # Another hand writes what it likes beside the signature.
        found["tools"][0]["pinned"] = form(A)
        put(home, found)
        row, = home.ok("pins", "list")
        assert (row["state"], row["waiting"]) == ("forged", 2), row
        assert {row["state"] for row in home.ok("pins", "show", SERVER)} == {"pending"}
        # To accept one tool does not sign what the other hand wrote.
        home.ok("pins", "accept", SERVER, "b")
        found, = get(home)
        assert (found["tools"][0]["pinned"], found["tools"][0]["offered"]) == (None, form(A)), found
        assert found["tools"][1]["pinned"] == form(B)


def the_key_is_asked_for_and_needed():
    with Home() as home:
        path = fill(home)
        secret = home.write("passphrase", PASSPHRASE + "\n")
        assert home.json("init", "--passphrase-file", secret).code == 0
        with open(path, "rb") as file:
            before = file.read()
        refused(home.json("pins", "accept", SERVER, no_terminal=True), "TRUST_NO_PASSPHRASE", 4)
        with open(path, "rb") as file:
            assert file.read() == before
        home.ok("pins", "accept", SERVER, "--passphrase-file", secret)
        assert home.ok("pins", "list")[0]["state"] == "same"


def the_key_of_somebody_else_is_refused():
    with Home() as home, Home() as other:
        fill(home)
        home.ok("init", "--no-passphrase")
        other.ok("init", "--no-passphrase")
        home.write("keys/operator.pub", other.read("keys/operator.pub"))
        refused(home.json("pins", "accept", SERVER), "TRUST_NO_KEY", 1)
        assert get(home)[0]["accepted"] is None


def a_rejection_needs_no_key_and_stays():
    with Home() as home:
        fill(home)
        secret = home.write("passphrase", PASSPHRASE + "\n")
        assert home.json("init", "--passphrase-file", secret).code == 0
        rows = home.ok("pins", "reject", SERVER)
        assert [row["state"] for row in rows] == ["rejected", "rejected"], rows
        assert get(home)[0]["tools"][0]["rejected"] == tool_digest(A_OTHER)
        assert home.ok("pins", "list")[0]["waiting"] == 0


def what_is_pinned_can_be_refused_by_name():
    with Home() as home:
        put(home, entry(tool(A)))
        row, = home.ok("pins", "reject", SERVER, "a")
        assert row["state"] == "rejected", row
        row, = home.ok("pins", "accept", SERVER, "a")
        assert row["state"] == "same", row


def what_is_not_there_is_not_found():
    with Home() as home:
        fill(home)
        refused(home.json("pins", "accept", SERVER, "x"), "TRUST_NO_FOUND", 1)
        refused(home.json("pins", "reject", "mcp:io.example/other"), "TRUST_NO_FOUND", 1)
        refused(home.json("pins", "accept"), "TRUST_NO_SIZE", 2)
        assert get(home)[0]["accepted"] is None


main(what_is_accepted_is_pinned, an_acceptance_is_signed_where_there_is_a_key,
     the_key_is_asked_for_and_needed, the_key_of_somebody_else_is_refused,
     a_rejection_needs_no_key_and_stays, what_is_pinned_can_be_refused_by_name,
     what_is_not_there_is_not_found)
