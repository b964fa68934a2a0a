#!/usr/bin/python3
"""GET /v1/config. TAP."""
import sys

from node import Node, Tests, equal, make, refused

test = Tests()
CONFIG = """policy: { risk: high }
store: { limit: 1GiB }
groups:
  search:
    primary: { subject: "mcp:io.example/s", command: "true", env: { TOKEN: "s3cret" } }
    fallbacks: [ { subject: "https://o.example/mcp", url: "https://o.example/mcp",
                   headers: { Authorization: "Bearer s3cret" } } ]
"""


def entries(node):
    answer = node.ask("GET", "/v1/config")
    equal(answer.status, 200)
    return {row["path"]: (row["value"], row["origin"]) for row in answer.json}


@test
def each_value_says_where_it_came_from(node):
    rows = entries(node)
    equal(rows["policy.risk"], ("high", "line 1"))
    equal(rows["store.limit"], ("1GiB", "line 2"))
    equal(rows["network"], ("main", "default"))
    equal(rows["breaker.streak"], ("5", "default"))
    equal(rows["operator"], (make("key 1")[0], "keys/operator.pub"))
    equal(rows["groups.search.risk"], ("high", "like policy.risk"))


@test
def secrets_of_servers_are_not_shown(node):
    assert b"s3cret" not in node.ask("GET", "/v1/config").body


@test
def agents_may_not_ask(node):
    refused(node.ask("GET", "/v1/config", as_agent=True), 403, "TRUST_NO_PERMISSION")


if __name__ == "__main__":
    with Node(CONFIG, operator=1) as running:
        sys.exit(test.run(running))
