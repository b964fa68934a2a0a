#!/usr/bin/python3
"""`repute-guard --http`: clients of both eras come by Streamable HTTP, each sees its own answers
alone, and who may not ask is told why. TAP."""
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time

from facing import LATEST, Front, Legacy
from guarding import is_alive, until
from node import Tests, equal

test = Tests()
REPUTE, GUARD, NULL_SERVER = (os.environ[name] for name in (
    "REPUTE", "REPUTE_GUARD", "NULL_SERVER"))
SESSIONS_MAX = 32
MIB = 1 << 20


def about(answer):
    """What the guard adds to a result."""
    return answer.message["result"]["_meta"]["io.repute/guard"]


def code(answer):
    return answer.message["error"]["code"]


def resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmRSS:")).split()[1])


def refused(answer, status, number):
    equal((answer.status, code(answer)), (status, number))


# ---- legacy clients ----

@test
def a_legacy_session_has_a_name_and_answers():
    with Front() as front:
        client = front.legacy()
        equal(client.hello.status, 200)
        equal(client.hello.headers["content-type"], "application/json")
        equal(client.hello.message["result"]["serverInfo"]["name"], "alpha")
        assert len(client.session) == 70 and client.session.isascii(), client.session
        equal(client.post({"jsonrpc": "2.0", "method": "notifications/roots/list_changed"}).status,
              202)
        answer = client.call("look", {"q": 1}, number="x\u00e4")
        equal(answer.status, 200)
        equal(answer.text, 'alpha: look {"q": 1}')
        equal(answer.message["id"], "x\u00e4")
        # Ids come back as they were written, and so do bytes.
        answer = client.post('{"jsonrpc":"2.0",\n"id":9007199254740993,\r\n"method":"tools/call",'
                             '"params":{"name":"look","arguments":{"q":1.50}}}')
        assert b'"id": 9007199254740993' in answer.body or \
            b'"id":9007199254740993' in answer.body, answer.body
        equal(client.send("ping").message["result"], {})
        equal(code(client.send("no/such/method")), -32601)
        equal(client.send("no/such/method").status, 200)


@test
def two_clients_with_equal_ids_have_answers_of_their_own():
    with Front() as front:
        one, other = front.legacy(), front.legacy()
        assert one.session != other.session
        # Both are under way at once; the later one is answered first.
        waiting = one.open(one.call_of("wait", {"who": "one"}, number=7))
        until(lambda: any("one" in line for line in front.lines("alpha", "calls")), "it waits")
        equal(other.call("look", {"who": "other"}, number=7).text, 'alpha: look {"who": "other"}')
        front.put("alpha", "go", "")
        answer = waiting.getresponse()
        equal(json.loads(answer.read())["result"]["content"][0]["text"],
              'alpha: wait {"who": "one"}')


@test
def progress_comes_on_the_stream_of_its_request():
    with Front() as front:
        client = front.legacy()
        answer = client.call("tell", _meta={"progressToken": "tok"})
        assert answer.is_stream, answer.headers
        equal(answer.headers["x-accel-buffering"], "no")
        equal([(message.get("method"), message.get("params", {}).get("progress"))
               for message in answer.messages[:-1]], [("notifications/progress", n)
                                                      for n in (1, 2, 3)])
        equal(answer.messages[0]["params"]["progressToken"], "tok")
        equal(answer.text, "alpha: tell {}")


@test
def a_server_asks_the_client_through_the_stream_of_its_call():
    with Front() as front:
        client = front.legacy(capabilities={"roots": {}})
        stream = client.stream(client.call_of("ask"))
        equal((stream.status, stream.type), (200, "text/event-stream"))
        asked = stream.next()
        equal(asked["method"], "roots/list")
        equal(client.post({"jsonrpc": "2.0", "id": asked["id"],
                           "result": {"roots": [{"uri": "file:///a"}]}}).status, 202)
        equal(json.loads(stream.next()["result"]["content"][0]["text"]),
              {"roots": [{"uri": "file:///a"}]})
        equal(stream.next(), None)


@test
def what_belongs_to_no_call_comes_on_the_stream_of_get():
    with Front() as front:
        client = front.legacy()
        first = client.stream()
        equal((first.status, first.type), (200, "text/event-stream"))
        front.put("alpha", "tools", "[]")
        # With two calls under way nobody knows which one a line of the log is of.
        waiting = client.open(client.call_of("wait"))
        until(lambda: front.lines("alpha", "calls"), "it waits")
        logging = client.open(client.call_of("log", {"count": 1, "size": 1}))
        equal(first.next()["params"]["data"], "0 x")
        equal(json.loads(logging.getresponse().read())["result"]["content"][0]["type"], "text")
        # A second stream takes the place of the first one.
        second = client.stream()
        equal(first.next(), None)
        client.call("log", {"count": 1, "size": 2})
        equal(second.next()["params"]["data"], "0 xx")
        front.put("alpha", "go", "")
        waiting.getresponse().read()


@test
def a_legacy_client_that_drops_its_stream_has_cancelled_nothing():
    with Front() as front:
        client = front.legacy()
        client.open(client.call_of("wait")).close()
        until(lambda: front.lines("alpha", "calls"), "it was called")
        kept = client.open(client.call_of("wait", number="kept"))
        until(lambda: len(front.lines("alpha", "calls")) == 2, "both were called")
        client.post({"jsonrpc": "2.0", "method": "notifications/cancelled",
                     "params": {"requestId": "kept"}})
        until(lambda: front.lines("alpha", "cancelled"), "the other was cancelled")
        equal(front.lines("alpha", "cancelled"), ["wait"])
        # It has no answer, but an end.
        answer = kept.getresponse()
        equal((answer.status, answer.read()), (200, b""))
        equal(client.call("look").text, "alpha: look {}")


@test
def a_session_ends_when_its_client_says_so():
    with Front() as front:
        client = front.legacy()
        other = front.legacy()
        client.call("look")
        until(lambda: front.pid("alpha") > 0, "it runs")
        stream = client.stream()
        waiting = client.open(client.call_of("wait"))
        until(lambda: len(front.lines("alpha", "calls")) == 2, "it waits")
        equal(client.ask("DELETE").status, 204)
        equal(stream.next(), None)
        equal(waiting.getresponse().read(), b"")
        refused(client.send("ping"), 404, -32600)
        refused(client.ask("DELETE"), 404, -32600)
        refused(client.ask("GET"), 404, -32600)
        equal(other.call("look").text, "alpha: look {}")


@test
def a_failover_does_not_change_the_session():
    with Front() as front:
        client = front.legacy()
        equal(client.call("look").text, "alpha: look {}")
        until(lambda: len(front.pids()) == 2, "both run")
        waiting = client.open(client.call_of("wait"))
        until(lambda: len(front.lines("alpha", "calls")) == 2, "it waits")
        os.kill(front.pid("alpha"), signal.SIGKILL)
        answer = client.call("look")
        equal(answer.text, "beta: look {}")
        lost = json.loads(waiting.getresponse().read())
        equal(lost["result"]["_meta"]["io.repute/guard"]["reason"], "outcome_unknown")
        assert "mcp-session-id" not in answer.headers
        equal(client.send("tools/list").status, 200)


@test
def a_degraded_answer_has_status_200():
    with Front(servers=("alpha",)) as front:
        client = front.legacy()
        client.call("look")
        front.put("alpha", "go", "")
        os.kill(front.pid("alpha"), signal.SIGSTOP)
        os.kill(front.pid("alpha"), signal.SIGKILL)
        answer = client.call("route")
        equal(answer.status, 200)
        equal(answer.message["result"]["isError"], True)
        equal(about(answer)["status"], "unavailable")
        equal(client.send("resources/list").status, 200)


# ---- modern clients ----

@test
def modern_clients_need_no_session():
    with Front() as front:
        client = front.modern()
        answer = client.send("server/discover")
        equal(answer.status, 200)
        equal(answer.message["result"]["supportedVersions"], ["2026-07-28"])
        assert "mcp-session-id" not in answer.headers
        equal(client.call("look").text, "alpha: look {}")
        equal(client.call("look", number="9").message["id"], "9")
        # One that is of no session is ignored.
        equal(front.modern({"Mcp-Session-Id": "nonsense"}).call("look").status, 200)
        equal(len(front.lines("alpha", "calls")), 3)
        refused(client.send("no/such/method"), 404, -32601)
        refused(client.send("initialize"), 404, -32601)
        answer = client.ask("GET")
        equal((answer.status, answer.headers["allow"]), (405, "POST"))
        answer = client.ask("DELETE")
        equal((answer.status, answer.headers["allow"]), (405, "POST"))


@test
def modern_clients_with_equal_ids_share_a_server_and_no_answers():
    with Front() as front:
        one, other = front.modern(), front.modern()
        waiting = one.open(one.call_of("wait", {"who": "one"}, number=7))
        until(lambda: front.lines("alpha", "calls"), "it waits")
        pid = front.pid("alpha")
        answer = other.call("tell", {"who": "other"}, number=7, _meta={"progressToken": 7})
        equal(len(answer.messages), 4)
        equal(answer.text, 'alpha: tell {"who": "other"}')
        equal(front.pid("alpha"), pid)
        # A notification with somebody else's id cancels nothing.
        equal(other.post({"jsonrpc": "2.0", "method": "notifications/cancelled",
                          "params": {"requestId": 7}}).status, 202)
        front.put("alpha", "go", "")
        equal(json.loads(waiting.getresponse().read())["result"]["content"][0]["text"],
              'alpha: wait {"who": "one"}')
        equal(front.lines("alpha", "cancelled"), [])
        # Another program is another client.
        equal(front.modern(name="else").call("look").status, 200)
        until(lambda: front.pid("alpha") != pid, "a server of its own")


@test
def a_modern_client_that_drops_its_stream_has_cancelled():
    with Front() as front:
        client = front.modern()
        waiting = client.open(client.call_of("wait"))
        until(lambda: front.lines("alpha", "calls"), "it waits")
        waiting.close()
        until(lambda: front.lines("alpha", "cancelled"), "it was cancelled")
        equal(front.lines("alpha", "cancelled"), ["wait"])
        equal(client.call("look").text, "alpha: look {}")


@test
def who_listens_has_a_stream_until_it_leaves():
    with Front() as front:
        client = front.modern()
        client.send("tools/list")
        stream = client.stream(client.request("subscriptions/listen", {
            "notifications": {"toolsListChanged": True, "promptsListChanged": True}}, number="l"))
        equal((stream.status, stream.type), (200, "text/event-stream"))
        equal(stream.next()["method"], "notifications/subscriptions/acknowledged")
        changed = stream.next()
        equal(changed["method"], "notifications/prompts/list_changed")
        equal(changed["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"], "l")
        stream.close()
        until(lambda: "listen" in front.lines("alpha", "cancelled"), "it was cancelled")


@test
def headers_and_body_of_a_modern_request_agree():
    with Front() as front:
        client = front.modern()
        for headers in ({"Mcp-Name": "big"}, {"Mcp-Method": "tools/list"}, {"Mcp-Name": "LOOK"},
                        {"Mcp-Name": "=?base64?YmlnCg==?="}, {"Mcp-Name": "=?base64?look?="},
                        {"Mcp-Name": "l\u00f6\u00f6k"}, {"MCP-Protocol-Version": "2025-11-25"},
                        {"MCP-Protocol-Version": "1"}, {"Mcp-Name": ""}):
            refused(client.post(client.call_of("look"), headers), 400, -32020)
        for missing in ("Mcp-Name", "Mcp-Method"):
            message = client.call_of("look")
            headers = {name: value for name, value in client.headers_of(message).items()
                       if name != missing}
            refused(super(type(client), client).post(message, headers), 400, -32020)
        message = client.call_of("look", number=5)
        refused(front.plain().post(message, client.headers_of(message)), 400, -32020)
        answer = client.post(client.call_of("look", number="five"), {"Mcp-Method": "x"})
        equal(answer.message["id"], "five")
        equal(client.post(client.call_of("look"), {"Mcp-Name": "=?base64?bG9vaw==?="}).status, 200)
        client.meta["io.modelcontextprotocol/protocolVersion"] = "1900-01-01"
        answer = client.post(client.call_of("look"), {"MCP-Protocol-Version": "1900-01-01"})
        refused(answer, 400, -32022)
        equal(answer.message["error"]["data"], {
            "supported": ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"],
            "requested": "1900-01-01"})
        equal(len(front.lines("alpha", "calls")), 1)


@test
def arguments_that_a_schema_wants_in_headers_stand_there():
    with Front() as front:
        client = front.modern()
        client.send("tools/list")
        message = client.call_of("route", {"region": "eu"})
        refused(client.post(message), 400, -32020)
        refused(client.post(message, {"Mcp-Param-Region": "us"}), 400, -32020)
        refused(client.post(client.call_of("route"), {"Mcp-Param-Region": "eu"}), 400, -32020)
        equal(client.post(message, {"MCP-PARAM-REGION": "eu"}).text,
              'alpha: route {"region": "eu"}')
        equal(client.post(client.call_of("look"), {"Mcp-Param-Region": "eu"}).status, 200)
        # Legacy clients know nothing of it.
        equal(front.legacy().call("route", {"region": "eu"}).status, 200)


@test
def both_eras_are_served_at_once():
    with Front() as front:
        legacy, modern = front.legacy(), front.modern()
        for number in range(3):
            equal(legacy.call("look", number=number).text, "alpha: look {}")
            equal(modern.call("look", number=number).text, "alpha: look {}")


# ---- who may not ask ----

@test
def only_this_host_under_its_own_name_is_let_in():
    with Front() as front:
        client = front.legacy()
        for host in ("evil.example", f"evil.example:{front.port}", f"localhost:{front.port + 1}",
                     "localhost", f"127.0.0.2:{front.port}", f"localhost.evil:{front.port}"):
            refused(client.post(client.call_of("look"), {"Host": host}), 403, -32600)
        for host in (f"localhost:{front.port}", f"[::1]:{front.port}", f"LOCALHOST:{front.port}"):
            equal(client.post(client.call_of("look"), {"Host": host}).status, 200)
        for origin in ("http://evil.example", f"http://127.0.0.1:{front.port + 1}", "null",
                       f"http://evil.example:{front.port}"):
            refused(client.post(client.call_of("look"), {"Origin": origin}), 403, -32600)
            refused(client.ask("GET", headers={"Origin": origin}), 403, -32600)
        equal(len(front.lines("alpha", "calls")), 3)
        # It serves no page: its own address as an origin is a program's.
        own = {"Origin": f"http://127.0.0.1:{front.port}"}
        equal(client.post(client.call_of("look"), own).status, 200)
        answer = front.raw(b"POST /mcp HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 400 "), answer
        answer = front.raw(b"GET /mcp HTTP/1.0\r\n\r\n")
        assert b" 400 " in answer.split(b"\r\n")[0], answer


@test
def pages_of_a_listed_origin_are_let_in():
    with Front("--origin", "http://localhost:6274", "--origin", "https://tool.example") as front:
        client = front.legacy({"Origin": "http://localhost:6274"})
        equal(client.hello.status, 200)
        equal(client.hello.headers["access-control-allow-origin"], "http://localhost:6274")
        equal(client.hello.headers["access-control-expose-headers"], "Mcp-Session-Id")
        answer = client.ask("OPTIONS", headers={"Access-Control-Request-Method": "POST"})
        equal((answer.status, answer.headers["access-control-allow-methods"]),
              (204, "GET, POST, DELETE"))
        refused(front.legacy({"Origin": "http://localhost:62745"}).hello, 403, -32600)
        assert "access-control-allow-origin" not in front.legacy().hello.headers
        equal(front.plain().ask("OPTIONS").status, 405)


@test
def requests_that_are_none_of_ours_are_refused_by_their_kind():
    with Front() as front:
        client = front.legacy()
        message = client.call_of("look")
        rows = (
            (lambda: client.ask("GET", "/"), 404, -32600),
            (lambda: client.ask("POST", "/mcp/x", "{}"), 404, -32600),
            (lambda: client.ask("POST", "/%6dcp", "{}"), 404, -32600),
            (lambda: client.ask("PUT", body="{}"), 405, -32600),
            (lambda: client.post(message, {"Content-Type": "text/plain"}), 415, -32600),
            (lambda: client.post(message, {"Accept": "application/json"}), 406, -32600),
            (lambda: client.ask("GET", headers={"Accept": "application/json"}), 406, -32600),
            (lambda: client.post(message, {"MCP-Protocol-Version": "2025-01-01"}), 400, -32022),
            (lambda: client.post(message, {"Mcp-Method": "tools/list"}), 400, -32020),
            (lambda: client.post("{"), 400, -32700),
            (lambda: client.post(b'{"jsonrpc":"2.0","id":1,"method":"\xff"}'), 400, -32700),
            (lambda: client.post("[" * 65 + "]" * 65), 400, -32700),
            (lambda: client.post("[" + json.dumps(message) + "]"), 400, -32600),
            (lambda: client.post('{"jsonrpc":"2.0","id":null,"method":"ping"}'), 400, -32600),
            (lambda: client.post('{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}'), 400, -32600),
            (lambda: front.plain().post(message), 400, -32600),
            (lambda: front.plain().ask("GET"), 400, -32600),
            (lambda: front.plain({"Mcp-Session-Id": "x" * 70}).post(message), 404, -32600),
            (lambda: front.plain({"Mcp-Session-Id": client.session[:-1] + "!"}).post(message), 404,
             -32600),
            (lambda: Legacy(front.port, {"Mcp-Session-Id": client.session}).hello, 400, -32600),
        )
        for ask, status, number in rows:
            refused(ask(), status, number)
        equal(client.ask("PUT", body="{}").headers["allow"], "GET, POST, DELETE")
        equal(client.post('{"jsonrpc":"2.0","id":"' + "\\ud800" + '","method":"ping"}').status, 200)
        equal(client.call("look").text, "alpha: look {}")
        equal(len(front.lines("alpha", "calls")), 1)


@test
def a_body_has_at_most_4_mib():
    with Front() as front:
        client = front.legacy()
        empty = len(json.dumps(client.call_of("big", {"size": 7, "q": ""}, number=1)))
        whole = "x" * (4 * MIB - empty)
        equal(client.call("big", {"size": 7, "q": whole}, number=1).text, "x" * 7)
        refused(client.call("big", {"size": 7, "q": whole + "x"}, number=1), 413, -32600)
        # Without a length it is found out on the way.
        client.connection.request("POST", "/mcp", iter([b" " * MIB] * 5), client.headers,
                                  encode_chunked=True)
        answer = client.connection.getresponse()
        equal(answer.status, 413)
        answer.read()
        equal(client.call("look").text, "alpha: look {}")


@test
def malformed_requests_harm_nobody():
    with Front() as front:
        client = front.legacy()
        head = f"POST /mcp HTTP/1.1\r\nHost: localhost:{front.port}\r\n".encode()
        for data in (b"\r\n" * 100, b"\x00" * 1000, b"\x16\x03\x01\x02\x00", head,
                     b"POST " + b"x" * 999, head + b"Content-Length: 5\r\n\r\nabc",
                     head + b"X: " + b"y" * 100000):
            with socket.create_connection(("127.0.0.1", front.port), 10) as connection:
                connection.sendall(data)
        for data in (b"Content-Length: -1\r\n\r\n",
                     b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
                     b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                     b"Host: localhost\r\nConnection: close\r\n\r\n",
                     b"Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                     b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n"):
            answer = front.raw(head + data)
            assert answer.startswith(b"HTTP/1.1 4"), (data[:100], answer)
        for encoding in (b"identity", b"gzip, chunked"):
            answer = front.raw(head + b"Transfer-Encoding: " + encoding + b"\r\n\r\n{")
            assert answer.startswith(b"HTTP/1.1 501"), (encoding, answer)
        equal(client.call("look").text, "alpha: look {}")


@test
def a_session_too_many_is_told_to_come_back():
    with Front(command=[NULL_SERVER], servers=("alpha",)) as front:
        clients = [front.legacy() for _ in range(100)]
        equal([client.hello.status for client in clients], [200] * SESSIONS_MAX +
              [503] * (100 - SESSIONS_MAX))
        equal(len({client.session for client in clients[:SESSIONS_MAX]}), SESSIONS_MAX)
        refused(clients[-1].hello, 503, 5030)
        equal(clients[-1].hello.headers["retry-after"], "5")
        # Those that are there go on; one that ends makes room.
        equal(clients[0].send("ping").status, 200)
        equal(clients[1].ask("DELETE").status, 204)
        equal(front.legacy().hello.status, 200)
        # Modern ones that rest make room at once.
        equal(clients[2].ask("DELETE").status, 204)
        for number in range(5):
            equal(front.modern(name=str(number)).send("ping").status, 200)
        equal(front.legacy().hello.status, 200)
        equal(front.legacy().hello.status, 503)


@test
def connections_without_a_request_make_room():
    with Front() as front:
        client = front.legacy()
        idle = [socket.create_connection(("127.0.0.1", front.port), 10) for _ in range(300)]
        equal(client.call("look").text, "alpha: look {}")
        equal(front.legacy().hello.status, 200)
        for connection in idle:
            connection.close()


@test
def connections_that_rest_make_room():
    with Front() as front:
        clients = [front.plain() for _ in range(256)]
        for client in clients:
            equal(client.send("ping").status, 400)
        equal(front.legacy().call("look").text, "alpha: look {}")
        equal(clients[-1].send("ping").status, 400)
        for client in clients:
            client.connection.close()


@test
def bodies_that_never_end_make_room():
    with Front() as front:
        head = (f"POST /mcp HTTP/1.1\r\nHost: localhost:{front.port}\r\nContent-Length: 9\r\n"
                "Content-Type: application/json\r\nAccept: */*\r\n"
                "Expect: 100-continue\r\n\r\n").encode()
        slow = []
        is_heard = True
        while is_heard and len(slow) < 300:
            slow.append(socket.create_connection(("127.0.0.1", front.port), 10))
            slow[-1].sendall(head)
            try:
                is_heard = slow[-1].recv(12) == b"HTTP/1.1 100"
            except ConnectionError:
                is_heard = False
        assert len(slow) > 256, "they have no room"

        def is_let_in():
            try:
                return front.plain().send("ping").status == 400
            except OSError:
                return False

        until(is_let_in, "another connection has room")
        equal(front.legacy().call("look").text, "alpha: look {}")
        for connection in slow:
            connection.close()


@test
def streams_that_are_dropped_leave_nothing_open():
    with Front() as front:
        client = front.legacy()
        client.call("look")
        folder = f"/proc/{front.process.pid}/fd"
        before = len(os.listdir(folder))
        for _ in range(200):
            client.open().close()
        # Long before the time of a connection is over.
        until(lambda: len(os.listdir(folder)) <= before, "their connections are closed")


@test
def few_descriptors_end_nobody_but_those_who_come_too_late():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        front = Front()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with front:
        client = front.legacy()
        equal(client.call("look").text, "alpha: look {}")
        for _ in range(SESSIONS_MAX):
            try:
                front.plain({"Connection": "close"}).send("initialize", {
                    "protocolVersion": LATEST, "capabilities": {},
                    "clientInfo": {"name": "test", "version": "1"}})
            except OSError:
                break
        equal(front.process.poll(), None)
        equal(client.call("look").text, "alpha: look {}")
        equal(front.stop(), 0)


@test
def a_reader_who_does_not_read_costs_a_bounded_memory():
    with Front() as front:
        reader = front.legacy()
        other = front.legacy()
        other.call("look")
        stream = reader.open()
        until(lambda: reader.call("look").status == 200, "it runs")
        # Two calls, so that what is logged belongs to neither, and 64 MiB of it.
        waiting = reader.open(reader.call_of("wait"))
        flood = reader.open(reader.call_of("log", {"count": 64, "size": MIB}))
        until(lambda: any("log" in line for line in front.lines("alpha", "calls")), "it floods")
        end = time.monotonic() + 1
        while time.monotonic() < end:
            assert resident_kb(front.process.pid) < 32 * 1024
            equal(other.call("look").text, "alpha: look {}")
        # Whoever reads gets all of it.
        got = stream.getresponse()
        size = 0
        while size < 64 * MIB:
            size += len(got.read(MIB))
        answer = json.loads(flood.getresponse().read())
        equal(answer["result"]["content"][0]["type"], "text")
        front.put("alpha", "go", "")
        waiting.getresponse().read()


@test
def a_large_answer_comes_whole():
    with Front() as front:
        client = front.legacy()
        equal(client.call("big", {"size": 3 * MIB}).text, "x" * 3 * MIB)
        equal(front.modern().call("big", {"size": 3 * MIB}).text, "x" * 3 * MIB)


# ---- the program ----

def run(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=30, check=False,
                          stdin=subprocess.DEVNULL)


@test
def where_it_listens_is_said_or_why_not():
    with Front() as front:
        equal(front.line, f"listening on http://127.0.0.1:{front.port}/mcp\n")
        words = [GUARD, "--home", front.home, "--group", "work", "--http"]
        got = run(*words, f"127.0.0.1:{front.port}")
        equal(got.returncode, 8)
        equal(got.stderr, f"repute-guard: 127.0.0.1:{front.port}: somebody listens there already: "
                          "end that, or choose another port (0: any)\n")
        got = run(*words, "0.0.0.0:0")
        equal(got.returncode, 2)
        assert "loopback alone" in got.stderr, got.stderr
        got = run(REPUTE, "--home", front.home, "guard", "--group", "work", "--http",
                  f"127.0.0.1:{front.port}")
        equal(got.returncode, 8)
        equal(run(*words[:4], "nobody", *words[5:], "127.0.0.1:0").returncode, 1)


@test
def bodies_on_their_way_in_when_it_ends_harm_nothing():
    head = "POST /mcp HTTP/1.1\r\nHost: localhost:{}\r\nContent-Length: 9\r\n" \
           "Content-Type: application/json\r\nAccept: */*\r\nExpect: 100-continue\r\n\r\n"
    with Front() as front:
        front.legacy()
        bodies = [socket.create_connection(("127.0.0.1", front.port), 10) for _ in range(3)]
        for connection in bodies:
            connection.sendall(head.format(front.port).encode())
            equal(connection.recv(12), b"HTTP/1.1 100")
            connection.sendall(b"[1")
        equal(front.legacy().call("look").text, "alpha: look {}")
        equal(front.stop(), 0)
        equal(front.log(), "")
        for connection in bodies:
            connection.close()


@test
def it_ends_with_all_that_it_started():
    with Front() as front:
        client = front.legacy()
        client.call("look")
        until(lambda: len(front.pids()) == 2, "both run")
        pids = front.pids()
        stream = client.stream()
        waiting = client.open(client.call_of("wait"))
        until(lambda: len(front.lines("alpha", "calls")) == 2, "it waits")
        equal(front.stop(), 0)
        equal(stream.next(), None)
        answer = waiting.getresponse()
        equal((answer.status, json.loads(answer.read())["error"]["code"]), (503, 5030))
        until(lambda: not any(map(is_alive, pids)), "they have ended")


if __name__ == "__main__":
    sys.exit(test.run())
