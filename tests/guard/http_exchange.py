#!/usr/bin/python3
"""What one message to a Streamable HTTP server becomes: its answer as one line, or a class, whether
it may have been executed, and how long to wait. TAP."""
import email.utils
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from node import Tests, equal
from playing import CUT, END, Backend, Server, accepted, event, http, json_answer, stream

test = Tests()
CALL = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"t","arguments":{}}}'
ANSWER = '{"jsonrpc":"2.0","id":7,"result":{"content":[]}}'
NOTE = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1}}'


def comes_back(answer, *wanted, message=CALL):
    """One message, its answer, and all that the backend says of it."""
    with Server() as server, Backend(server.url) as backend:
        server.answers(answer)
        backend.begin(f"send 3 {message}")
        request = server.asked()
        equal(request.method, "POST")
        equal(request.body.decode(), message)
        backend.hears(*wanted)
        return request


@test
def a_json_answer_is_one_line():
    request = comes_back(json_answer('\r\n{"jsonrpc":"2.0",\n"id":7,"result":{"content":[]}}\n'),
                         'line {"jsonrpc":"2.0", "id":7,"result":{"content":[]}}')
    equal(request.headers["accept"], "application/json, text/event-stream")
    equal(request.headers["content-type"], "application/json")
    assert "expect" not in request.headers
    assert "mcp-session-id" not in request.headers


@test
def a_stream_is_its_events_however_it_is_cut():
    text = ANSWER[:16] + "\r\ndata:" + ANSWER[16:]
    whole = b"\xef\xbb\xbf: hello\r\nevent: message\r\ndata: " + NOTE.encode() + b"\r\n\r\n" \
        + b"event: other\ndata: no json\n\n" + b"id: 5\rdata:\r\r" \
        + b"data: " + text.encode() + b"\r\n\r\n"
    pieces = [whole[at:at + 7] for at in range(0, len(whole), 7)]
    flat = ANSWER[:16] + " " + ANSWER[16:]
    comes_back(stream(*pieces), "line " + NOTE, "line " + flat)
    comes_back(stream(whole), "line " + NOTE, "line " + flat)


@test
def a_json_text_may_be_four_mebibytes_and_no_more():
    frame = '{"jsonrpc":"2.0","id":7,"result":{"x":"%s"}}'
    room = 4194304 - len(frame % "")
    comes_back(json_answer(frame % ("x" * room)), "line " + frame % ("x" * room))
    comes_back(json_answer(frame % ("x" * (room + 1))), "failed 3 garbage sent 0")


@test
def an_event_may_be_four_mebibytes_and_no_more():
    frame = '{"jsonrpc":"2.0","id":7,"result":{"x":"%s"}}'
    room = 4194304 - len(frame % "")
    comes_back(stream(event(frame % ("x" * room))), "line " + frame % ("x" * room))
    comes_back(stream(event(frame % ("x" * (room + 1)))), "failed 3 garbage sent 0")


@test
def a_notification_is_taken_with_202_and_says_nothing():
    with Server() as server, Backend(server.url) as backend:
        server.answers(accepted(), json_answer(ANSWER))
        backend.begin(f"send 1 {NOTE}")
        equal(server.asked().body.decode(), NOTE)
        backend.tell(f"send 2 {CALL}")
        backend.hears("line " + ANSWER)


@test
def each_status_has_its_class():
    for status, wanted in ((500, "http5xx sent 0"), (502, "http5xx sent 0"),
                           (503, "http5xx sent 0"), (401, "auth sent 0"), (403, "auth sent 0"),
                           (429, "rate_limited sent 0"), (404, "refused unsent 0"),
                           (405, "refused unsent 0"), (400, "caller sent 0"),
                           (408, "timeout sent 0"), (413, "caller sent 0"),
                           (202, "garbage sent 0"),
                           (204, "garbage sent 0"), (303, "refused sent 0")):
        comes_back([http(status)], "failed 3 " + wanted)
        body = json.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": -1, "message": "m"}})
        if status not in (202, 204):
            comes_back(json_answer(body, status=status), "failed 3 " + wanted)


@test
def a_refusal_that_answers_the_request_is_its_answer():
    error = '{"jsonrpc":"2.0","id":7,"error":{"code":-32022,"message":"version"}}'
    for status in (400, 404):
        comes_back(json_answer(error, status=status), "line " + error)
    comes_back(json_answer(error, status=401), "failed 3 auth sent 0")
    comes_back(json_answer(error, status=500), "failed 3 http5xx sent 0")


@test
def retry_after_is_seconds_or_a_date_and_at_most_an_hour():
    for value, wanted in (("2", 2000), ("3600", 3600000), ("86400", 3600000), ("0", 0),
                          ("soon", 0), ("-5", 0)):
        comes_back([http(429, f"Retry-After: {value}")],
                   f"failed 3 rate_limited sent {wanted}")
    comes_back([http(429, f"Retry-After: {email.utils.formatdate(time.time() + 9e4, usegmt=True)}")],
               "failed 3 rate_limited sent 3600000")
    with Server() as server, Backend(server.url) as backend:
        date = email.utils.formatdate(time.time() + 100, usegmt=True)
        server.answers([http(429, f"Retry-After: {date}")])
        backend.begin(f"send 3 {CALL}")
        said = backend.hear().split()
        equal(said[:4], ["failed", "3", "rate_limited", "sent"])
        assert 60000 <= int(said[4]) <= 100000, said


@test
def what_is_no_answer_is_garbage():
    wrong = '{"jsonrpc":"2.0","id":8,"result":{}}'
    for answer in (json_answer("{}"), json_answer("{"), json_answer(wrong), json_answer(""),
                   json_answer(f"[{ANSWER}]"), json_answer(NOTE),
                   [http(200, "Content-Type: text/html", body=b"<p>")],
                   [http(200, "Content-Type: application/jsonp", body=ANSWER.encode())],
                   [http(200, body=ANSWER.encode())],
                   [http(200, "Content-Type: text/html", body=b"x" * 200000)],
                   stream(event("{")), stream(event(f"[{ANSWER}]"))):
        comes_back(answer, "failed 3 garbage sent 0")
    comes_back([b"SSH-2.0-OpenSSH_9.2\r\n\r\n", END], "failed 3 garbage sent 0")


@test
def a_cut_answer_may_have_been_executed():
    whole = json_answer(ANSWER)[0]
    for answer in ([CUT], [END], [whole[:30], END], [whole[:-3], END], [whole[:-3], CUT],
                   stream(END), stream(event(NOTE)[:-1], END),
                   stream(event(ANSWER)[:-1], CUT)):
        comes_back(answer, "failed 3 refused sent 0")
    comes_back(stream(event(NOTE), END), "line " + NOTE, "failed 3 refused sent 0")


@test
def a_call_on_a_kept_connection_that_dies_is_not_sent_twice():
    with Server() as server, Backend(server.url) as backend:
        server.answers(json_answer(ANSWER), [CUT], json_answer(ANSWER))
        backend.begin(f"send 1 {CALL}")
        backend.hears("line " + ANSWER)
        backend.tell(f"send 2 {CALL}")
        backend.hears("failed 2 refused sent 0")
        backend.tell(f"send 3 {CALL}")
        backend.hears("line " + ANSWER)
        equal([server.asked().id for _ in range(3)], [7, 7, 7])
        assert server.requests.empty()


@test
def bytes_that_nobody_asked_for_cost_one_answer():
    late = threading.Event()
    with Server() as server, Backend(server.url) as backend:
        unasked = json_answer('{"jsonrpc":"2.0","id":9,"result":{}}')
        server.answers(json_answer(ANSWER), [*unasked, late, *json_answer(ANSWER)],
                       json_answer(ANSWER))
        backend.begin(f"send 1 {CALL}")
        backend.hears("line " + ANSWER)
        backend.tell(f"send 2 {CALL}")
        backend.hears("failed 2 garbage sent 0")
        late.set()
        backend.tell(f"send 3 {CALL}")
        backend.hears("line " + ANSWER)
        equal([server.asked().connection for _ in range(3)], [1, 1, 2])


@test
def a_connection_that_is_never_made_was_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/", f"http://localhost:{port}/",
                "https://no-such-host.invalid/mcp"):
        with Backend(url) as backend:
            backend.begin(f"send 3 {CALL}")
            backend.hears("failed 3 refused unsent 0")


@test
def a_connection_has_its_time():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        # TLS never answers, whatever becomes of the connection.
        with Backend(f"https://127.0.0.1:{listener.getsockname()[1]}/", connect_ms=300) as backend:
            backend.begin(f"send 3 {CALL}")
            backend.hears("failed 3 refused unsent 0")


@test
def a_certificate_that_nobody_vouches_for_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                        folder + "/key", "-out", folder + "/certificate"],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/certificate", folder + "/key")
        wrap = lambda connection: context.wrap_socket(connection, server_side=True)
        with Server(wrap) as server:
            url = server.url.replace("http:", "https:")
            with Backend(url) as backend:
                backend.begin(f"send 3 {CALL}")
                backend.hears("failed 3 refused unsent 0")
            assert server.requests.empty()


@test
def a_redirect_is_followed_within_its_origin_only():
    for status in (307, 308):
        with Server() as server, Backend(server.url, "Authorization", "Bearer x") as backend:
            server.answers([http(status, "Location: /mcp/")], json_answer(ANSWER))
            backend.begin(f"send 3 {CALL}")
            backend.hears("line " + ANSWER)
            server.asked()
            request = server.asked()
            equal((request.method, request.path), ("POST", "/mcp/"))
            equal(request.body.decode(), CALL)
            equal(request.headers["authorization"], "Bearer x")
    with Server() as server, Server() as other:
        for location in (other.url, server.url.replace("127.0.0.1", "localhost"),
                         server.url.replace("http:", "https:"), "file:///etc/passwd"):
            with Backend(server.url, "Authorization", "Bearer x") as backend:
                server.answers([http(307, f"Location: {location}")])
                backend.begin(f"send 3 {CALL}")
                backend.hears("failed 3 refused unsent 0")
        equal(other.connections, 0)


@test
def a_redirect_that_asks_for_a_get_may_have_been_executed_and_is_not_posted_again():
    for status in (301, 302, 303):
        with Server() as server, Backend(server.url) as backend:
            server.answers([http(status, "Location: /mcp/")])
            backend.begin(f"send 3 {CALL}")
            backend.hears("failed 3 refused sent 0")
            equal(server.requests.qsize(), 1)


@test
def headers_behind_a_body_end():
    head = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
            b"\r\n\r\n0\r\n")

    class Endless(list):
        def __iter__(self):
            yield head
            while True:
                yield b"X: " + b"x" * 1000 + b"\r\n"

    with Server() as server, Backend(server.url) as backend:
        server.answers(Endless([head]))
        backend.begin(f"send 3 {CALL}")
        backend.hears("failed 3 garbage sent 0")


@test
def redirects_end():
    with Server() as server, Backend(server.url) as backend:
        server.rule = lambda request: [http(307, "Location: /mcp")]
        backend.begin(f"send 3 {CALL}")
        backend.hears("failed 3 refused unsent 0")
        equal(server.requests.qsize(), 4)


@test
def a_proxy_of_the_environment_plays_no_part():
    with Server() as server, Server() as proxy:
        env = {name: f"http://127.0.0.1:{proxy.port}"
               for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy")}
        with Backend(server.url, env=env) as backend:
            server.answers(json_answer(ANSWER))
            backend.begin(f"send 3 {CALL}")
            backend.hears("line " + ANSWER)
        equal(proxy.connections, 0)


@test
def a_slow_answer_comes_when_it_comes():
    with Server() as server, Backend(server.url) as backend:
        gates = [threading.Event() for _ in range(2)]
        whole = json_answer(ANSWER)[0]
        server.answers([gates[0], whole[:50], gates[1], whole[50:]])
        backend.begin(f"send 3 {CALL}")
        server.asked()
        gates[0].set()
        assert backend.is_silent()
        gates[1].set()
        backend.hears("line " + ANSWER)


@test
def a_stream_that_stays_open_behind_its_answer_is_left():
    with Server() as server, Backend(server.url) as backend:
        forever = threading.Event()
        server.answers(stream(event(ANSWER), forever))
        backend.begin("sockets")
        before = backend.hear()
        backend.tell(f"send 3 {CALL}")
        backend.hears("line " + ANSWER)
        for _ in range(100):
            backend.tell("sockets")
            said = backend.hear()
            if said == before:
                break
            time.sleep(0.05)
        equal(said, before)
        forever.set()


@test
def a_stream_that_breaks_off_is_resumed_behind_its_last_event():
    with Server() as server, Backend(server.url) as backend:
        server.answers(stream(event(NOTE, "id: a-1", "retry: 10"), END),
                       [http(503)],
                       stream(event(ANSWER, "id: a-2"), END))
        backend.begin(f"send 3 {CALL}")
        backend.hears("line " + NOTE, "line " + ANSWER)
        server.asked()
        for _ in range(2):
            request = server.asked()
            equal((request.method, request.headers["last-event-id"]), ("GET", "a-1"))
            equal(request.body, b"")


@test
def a_stream_that_cannot_be_resumed_may_have_been_executed():
    for answers in ([[http(405)]], [[http(404)]], [[http(500)]] * 5, [stream(END)] * 5):
        with Server() as server, Backend(server.url) as backend:
            server.answers(stream(b"id: a\nretry: 1\ndata:\n\n", END), *answers)
            backend.begin(f"send 3 {CALL}")
            backend.hears("failed 3 refused sent 0")
            equal(server.requests.qsize(), 1 + len(answers))


@test
def a_stream_is_not_resumed_again_and_again_without_a_pause():
    with Server() as server, Backend(server.url) as backend:
        server.rule = lambda request: stream(event(NOTE, "id: a", "retry: 0"), END)
        backend.begin(f"send 3 {CALL}")
        begin = time.monotonic()
        backend.hears(*["line " + NOTE] * 6)
        assert time.monotonic() - begin >= 0.5, "it was resumed at once"


@test
def what_nobody_takes_is_not_read_for_ever():
    with Server() as server, Backend(server.url) as backend:
        count = 4000
        note = NOTE[:-2] + ',"x":"' + "x" * 4000 + '"}}'
        sent = []
        end = threading.Event()

        def pieces():
            for number in range(count):
                sent.append(number)
                yield event(note)
            yield event(ANSWER)

        server.answers(json_answer(ANSWER))
        backend.begin(f"send 1 {CALL}")
        backend.hears("line " + ANSWER)
        head = stream()[0]

        class Lazy(list):
            def __iter__(self):
                yield head
                yield from pieces()
                end.set()

        server.answers(Lazy([head]))
        backend.tell("rest", f"send 2 {CALL}")
        server.asked()
        server.asked()
        last = -1
        while len(sent) != last:
            last = len(sent)
            time.sleep(0.3)
        assert not end.is_set(), "all of it was read"
        backend.tell("wake")
        for _ in range(count):
            backend.hears("line " + note)
        backend.hears("line " + ANSWER)


if __name__ == "__main__":
    sys.exit(test.run())
