#!/usr/bin/python3
"""`repute-guard` in front of servers that are reached by HTTP: what a client over standard streams
gets when they answer, fail and lie. TAP."""
import os
import sys

from guarding import until
from node import Tests, equal
from webbing import SECRET, Web

test = Tests()
ALPHA, BETA = "https://alpha.example/mcp", "https://beta.example/mcp"


def text(answer):
    return answer["result"]["content"][0]["text"]


def about(answer):
    """What the guard adds to a result, or to an error."""
    part = answer["result"]["_meta"] if "result" in answer else {
        "io.repute/guard": answer["error"]["data"]}
    return part["io.repute/guard"]


def program_of(guard):
    return os.path.basename(os.readlink(f"/proc/{guard.process.pid}/exe"))


@test
def a_session_passes_through_with_the_headers_of_its_entry():
    with Web() as desk, desk.guard() as guard:
        equal(guard.greet()["serverInfo"]["name"], "alpha")
        equal(program_of(guard), "repute-guard-http")
        equal([tool["name"] for tool in guard.ask("tools/list")["result"]["tools"]],
              ["look", "change"])
        equal(text(guard.call("look", {"q": 1})), "alpha: look")
        equal(text(guard.call("change")), "alpha: change")
        equal(desk.calls("alpha"), ["look", "change"])
        equal(desk.calls("beta"), [])
        for headers, _ in desk.asked("alpha"):
            equal(headers["authorization"], SECRET)
        equal([headers["mcp-protocol-version"]
               for headers, _ in desk.asked("alpha", "tools/call")], ["2025-06-18"] * 2)
        equal(guard.stop(), 0)
        equal(guard.log(), "")


@test
def a_group_of_commands_alone_stays_the_small_program():
    with Web(urls=()) as desk, desk.guard() as guard:
        guard.greet()
        equal(program_of(guard), "repute-guard")


@test
def a_dead_server_is_stood_in_for_by_a_command_and_comes_back():
    with Web(urls=("alpha",)) as desk, desk.guard() as guard:
        guard.greet()
        equal(text(guard.call("look")), "alpha: look")
        desk.kill("alpha")
        answer = guard.call("look")
        equal(text(answer), "beta: look")
        equal(about(answer), {"reason": "failed_over", "from": ALPHA, "to": "mcp:io.example/beta"})
        until(lambda: "cannot be reached" in guard.log(), "the log says so")
        assert SECRET not in guard.log(), guard.log()


if __name__ == "__main__":
    sys.exit(test.run())
