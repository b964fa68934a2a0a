#!/usr/bin/python3
"""`repute-guard` in front of servers that are reached by HTTP: what a client over standard streams
gets when they answer, fail and lie. TAP."""
import json
import os
import sys

from guarding import is_alive, until
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


def settled(answer):
    """What became of a call: its text, the degraded reason, or the code of an error."""
    if "error" in answer and "data" not in answer["error"]:
        return answer["error"]["code"]
    if answer.get("result", {}).get("isError") or "error" in answer:
        return about(answer)["reason"]
    return text(answer)


def tried(answer):
    return [(attempt["subject"], attempt["class"], attempt["sent"])
            for attempt in about(answer)["tried"]]


@test
def answers_come_in_every_form_that_servers_give_them():
    with Web() as desk, desk.guard() as guard:
        guard.greet()
        for mood in ("answer", "stream", "stream cr", "stream crlf", "stream bom", "chunked",
                     "trickle", "twice", "slow", "moved"):
            desk.mood("alpha", mood)
            equal((mood, guard.call("change", {"how": mood})["result"]["content"]),
                  (mood, [{"type": "text", "text": "alpha: change"}]))
        equal(guard.ask("ping")["result"], {})
        equal(desk.calls("beta"), [])
        # The one that was moved came twice to the server, which took it the second time alone.
        equal(len(desk.asked("alpha", "tools/call")), 11)


FAULTS = {
    # Mood: the class that it is settled with, whether it may have been executed.
    "drop": ("refused", True), "cut": ("refused", True), "garbage": ("garbage", True),
    "html": ("garbage", True), "binary": ("garbage", True), "wrong id": ("garbage", True),
    "oversize": ("garbage", True), "flood": ("garbage", True), "202": ("garbage", True),
    "500": ("http5xx", True), "503": ("http5xx", True),
    "404": ("refused", False), "elsewhere": ("refused", False),
    # The last, for the pause that it asks for.
    "429": ("rate_limited", True),
}


@test
def a_read_that_fails_in_any_way_is_answered_by_the_fallback():
    with Web() as desk:
        desk.be_patient()
        with desk.guard() as guard:
            guard.greet()
            for mood in FAULTS:
                desk.mood("alpha", mood)
                answer = guard.call("look")
                equal((mood, settled(answer)), (mood, "beta: look"))
                equal(about(answer), {"reason": "failed_over", "from": ALPHA, "to": BETA})
            equal(desk.elsewhere("alpha"), [])
            equal(len(desk.calls("alpha")), len(FAULTS))
            for words in ("broke off: ", "answered with something that is no answer (HTTP status 200)",
                          "has failed at a message (HTTP status 503)",
                          "wants to be asked less (HTTP status 429); it asks for a pause of 7000 ms",
                          "takes no message there: look at its url in the configuration (HTTP status "
                          "404)"):
                until(lambda words=words: f"{ALPHA} {words}" in guard.log(), words)
            assert SECRET not in guard.log(), guard.log()


@test
def a_write_that_fails_is_made_once_or_said_to_be_unknown():
    with Web() as desk:
        desk.be_patient()
        with desk.guard() as guard:
            guard.greet()
            for n, (mood, (name, may_be_done)) in enumerate(FAULTS.items()):
                desk.mood("alpha", mood)
                before = len(desk.calls("beta"))
                answer = guard.call("change", {"n": n})
                if name == "rate_limited" or not may_be_done:
                    equal((mood, settled(answer)), (mood, "beta: change"))
                    continue
                equal((mood, settled(answer), about(answer)["executed"]),
                      (mood, "outcome_unknown", "unknown"))
                equal((mood, tried(answer)), (mood, [(ALPHA, name, True)]))
                equal(settled(guard.call("change", {"n": n})), "outcome_unknown")
                equal((mood, len(desk.calls("beta"))), (mood, before))
            made = [arguments["n"] for arguments in desk.arguments("alpha")]
            equal(made, list(range(len(FAULTS))))


@test
def the_error_of_a_server_is_passed_to_a_write_and_not_to_a_read():
    with Web() as desk, desk.guard() as guard:
        guard.greet()
        desk.mood("alpha", "fail")
        equal(settled(guard.call("change")), -32603)
        equal(settled(guard.call("look")), "beta: look")
        equal(desk.calls("beta"), ["look"])


@test
def a_server_that_is_silent_is_given_up_at_the_timeout():
    for mood in ("hang", "endless"):
        with Web("call_timeout: 700ms") as desk, desk.guard() as guard:
            guard.greet()
            desk.mood("alpha", mood)
            equal((mood, settled(guard.call("look"))), (mood, "beta: look"))
            answer = guard.call("change")
            equal((mood, settled(answer), tried(answer)),
                  (mood, "outcome_unknown", [(ALPHA, "timeout", True)]))
            equal(desk.calls("beta"), ["look"])
            # It lives, and its own connection is used no more.
            desk.mood("alpha", "answer")
            equal(settled(guard.call("look", {"again": 1})), "alpha: look")


@test
def credentials_that_are_refused_are_told_and_go_elsewhere_only_if_that_is_wanted():
    for mood in ("401", "403"):
        with Web() as desk, desk.guard() as guard:
            guard.greet()
            desk.mood("alpha", mood)
            for tool in ("look", "change"):
                answer = guard.call(tool)
                equal((settled(answer), tried(answer)), ("no_provider", [(ALPHA, "auth", True)]))
            equal(desk.calls("beta"), [])
            until(lambda: "wants other credentials" in guard.log(), "the log says so")
            assert SECRET not in guard.log(), guard.log()
        with Web("auth_elsewhere: true") as desk, desk.guard() as guard:
            guard.greet()
            desk.mood("alpha", mood)
            equal(settled(guard.call("change")), "beta: change")


@test
def a_pause_that_a_server_asks_for_is_kept():
    with Web(servers=("alpha",), urls=("alpha",)) as desk, desk.guard() as guard:
        guard.greet()
        desk.mood("alpha", "429")
        answer = guard.call("look")
        equal((settled(answer), tried(answer)), ("rate_limited", [(ALPHA, "rate_limited", True)]))
        assert 6000 < about(answer)["retry_after_ms"] <= 7000, answer
        desk.mood("alpha", "answer")
        answer = guard.call("look")
        equal(settled(answer), "rate_limited")
        # Jitter may make the pause of the breaker longer, not shorter.
        assert 6000 < about(answer)["retry_after_ms"] <= 7500, answer
        equal(desk.calls("alpha"), ["look"])


@test
def a_session_that_is_lost_is_begun_anew_and_the_call_made_once():
    with Web() as desk:
        desk.put("alpha", "session", "first-1")
        with desk.guard() as guard:
            guard.greet()
            equal(settled(guard.call("change", {"n": 1})), "alpha: change")
            desk.put("alpha", "session", "second-2")
            equal(settled(guard.call("change", {"n": 2})), "alpha: change")
            equal(desk.calls("alpha"), ["change", "change"])
            equal([headers.get("mcp-session-id") for headers, _ in
                   desk.asked("alpha", "tools/call")], ["first-1", "first-1", "second-2"])
            equal(len(desk.asked("alpha", "initialize")), 2)
            equal(guard.stop(), 0)
        equal(desk.verbs("alpha")[-1], "DELETE")
        equal(desk.calls("beta"), [])


@test
def a_session_that_is_lost_again_and_again_is_left():
    with Web() as desk:
        desk.put("alpha", "session", "one")
        with desk.guard() as guard:
            guard.greet()
            desk.mood("alpha", "404")
            equal(settled(guard.call("look")), "beta: look")
            assert len(desk.asked("alpha", "tools/call")) == 2, desk.asked("alpha", "tools/call")


GREETINGS = {"503": "http5xx", "401": "auth", "429": "rate_limited", "garbage": "garbage",
             "html": "garbage", "cut": "refused", "hang": "refused", "404": "refused"}


HELLO = ('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
         '"capabilities":{},"clientInfo":{"name":"test","version":"1"}}}')
CHANGE = '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"change","arguments":{}}}'


def pinned(options, **more):
    """Both servers have been seen before."""
    desk = Web(options, **more)
    with desk.guard() as guard:
        guard.greet()
        desk.await_lists()
        equal(guard.stop(), 0)
    return desk


@test
def how_a_server_refused_to_begin_is_told():
    with pinned("connect_timeout: 1500ms", servers=("alpha",), urls=("alpha",)) as desk:
        for mood, name in GREETINGS.items():
            desk.put("alpha", "greeting", mood)
            with desk.guard() as guard:
                # In one piece, so that the call waits for a server that is being greeted.
                guard.write(HELLO + "\n" + CHANGE)
                answer = guard.read(2)
                equal((mood, tried(answer), about(answer)["executed"]),
                      (mood, [(ALPHA, name, False)], "no"))
                equal(about(answer)["reason"],
                      "rate_limited" if name == "rate_limited" else "no_provider")
                assert about(answer)["retry_after_ms"], (mood, answer)
                why = about(guard.call("change"))["candidates"]
                equal((mood, [(row["subject"], row["state"], row["why"]) for row in why]),
                      (mood, [(ALPHA, "down", {"auth": "auth_required",
                                               "rate_limited": "rate_limited"}.get(
                                                   name, "restarting"))]))
        equal(desk.calls("alpha"), [])


@test
def a_server_that_refuses_to_begin_is_stood_in_for_and_taken_back():
    with pinned("connect_timeout: 1500ms") as desk:
        for mood in GREETINGS:
            desk.put("alpha", "greeting", mood)
            with desk.guard() as guard:
                guard.greet()
                before = len(desk.calls("alpha"))
                answer = guard.call("change", {"n": 1})
                equal((mood, settled(answer)), (mood, "beta: change"))
                equal((mood, len(desk.calls("alpha"))), (mood, before))
                if mood == "429":
                    continue # 7 s later
                desk.put("alpha", "greeting", "answer")
                until(lambda: settled(guard.call("look")) == "alpha: look", "it is taken back")


@test
def a_group_of_which_nothing_is_known_is_promised_as_the_fallback_has_it():
    with Web("connect_timeout: 1500ms") as desk:
        desk.put("alpha", "greeting", "503")
        with desk.guard() as guard:
            equal(guard.greet()["serverInfo"]["name"], "beta")
            equal(settled(guard.call("change")), "beta: change")


@test
def a_server_that_dies_and_comes_back_serves_again():
    with Web() as desk, desk.guard() as guard:
        guard.greet()
        desk.kill("alpha")
        equal(settled(guard.call("look")), "beta: look")
        desk.launch("alpha")
        until(lambda: settled(guard.call("look")) == "alpha: look", "it serves again")


@test
def what_is_unused_for_long_is_left_and_found_again():
    with Web("idle_timeout: 200ms", urls=("alpha",)) as desk:
        desk.put("alpha", "session", "one")
        with desk.guard() as guard:
            guard.greet()
            equal(settled(guard.call("look")), "alpha: look")
            until(lambda: desk.pid("beta") != 0, "the fallback runs")
            fallback = desk.pid("beta")
            until(lambda: desk.verbs("alpha").count("DELETE") ==
                  len(desk.asked("alpha", "initialize")), "the session is ended")
            sessions = len(desk.asked("alpha", "initialize"))
            until(lambda: not is_alive(fallback), "the process is ended")
            for name in (ALPHA, "mcp:io.example/beta"):
                assert f"{name} is stopped: nobody has called it for idle_timeout" in guard.log()
            assert "tried again" not in guard.log(), guard.log()
            equal(settled(guard.call("change")), "alpha: change")
            equal(len(desk.asked("alpha", "initialize")), sessions + 1)
            desk.kill("alpha")
            equal(settled(guard.call("look")), "beta: look")
            assert desk.pid("beta") != fallback


def marked(name, schema):
    return {"name": name, "inputSchema": {"type": "object", "properties": schema},
            "annotations": {"readOnlyHint": False}}


QUERY = marked("query", {
    "region": {"type": "string", "x-mcp-header": "Region"},
    "page": {"type": "object", "properties": {
        "size": {"type": "integer", "x-mcp-header": "Page-Size"}}},
    "dry": {"type": "boolean", "x-mcp-header": "Dry"}, "text": {"type": "string"}})


@test
def a_modern_server_gets_in_headers_what_its_tools_mark():
    wrong = marked("wrong", {"a": {"type": "number", "x-mcp-header": "A"}})
    with Web() as desk:
        desk.put("alpha", "modern", "")
        desk.put("alpha", "tools", json.dumps([QUERY, wrong, marked("plain", {})]))
        with desk.guard() as guard:
            guard.greet()
            equal([tool["name"] for tool in guard.ask("tools/list")["result"]["tools"]],
                  ["query", "plain"])
            until(lambda: "has a tool wrong whose x-mcp-header marks something else than a string, "
                          "an integer or a boolean: it is left out" in guard.log(), "it is said")
            equal(settled(guard.call("query", {"region": "Z\u00fcrich", "page": {"size": 42.0},
                                               "dry": False, "text": "secret"})), "alpha: query")
            equal(settled(guard.call("query", {"region": "us-west1", "dry": None})),
                  "alpha: query")
            equal(settled(guard.call("plain", {"region": "us"})), "alpha: plain")
            got = [{name: value for name, value in headers.items() if name.startswith("mcp-")}
                   for headers, _ in desk.asked("alpha", "tools/call")]
            version = {"mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call"}
            equal(got, [version | {"mcp-name": "query", "mcp-param-region": "=?base64?WsO8cmljaA==?=",
                                   "mcp-param-page-size": "42", "mcp-param-dry": "false"},
                        version | {"mcp-name": "query", "mcp-param-region": "us-west1"},
                        version | {"mcp-name": "plain"}])


@test
def a_call_whose_headers_are_refused_is_made_again_when_the_tools_were_learned_anew():
    with Web() as desk:
        desk.put("alpha", "modern", "")
        with desk.guard() as guard:
            guard.greet()
            guard.call("look")
            before = len(desk.asked("alpha", "tools/list"))
            desk.mood("alpha", "mismatch")
            equal(settled(guard.call("change", {"n": 1})), "alpha: change")
            equal(len(desk.asked("alpha", "tools/list")), before + 1)
            # What is to be in headers has changed: so has the tool, which is withheld.
            desk.put("alpha", "tools", json.dumps([QUERY | {"name": "change"}]))
            desk.mood("alpha", "mismatch")
            equal(settled(guard.call("change", {"n": 2})), "beta: change")
            equal([call["n"] for call in desk.arguments("alpha") if "n" in call], [1, 1, 2])


@test
def writes_under_way_when_a_server_is_killed_are_made_once_or_said_to_be_unknown():
    with Web() as desk, desk.guard() as guard:
        guard.greet()
        equal(settled(guard.call("look")), "alpha: look")
        answers = {}
        for turn in range(12):
            desk.mood("alpha", "slow")
            numbers = {}
            for n in range(8):
                numbers[guard.send_call("change", {"n": turn * 8 + n})] = turn * 8 + n
            if turn % 2 == 0:
                until(lambda: desk.arguments("alpha"), "something is under way")
            desk.kill("alpha")
            while numbers:
                answer = guard.read()
                answers[numbers.pop(answer["id"])] = settled(answer)
            desk.launch("alpha")
        made = [arguments["n"] for name in ("alpha", "beta")
                for arguments in desk.arguments(name) if "n" in arguments]
        equal(sorted(set(made)), sorted(made))
        equal(len(answers), 96)
        for n, answer in answers.items():
            assert answer in ("alpha: change", "beta: change", "outcome_unknown"), (n, answer)
            assert answer == "outcome_unknown" or n in made, (n, answer)


if __name__ == "__main__":
    sys.exit(test.run())
