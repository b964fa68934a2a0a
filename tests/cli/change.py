#!/usr/bin/python3
"""Changes to files of the user's: shown and asked for, and only what was shown is written."""
import json
import os

from cli import main, refused
from clients import PLACES, Host
from installing import OWN, on_terminal, plain, read, run
from running import equal

FIXTURES = [place[0] for place in PLACES]


def without_a_yes_nothing_is_written():
    with Host(*FIXTURES) as host:
        before = host.listing()
        for words, said in (((), "there is no terminal to ask on. With --yes it is.\n"),
                            (("--dry-run",), "--dry-run.\n"),
                            (("--dry-run", "--yes"), "--dry-run.\n")):
            result = run(host, "mcp", "install", "--client", "cursor", *words)
            equal((result.code, result.err), (1, ""))
            assert result.out.endswith("Nothing was written: " + said), result
            assert '+    "repute": {\n' in result.out, result
            document = run(host, "--json", "mcp", "install", "--client", "cursor", *words)
            equal((document.code, json.loads(document.out)["written"]), (1, False))
        equal(host.listing(), before)


def a_person_is_asked():
    with Host(*FIXTURES) as host:
        path = host.file("home/.cursor/mcp.json")
        before = read(path)
        for answer in ("", "n", "no", "Y E S"):
            terminal = on_terminal(host, "mcp", "install", "--client", "cursor")
            equal(terminal.answer(answer), 1)
            assert b"Nothing was written." in terminal.seen, terminal.seen
            equal(read(path), before)
        terminal = on_terminal(host, "mcp", "install", "--client", "cursor")
        equal(terminal.answer("y"), 0)
        assert b"hidden-token" not in terminal.seen
        equal(plain(read(path))["mcpServers"]["repute"], OWN)


def a_file_that_changes_while_somebody_thinks_is_left():
    with Host(*FIXTURES) as host:
        path = host.file("home/.cursor/mcp.json")
        terminal = on_terminal(host, "mcp", "install", "--client", "cursor")
        terminal.read_until(b"[y/N] ")
        host.write("home/.cursor/mcp.json", '{"mcpServers": {}}')
        equal(terminal.answer("y"), 1)
        assert b"it was changed meanwhile" in terminal.seen, terminal.seen
        assert b"next: run it again" in terminal.seen, terminal.seen
        equal(read(path), b'{"mcpServers": {}}')
        equal(os.listdir(os.path.dirname(path)), ["mcp.json"])
        # One that was not there, and is now.
        terminal = on_terminal(host, "mcp", "install", "--file", "new.json")
        terminal.read_until(b"[y/N] ")
        host.write("here/new.json", "{}")
        equal(terminal.answer("y"), 1)
        equal(read(host.file("here/new.json")), b"{}")


def what_cannot_be_edited_is_refused_and_stays():
    cases = (("{", "TRUST_NO_SYNTAX", "any.json:1:"),
             ("[]", "TRUST_NO_TYPE", "no object"),
             ('{"mcpServers": []}', "TRUST_NO_TYPE", "no object"),
             ('{"mcpServers": {}, "mcpServers": {}}', "TRUST_NO_DUPLICATE", "twice"),
             ("x" * (4 << 20) + "x", "TRUST_NO_SIZE", "4 MiB"))
    for text, code, said in cases:
        with Host() as host:
            path = host.write("here/any.json", text)
            error = refused(run(host, "--json", "mcp", "install", "--file", "any.json", "--yes"),
                            code, 1)
            assert said in error["message"], error
            equal(read(path), text.encode())
            equal(os.listdir(host.file("here")), ["any.json"])
    with Host() as host:
        os.symlink("nowhere", host.file("here/link.json"))
        error = run(host, "--json", "mcp", "install", "--file", "link.json", "--yes").refusal
        equal(error, "TRUST_NO_FILE")
        assert not os.path.exists(host.file("here/nowhere"))


main(without_a_yes_nothing_is_written, a_person_is_asked,
     a_file_that_changes_while_somebody_thinks_is_left, what_cannot_be_edited_is_refused_and_stays)
