#!/usr/bin/python3
"""repute config check: without a node, with the place of a mistake.

usage: config_check.py REPUTE REPUTED DOCS
"""
import os
import re
import sys

from cli import Home, main, refused
from running import equal

DOCS = sys.argv[3]

GOOD = """groups:
  search:
    primary: { subject: "mcp:io.example/search", url: "https://mcp.example/mcp" }
"""


def no_file_means_the_defaults():
    with Home() as home:
        equal(home.ok("config", "check"),
              {"file": home.file("reputed.yaml"), "valid": True, "groups": 0, "peers": 0})


def a_right_file_is_counted():
    with Home() as home:
        path = home.write("reputed.yaml", GOOD)
        equal(home.ok("config", "check")["groups"], 1)
        equal(home.run("config", "check", path).out,
              f"file    {path}\nvalid   yes\ngroups  1\npeers   0\n")
        equal(home.run("--plain", "config", "check", path).out,
              f"file\t{path}\nvalid\tyes\ngroups\t1\npeers\t0\n")


def a_mistake_is_shown_with_its_place_and_a_caret():
    for content, code, wanted in (
            ("breaker:\n  windw: 3s\n", "TRUST_NO_OPTION",
             '/reputed.yaml:2:3: unknown key "windw" in breaker; did you mean "window"?\n    windw: 3s\n    ^'),
            ("breaker: {", "TRUST_NO_SYNTAX", "/reputed.yaml:2:1: "),
            (b"# gr\xfc\xdf\nbreaker: {}\n", "TRUST_NO_SYNTAX", "/reputed.yaml:1:5: this byte is no")):
        with Home() as home:
            home.write("reputed.yaml", content)
            error = refused(home.json("config", "check"), code, 1)
            assert error["message"].startswith(home.path + wanted), error
            result = home.run("config", "check")
            sentence, newline, below = (home.path + wanted).partition("\n")
            assert result.code == 1 and "repute: " + sentence in result.err, result
            assert not newline or f"{sentence} ({code})\n{below}\n" in result.err, result


def a_file_that_is_not_there_is_not_found():
    with Home() as home:
        refused(home.json("config", "check", "/nonexistent.yaml"), "TRUST_NO_FOUND", 1)


def examples():
    """(page, text) of each piece of configuration with groups that the pages show."""
    for folder in ("howto", "tutorial", "explanation", "reference"):
        for name in sorted(os.listdir(os.path.join(DOCS, folder))):
            if name.endswith(".md"):
                with open(os.path.join(DOCS, folder, name), encoding="utf-8") as file:
                    blocks = re.findall(r"^```yaml\n(.*?)^```", file.read(), re.M | re.S)
                yield from ((name, text) for text in blocks if re.search(r"^groups:", text, re.M))


def the_configuration_that_the_pages_show_is_right():
    pages = set()
    for page, text in examples():
        with Home() as home:
            home.write("reputed.yaml", text)
            result = home.run("config", "check")
            equal((page, result.code, result.err), (page, 0, ""))
            pages.add(page)
    assert {"group-servers.md", "map-tools.md", "protect-an-agent.md"} <= pages, pages


main(no_file_means_the_defaults, a_right_file_is_counted,
     a_mistake_is_shown_with_its_place_and_a_caret, a_file_that_is_not_there_is_not_found,
     the_configuration_that_the_pages_show_is_right)
