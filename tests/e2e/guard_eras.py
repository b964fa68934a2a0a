#!/usr/bin/python3
"""`repute-guard` between the eras of MCP: a client of one, servers of the other, and groups of
both. TAP."""
import json
import os
import signal
import sys

from guarding import Desk, until
from node import Tests, equal

test = Tests()
SERVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "servers")
ELICITS = {"protocolVersion": "2025-06-18", "capabilities": {"elicitation": {}},
           "clientInfo": {"name": "test", "version": "1"}}


def entry(desk, name, server="modern.py"):
    return (f'{{ subject: "mcp:io.example/{name}", command: "{sys.executable}", '
            f'args: ["{SERVERS}/{server}", "{desk.folder}", "{name}"], trust_hints: true }}')


def desk_of(*kinds, options=""):
    """alpha, beta...: a server of each kind, modern or legacy."""
    names = ("alpha", "beta", "gamma")[:len(kinds)]
    desk = Desk(servers=names)
    desk.configure(options, entries={name: entry(desk, name) for name, kind in zip(names, kinds)
                                     if kind == "modern"})
    return desk


def text(answer):
    return answer["result"]["content"][0]["text"]


def greet(guard):
    result = guard.ask("initialize", ELICITS)["result"]
    guard.write('{"jsonrpc":"2.0","method":"notifications/initialized"}')
    return result


@test
def a_legacy_client_uses_a_modern_server():
    with desk_of("modern") as desk, desk.guard() as guard:
        result = greet(guard)
        equal(result["protocolVersion"], "2025-06-18")
        equal(result["serverInfo"], {"name": "alpha", "version": "1"})
        equal(result["capabilities"]["tools"], {"listChanged": True})
        equal([tool["name"] for tool in guard.ask("tools/list")["result"]["tools"]],
              ["look", "change", "ask"])
        equal(text(guard.call("look")), "alpha: look")
        equal(guard.ask("ping")["result"], {})
        equal(guard.ask("no/such/method")["error"]["code"], -32601)


@test
def what_a_modern_server_has_to_know_is_asked_of_the_client():
    with desk_of("modern") as desk, desk.guard() as guard:
        greet(guard)
        number = guard.send_call("ask")
        question = guard.read()
        equal(question["method"], "elicitation/create")
        equal(question["params"]["message"], "Which name?")
        equal(text(guard.call("look")), "alpha: look")
        guard.write(json.dumps({"jsonrpc": "2.0", "id": question["id"], "result": {
            "action": "accept", "content": {"name": "Ada"}}}))
        equal(text(guard.read(number)), "alpha: ask half accept Ada")
        equal(desk.calls("alpha"), ["ask", "look", "ask"])


@test
def the_server_may_end_between_its_question_and_the_answer():
    with desk_of("modern") as desk, desk.guard() as guard:
        greet(guard)
        desk.mood("alpha", "ask and exit")
        number = guard.send_call("ask")
        pid = desk.pid("alpha")
        question = guard.read()
        desk.mood("alpha", "answer")
        until(lambda: desk.pid("alpha") != pid, "it was started again")
        guard.write(json.dumps({"jsonrpc": "2.0", "id": question["id"], "result": {
            "action": "accept", "content": {"name": "Ada"}}}))
        equal(text(guard.read(number)), "alpha: ask half accept Ada")


@test
def a_client_that_declines_to_answer_ends_the_call():
    with desk_of("modern") as desk, desk.guard() as guard:
        greet(guard)
        number = guard.send_call("ask")
        question = guard.read()
        guard.write(json.dumps({"jsonrpc": "2.0", "id": question["id"], "error": {
            "code": -1, "message": "not now"}}))
        equal(guard.read(number)["error"], {"code": -1, "message": "not now"})
        equal(desk.calls("alpha"), ["ask"])


@test
def a_subscription_is_kept_with_a_modern_server():
    with desk_of("modern") as desk, desk.guard() as guard:
        greet(guard)
        equal(guard.ask("resources/subscribe", {"uri": "file:///a"})["result"], {})
        line = json.loads(guard.read_line())
        equal(line["method"], "notifications/resources/updated")
        equal(line["params"]["uri"], "file:///a")
        os.kill(desk.pid("alpha"), signal.SIGKILL)
        line = json.loads(guard.read_line())
        equal(line["params"]["uri"], "file:///a")


@test
def a_read_fails_over_between_the_eras():
    for kinds in (("legacy", "modern"), ("modern", "legacy")):
        with desk_of(*kinds) as desk, desk.guard() as guard:
            greet(guard)
            until(lambda d=desk: len(d.pids()) == 2, "both run")
            equal(text(guard.call("look")), "alpha: look")
            desk.mood("alpha", "exit")
            answer = guard.call("look")
            equal(text(answer), "beta: look")
            equal(answer["result"]["_meta"]["io.repute/guard"]["reason"], "failed_over")


if __name__ == "__main__":
    sys.exit(test.run())
