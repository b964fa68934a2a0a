#!/usr/bin/python3
"""GET /v1/servers and /v1/servers/{id}. TAP."""
import sys

from node import Node, Tests, equal, near, quote, refused
from web import LOWER, MANIFEST, MEAN, OTHER, SERVER, rating, web_of

test = Tests()
CONFIG = f"""
groups:
  search:
    primary: {{ subject: "{SERVER}", command: "true" }}
    fallbacks: [ {{ subject: "{OTHER}", url: "{OTHER}" }} ]
  again:
    primary: {{ subject: "{OTHER}", url: "{OTHER}" }}
"""


def subjects(answer):
    equal(answer.status, 200)
    return [row["subject"] for row in answer.json]


@test
def agents_see_the_configured_servers_once_each(node):
    equal(subjects(node.ask("GET", "/v1/servers", as_agent=True)), [SERVER, OTHER])


@test
def the_operator_also_sees_what_records_speak_of(node):
    equal(subjects(node.ask("GET", "/v1/servers")), [SERVER, OTHER, "mcp:io.example/third"])
    equal(subjects(node.ask("GET", "/v1/servers?limit=1")), [SERVER])
    equal(subjects(node.ask("GET", "/v1/servers?limit=0")), [])


@test
def one_server_is_scored_as_it_is_asked_for(node):
    for as_agent in (True, False):
        row = node.ask("GET", f"/v1/servers/{quote(SERVER)}", as_agent=as_agent).json
        equal((row["subject"], row["status"]), (SERVER, "ok"))
        near(row["mean"], MEAN, 1e-5)
        near(row["lower"], LOWER, 1e-5)
    row = node.ask("GET", f"/v1/servers/{quote(SERVER)}?manifest={MANIFEST}").json
    equal((row["manifest"], row["manifest_changed"]), (MANIFEST, False))
    assert row["lower"] < LOWER - .01
    row = node.ask("GET", f"/v1/servers/{quote(SERVER + '@1.2.3')}").json
    equal(row["subject"], SERVER + "@1.2.3")


@test
def a_get_puts_nothing_on_the_board(node):
    before = node.ask("GET", "/v1/status").json["servers"]
    equal(node.ask("GET", f"/v1/servers/{quote('mcp:io.example/unheard')}").json["status"],
          "unknown")
    equal(node.ask("GET", "/v1/status").json["servers"], before)


@test
def wrong_ids_and_parameters_are_refused(node):
    refused(node.ask("GET", "/v1/servers/nonsense"), 400, "TRUST_NO_SUBJECT")
    refused(node.ask("GET", f"/v1/servers/{quote('HTTPS://Other.example/mcp')}"), 400,
            "TRUST_NO_SUBJECT", OTHER)
    refused(node.ask("GET", f"/v1/servers/{quote(SERVER)}?manifest=12"), 400, "TRUST_NO_RANGE",
            "64 hex")
    refused(node.ask("GET", "/v1/servers?limit=1001"), 400, "TRUST_NO_RANGE", "limit")
    refused(node.ask("GET", "/v1/servers?limit=-1"), 400, "TRUST_NO_TYPE", "limit")
    refused(node.ask("GET", "/v1/servers?limits=1"), 400, "TRUST_NO_OPTION", "limits")
    refused(node.ask("POST", "/v1/servers", {}), 405, "TRUST_NO_METHOD")


if __name__ == "__main__":
    with Node(CONFIG, operator=1) as running:
        web_of(running, rating(2, "mcp:io.example/third"))
        sys.exit(test.run(running))
