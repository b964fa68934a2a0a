#!/usr/bin/python3
"""The transport of the local API: sockets, targets, bodies, connections. TAP."""
import http.client
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time

from node import Node, Tests, equal, refused

test = Tests()
BODY_MAX = 1 << 20
AGENT_BODY_MAX = 1 << 18
BODY_S = 10
AGENTS_MAX = 256
AGENTS_OF_USER_MAX = 128
HEAD_S = 5


def raw(node, data, as_agent=True):
    """What comes back for these bytes until the node closes, or a second passes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        client.connect(node.socket(as_agent))
        client.sendall(data)
        got = b""
        try:
            while chunk := client.recv(65536):
                got += chunk
        except (TimeoutError, ConnectionResetError):
            pass
        return got


@test
def sockets_have_their_modes(node):
    for as_agent, mode in ((True, 0o660), (False, 0o600)):
        found = os.stat(node.socket(as_agent))
        assert stat.S_ISSOCK(found.st_mode)
        equal(stat.S_IMODE(found.st_mode), mode)


@test
def a_connection_serves_many_requests(node):
    connection = node.connection(as_agent=True)
    for _ in range(50):
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        equal((response.status, response.read()), (200, b'{"status":"ok"}'))
    connection.close()


@test
def unknown_paths_are_not_found(node):
    for path in ("/", "/v1", "/v2/status", "/healthz/x", "/v1/Status"):
        refused(node.ask("GET", path, as_agent=True), 404, "TRUST_NO_FOUND")


@test
def targets_that_do_not_parse_are_refused(node):
    for path in ("/a//b", "/v1/status/", "/%zz", "/a%00b", "/healthz?a=%"):
        refused(node.ask("GET", path), 400, "TRUST_NO_SYNTAX", "path")
    refused(node.ask("GET", "/" + "a" * 3000), 413, "TRUST_NO_SIZE", "2047 bytes")
    refused(node.ask("GET", "/1/2/3/4/5/6/7/8/9"), 413, "TRUST_NO_SIZE", "8 segments")


@test
def a_body_over_its_bound_is_refused_and_the_connection_lives(node):
    for as_agent, bound in ((False, BODY_MAX), (True, AGENT_BODY_MAX)):
        connection = node.connection(as_agent)
        for size, status in ((bound, 400), (bound + 1, 413), (5 * bound, 413)):
            connection.request("POST", "/v1/score", b" " * size)
            response = connection.getresponse()
            text = response.read()
            equal(response.status, status)
            assert status == 400 or f"at most {bound} bytes".encode() in text, text
        connection.request("GET", "/healthz")
        equal(connection.getresponse().status, 200)
        connection.close()


@test
def the_longest_batch_of_outcomes_fits_in_an_agents_body(node):
    entry = {"subject": "mcp:io.example/" + "a" * 185, "class": "session_lost", "latency_ms": 600_000,
             "retry_after_ms": 3_600_000, "is_error": False, "slow": False, "tool": "t" * 128,
             "agent": "a" * 64, "lease": "9" * 39}
    assert len(json.dumps({"outcomes": [entry] * 256})) <= AGENT_BODY_MAX
    refused(node.ask("POST", "/v1/outcomes", {"outcomes": [entry] * 256}, as_agent=True), 400,
            "TRUST_NO_SYNTAX", "/outcomes/0/lease")


@test
def a_chunked_body_is_read_like_another(node):
    connection = node.connection()
    connection.request("POST", "/v1/score", iter([b'{"subjects":', b'["mcp:io.example/x"]}']),
                       encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
    equal(connection.getresponse().status, 200)
    connection.close()


@test
def garbage_gets_no_answer_of_ours_and_does_no_harm(node):
    for data in (b"\0" * 64, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", os.urandom(4096),
                 b"POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                 b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
                 b"POST /v1/score HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
        got = raw(node, data)
        assert b"200 OK" not in got, (data[:40], got[:200])
    equal(node.ask("GET", "/healthz").status, 200)


@test
def a_client_that_leaves_within_its_request_is_forgotten(node):
    for _ in range(100):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(node.socket(True))
            client.sendall(b"POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    equal(node.ask("GET", "/healthz", as_agent=True).status, 200)


@test
def too_many_agents_leave_the_operator_served(node):
    # Several times: whether the last of them closes in one turn of the node is chance.
    for _ in range(8):
        clients = []
        try:
            for _ in range(AGENTS_MAX + 20):
                client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                client.settimeout(5)
                client.connect(node.socket(True))
                clients.append(client)
            equal(node.ask("GET", "/v1/status", as_agent=False).status, 200)
        finally:
            for client in clients:
                client.close()
        equal(node.ask("GET", "/healthz", as_agent=True).status, 200)


def trickle(client):
    """One byte of a head that never ends; False: the node hung up."""
    try:
        client.send(b"G")
        return True
    except OSError:
        return False


def health(node):
    return [line["code"] for line in node.ask("GET", "/v1/status").json["health"]]


@test
def connections_that_trickle_lock_nobody_out(_):
    with Node() as node:
        clients = []
        try:
            for _ in range(AGENTS_MAX):
                client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                client.connect(node.socket(True))
                clients.append(client)
            for _ in range(3):
                equal(node.ask("GET", "/healthz", as_agent=True, timeout=5).status, 200)
                held = sum(trickle(client) for client in clients)
                assert held <= AGENTS_OF_USER_MAX, held
            assert "api_crowded" in health(node)
            metrics = node.ask("GET", "/metrics").body.decode()
            [count] = [line for line in metrics.splitlines()
                       if line.startswith("repute_api_crowded_connections_total ")]
            assert int(count.split()[1]) >= AGENTS_MAX - AGENTS_OF_USER_MAX, count
            assert f"api_crowded uid={os.getuid()}" in node.log(), node.log()[-300:]
        finally:
            for client in clients:
                client.close()


@test
def bodies_that_do_not_end_silence_nobody_and_are_hung_up_on(_):
    head = f"POST /v1/outcomes HTTP/1.1\r\nHost: x\r\nContent-Length: {AGENT_BODY_MAX}\r\n\r\n"
    with Node() as node:
        clients = []
        try:
            for _ in range(AGENTS_OF_USER_MAX):
                client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                client.settimeout(5)
                client.connect(node.socket(True))
                client.sendall(head.encode() + b" " * (AGENT_BODY_MAX - 4096))
                clients.append(client)
            began = time.monotonic()
            while any([trickle(client) for client in clients]):
                assert time.monotonic() - began < BODY_S + 5, "they still hold their places"
                for as_agent in (True, False):
                    answer = node.ask("POST", "/v1/score", {"subjects": ["mcp:io.example/a"]},
                                      as_agent=as_agent, timeout=5)
                    equal(answer.status, 200)
                time.sleep(.1)
            assert f"api_slow_body uid={os.getuid()}" in node.log(), node.log()[-300:]
            metrics = node.ask("GET", "/metrics").body.decode()
            [count] = [line for line in metrics.splitlines()
                       if line.startswith("repute_api_slow_bodies_total ")]
            assert int(count.split()[1]) > 0, count
        finally:
            for client in clients:
                client.close()


@test
def a_head_that_does_not_end_is_hung_up_on(node):
    kept = node.connection(as_agent=True)
    kept.request("GET", "/healthz")
    equal(kept.getresponse().read(), b'{"status":"ok"}')
    heads = (b"", b"GET /healthz HTTP/1.1\r\nX-A: ")
    clients = []
    for head in heads:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.connect(node.socket(True))
        client.sendall(head)
        clients.append(client)
    began = time.monotonic()
    while any([trickle(client) for client in clients]):
        assert time.monotonic() - began < HEAD_S + 5, "they still hold their places"
        time.sleep(.1)
    assert time.monotonic() - began > HEAD_S - 1
    # Between two requests there is more time.
    kept.request("GET", "/healthz")
    equal(kept.getresponse().read(), b'{"status":"ok"}')
    kept.close()


HOLD = """
import socket, sys
clients = [socket.socket(socket.AF_UNIX) for _ in range(int(sys.argv[2]))]
for client in clients:
    client.connect(sys.argv[1])
    client.send(b"G")
print("held", flush=True)
sys.stdin.read()
"""


@test
def one_user_leaves_room_for_another(_):
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return  # one user cannot be two
    with Node() as node:
        os.chmod(node.home, 0o755)
        os.chmod(node.socket(True), 0o666)
        mine = node.connection(as_agent=True)
        mine.request("GET", "/healthz")
        equal(mine.getresponse().read(), b'{"status":"ok"}')
        with subprocess.Popen(["setpriv", "--reuid=4002", "--clear-groups", "--", sys.executable,
                               "-c", HOLD, node.socket(True), str(AGENTS_MAX + 20)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            equal(other.stdout.readline(), b"held\n")
            equal(node.ask("GET", "/healthz", as_agent=True, timeout=5).status, 200)
            mine.request("GET", "/healthz")
            equal(mine.getresponse().read(), b'{"status":"ok"}')
            assert "api_crowded uid=4002" in node.log(), node.log()[-300:]


@test
def escapes_are_decoded_behind_the_split(node):
    refused(node.ask("GET", "/v1%2Fstatus"), 404, "TRUST_NO_FOUND")
    equal(node.ask("GET", "/v1/st%61tus").status, 200)


@test
def a_stale_socket_is_replaced_and_anything_else_refused(_):
    with Node() as node:
        node.stop(signal.SIGKILL)
        assert os.path.exists(node.socket())
        node.start()
        equal(node.ask("GET", "/healthz").status, 200)
        equal(node.stop(), 0)
        assert not os.path.exists(node.socket())
        with open(node.socket(), "w", encoding="ascii") as file:
            file.write("precious")
        try:
            node.start()
            assert False, "it started over a file"
        except RuntimeError as error:
            assert "TRUST_NO_CONFLICT" in str(error), error
        with open(node.socket(), encoding="ascii") as file:
            equal(file.read(), "precious")


@test
def a_stop_waits_for_nobody(_):
    with Node() as node:
        idle = node.connection()
        idle.request("GET", "/healthz")
        idle.getresponse().read()
        half = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        half.connect(node.socket())
        half.sendall(b"POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        began = time.monotonic()
        equal(node.stop(), 0)
        assert time.monotonic() - began < 10  # and not the minute that a silent client may take
        try:
            idle.request("GET", "/healthz")
            idle.getresponse()
            assert False, "somebody still answers"
        except (OSError, http.client.HTTPException):
            pass
        half.close()


if __name__ == "__main__":
    with Node() as running:
        sys.exit(test.run(running))
