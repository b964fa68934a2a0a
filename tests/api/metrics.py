#!/usr/bin/python3
"""GET /metrics: the text format of Prometheus and its naming rules. TAP."""
import re
import sys

from node import Node, Tests, equal, make
from web import web_of

test = Tests()
LABELS = {"version", "state", "breaker", "status"}


def read(node):
    answer = node.ask("GET", "/metrics", as_agent=True)
    equal((answer.status, answer.headers["content-type"]),
          (200, "text/plain; version=0.0.4; charset=utf-8"))
    return answer.body.decode()


@test
def every_line_is_one_of_the_format(node):
    text = read(node)
    assert text.endswith("\n")
    described, typed, seen = set(), {}, set()
    for line in text.splitlines():
        if match := re.fullmatch(r"# HELP (repute_[a-z_]+) \S.*\.", line):
            assert match[1] not in described
            described.add(match[1])
        elif match := re.fullmatch(r"# TYPE (repute_[a-z_]+) (gauge|counter)", line):
            assert match[1] in described and match[1] not in typed
            typed[match[1]] = match[2]
        else:
            match = re.fullmatch(r'(repute_[a-z_]+)(?:\{([a-z]+)="([^"]*)"\})? (\d+)', line)
            assert match, line
            assert match[2] is None or match[2] in LABELS, line
            assert (match[1], match[3]) not in seen, line
            seen.add((match[1], match[3]))
            equal(match[1].endswith("_total"), typed[match[1]] == "counter")
    equal(set(typed), {name for name, _ in seen})
    assert len(typed) > 25


@test
def figures_are_those_of_the_node(node):
    text = read(node)
    for line in ("repute_store_records 2", "repute_authors 2", "repute_records_accepted_total 2",
                 "repute_link_running 1", "repute_store_faulty 0",
                 'repute_peers{state="up"} 0', 'repute_build_info{version="0.1.0"} 1'):
        assert line + "\n" in text, line


@test
def no_key_is_named(node):
    for key in make("key 1", "key 2"):
        assert key not in read(node)
    assert "rpn1" not in read(node)


if __name__ == "__main__":
    with Node(operator=1) as running:
        web_of(running)
        sys.exit(test.run(running))
