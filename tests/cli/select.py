#!/usr/bin/python3
"""repute select: the primary, the fallback when it is open, the degraded answer."""
from cli import main, refused, run
from running import FALLBACK, GROUP, PRIMARY, Running, equal, fail, needs_a_node

MEMBERS = {"status", "reason", "group", "candidates", "refused", "retry_after_ms", "missing",
           "alternatives", "basis", "message"}


def without_a_node_it_says_how_to_start_one():
    needs_a_node("select --group search", f"select --candidates {PRIMARY}")


def the_primary_comes_first():
    with Running(GROUP) as node:
        document = node.ok("select", "--group", "search")
        equal(set(document), MEMBERS)
        equal((document["status"], document["group"]), ("ok", "search"))
        equal([(row["subject"], row["why"], row["score"]) for row in document["candidates"]],
              [(PRIMARY, "primary", None), (FALLBACK, "named", None)])
        lines = node.text("select", "--group", "search").splitlines()
        assert lines[0].startswith("ok: "), lines
        equal(lines[1].split(), ["SERVER", "WHY", "SCORE", "VETTED", "STATE", "LEASE"])
        equal(lines[2].split(), [PRIMARY, "primary", "-", "no", "closed", "-"])
        equal(node.rows("select", "--group", "search"),
              [["candidate", PRIMARY, "primary", "-", "no", "closed", "-"],
               ["candidate", FALLBACK, "named", "-", "no", "closed", "-"]])


def an_open_primary_gives_way_to_its_fallback():
    with Running(GROUP) as node:
        fail(node, PRIMARY)
        document = node.ok("select", "--group", "search")
        equal([row["subject"] for row in document["candidates"]], [FALLBACK])
        equal([row["subject"] for row in document["refused"]], [PRIMARY])
        assert f"\nREFUSED               WHY\n{PRIMARY}  " in node.text("select", "--group", "search")


def with_everything_open_the_answer_says_when_to_try_again():
    with Running(GROUP) as node:
        fail(node, PRIMARY)
        fail(node, FALLBACK)
        result = node.json("select", "--group", "search")
        equal((result.code, result.document["status"], result.document["reason"]),
              (1, "unavailable", "all_open"))
        assert 0 < result.document["retry_after_ms"] <= 7500, result
        result = node.run("select", "--group", "search")
        assert result.code == 1 and result.out.startswith("unavailable: "), result
        assert "\ntry again in " in result.out, result
        equal(node.run("--plain", "select", "--group", "search").code, 1)


def candidates_are_chosen_from_without_a_group():
    with Running() as node:
        document = node.json("select", "--candidates", "mcp:io.example/a,HTTPS://B.Example/").document
        asked = document["candidates"] + document["refused"]
        equal({row["subject"] for row in asked}, {"mcp:io.example/a", "https://b.example"})


def an_unknown_group_is_said_with_the_nearest():
    with Running(GROUP) as node:
        error = refused(node.json("select", "--group", "serch"), "TRUST_NO_FOUND", 1)
        assert "search" in error["message"], error


def wrong_words_are_refused():
    for words in ([], ["--group", "a", "--candidates", PRIMARY]):
        refused(run("--json", "select", *words), "TRUST_NO_OPTION", 2)
    for words in (["--candidates", "a,,b"], ["--candidates", f"{PRIMARY},"]):
        refused(run("--json", "select", *words), "TRUST_NO_SUBJECT", 2)
    refused(run("--json", "select", "--group", "a", "--min-score", "2"), "TRUST_NO_RANGE", 2)
    refused(run("--json", "select", "--group", "a", "--strategy", "worst"), "TRUST_NO_OPTION", 2)


main(without_a_node_it_says_how_to_start_one, the_primary_comes_first,
     an_open_primary_gives_way_to_its_fallback,
     with_everything_open_the_answer_says_when_to_try_again,
     candidates_are_chosen_from_without_a_group, an_unknown_group_is_said_with_the_nearest,
     wrong_words_are_refused)
