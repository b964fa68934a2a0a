#!/usr/bin/python3
"""`repute-guard` in front of servers that misbehave in what they write, over stdio: what its client
gets is always an answer, once, and one that a client can read. TAP."""
import json
import sys
import time

from guarding import Desk, is_alive, until
from node import Tests, equal

test = Tests()
ALPHA, BETA = "mcp:io.example/alpha", "mcp:io.example/beta"
LINE_MAX = 4194304
DEPTH_MAX = 64


def good(text):
    return b'{"jsonrpc":"2.0","id":@ID@,"result":{"content":[{"type":"text","text":"%s"}]}}' % text


def nested(depth):
    """A message so deep: itself, its result, and arrays."""
    inner = depth - 2
    return b'{"jsonrpc":"2.0","id":@ID@,"result":{"content":[],"x":%s%s}}' % (b"[" * inner,
                                                                             b"]" * inner)


# Instead of an answer: nothing of it may reach the client.
GARBAGE = {
    "no JSON": b"Starting the server ...",
    "half a message": b'{"jsonrpc":"2.0","id":@ID@,"result":',
    "an answer behind a word": b"log: " + good(b"hi"),
    "a byte order mark": b"\xef\xbb\xbf" + good(b"hi"),
    "invalid UTF-8": good(b"\xff"),
    "overlong UTF-8": good(b"\xc0\xaf"),
    "a surrogate in UTF-8": good(b"\xed\xa0\x80"),
    "a zero byte": good(b"\0"),
    "a control character": good(b"\t"),
    "a line too long": good(b"x" * LINE_MAX),
    "too deep": nested(DEPTH_MAX + 1),
    "a batch": b"[" + good(b"hi") + b"]",
    "no version": b'{"id":@ID@,"result":{"content":[]}}',
    "another version": b'{"jsonrpc":"1.0","id":@ID@,"result":{"content":[]}}',
    "a null id": b'{"jsonrpc":"2.0","id":null,"result":{"content":[]}}',
    "an id twice": b'{"jsonrpc":"2.0","id":@ID@,"id":@ID@,"result":{"content":[]}}',
    "result and error": b'{"jsonrpc":"2.0","id":@ID@,"result":{"content":[]},'
                        b'"error":{"code":1,"message":"x"}}',
    "a result that is none": b'{"jsonrpc":"2.0","id":@ID@,"result":[]}',
    "a result without content": b'{"jsonrpc":"2.0","id":@ID@,"result":{}}',
    "an error that is none": b'{"jsonrpc":"2.0","id":@ID@,"error":"no"}',
    "an error without a code": b'{"jsonrpc":"2.0","id":@ID@,"error":{"message":"x"}}',
}


def await_both(desk, guard):
    until(lambda: len(desk.pids()) == 2, "both run")
    equal(text(guard.call("look")), "alpha: look")


def text(answer):
    return answer["result"]["content"][0]["text"]


def about(answer):
    return answer["result"]["_meta"]["io.repute/guard"]


@test
def what_is_no_answer_costs_a_read_its_server_and_makes_a_write_unknown():
    for name, line in GARBAGE.items():
        with Desk() as desk, desk.guard() as guard:
            guard.greet()
            await_both(desk, guard)
            desk.raw("alpha", line)
            answer = guard.call("look")
            assert "result" in answer and text(answer) == "beta: look", (name, answer)
            equal(about(answer), {"reason": "failed_over", "from": ALPHA, "to": BETA})
            answer = guard.call("change")
            equal((name, about(answer)["reason"], about(answer)["tried"]),
                  (name, "outcome_unknown",
                   [{"subject": ALPHA, "class": "garbage", "sent": True}]))
            equal(desk.calls("beta"), ["look"])
            # It is alive and may do better.
            desk.mood("alpha", "answer")
            equal(text(guard.call("look")), "alpha: look")


ODD = {
    "a lone surrogate": good(b"\\ud800"),
    "a number beyond doubles": b'{"jsonrpc":"2.0","id":@ID@,"result":{"content":[],"n":1e999}}',
    "digits beyond doubles": b'{"jsonrpc":"2.0","id":@ID@,"result":{"content":[],'
                             b'"n":9007199254740993.000}}',
    "the deepest": nested(DEPTH_MAX),
    "a key twice": b'{"jsonrpc":"2.0","id":@ID@,"result":{"content":[],"x":1,"x":2}}',
    "white space": b' { "jsonrpc" : "2.0" , "id" : @ID@ , "result" : { "content" : [ ] } } ',
    "characters outside of planes": good("\U000e0041\u202e\u0000"[:2].encode()),
    "an escaped zero": good(b"\\u0000"),
    "a long line": good(b"x" * (LINE_MAX - 200)),
}


@test
def what_is_odd_but_JSON_passes_byte_for_byte():
    with Desk() as desk, desk.guard() as guard:
        guard.greet()
        await_both(desk, guard)
        for name, line in ODD.items():
            desk.raw("alpha", line)
            number = guard.send_call("look")
            equal((name, guard.read_line()),
                  (name, line.strip().replace(b"@ID@", str(number).encode()).decode()))
        desk.raw("alpha", good(b"hi") + b"\r\n\r\n")
        equal(text(guard.call("look")), "hi")
        equal(desk.calls("beta"), [])
        assert guard.read_line(0.05) is None


@test
def answers_with_ids_of_its_own_are_dropped():
    ids = (b"0", b"1", b"-1", b'"@ID@"', b"@ID@.0", b"@ID@e0", b"9007199254740993", b'"x"', b"null")
    wrong = [b'{"jsonrpc":"2.0","id":%s,"error":{"code":1,"message":"x"}}' % one for one in ids]
    with Desk() as desk, desk.guard() as guard:
        guard.greet()
        await_both(desk, guard)
        desk.raw("alpha", b"\n".join([*wrong, good(b"the answer"), *wrong, good(b"another")]))
        for tool in ("look", "change"):
            equal(text(guard.call(tool)), "the answer")
        assert guard.read_line(0.1) is None
        equal(desk.calls("beta"), [])
        assert "answered what it was not asked" in guard.log()


@test
def requests_of_a_server_get_their_own_ids_back():
    ids = ("0", "-7", "9007199254740993", "1.50", "1e3", '"a \\u0041 b"', '""', '"\\ud800"')
    with Desk() as desk, desk.guard() as guard:
        guard.greet()
        await_both(desk, guard)
        asks = "\n".join(f'{{"jsonrpc":"2.0","id":{one},"method":"roots/list"}}' for one in ids)
        desk.raw("alpha", asks.encode() + b"\n" + good(b"done"))
        number = guard.send_call("look")
        seen = 0
        while True:
            message = guard.read()
            if message.get("id") == number and "result" in message:
                break
            equal(message["method"], "roots/list")
            seen += 1
            guard.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"n": seen}}))

        def heard():
            return desk.read("alpha", "heard").splitlines()
        until(lambda: len(heard()) == len(ids), "each is answered")
        for line, one in zip(sorted(heard(), key=lambda line: json.loads(line)["result"]["n"]), ids):
            assert f'"id":{one},' in line.replace('"id": ', '"id":'), (line, one)


@test
def an_answer_that_breaks_its_tools_promise_is_none():
    schema = {"type": "object", "properties": {"degrees": {"type": "number"}},
              "required": ["degrees"]}
    bad = [b'"structuredContent":{"degrees":"warm"}', b'"structuredContent":{}', b'"x":1',
           b'"structuredContent":[20]']
    with Desk() as desk:
        for name in ("alpha", "beta"):
            desk.put(name, "tools", json.dumps([
                {"name": tool, "inputSchema": {"type": "object"}, "outputSchema": schema,
                 "annotations": {"readOnlyHint": tool == "look"}} for tool in ("look", "change")]))
        desk.raw("beta", b'{"jsonrpc":"2.0","id":@ID@,"result":{"content":[],'
                         b'"structuredContent":{"degrees":20}}}')
        for turn, member in enumerate(bad):
            with desk.guard() as guard:
                desk.raw("alpha",
                         b'{"jsonrpc":"2.0","id":@ID@,"result":{"content":[],%s}}' % member)
                guard.greet()
                answer = guard.call("look")
                equal(answer["result"]["structuredContent"], {"degrees": 20})
                equal(about(answer)["reason"], "failed_over")
                answer = guard.call("change", {"turn": turn})
                equal((about(answer)["reason"], about(answer)["tried"][0]["class"]),
                      ("outcome_unknown", "garbage"))


@test
def a_tool_that_has_no_canonical_form_is_not_offered():
    tools = ('[{"name":"look","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},'
             '{"name":"odd","description":"\\ud800","inputSchema":{"type":"object"}},'
             '{"name":"twice","description":"a","description":"b","inputSchema":{"type":"object"}},'
             '{"name":"far","inputSchema":{"type":"object","maximum":1e999}}]')
    with Desk(servers=("alpha",)) as desk:
        desk.put("alpha", "tools", tools)
        with desk.guard() as guard:
            guard.greet()
            equal(text(guard.call("look")), "alpha: look")
            equal([tool["name"] for tool in guard.ask("tools/list")["result"]["tools"]], ["look"])
            for name in ("odd", "twice", "far"):
                answer = guard.call(name)
                assert "error" in answer or answer["result"]["isError"], answer
            equal(desk.calls("alpha"), ["look"])


@test
def a_list_that_changes_all_the_time_changes_nothing():
    with Desk() as desk:
        desk.put("alpha", "restless", "0.05")
        with desk.guard() as guard:
            guard.greet()
            until(lambda: len(desk.pids()) == 2, "both run")
            first = guard.ask("tools/list")["result"]["tools"]
            end = time.monotonic() + 2.5
            notices = 0
            while time.monotonic() < end:
                guard.send_call("look")
                while True:
                    message = json.loads(guard.read_line())
                    if "method" not in message:
                        break
                    equal(message["method"], "notifications/tools/list_changed")
                    notices += 1
                equal(text(message), "alpha: look")
                equal(guard.ask("tools/list")["result"]["tools"], first)
                time.sleep(0.02)
            # It is the contract that would have to change, which is as it was pinned.
            equal(notices, 0)
            answer = guard.call("change")
            equal(text(answer), "beta: change")


# Programs that are no servers at all, in the place of the primary.
NO_SERVERS = {
    "it hangs": ["/bin/sleep", "1000"],
    "it says what it hears": ["/bin/cat"],
    "it talks for ever": ["/usr/bin/yes"],
    "its line never ends": ["/bin/cat", "/dev/zero"],
    "it ends at once": ["/bin/true"],
    "it fails at once": ["/bin/false"],
    "it is not there": ["/no/such/program"],
    "it is no program": ["/etc/passwd"],
    "it reads nothing and ignores signals": [
        "/bin/sh", "-c", "trap '' TERM; exec 0</dev/null; while :; do sleep 1; done"],
}


@test
def a_program_that_is_no_server_does_not_keep_the_others_from_serving():
    for name, words in NO_SERVERS.items():
        with Desk() as desk:
            desk.configure("connect_timeout: 4s", entries={
                "alpha": f'{{ subject: "{ALPHA}", command: {json.dumps(words[0])}, '
                         f'args: {json.dumps(words[1:])} }}'})
            with desk.guard() as guard:
                equal((name, guard.greet()["serverInfo"]["name"]), (name, "beta"))
                equal((name, text(guard.call("look"))), (name, "beta: look"))
                # The start of the primary is waited for once, not by every call.
                began = time.monotonic()
                for turn in range(5):
                    equal(text(guard.call("look", {"turn": turn})), "beta: look")
                assert time.monotonic() - began < 1.5, name
                with open(f"/proc/{guard.process.pid}/status", encoding="ascii") as file:
                    resident = next(int(line.split()[1]) for line in file
                                    if line.startswith("VmRSS"))
                assert resident < 30 * 1024, (name, resident)
                pids = desk.pids()
                equal(guard.stop(), 0)
                until(lambda: not any(map(is_alive, pids)), "no server is left")


if __name__ == "__main__":
    sys.exit(test.run())
