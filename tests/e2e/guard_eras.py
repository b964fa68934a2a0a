#!/usr/bin/python3
"""`repute-guard` between the eras of MCP: a client of one, servers of the other, and groups of
both. TAP."""
import json
import os
import signal
import sys

from guarding import Desk, until
from node import Tests, equal
from webbing import Web

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


KEY = "io.modelcontextprotocol/"
WHO = {KEY + "protocolVersion": "2026-07-28", KEY + "clientCapabilities": {"elicitation": {}},
       KEY + "clientInfo": {"name": "test", "version": "1"}}


def ask(guard, method, **params):
    return guard.read(guard.send(method, params | {"_meta": WHO}))


def answer_to(guard, tool, **params):
    return ask(guard, "tools/call", name=tool, arguments={}, **params)


def legacy_desk(*names):
    """Servers of legacy versions with a tool that asks."""
    desk = Desk(servers=names)
    for name in names:
        desk.put(name, "tools", json.dumps([
            {"name": tool, "inputSchema": {"type": "object"},
             "annotations": {"readOnlyHint": tool == "look"}} for tool in ("look", "ask")]))
    return desk


@test
def a_modern_client_uses_a_legacy_server():
    with legacy_desk("alpha") as desk, desk.guard() as guard:
        found = ask(guard, "server/discover")["result"]
        equal(found["supportedVersions"], ["2026-07-28"])
        equal(found["resultType"], "complete")
        equal(found["_meta"], {KEY + "serverInfo": {"name": "alpha", "version": "1"}})
        listed = ask(guard, "tools/list")["result"]
        equal([tool["name"] for tool in listed["tools"]], ["look", "ask"])
        got = answer_to(guard, "look")
        equal(text(got), "alpha: look")
        equal(got["result"]["resultType"], "complete")


@test
def what_a_legacy_server_asks_is_the_answer_to_a_modern_client():
    with legacy_desk("alpha") as desk, desk.guard() as guard:
        ask(guard, "server/discover")
        question = answer_to(guard, "ask")["result"]
        equal(question["resultType"], "input_required")
        (key, wanted), = question["inputRequests"].items()
        equal(wanted["method"], "elicitation/create")
        equal(wanted["params"]["message"], "Which name?")
        got = answer_to(guard, "ask", requestState=question["requestState"], inputResponses={
            key: {"action": "accept", "content": {"name": "Ada"}}})
        equal(text(got), "alpha: ask accept Ada")
        equal(desk.calls("alpha"), ["ask"])
        again = answer_to(guard, "ask", requestState=question["requestState"])
        equal(again["error"]["code"], -32602)


@test
def a_legacy_server_that_ends_while_it_asks_leaves_an_unknown_outcome():
    with legacy_desk("alpha") as desk, desk.guard() as guard:
        ask(guard, "server/discover")
        question = answer_to(guard, "ask")["result"]
        pid = desk.pid("alpha")
        os.kill(pid, signal.SIGKILL)
        until(lambda: desk.pid("alpha") != pid, "it was started again")
        got = answer_to(guard, "ask", requestState=question["requestState"], inputResponses={
            "r1": {"action": "accept", "content": {"name": "Ada"}}})
        equal(got["result"]["_meta"]["io.repute/guard"]["reason"], "outcome_unknown")
        equal(desk.calls("alpha"), ["ask"])


@test
def a_modern_client_listens_to_a_legacy_server():
    with legacy_desk("alpha") as desk, desk.guard() as guard:
        ask(guard, "server/discover")
        guard.send("subscriptions/listen", {"notifications": {"toolsListChanged": True},
                                            "_meta": WHO}, number="l")
        line = json.loads(guard.read_line())
        equal(line["method"], "notifications/subscriptions/acknowledged")
        equal(line["params"]["notifications"], {"toolsListChanged": True})
        equal(line["params"]["_meta"], {KEY + "subscriptionId": "l"})


@test
def a_modern_client_fails_over_between_the_eras():
    with desk_of("modern", "legacy") as desk, desk.guard() as guard:
        ask(guard, "server/discover")
        until(lambda: len(desk.pids()) == 2, "both run")
        equal(text(answer_to(guard, "look")), "alpha: look")
        desk.mood("alpha", "exit")
        got = answer_to(guard, "look")
        equal(text(got), "beta: look")
        equal(got["result"]["resultType"], "complete")
        equal(got["result"]["_meta"]["io.repute/guard"]["reason"], "failed_over")


def headers_of(desk, method):
    return desk.asked("alpha", method)[-1][0]


@test
def a_legacy_client_uses_a_modern_server_by_http():
    with Web(servers=("alpha",), urls=("alpha",)) as desk:
        desk.put("alpha", "modern", "")
        with desk.guard() as guard:
            equal(greet(guard)["serverInfo"]["name"], "alpha")
            equal(text(guard.call("look")), "alpha: look")
        headers = headers_of(desk, "tools/call")
        equal([headers.get(name) for name in ("mcp-protocol-version", "mcp-method", "mcp-name")],
              ["2026-07-28", "tools/call", "look"])
        equal(desk.asked("alpha", "notifications/initialized"), [])


@test
def a_modern_client_uses_a_legacy_server_by_http():
    with Web(servers=("alpha",), urls=("alpha",)) as desk:
        desk.put("alpha", "session", "of-the-server")
        with desk.guard() as guard:
            ask(guard, "server/discover")
            equal(text(answer_to(guard, "look")), "alpha: look")
        headers = headers_of(desk, "tools/call")
        equal([headers.get(name) for name in (
            "mcp-protocol-version", "mcp-session-id", "mcp-method")],
              ["2025-11-25", "of-the-server", None])


if __name__ == "__main__":
    sys.exit(test.run())
