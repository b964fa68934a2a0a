#!/usr/bin/python3
"""repute score: values of the worked vector, unknown servers, ids in other spellings."""
from cli import main, refused, run
from running import Running, equal, needs_a_node

UNKNOWN = "mcp:io.example/nobody"
MANIFEST = "ab" * 32


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"score {UNKNOWN}")


def an_unknown_server_has_no_score_in_any_form():
    with Running() as node:
        [row] = node.ok("score", UNKNOWN)
        equal((row["subject"], row["status"], row["score"]), (UNKNOWN, "unknown", None))
        equal(node.rows("score", UNKNOWN),
              [[UNKNOWN, "unknown", "-", "-", "-", "0", "0", "0", "closed", "ok"]])
        equal(node.text("score", UNKNOWN).splitlines(), [
            "SERVER                 STATUS   SCORE  LOWER  UPPER  EVIDENCE  RATERS  FLAGS  "
            "BREAKER  QUARANTINE",
            "mcp:io.example/nobody  unknown  -      -      -      0.000     0       0      "
            "closed   ok"])


def ids_are_asked_for_in_canonical_form_and_order():
    with Running() as node:
        rows = node.ok("score", "HTTPS://MCP.Example:443/mcp", "pkg:npm/@acme/x", UNKNOWN)
        equal([row["subject"] for row in rows],
              ["https://mcp.example/mcp", "pkg:npm/%40acme/x", UNKNOWN])


def more_than_a_batch_is_asked_for_in_several():
    with Running() as node:
        ids = [f"mcp:io.example/n{i}" for i in range(130)]
        equal([row["subject"] for row in node.ok("score", *ids)], ids)


def a_manifest_is_asked_for():
    with Running() as node:
        [row] = node.ok("score", UNKNOWN, "--manifest", MANIFEST)
        equal(row["manifest"], MANIFEST)


def wrong_words_are_refused_before_the_node_is_asked():
    error = refused(run("--json", "score", UNKNOWN, "no id"), "TRUST_NO_SUBJECT", 2)
    equal(error["message"], '"no id" is no id of a server')
    refused(run("--json", "score", UNKNOWN, "--manifest", "ab"), "TRUST_NO_SYNTAX", 2)
    refused(run("--json", "score"), "TRUST_NO_SIZE", 2)


main(without_a_node_it_says_how_to_start_one, an_unknown_server_has_no_score_in_any_form,
     ids_are_asked_for_in_canonical_form_and_order, more_than_a_batch_is_asked_for_in_several,
     a_manifest_is_asked_for, wrong_words_are_refused_before_the_node_is_asked)
