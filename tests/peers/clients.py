#!/usr/bin/python3
"""The official SDK clients, versions 1 and 2, through `repute guard` to a server from npm: what they
get is what they get without the guard. TAP."""
import os
import sys

import npm
from guard_eras import desk_of
from node import Tests, equal
from peer import EVERYTHING, Bench, Client, about, answered_by, end, text, until

test = Tests()
KINDS = ("v1", "v2")
ALL = {"sampling": {}, "elicitation": {}, "roots": {"listChanged": True}}
NO_SUCH = {"name": "no-such-tool", "arguments": {}}
# (method of the client, parameters): reads of every kind, and what is asked wrong.
QUESTIONS = (
    ("listTools", None),
    ("listPrompts", None),
    ("listResources", None),
    ("listResourceTemplates", None),
    ("callTool", {"name": "echo", "arguments": {"message": "grüß \ud83d\ude00 \\u0041 \x00"}}),
    ("callTool", {"name": "get-sum", "arguments": {"a": 9007199254740993, "b": -0.5}}),
    ("callTool", {"name": "get-sum", "arguments": {"a": "1"}}),
    ("callTool", {"name": "get-structured-content", "arguments": {"location": "Chicago"}}),
    ("callTool", {"name": "get-tiny-image", "arguments": {}}),
    ("callTool", {"name": "get-annotated-message",
                  "arguments": {"messageType": "error", "includeImage": True}}),
    ("callTool", {"name": "get-resource-links", "arguments": {"count": 10}}),
    ("callTool", NO_SUCH),
    ("getPrompt", {"name": "args-prompt", "arguments": {"city": "Oslo"}}),
    ("getPrompt", {"name": "no-such-prompt"}),
    ("readResource", {"uri": "demo://resource/static/document/features.md"}),
    ("readResource", {"uri": "demo://resource/no/such"}),
    ("complete", {"ref": {"type": "ref/prompt", "name": "completable-prompt"},
                  "argument": {"name": "department", "value": "S"}}),
    ("ping", None),
)


def direct(kind, **options):
    words = npm.command(EVERYTHING)
    return Client(kind, words, {"PEER": "alpha directly"}, **options)


def same(kind, capabilities, options=None):
    with Bench() as bench, \
            direct(kind, capabilities=capabilities, options=options) as plain, \
            bench.client(kind, capabilities=capabilities, options=options) as guarded:
        for member in ("server", "capabilities", "instructions", "era"):
            equal(guarded.connected.get(member), plain.connected.get(member))
        wait_for_tools(plain, capabilities)
        wait_for_tools(guarded, capabilities)
        for method, params in QUESTIONS:
            answers = [client.read(client.send(method, params)) for client in (plain, guarded)]
            for answer in answers:
                del answer["n"]
            if params == NO_SUCH:
                # The guard answers for all servers of the group, and says which tool.
                answers[1] = expect_unknown(answers[1], answers[0])
            equal(answers[1], answers[0])


def expect_unknown(answer, wanted):
    return wanted if "no-such-tool" in str(answer) else answer


def wait_for_tools(client, capabilities):
    """This server has some of its tools only once it knows the client's capabilities."""
    wanted = "trigger-sampling-request" if "sampling" in capabilities else "echo"
    until(lambda: wanted in [tool["name"] for tool in client.ask("listTools")["tools"]],
          f"{wanted} is listed")


@test
def what_a_client_gets_is_what_it_gets_without_the_guard():
    for kind in KINDS:
        same(kind, {})


@test
def what_an_able_client_gets_is_what_it_gets_without_the_guard():
    for kind in KINDS:
        same(kind, {"sampling": {}, "elicitation": {}})


@test
def a_client_that_speaks_the_newest_era_gets_the_same_in_its_words():
    with Bench() as bench, direct("v2", capabilities={}) as plain, \
            bench.client("v2", capabilities={},
                         options={"versionNegotiation": {"mode": "auto"}}) as guarded:
        equal(guarded.connected["era"], "modern")
        equal(guarded.connected["server"], plain.connected["server"])
        equal(guarded.connected["instructions"], plain.connected["instructions"])
        # Tasks are none of the newest era.
        equal(guarded.connected["capabilities"],
              {key: value for key, value in plain.connected["capabilities"].items()
               if key != "tasks"})
        for method, params in QUESTIONS:
            if method == "ping" or params == NO_SUCH:
                continue
            answers = [client.read(client.send(method, params)) for client in (plain, guarded)]
            for answer in answers:
                del answer["n"]
                for member in ("resultType", "ttlMs", "cacheScope"):
                    answer.get("result", {}).pop(member, None)
                for tool in answer.get("result", {}).get("tools", []):
                    tool.pop("execution", None)
            equal(answers[1], answers[0])


@test
def progress_comes_in_order_and_before_the_answer():
    for kind in KINDS:
        with Bench() as bench, bench.client(kind) as client:
            first = client.send_call("trigger-long-running-operation",
                                     {"duration": 0.4, "steps": 4}, progress=True)
            second = client.send_call("trigger-long-running-operation",
                                      {"duration": 0.3, "steps": 3}, progress=True)
            for number, steps in ((first, 4), (second, 3)):
                assert f"Steps: {steps}." in text(client.read(number)["result"])
                seen = [line["progress"] for line in client.seen if line.get("n") == number]
                # The SDKs drop one that arrives together with the answer.
                equal(seen, [{"progress": n + 1, "total": steps} for n in range(len(seen))])
                assert len(seen) >= steps - 1, seen


@test
def a_call_that_is_cancelled_is_answered_by_nobody():
    for kind in KINDS:
        with Bench() as bench, bench.client(kind) as client:
            number = client.send_call("trigger-long-running-operation",
                                      {"duration": 0.5, "steps": 5}, progress=True)
            client.wait_for(lambda line: "progress" in line)
            client.tell(cancel=number)
            assert "the user changed their mind" in str(client.read(number)["error"])
            # Longer than the operation: an answer that still came would be a problem to the SDK.
            client.call("trigger-long-running-operation", {"duration": 0.6, "steps": 1})
            equal([line for line in client.seen if "problem" in line], [])
            equal(answered_by(client), "alpha")


@test
def a_server_asks_its_client_through_the_guard():
    for kind in KINDS:
        with Bench() as bench, bench.client(kind, capabilities=ALL) as client:
            client.tell(answers={
                "sampling/createMessage": {"role": "assistant", "model": "a model",
                                           "content": {"type": "text", "text": "sampled words"}},
                "elicitation/create": {"action": "accept", "content": {"name": "Ada Lovelace"}},
                "roots/list": {"roots": [{"uri": "file:///one", "name": "one"}]}})
            wait_for_tools(client, ALL)
            answer = client.call("trigger-sampling-request", {"prompt": "two words"})
            assert "sampled words" in text(answer), answer
            asked = client.wait_for(lambda line: line.get("request") == "sampling/createMessage")
            assert "two words" in asked["params"]["messages"][0]["content"]["text"], asked
            answer = client.call("trigger-elicitation-request")
            assert "Ada Lovelace" in str(answer["content"]), answer
            assert "file:///one" in text(client.call("get-roots-list"))
            client.tell(answers={"elicitation/create": {"action": "decline"},
                                 "roots/list": {"roots": [{"uri": "file:///two"}]}})
            assert "declined" in str(client.call("trigger-elicitation-request")["content"])
            client.tell(notify="notifications/roots/list_changed")
            until(lambda: "file:///two" in text(client.call("get-roots-list")), "roots are renewed")


@test
def a_server_asks_a_client_of_the_newest_era_too():
    able = {"sampling": {}, "elicitation": {"form": {}}}
    with Bench() as bench, bench.client("v2", capabilities=able, options={
            "versionNegotiation": {"mode": "auto"}}) as client:
        equal(client.connected["era"], "modern")
        client.tell(answers={
            "sampling/createMessage": {"role": "assistant", "model": "a model",
                                       "content": {"type": "text", "text": "sampled words"}},
            "elicitation/create": {"action": "accept", "content": {"name": "Ada Lovelace"}}})
        wait_for_tools(client, able)
        answer = client.call("trigger-sampling-request", {"prompt": "two words"})
        assert "sampled words" in text(answer), answer
        answer = client.call("trigger-elicitation-request")
        assert "Ada Lovelace" in str(answer["content"]), answer
        client.tell(answers={"elicitation/create": {"action": "decline"}})
        assert "declined" in str(client.call("trigger-elicitation-request")["content"])


@test
def a_server_of_the_newest_era_alone_serves_clients_of_both():
    for kind, options in (("v1", None), ("v2", None),
                          ("v2", {"versionNegotiation": {"mode": "auto"}})):
        with desk_of("modern") as desk, \
                Client(kind, [os.environ["REPUTE"], "guard", "--home", desk.home,
                              "--group", "work"], {},
                       capabilities={"elicitation": {}}, options=options) as client:
            equal(client.connected["server"], {"name": "alpha", "version": "1"})
            equal([tool["name"] for tool in client.ask("listTools")["tools"]],
                  ["look", "change", "ask"])
            equal(text(client.call("look")), "alpha: look")
            client.tell(answers={"elicitation/create": {"action": "accept",
                                                        "content": {"name": "Ada"}}})
            equal(text(client.call("ask")), "alpha: ask half accept Ada")


@test
def a_request_of_a_server_that_dies_is_cancelled():
    with Bench() as bench, bench.client("v1", capabilities={"elicitation": {}}) as client:
        until(lambda: "trigger-elicitation-request" in
              [tool["name"] for tool in client.ask("listTools")["tools"]], "it is listed")
        number = client.send_call("trigger-elicitation-request")
        client.wait_for(lambda line: line.get("request") == "elicitation/create")
        bench.kill("alpha")
        client.wait_for(lambda line: line.get("aborted") == "elicitation/create")
        equal(about(client.read(number)["result"])["reason"], "outcome_unknown")


@test
def logging_reaches_the_client_and_its_level_the_server():
    for kind in KINDS:
        with Bench() as bench, bench.client(kind) as client:
            client.ask("setLoggingLevel", "info")
            uri = "demo://resource/dynamic/text/1"
            client.ask("subscribeResource", {"uri": uri})
            said = client.wait_for(lambda line: line.get("notification") == "notifications/message")
            equal((said["params"]["level"], uri in said["params"]["data"]), ("info", True))
            client.ask("setLoggingLevel", "emergency")
            client.ask("unsubscribeResource", {"uri": uri})
            answered_by(client)
            equal([line for line in client.seen if line.get("notification") ==
                   "notifications/message"], [])


@test
def a_subscription_outlives_its_server():
    for kind in KINDS:
        with Bench() as bench, bench.client(kind) as client:
            uri = "demo://resource/dynamic/text/7"
            client.ask("subscribeResource", {"uri": uri})
            client.call("toggle-subscriber-updates")

            def updated(line):
                return line.get("notification") == "notifications/resources/updated"
            equal(client.wait_for(updated)["params"], {"uri": uri})
            until(lambda: bench.pid("beta"), "the fallback is learned")
            bench.kill("alpha")
            answered_by(client)  # a read: it is answered while a write would be unknown
            client.seen.clear()
            answer = client.call("toggle-subscriber-updates")
            assert "Started" in text(answer), answer
            equal(client.wait_for(updated)["params"], {"uri": uri})


@test
def a_client_that_leaves_takes_the_servers_with_it():
    for kind in KINDS:
        with Bench() as bench, bench.client(kind) as client:
            equal(answered_by(client), "alpha")
            until(lambda: bench.pid("alpha") and bench.pid("beta"), "both run")
            equal(client.close(), 0)
            until(lambda: not bench.pid("alpha") and not bench.pid("beta"), "no server is left")


if __name__ == "__main__":
    sys.exit(end(test))
