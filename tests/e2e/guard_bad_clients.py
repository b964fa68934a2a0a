#!/usr/bin/python3
"""`repute-guard` under a client that misbehaves in what it writes, over stdio: each request has one
answer, what is no request has an error that says so, and the session goes on. TAP."""
import json
import sys

from guarding import Desk, until
from node import Tests, equal

test = Tests()
LINE_MAX = 4194304
PING = b'{"jsonrpc":"2.0","id":%s,"method":"ping"}'
CALL = b'{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"look","arguments":%s}}'


def nested(depth):
    """A call so deep: itself, params, arguments, and arrays."""
    inner = depth - 3
    return CALL % (b"1", b'{"x":%s%s}' % (b"[" * inner, b"]" * inner))


# (what is written, code of the error, its id)
REFUSED = (
    (b"hello", -32700, None),
    (b"{", -32700, None),
    (PING[:-1] % b"1", -32700, None),
    (b"\xef\xbb\xbf" + PING % b"1", -32700, None),
    (PING % b'"\xff"', -32700, None),
    (PING % b'"\xed\xa0\x80"', -32700, None),
    (PING % b'"\0"', -32700, None),
    (PING % b"01", -32700, None),
    (PING % b"+1", -32700, None),
    (PING % b"NaN", -32700, None),
    (nested(65), -32700, None),
    (CALL % (b"1", b'{"x":"' + b"x" * LINE_MAX + b'"}'), -32700, None),
    (b"[" + PING % b"1" + b"]", -32600, None),
    (b"[]", -32600, None),
    (b"17", -32600, None),
    (b'"ping"', -32600, None),
    (b"{}", -32600, None),
    (PING % b"null", -32600, None),
    (PING % b"true", -32600, None),
    (PING % b"[1]", -32600, None),
    (b'{"id":1,"method":"ping"}', -32600, 1),
    (b'{"jsonrpc":2.0,"id":1,"method":"ping"}', -32600, 1),
    (b'{"jsonrpc":"2.0","id":"a","method":7}', -32600, "a"),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":null}', -32600, 1),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', -32600, 1),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}', -32600, 1),
    (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', -32600, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"look","name":"change"}}',
     -32600, 1),
)


def greeted(guard):
    guard.greet()
    return guard


@test
def what_is_no_message_is_refused_and_the_session_goes_on():
    with Desk(servers=("alpha",)) as desk, desk.guard() as guard:
        greeted(guard)
        for line, code, number in REFUSED:
            guard.write(line)
            answer = guard.read()
            equal((line[:80], answer["error"]["code"], answer["id"]), (line[:80], code, number))
            equal(guard.ask("ping")["result"], {})
        equal(desk.calls("alpha"), [])


# The text of an id, as a client may write it.
IDS = ("0", "-0", "1", "-1", "1.0", "1.50", "1e3", "1E+3", "-0.5e-7", "9007199254740993",
       "123456789012345678901234567890", "1e999", '""', '"0"', '"a b"', '"\\u0041"', '"\\ud800"',
       '"\\ud83d\\ude00"', '"😀"', '"\\n\\\\\\""', '"\\/"', '"null"', '"' + "x" * 5000 + '"')


@test
def ids_of_every_kind_come_back_as_they_were_written():
    with Desk(servers=("alpha",)) as desk, desk.guard() as guard:
        greeted(guard)
        for method in ('"ping"', '"tools/list"', '"no/such"', '"prompts/get"',
                       '"tools/call","params":{"name":"look","arguments":{}}',
                       '"tools/call","params":{"name":"none","arguments":{}}'):
            for one in IDS:
                guard.write(f'{{"jsonrpc":"2.0","id":{one},"method":{method}}}')
                line = guard.read_line()
                assert f'"id":{one},' in line.replace('"id": ', '"id":'), (line, one)
        equal(desk.calls("alpha"), ["look"] * len(IDS))


@test
def ids_that_mean_the_same_are_still_two_requests():
    with Desk(servers=("alpha",)) as desk, desk.guard() as guard:
        greeted(guard)
        desk.mood("alpha", "slow")
        same = ("1", "1.0", '"1"', "1", "1e0", '"\\u0031"')
        for one in same:
            guard.write(CALL % (one.encode(), b"{}"))
        got = sorted(json.dumps(json.loads(guard.read_line())["id"]) for _ in same)
        equal(got, sorted(["1", "1.0", '"1"', "1", "1.0", '"1"']))
        assert guard.read_line(0.05) is None
        equal(desk.calls("alpha"), ["look"] * len(same))


@test
def what_is_odd_but_JSON_reaches_the_server_byte_for_byte():
    odd = (b'{"x":"\\ud800"}', b'{"x":1e999}', b'{"x":9007199254740993.0}', b'{"x":1,"x":2}',
           b'{ "x" :\t[ ] }', "{\"x\":\"\U000e0041\u202e\"}".encode(), b'{"x":"\\u0000"}',
           b'{"x":"%s"}' % (b"x" * (LINE_MAX - 300)))
    with Desk(servers=("alpha",)) as desk, desk.guard() as guard:
        greeted(guard)
        desk.put("alpha", "copy", "yes")
        for arguments in odd:
            guard.write(CALL % (b"1", arguments))
            equal(guard.read()["result"]["content"][0]["text"], "alpha: look")
            copy = desk.read("alpha", "line")
            assert f'"arguments":{arguments.decode()}' in copy, (arguments[:80], copy[:200])
        guard.write(nested(64))
        equal(guard.read()["result"]["content"][0]["text"], "alpha: look")


@test
def lines_come_in_any_pieces():
    with Desk(servers=("alpha",)) as desk, desk.guard() as guard:
        greeted(guard)
        for byte in PING % b"1" + b"\r\n\n\r\n":
            guard.process.stdin.write(bytes([byte]))
        equal(guard.read(), {"jsonrpc": "2.0", "id": 1, "result": {}})
        guard.process.stdin.write(b"\n".join(PING % str(n).encode() for n in range(500)) + b"\n")
        equal([guard.read()["id"] for _ in range(500)], list(range(500)))
        # A line that the end cuts off was not meant yet.
        guard.process.stdin.write(CALL % (b"2", b"{}"))
        guard.process.stdin.close()
        equal(guard.process.wait(10), 0)
        equal(desk.calls("alpha"), [])


@test
def answers_to_what_nobody_asked_are_dropped():
    with Desk(servers=("alpha",)) as desk, desk.guard() as guard:
        greeted(guard)
        for one in ("0", "1", "4611686018427387904", '"x"', "-1"):
            guard.write(f'{{"jsonrpc":"2.0","id":{one},"result":{{}}}}')
            guard.write(f'{{"jsonrpc":"2.0","id":{one},"error":{{"code":1,"message":"x"}}}}')
        guard.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}')
        guard.write('{"jsonrpc":"2.0","method":"notifications/cancelled"}')
        guard.write('{"jsonrpc":"2.0","method":"notifications/progress","params":{}}')
        equal(guard.ask("ping")["result"], {})
        until(lambda: desk.pid("alpha"), "it runs")
        equal(guard.call("look")["result"]["content"][0]["text"], "alpha: look")
        equal(desk.read("alpha", "heard"), "")


if __name__ == "__main__":
    sys.exit(test.run())
