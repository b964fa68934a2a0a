#!/usr/bin/python3
"""Servers on version 2 of the official SDK, which speak the newest era of MCP, behind `repute guard`:
every client uses them, whichever era it speaks. TAP."""
import json
import os
import sys

import npm
from node import Tests, equal
from peer import HERE, SUBJECT, Bench, about, answered_by, end, text

test = Tests()
ALPHA, BETA = SUBJECT + "alpha", SUBJECT + "beta"
CLIENTS = (("v1", {}), ("v2", {}), ("v2", {"versionNegotiation": {"mode": "auto"}}))
# What a server says of itself in every answer of its era, and how long an answer holds.
OF_ITS_ERA = ("_meta", "resultType", "ttlMs", "cacheScope")


def server(*words):
    return ([npm.node(), "--import", os.path.join(HERE, "packages.mjs"),
             os.path.join(HERE, "modern_server.mjs"), *words], {"PACKAGES": npm.folder()})


def bench_of(alpha, beta):
    return Bench(servers={"alpha": alpha, "beta": beta})


def plain(result):
    return {key: value for key, value in result.items() if key not in OF_ITS_ERA}


def ask_everything(client):
    equal((client.connected["server"]["name"], client.connected["instructions"]),
          ("modern", "Be modern."))
    equal([tool["name"] for tool in client.ask("listTools")["tools"]],
          ["get-env", "sum", "slow", "ask", "fail"])
    equal(plain(client.call("sum", {"a": 1, "b": 2})),
          {"content": [{"type": "text", "text": "3"}], "structuredContent": {"sum": 3}})
    equal(plain(client.call("fail")),
          {"content": [{"type": "text", "text": "on purpose"}], "isError": True})
    equal(plain(client.ask("getPrompt", {"name": "greet", "arguments": {"whom": "me"}}))["messages"],
          [{"role": "user", "content": {"type": "text", "text": "Greet me."}}])
    equal(plain(client.ask("readResource", {"uri": "note://one"})),
          {"contents": [{"uri": "note://one", "mimeType": "text/plain", "text": "one"}]})
    error = client.read(client.send("readResource", {"uri": "note://none"}))["error"]
    equal((error["code"], error["data"]), (-32602, {"uri": "note://none"}))


def ask_for_input(client):
    """What an older server asks as a request, a newer one answers with: the client is asked."""
    client.tell(answers={"elicitation/create": {"action": "accept", "content": {"name": "Ada"}}})
    equal(text(client.call("ask")), "hello Ada")
    asked = client.wait_for(lambda line: line.get("request") == "elicitation/create")
    equal(asked["params"]["message"], "Which name?")
    client.tell(answers={"elicitation/create": {"action": "decline"}})
    equal(text(client.call("ask")), "hello nobody")


@test
def every_client_uses_a_server_of_the_newest_era():
    for kind, options in CLIENTS:
        with bench_of(server("only"), server("only")) as bench, \
                bench.client(kind, options=options, capabilities={"elicitation": {}}) as client:
            if options:
                equal(client.connected["era"], "modern")
            ask_everything(client)
            ask_for_input(client)
            equal(answered_by(client), "alpha")


@test
def a_read_fails_over_from_one_era_to_the_other():
    for kind, options in CLIENTS:
        for servers in ((server("only"), server()), (server(), server("only"))):
            with bench_of(*servers) as bench, bench.client(kind, options=options) as client:
                equal(answered_by(client), "alpha")
                # The fallback is there already, or is started for it: the client's probe was a first
                # guard, so that this one knows its primary and has had no need of another.
                number = client.send_call("slow", {"steps": 3}, progress=True)
                client.wait_for(lambda line, n=number: line.get("n") == n and "progress" in line)
                bench.kill("alpha")
                result = client.read(number)["result"]
                equal(text(result), "after 3 steps")
                equal(about(result), {"reason": "failed_over", "from": ALPHA, "to": BETA})


@test
def a_group_that_is_known_is_promised_at_once_in_either_era():
    with bench_of(server("only"), server("only")) as bench:
        for kind, options in CLIENTS:
            with bench.client(kind, options=options) as client:
                first = client.ask("listTools")["tools"]
                equal(answered_by(client), "alpha")
            os.rename(os.path.join(bench.home, "reputed.yaml"), os.path.join(bench.home, "kept"))
            with open(os.path.join(bench.home, "kept"), encoding="utf-8") as file:
                broken = file.read().replace(json.dumps(npm.node()), '"/no/such/program"')
            with open(os.path.join(bench.home, "reputed.yaml"), "w", encoding="utf-8") as file:
                file.write(broken)
            with bench.client(kind, options=options) as client:
                equal(client.connected["server"]["name"], "modern")
                equal(client.ask("listTools")["tools"], first)
                equal(about(client.call("get-env"))["reason"], "no_provider")
            os.rename(os.path.join(bench.home, "kept"), os.path.join(bench.home, "reputed.yaml"))


if __name__ == "__main__":
    sys.exit(end(test))
