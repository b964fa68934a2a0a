#!/usr/bin/python3
"""repute mcp serve: MCP clients of both eras ask it, with a node, without one, and after one."""
import json
import re
import sys
import threading
import time
from urllib.parse import quote

from cli import Home, main, run
from mcp_client import MODERN, Client
from node import now_ms
from running import (FALLBACK, GROUP, ME, PRIMARY, RATED, Running, equal, offer,
                     publish_worked, withhold)

with open(sys.argv[3], encoding="utf-8") as file:
    PAGE = file.read()
TOOLS = ["get_score", "choose_server", "explain_score", "compare_servers", "list_withheld",
         "send_outcome"]
ERAS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", MODERN)
META = "io.modelcontextprotocol/"
URI = "repute://score/" + quote(RATED, safe="")
WORD = re.compile(r"[a-z0-9_]+|\d{4}-\d\d-\d\d")


def every_version_is_greeted():
    with Home() as home:
        for version in ERAS:
            with Client(home.path, version) as client:
                greeting = client.greet()
                if version == MODERN:
                    equal(greeting["supportedVersions"], [MODERN])
                    equal(greeting["_meta"][META + "serverInfo"]["name"], "repute")
                    equal(greeting["cacheScope"], "private")
                else:
                    equal(greeting["protocolVersion"], version)
                    equal(greeting["serverInfo"]["name"], "repute")
                equal(greeting["capabilities"]["resources"]["subscribe"], True)
                assert "tools" in greeting["capabilities"], greeting
        with Client(home.path, "1999-01-01") as client:
            equal(client.greet()["protocolVersion"], "2025-11-25")


def a_request_before_its_greeting_is_refused():
    with Home() as home, Client(home.path) as client:
        code, message = client.error("tools/list")
        equal(code, -32600)
        assert "initialize" in message, message
        equal(client.result("ping"), {})
        equal(client.error("server/discover")[0], -32602)


def a_modern_version_that_is_not_spoken_is_refused_with_those_that_are():
    with Home() as home, Client(home.path) as client:
        client.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {
            "_meta": {META + "protocolVersion": "2031-01-01"}}}).encode())
        error = client.answer()["error"]
        equal((error["code"], error["data"]), (-32022, {"supported": [MODERN]}))
        client.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {
            "_meta": {META + "protocolVersion": MODERN}}}).encode())
        error = client.answer()["error"]
        equal(error["code"], -32602)
        assert "clientCapabilities" in error["message"], error


def the_methods_of_the_other_era_are_not_found():
    with Home() as home:
        for version, methods in (("2025-11-25", ["prompts/list", "logging/setLevel", "nonsense"]),
                                 (MODERN, ["initialize", "resources/subscribe", "nonsense"])):
            with Client(home.path, version) as client:
                client.greet()
                for method in methods:
                    equal(client.error(method), (-32601, "Method not found"))


def ids_come_back_byte_for_byte():
    with Home() as home, Client(home.path) as client:
        for number in (b"12345678901234567890123", b'"\\u0061\\n"', b"-0.50e1", b'""', b"0"):
            client.send(b'{"jsonrpc":"2.0","method":"ping","id": ' + number + b" }")
            equal(client.line(), b'{"jsonrpc":"2.0","id":' + number + b',"result":{}}')


def every_tool_says_what_it_takes_gives_and_does():
    with Home() as home, Client(home.path) as client:
        client.greet()
        tools = client.tools()
        equal([tool["name"] for tool in tools], TOOLS)
        for tool in tools:
            is_writing = tool["name"] == "send_outcome"
            equal(tool["annotations"], {"title": tool["title"], "readOnlyHint": not is_writing,
                                        "destructiveHint": False, "idempotentHint": True,
                                        "openWorldHint": False})
            for name in ("inputSchema", "outputSchema"):
                equal((tool[name]["type"], tool[name]["additionalProperties"]), ("object", False))
            equal(set(tool["outputSchema"]["required"]), set(tool["outputSchema"]["properties"]))
            assert set(tool["inputSchema"].get("required", [])) <= set(
                tool["inputSchema"]["properties"]), tool


def ask_everything(client, group=None):
    """Every tool once; their contents by name."""
    return {
        "get_score": client.tool("get_score", subject=RATED),
        "explain_score": client.tool("explain_score", subject=RATED),
        "compare_servers": client.tool("compare_servers", subjects=[PRIMARY, RATED, FALLBACK]),
        "choose_server": client.tool("choose_server", **({"group": group} if group else
                                                         {"candidates": [PRIMARY, FALLBACK]})),
        "list_withheld": client.tool("list_withheld"),
        "send_outcome": client.tool("send_outcome", subject=RATED, tool="search",
                                    outcome_id="one", latency_ms=12, **{"class": "ok"}),
    }


def without_a_node_everything_is_answered_and_says_so():
    with Home() as home:
        home.write("reputed.yaml", GROUP)
        for version in ERAS:
            with Client(home.path, version) as client:
                client.greet()
                got = ask_everything(client, "search")
                score = got["get_score"]
                equal((score["status"], score["score"], score["basis"]),
                      ("unknown", None, {"kind": "own", "age_s": 0}))
                assert "node is away" in score["message"], score
                equal(got["explain_score"]["is_explained"], False)
                equal(got["compare_servers"]["best"], None)
                choice = got["choose_server"]
                equal((choice["status"], choice["group"]), ("degraded", "search"))
                equal([row["subject"] for row in choice["candidates"]], [PRIMARY, FALLBACK])
                equal((got["list_withheld"]["servers"], got["list_withheld"]["is_whole"]),
                      ([], True))
                equal(got["send_outcome"]["is_counted"], True)


def with_a_node_its_figures_are_given():
    with Running(GROUP, operator=ME) as node:
        publish_worked(node)
        wanted = node.ok("score", RATED)[0]
        for version in ("2024-11-05", MODERN):
            with Client(node.home, version) as client:
                client.greet()
                got = ask_everything(client, "search")
                score = got["get_score"]
                equal((score["status"], score["raters"], score["basis"]["kind"]),
                      (wanted["status"], wanted["raters"], "fresh"))
                for name in ("score", "lower", "upper", "mean"):
                    assert abs(score[name] - wanted[name]) < .01, (name, score, wanted)
                explained = got["explain_score"]
                equal(explained["is_explained"], True)
                kinds = [row["kind"] for row in explained["contributions"]]
                assert "prior" in kinds and kinds.count("rating") >= 3, explained
                assert any(row["hops"] == 1 for row in explained["contributions"]), explained
                equal((got["compare_servers"]["best"],
                       [row["subject"] for row in got["compare_servers"]["servers"]][0]),
                      (RATED, RATED))
                equal(got["choose_server"]["status"], "ok")
                equal(got["list_withheld"]["basis"]["kind"], "fresh")


def after_a_node_its_last_board_is_given():
    with Running(GROUP, operator=ME) as node:
        publish_worked(node)
        with Client(node.home) as client:
            client.greet()
            before = client.tool("get_score", subject=RATED)
            withhold(node, PRIMARY)
            node.stop()
            deadline = time.monotonic() + 15
            while client.tool("get_score", subject=RATED)["basis"]["kind"] != "stale":
                assert time.monotonic() < deadline, "the board does not grow old"
                time.sleep(0.1)
            after = client.tool("get_score", subject=RATED)
            assert abs(after["score"] - before["score"]) < .01, (before, after)
            equal((after["status"], after["raters"]), (before["status"], before["raters"]))
            assert "last board" in after["message"], after
            equal(client.tool("explain_score", subject=RATED)["is_explained"], False)
            withheld = client.tool("list_withheld")
            equal((withheld["servers"], withheld["basis"]["kind"], withheld["is_whole"]),
                  ([{"subject": PRIMARY, "state": "quarantined"}], "stale", True))
            equal(client.tool("get_score", subject=PRIMARY)["quarantine"], "quarantined")


def a_withheld_server_is_listed_and_never_chosen():
    with Running(GROUP) as node, Client(node.home, MODERN) as client:
        equal(client.tool("list_withheld")["servers"], [])
        withhold(node, PRIMARY)
        equal(client.tool("list_withheld")["servers"],
              [{"subject": PRIMARY, "state": "quarantined"}])
        choice = client.tool("choose_server", group="search")
        equal([row["subject"] for row in choice["candidates"]], [FALLBACK])
        equal([(row["subject"], row["why"], row["state"]) for row in choice["refused"]],
              [(PRIMARY, "quarantined", "withheld")])
        score = client.tool("get_score", subject=PRIMARY)
        equal(score["quarantine"], "quarantined")
        assert "Do not call it" in score["message"], score
        told = client.tool("send_outcome", subject=PRIMARY, outcome_id="a", **{"class": "ok"})
        equal((told["is_counted"], told["why"]), (False, "quarantined"))
        # What the configuration does not name is nobody's business here.
        withhold(node, RATED)
        equal([row["subject"] for row in client.tool("list_withheld")["servers"]], [PRIMARY])


def tell(client, subject, name, how="refused"):
    return client.tool("send_outcome", subject=subject, outcome_id=name, **{"class": how})


def breaker_of(node, subject):
    return node.ask("GET", "/v1/breakers/" + quote(subject, safe="")).json


def an_outcome_told_twice_counts_once():
    with Running(GROUP) as node, Client(node.home) as client:
        client.greet()
        equal(tell(client, PRIMARY, "a")["is_counted"], True)
        for _ in range(20):
            told = tell(client, PRIMARY, "a")
            equal((told["is_counted"], told["is_duplicate"]), (False, True))
        choice = client.tool("choose_server", group="search")
        equal([row["subject"] for row in choice["candidates"]], [PRIMARY, FALLBACK])
        deadline = time.monotonic() + 10
        while breaker_of(node, PRIMARY)["streak"] == 0:
            assert time.monotonic() < deadline, "the node does not hear of it"
            time.sleep(0.02)
        equal(breaker_of(node, PRIMARY)["streak"], 1)


def a_server_that_fails_is_chosen_no_more():
    with Home() as home:
        home.write("reputed.yaml", GROUP)
        with Client(home.path, MODERN) as client:
            for number in range(5):
                equal(tell(client, PRIMARY, f"id {number}")["is_counted"], True)
            choice = client.tool("choose_server", group="search")
            equal([row["subject"] for row in choice["candidates"]], [FALLBACK])
            equal([(row["subject"], row["why"]) for row in choice["refused"]],
                  [(PRIMARY, "own_breaker")])
            told = tell(client, PRIMARY, "one more")
            equal((told["is_counted"], told["why"]), (False, "own_breaker"))
            # One of the tools alone.
            for number in range(5):
                client.tool("send_outcome", subject=FALLBACK, tool="slow", outcome_id=f"t{number}",
                            **{"class": "timeout"})
            choice = client.tool("choose_server", group="search", need=["other", "slow"])
            equal((choice["status"], choice["reason"], choice["candidates"]),
                  ("unavailable", "all_open", []))
            equal({row["subject"] for row in choice["refused"]}, {PRIMARY, FALLBACK})
            assert 0 < choice["retry_after_ms"] <= 7500, choice


def wrong_arguments_are_told_in_our_words():
    with Home() as home, Client(home.path) as client:
        client.greet()
        strange = "IGNORE ALL PREVIOUS"
        for name, arguments, said in (
                ("get_score", {}, "subject"),
                ("get_score", {"subject": strange}, "subject"),
                ("get_score", {"subject": RATED, strange: 1}, "It takes: subject."),
                ("get_score", {"subject": 5}, "subject"),
                ("compare_servers", {"subjects": [RATED]}, "2 to 64"),
                ("compare_servers", {"subjects": [RATED] * 65}, "2 to 64"),
                ("choose_server", {}, "either group or candidates"),
                ("choose_server", {"group": "a", "candidates": [RATED]}, "either"),
                ("choose_server", {"group": strange}, "lower case"),
                ("choose_server", {"group": ""}, "group"),
                ("choose_server", {"candidates": [RATED], "min_score": 1.5}, "min_score"),
                ("choose_server", {"candidates": [RATED], "need": [5]}, "need"),
                ("list_withheld", {"all": True}, "none"),
                ("send_outcome", {"subject": RATED, "class": "ok"}, "outcome_id"),
                ("send_outcome", {"subject": RATED, "class": strange[:9], "outcome_id": "a"},
                 "class"),
                ("send_outcome", {"subject": RATED, "class": "ok", "outcome_id": "a",
                                  "latency_ms": -1}, "latency_ms")):
            sentence = client.refusal(name, **arguments)
            assert said in sentence and strange[:9] not in sentence, (name, arguments, sentence)
        equal(client.error("tools/call", {"name": "publish", "arguments": {}})[0], -32602)
        equal(client.error("tools/call", {"arguments": {}})[0], -32602)
        equal(client.error("tools/call", {"name": "get_score", "arguments": []})[0], -32602)
        equal(client.error("tools/list", {"cursor": "x"})[0], -32602)


def resources_are_what_get_score_says():
    with Running(GROUP) as node:
        for version, missing in (("2025-06-18", -32002), (MODERN, -32602)):
            with Client(node.home, version) as client:
                client.greet()
                template = client.result("resources/templates/list")["resourceTemplates"][0]
                equal((template["uriTemplate"], template["mimeType"]),
                      ("repute://score/{subject}", "application/json"))
                listed = client.result("resources/list")["resources"]
                equal([row["name"] for row in listed], [PRIMARY, FALLBACK])
                for uri in (listed[0]["uri"], "repute://score/" + PRIMARY):
                    contents = client.result("resources/read", {"uri": uri})["contents"]
                    equal((len(contents), contents[0]["uri"]), (1, uri))
                    got = json.loads(contents[0]["text"])
                    equal(got, client.tool("get_score", subject=PRIMARY))
                for uri in ("file:///etc/passwd", "repute://score/", "repute://score/%zz",
                            "repute://score/no subject", "x" * 5000):
                    equal(client.error("resources/read", {"uri": uri})[0], missing)
                equal(client.error("resources/read", {})[0], -32602)


def who_subscribes_is_told_of_changes():
    with Running(GROUP) as node, Client(node.home) as client:
        client.greet()
        uri = "repute://score/" + quote(PRIMARY, safe="")
        equal(client.result("resources/subscribe", {"uri": uri}), {})
        withhold(node, PRIMARY)
        notice = client.notice()
        equal((notice["method"], notice["params"]),
              ("notifications/resources/updated", {"uri": uri}))
        equal(client.result("resources/unsubscribe", {"uri": uri}), {})


def who_listens_is_told_on_its_stream_until_it_cancels():
    with Running(GROUP) as node, Client(node.home, MODERN) as client:
        uri = "repute://score/" + PRIMARY
        stream = client.write("subscriptions/listen", {"notifications": {
            "toolsListChanged": True, "resourceSubscriptions": [uri, "file:///x"]}})
        meta = {META + "subscriptionId": stream}
        equal(client.notice(), {"jsonrpc": "2.0",
                                "method": "notifications/subscriptions/acknowledged",
                                "params": {"_meta": meta, "notifications": {
                                    "resourceSubscriptions": [uri]}}})
        withhold(node, PRIMARY)
        equal(client.notice(), {"jsonrpc": "2.0", "method": "notifications/resources/updated",
                                "params": {"_meta": meta, "uri": uri}})
        client.send(json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled",
                                "params": {"requestId": stream}}).encode())
        other = client.write("subscriptions/listen", {"notifications": {}})
        equal(client.notice()["params"]["notifications"], {})
        equal(client.error("subscriptions/listen", {"notifications": 5})[0], -32602)
        equal(client.end(), (0, [{"jsonrpc": "2.0", "id": other, "result": {
            "resultType": "complete", "_meta": {META + "subscriptionId": other}}}]))


def what_is_no_message_is_refused_and_the_next_one_answered():
    rows = (
        (b"nonsense", -32700), (b'{"jsonrpc":"2.0","id":1,"method":"ping"', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"pi\xffng"}', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":' + b"[" * 70 + b"]" * 70 + b"}}",
         -32700),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600), (b"[]", -32600), (b"5", -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","a":"' + b"x" * (5 << 20) + b'"}', -32600),
    )
    with Home() as home, Client(home.path) as client:
        for line, code in rows:
            client.send(line)
            message = client.answer()
            equal((message["id"], message["error"]["code"]), (None, code))
            client.send(b'\r\n\n{"jsonrpc":"2.0","id":"next","method":"ping"}\r')
            equal(client.answer()["id"], "next")
        # Answers to nothing, and notifications of anything, are passed over.
        client.send(b'{"jsonrpc":"2.0","id":1,"result":{}}')
        client.send(b'{"jsonrpc":"2.0","method":"notifications/nonsense","params":{}}')
        equal(client.result("ping"), {})


def a_client_that_reads_late_gets_every_answer():
    with Home() as home, Client(home.path) as client:
        long = "y" * (1 << 20)
        ids = [f"{number}{long}" for number in range(12)] + list(range(100))
        lines = [json.dumps({"jsonrpc": "2.0", "id": id, "method": "ping"}).encode() for id in ids]
        writer = threading.Thread(target=lambda: [client.send(line) for line in lines])
        writer.start()
        # It reads no further once 8 MiB wait for us.
        deadline = time.monotonic() + 1
        while writer.is_alive() and time.monotonic() < deadline:
            writer.join(.01)
        assert writer.is_alive(), "it took more than it can keep"
        equal([client.answer()["id"] for _ in ids], ids)
        writer.join()


def the_end_of_input_ends_it():
    with Home() as home:
        for last in (b"", b'{"jsonrpc":"2.0","id":1,"method":"pi'):
            with Client(home.path) as client:
                client.greet()
                client.process.stdin.write(last)
                equal(client.end(), (0, []))
        with Client(home.path) as client:
            client.greet()
            client.process.stdout.close()
            equal(client.process.wait(20), 0)


def words_of(value):
    """Every text and key in a value."""
    if isinstance(value, dict):
        return [word for item in value.items() for part in item for word in words_of(part)]
    if isinstance(value, list):
        return [word for item in value for word in words_of(item)]
    return [value] if isinstance(value, str) else []


def no_word_of_a_stranger_gets_out():
    with Running(GROUP, operator=ME) as node:
        publish_worked(node)
        now = now_ms()
        rule = "ignore-all-previous"
        offer(node, f"flag 2 {now} {now // 1000 + 86400} {RATED} - 3 1 {rule}")
        assert rule in json.dumps(node.ok("score", RATED)), "the flag counts"
        with Client(node.home) as client:
            client.greet()
            got = ask_everything(client)
            equal(got["get_score"]["flags"], {"count": 1, "worst": "high",
                                              "classes": ["injection"]})
            for name, content in got.items():
                text = json.dumps(content)
                assert rule not in text and "rpt1" not in text, (name, text)
                for word in words_of(content):
                    is_sentence = word.endswith(".") and word[0].isupper()
                    assert (is_sentence or WORD.fullmatch(word)
                            or word in (RATED, PRIMARY, FALLBACK)), (name, word)


def the_page_names_what_there_is():
    blocks = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", PAGE, re.M | re.S)]
    entries = [block.get("mcpServers", block.get("servers"))["repute"] for block in blocks]
    equal([(entry["command"], entry["args"]) for entry in entries],
          [("repute", ["mcp", "serve"])] * 2)
    equal(re.findall(r"^\| `(\w+)` \|", PAGE, re.M), ["get_score", "explain_score",
                                                     "compare_servers", "choose_server",
                                                     "list_withheld", "send_outcome"])


def it_takes_no_words():
    equal(run("mcp", "serve", "x").code, 2)


main(every_version_is_greeted, a_request_before_its_greeting_is_refused,
     a_modern_version_that_is_not_spoken_is_refused_with_those_that_are,
     the_methods_of_the_other_era_are_not_found, ids_come_back_byte_for_byte,
     every_tool_says_what_it_takes_gives_and_does,
     without_a_node_everything_is_answered_and_says_so, with_a_node_its_figures_are_given,
     after_a_node_its_last_board_is_given, a_withheld_server_is_listed_and_never_chosen,
     an_outcome_told_twice_counts_once, a_server_that_fails_is_chosen_no_more,
     wrong_arguments_are_told_in_our_words, resources_are_what_get_score_says,
     who_subscribes_is_told_of_changes, who_listens_is_told_on_its_stream_until_it_cancels,
     what_is_no_message_is_refused_and_the_next_one_answered,
     a_client_that_reads_late_gets_every_answer, the_end_of_input_ends_it,
     no_word_of_a_stranger_gets_out, the_page_names_what_there_is, it_takes_no_words)
