#!/usr/bin/python3
"""repute explain: the worked example, whose shares visibly sum to the mean."""
import re

from cli import main, refused, run
from node import make, now_ms
from running import (A, ME, RATED, S1, Running, equal, needs_a_node, offer, publish_worked,
                     with_key)

UNKNOWN = "mcp:io.example/nobody"


def short(number):
    return make(f"key {number}")[0][4:11]


def without_a_node_it_says_how_to_start_one():
    needs_a_node(f"explain {RATED}")


def the_shares_are_printed_so_that_they_sum():
    with Running(operator=ME) as node:
        publish_worked(node)
        node.ask("PUT", "/v1/names/" + make(f"key {A}")[0], {"name": "alice"})
        text = node.text("explain", RATED)
        assert "\nscore          0.742\nlower          0.586\nupper          0.899\n" in text, text
        part = text.split("where the mean of overall comes from\n")[1].split("\n\n")[0]
        lines = part.splitlines()[1:]
        equal(len(lines), 7)  # five ratings, the prior, the sum
        shares = [round(float(line.split()[0]) * 1000) for line in lines]
        equal(sum(shares[:-1]), shares[-1])
        equal(shares[-1], 742)
        [alice] = [line for line in lines if f"alice·{short(A)}" in line]
        equal(alice.split()[:4], ["0.355", f"alice·{short(A)}", "0.900", "4.667"])
        assert f"  0.467  me·{short(ME)} > alice·{short(A)}\n" in text, text
        assert f"·{short(S1)}" in text


def the_sum_that_makes_the_score_can_be_followed():
    with Running(operator=ME) as node:
        publish_worked(node)
        for author in (A, ME):
            offer(node, f"rating {author} {now_ms()} {now_ms() // 1000 + 86400} {RATED} - 1 875 20 1")
        text = node.text("explain", RATED)
        document = node.ok("explain", RATED)
        part = text.split("how the score comes about")[1].split("\n\n")[0].splitlines()[1:]
        figures = {line.split()[0]: [float(word) for word in re.findall(r"\d\.\d+|\d+\.\d+", line)]
                   for line in part}
        equal(list(figures), ["performance", "overall", "mean", "cap", "score"])
        for name, other in (("performance", "overall"), ("overall", "performance")):
            leant, prior, good, evidence = figures[name]
            assert abs(prior - document["categories"][other]["mean"]) < .001, (name, figures)
            assert abs(evidence - document["categories"][name]["evidence"]) < .001, (name, figures)
            assert abs(leant - (2 * prior + good) / (2 + evidence)) < .001, (name, figures)
        mean, _, first, _, second = figures["mean"]
        assert abs(mean - .4 * first - .6 * second) < .001, figures
        assert abs(mean - document["mean"]) < .001, (figures, document["mean"])
        equal(figures["score"][0], round(min(mean, figures["cap"][0]), 3))


def the_end_of_a_flag_is_a_sentence():
    with with_key() as node:
        node.ok("flag", RATED, "--severity", "critical", "--class", "malware", "--publish")
        text = node.text("explain", RATED)
        assert text.endswith("it would become\n  unknown: when its worst flag ends\n"), text


def json_has_the_same_figures_in_full():
    with Running(operator=ME) as node:
        publish_worked(node)
        document = node.ok("explain", RATED)
        rows = [row for row in document["contributions"] if row["category"] == "overall"]
        mean = document["categories"]["overall"]["mean"]
        assert abs(sum(row["share"] for row in rows) - mean) < 1e-9, document
        assert abs(mean - .742441) < 1e-4, mean
        equal({row["kind"] for row in rows}, {"prior", "rating"})
        equal(document["single_source"], False)


def plain_says_in_each_line_what_it_is():
    with Running(operator=ME) as node:
        publish_worked(node)
        rows = node.rows("explain", RATED)
        equal(len([row for row in rows if row[:3] == ["contribution", "overall", "rating"]]), 5)
        [mean] = [row[1] for row in rows if row[0] == "mean"]
        assert abs(float(mean) - .742441) < 1e-4, mean


def an_unknown_server_says_what_it_lacks():
    with Running() as node:
        document = node.ok("explain", UNKNOWN)
        equal((document["status"], document["score"], document["ignored"]), ("unknown", None, []))
        assert node.text("explain", UNKNOWN).endswith(
            "it would become\n  weak: with 1.00 more evidence\n")


def the_graph_has_every_vouch_once():
    with Running(operator=ME) as node:
        publish_worked(node)
        text = node.text("explain", RATED, "--graph", "dot")
        assert text.startswith("digraph explanation {\n") and text.endswith("}\n"), text
        edges = re.findall(r'^  "(\w+)" -> "(\w+)";$', text, re.M)
        equal(len(edges), len(set(edges)))
        assert (make(f"key {ME}")[0], make(f"key {A}")[0]) in edges, edges
        assert re.search(r'-> "mcp:io.example/search" \[style=dashed, label="overall 0.355"\];', text)


def wrong_words_are_refused():
    refused(run("--json", "explain", "no id"), "TRUST_NO_SUBJECT", 2)
    refused(run("--json", "explain", RATED, "--graph", "dog"), "TRUST_NO_OPTION", 2)
    refused(run("--json", "explain", RATED, "--graph", "dot"), "TRUST_NO_OPTION", 2)
    refused(run("--json", "explain", RATED, "--manifest", "xy"), "TRUST_NO_SYNTAX", 2)


main(without_a_node_it_says_how_to_start_one, the_shares_are_printed_so_that_they_sum,
     the_sum_that_makes_the_score_can_be_followed, the_end_of_a_flag_is_a_sentence,
     json_has_the_same_figures_in_full, plain_says_in_each_line_what_it_is,
     an_unknown_server_says_what_it_lacks, the_graph_has_every_vouch_once, wrong_words_are_refused)
