#!/usr/bin/python3
"""A Streamable HTTP server over its life as a backend: session and version, order, the server's own
stream, cancellation, the end, and connections that are kept. TAP."""
import sys
import threading
import time

from node import Tests, equal
from playing import (CUT, END, Backend, Endless, Server, accepted, event, http, json_answer,
                     stream)

test = Tests()
HELLO = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}'
READY = '{"jsonrpc":"2.0","method":"notifications/initialized"}'
WELCOME = '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{}}}'
NOTE = '{"jsonrpc":"2.0","method":"notifications/message","params":{}}'
ASKED = '{"jsonrpc":"2.0","id":"s1","method":"ping"}'


def call(number, method="tools/list", params="{}"):
    return f'{{"jsonrpc":"2.0","id":{number},"method":"{method}","params":{params}}}'


def answer(number):
    return f'{{"jsonrpc":"2.0","id":{number},"result":{{}}}}'


def session_of(request):
    return request.headers.get("mcp-session-id"), request.headers.get("mcp-protocol-version")


def greet(server, backend, name="abc", listening=None):
    """A legacy session; the stream of the server is refused unless an answer to it is given."""
    headers = [f"Mcp-Session-Id: {name}"] if name else []
    server.answers(json_answer(WELCOME, *headers), accepted(), listening or [http(405)])
    backend.begin(f"send 1 {HELLO}")
    backend.hears("line " + WELCOME)
    backend.tell(f"send 2 {READY}")
    equal(session_of(server.asked()), (None, None))
    equal(session_of(server.asked()), (name, "2025-06-18"))
    request = server.asked()
    equal((request.method, request.headers["accept"]), ("GET", "text/event-stream"))
    equal(session_of(request), (name, "2025-06-18"))


@test
def a_session_is_named_in_every_request_and_ended():
    with Server() as server, Backend(server.url) as backend:
        greet(server, backend)
        server.answers(json_answer(answer(3)), [http(200)])
        backend.tell(f"send 3 {call(3)}")
        backend.hears("line " + answer(3))
        equal(session_of(server.asked()), ("abc", "2025-06-18"))
        backend.tell("stop")
        backend.hears("down refused 3", "gone")
        request = server.asked()
        equal((request.method, session_of(request)), ("DELETE", ("abc", "2025-06-18")))
        assert server.requests.empty()


@test
def the_answer_to_initialize_may_be_a_stream():
    with Server() as server, Backend(server.url) as backend:
        server.answers(stream(event(WELCOME), headers=["mcp-session-id: s"]), json_answer(answer(3)))
        backend.begin(f"send 1 {HELLO}")
        backend.hears("line " + WELCOME)
        server.asked()
        backend.tell(f"send 3 {call(3)}")
        backend.hears("line " + answer(3))
        equal(session_of(server.asked()), ("s", "2025-06-18"))


@test
def a_server_without_sessions_is_not_told_of_an_end():
    with Server() as server, Backend(server.url) as backend:
        greet(server, backend, name=None)
        backend.tell("stop")
        backend.hears("down refused 2", "gone")
        assert server.requests.empty()


@test
def a_server_that_does_not_answer_the_end_is_left():
    with Server() as server, Backend(server.url) as backend:
        greet(server, backend)
        never = threading.Event()
        server.answers([never])
        backend.tell("stop")
        backend.hears("down refused 2")
        equal(server.asked().method, "DELETE")
        backend.hears("gone")
        never.set()


@test
def nothing_overtakes_the_word_that_a_session_has_begun():
    with Server() as server, Backend(server.url) as backend:
        gate = threading.Event()
        server.answers(json_answer(WELCOME, "Mcp-Session-Id: a"))
        backend.begin(f"send 1 {HELLO}")
        backend.hears("line " + WELCOME)
        server.asked()
        backend.tell("sockets")
        before = backend.hear()
        server.rule = lambda request: [gate, *accepted()] if b"initialized" in request.body \
            else [http(405)] if request.method == "GET" else json_answer(answer(request.id))
        backend.tell(f"send 2 {READY}", f"send 3 {call(3)}", f"send 4 {call(4)}")
        equal(server.asked().body.decode(), READY)
        # Turned some times, it would have made a connection for each of the others.
        for _ in range(3):
            backend.tell("sockets")
            backend.hears(before)
        assert server.requests.empty()
        gate.set()
        said = {backend.hear(), backend.hear()}
        equal(said, {"line " + answer(3), "line " + answer(4)})


@test
def a_lost_session_is_forgotten_and_made_anew():
    for status in (404, 400):
        with Server() as server, Backend(server.url) as backend:
            greet(server, backend)
            refusal = '{"jsonrpc":"2.0","id":3,"error":{"code":-32001,"message":"Session"}}'
            server.answers(json_answer(refusal, status=status))
            backend.tell(f"send 3 {call(3)}")
            backend.hears("failed 3 session_lost sent 0")
            equal(session_of(server.asked()), ("abc", "2025-06-18"))
            server.answers(json_answer(WELCOME, "Mcp-Session-Id: new"), accepted(), [http(405)])
            backend.tell(f"send 4 {HELLO}")
            backend.hears("line " + WELCOME)
            equal(session_of(server.asked()), (None, None))
            backend.tell(f"send 5 {READY}")
            equal(session_of(server.asked()), ("new", "2025-06-18"))
            equal(session_of(server.asked()), ("new", "2025-06-18"))


@test
def what_the_old_session_still_says_does_not_end_the_new_one():
    with Server() as server, Backend(server.url) as backend:
        greet(server, backend)
        gate = threading.Event()
        server.answers([gate, http(404)], [http(404)])
        backend.tell(f"send 3 {call(3)}")
        server.asked()
        backend.tell(f"send 4 {call(4)}")
        backend.hears("failed 4 session_lost sent 0")
        server.asked()
        server.answers(json_answer(WELCOME, "Mcp-Session-Id: new"))
        backend.tell(f"send 5 {HELLO}")
        backend.hears("line " + WELCOME)
        server.asked()
        gate.set()
        backend.hears("failed 3 session_lost sent 0")
        server.answers(json_answer(answer(6)))
        backend.tell(f"send 6 {call(6)}")
        backend.hears("line " + answer(6))
        equal(session_of(server.asked()), ("new", "2025-06-18"))


@test
def the_stream_of_the_server_is_resumed_where_it_was():
    with Server() as server, Backend(server.url) as backend:
        gate = threading.Event()
        forever = threading.Event()
        greet(server, backend,
              listening=stream(event(NOTE, "id: 8", "retry: 5"), gate, event(ASKED, "id: 9"), END))
        backend.hears("line " + NOTE)
        server.answers(stream(event(NOTE, "id: 10"), forever))
        gate.set()
        backend.hears("line " + ASKED, "line " + NOTE)
        request = server.asked()
        equal((request.method, request.headers["last-event-id"]), ("GET", "9"))
        equal(session_of(request), ("abc", "2025-06-18"))
        server.answers([http(200)])
        backend.tell("stop")
        backend.hears("down refused 2", "gone")
        forever.set()


@test
def a_stream_of_garbage_harms_no_message():
    with Server() as server, Backend(server.url) as backend:
        greet(server, backend, listening=stream(event("{", "id: 1"), END))
        server.rule = lambda request: stream(event("nonsense"), END) if request.method == "GET" \
            else json_answer(answer(request.id))
        backend.tell(f"send 3 {call(3)}")
        backend.hears("line " + answer(3))


@test
def a_cancelled_request_is_dropped_and_the_server_told():
    with Server() as server, Backend(server.url) as backend:
        greet(server, backend)
        endless = Endless()
        server.answers(endless)
        backend.tell(f"send 3 {call(3)}")
        server.asked()
        server.answers(accepted(), json_answer(answer(5)))
        cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}'
        backend.tell(f"send 4 {cancel}")
        equal(server.asked().body.decode(), cancel)
        backend.tell(f"send 5 {call(5)}")
        backend.hears("line " + answer(5))
        assert endless.closed.wait(10), "its connection stands"


@test
def a_modern_request_says_what_it_is_in_its_headers():
    meta = '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}'
    cases = (
        ("server/discover", "{%s}", None),
        ("tools/call", '{"name":"plain name","arguments":{},%s}', "plain name"),
        ("tools/call", '{"name":"caf\\u00e9","arguments":{},%s}', "=?base64?Y2Fmw6k=?="),
        ("tools/call", '{"name":" x","arguments":{},%s}', "=?base64?IHg=?="),
        ("tools/call", '{"name":"a\\r\\nX-Evil: 1","arguments":{},%s}',
         "=?base64?YQ0KWC1FdmlsOiAx?="),
        ("tools/call", '{"name":"=?base64?eA==?=","arguments":{},%s}',
         "=?base64?PT9iYXNlNjQ/ZUE9PT89?="),
        ("prompts/get", '{"name":"p",%s}', "p"),
        ("resources/read", '{"uri":"file:///x","name":"n",%s}', "file:///x"),
        ("tools/list", '{"name":"n",%s}', None),
    )
    with Server() as server, Backend(server.url) as backend:
        server.rule = lambda request: json_answer(answer(request.id), "Mcp-Session-Id: no")
        backend.begin()
        for number, (method, params, name) in enumerate(cases, 1):
            backend.tell(f"send {number} {call(number, method, params % meta)}")
            backend.hears("line " + answer(number))
            request = server.asked()
            equal(request.headers["mcp-method"], method)
            equal(request.headers.get("mcp-name"), name)
            equal(session_of(request), (None, "2026-07-28"))
            assert "x-evil" not in request.headers


@test
def a_modern_request_is_cancelled_by_the_end_of_its_connection():
    meta = '{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}'
    with Server() as server, Backend(server.url) as backend:
        endless = Endless()
        server.answers(endless)
        backend.begin(f"send 1 {call(1, 'tools/call', meta)}")
        server.asked()
        backend.tell('send 2 {"jsonrpc":"2.0","method":"notifications/cancelled",'
                     '"params":{"requestId":1}}')
        server.answers(json_answer(answer(3)))
        backend.tell(f"send 3 {call(3, 'tools/list', meta)}")
        backend.hears("line " + answer(3))
        equal(server.asked().id, 3)
        assert endless.closed.wait(10), "its connection stands"


@test
def it_begins_again_after_its_back_off():
    with Server() as server, Backend(server.url) as backend:
        backend.begin("stop")
        backend.hears("down refused 0", "gone")
        began = time.monotonic()
        backend.begin("stop")
        assert time.monotonic() - began >= 0.2, "the back-off was not kept"
        backend.hears("down refused 0", "gone")
        began = time.monotonic()
        backend.tell("hurry")
        backend.begin()
        assert time.monotonic() - began < 0.4, "the back-off was not forgotten"
        equal(server.connections, 0)


@test
def a_server_that_asks_for_time_before_it_greets_has_it():
    with Server() as server, Backend(server.url) as backend:
        server.answers([http(429, "Retry-After: 1")])
        backend.begin(f"send 1 {HELLO}")
        backend.hears("failed 1 rate_limited sent 1000")
        backend.tell("stop")
        backend.hears("down refused 1", "gone")
        began = time.monotonic()
        backend.begin()
        assert time.monotonic() - began >= 0.9, "it was not waited for"


@test
def more_messages_than_connections_wait_for_one():
    with Server() as server, Backend(server.url) as backend:
        held = threading.Event()
        server.rule = lambda request: [held, *json_answer(answer(request.id))]
        backend.begin(*(f"send {number} {call(number)}" for number in range(1, 141)))
        asked = [server.asked().id for _ in range(128)]
        equal(sorted(asked), list(range(1, 129)))
        equal(server.connections, 128)
        held.set()
        said = sorted(backend.hear() for _ in range(140))
        equal(said, sorted("line " + answer(number) for number in range(1, 141)))
        equal(sorted(server.asked().id for _ in range(12)), list(range(129, 141)))


@test
def too_many_messages_at_once_are_refused():
    with Server() as server, Backend(server.url) as backend:
        never = threading.Event()
        server.rule = lambda request: [never]
        backend.begin(*(f"send {number} {call(number)}" for number in range(1, 2051)))
        backend.hears("unsent 2049 TRUST_NO_ROOM", "unsent 2050 TRUST_NO_ROOM")
        backend.tell("stop")
        said = backend.hear().split()
        equal(said[:2], ["down", "refused"])
        never.set()


@test
def connections_are_kept_and_none_leaks():
    with Server() as server, Backend(server.url) as backend:
        server.rule = lambda request: json_answer(answer(request.id))
        backend.begin("sockets")
        before = int(backend.hear().split()[1])
        for number in range(1, 201):
            backend.tell(f"send {number} {call(number)}")
            backend.hears("line " + answer(number))
        equal(server.connections, 1)
        backend.tell("sockets")
        backend.hears(f"sockets {before + 1}")
        # Cut, streamed, refused and redirected in turn: none stays open behind its end.
        answers = ([CUT], [http(500), END], [http(307, "Location: https://other.invalid/")],
                   [http(200, "Content-Type: text/html", body=b"x" * 100000)])
        server.rule = lambda request: \
            stream(event(answer(request.id)), END) if request.id % 5 == 4 \
            else answers[request.id % 5]
        for number in range(201, 401):
            backend.tell(f"send {number} {call(number)}")
            backend.hear()
        backend.tell("sockets")
        after = int(backend.hear().split()[1])
        assert after <= before + 1, f"{after} sockets, {before} before"


@test
def only_https_and_loopback_are_spoken_to():
    for url, error in (("http://example.com/mcp", "TRUST_NO_PERMISSION"),
                       ("ftp://127.0.0.1/", "TRUST_NO_PERMISSION"),
                       ("https://user:word@example.com/", "TRUST_NO_SYNTAX"),
                       ("", "TRUST_NO_SYNTAX")):
        backend = Backend(url)
        equal(backend.hear(), f"refused {error}")
    for name, value, error in (("X\nY", "1", "TRUST_NO_SYNTAX"), ("X", "1\r\nY: 2", "TRUST_NO_SYNTAX"),
                               ("content-type", "text/xml", "TRUST_NO_CONFLICT")):
        backend = Backend("https://example.com/", name, value)
        equal(backend.hear(), f"refused {error}")


@test
def configured_headers_go_out_with_every_request():
    with Server() as server, Backend(server.url, "Authorization", "Bearer x", "X-Empty",
                                     "") as backend:
        greet(server, backend)
        server.answers(json_answer(answer(3)), [http(200)])
        backend.tell(f"send 3 {call(3)}")
        backend.hears("line " + answer(3))
        backend.tell("stop")
        backend.hears("down refused 3", "gone")
        for _ in range(2):
            request = server.asked()
            equal(request.headers["authorization"], "Bearer x")
            equal(request.headers["x-empty"], "")


if __name__ == "__main__":
    sys.exit(test.run())
