#!/usr/bin/python3
"""POST /v1/outcomes: classes, batches, and whose word opens a shared breaker. TAP."""
import json
import os
import shutil
import subprocess
import sys

from node import Node, Tests, equal, refused
from orders import breaker, tell

test = Tests()
HOLDER = "-0123456789abcdef"
CLASSES = ["ok", "refused", "timeout", "http5xx", "garbage", "rate_limited", "auth", "session_lost",
           "internal", "caller", "cancelled"]


@test
def each_class_counts_as_what_it_is(node):
    counted = {"ok": (1, 0, 0), "refused": (1, 1, 0), "timeout": (1, 1, 1), "http5xx": (1, 1, 0),
               "garbage": (1, 1, 0), "rate_limited": (1, 1, 0), "auth": (0, 0, 0),
               "session_lost": (0, 0, 0), "internal": (1, .5, 0), "caller": (0, 0, 0),
               "cancelled": (0, 0, 0)}
    for class_ in CLASSES:
        subject = f"mcp:io.example/{class_}"
        tell(node, subject, class_, latency_ms=10)
        got = breaker(node, subject)
        equal((got["calls"], got["failures"], got["slow"]), counted[class_])


@test
def an_error_of_a_tool_is_a_healthy_call_and_slow_is_slow(node):
    subject = "mcp:io.example/tool-error"
    tell(node, subject, "ok", 20, is_error=True, tool="search")
    equal([breaker(node, subject)[name] for name in ("state", "calls", "failures", "slow")],
          ["closed", 20, 0, 0])
    tell(node, subject, "ok", slow=True)
    equal(breaker(node, subject)["slow"], 1)


@test
def a_batch_has_outcomes_of_many_servers(node):
    rows = [{"subject": f"mcp:io.example/m{i % 8}", "class": "ok"} for i in range(256)]
    equal(node.ask("POST", "/v1/outcomes", {"outcomes": rows}).json, {"accepted": 256})
    equal([breaker(node, f"mcp:io.example/m{i}")["calls"] for i in range(8)], [32] * 8)


@test
def a_batch_with_one_wrong_outcome_does_not_count_at_all(node):
    subject = "mcp:io.example/nothing"
    rows = [{"subject": subject, "class": "refused"}] * 100 + [{"subject": subject, "class": "bad"}]
    refused(node.ask("POST", "/v1/outcomes", {"outcomes": rows}, as_agent=True), 400,
            "TRUST_NO_RANGE", "/outcomes/100/class", "cancelled")
    refused(node.ask("GET", "/v1/breakers/mcp%3Aio.example%2Fnothing"), 404, "TRUST_NO_FOUND")


@test
def wrong_bodies_are_refused_with_the_place(node):
    good = {"subject": "mcp:io.example/x", "class": "ok"}
    for row, code, word in (
            ({"class": "ok"}, "TRUST_NO_TYPE", "/outcomes/1/subject"),
            ({"subject": "mcp:io.example/x"}, "TRUST_NO_TYPE", "/outcomes/1/class"),
            (good | {"subject": "MCP:x"}, "TRUST_NO_SUBJECT", "/outcomes/1/subject"),
            (good | {"latency_ms": -1}, "TRUST_NO_RANGE", "/outcomes/1/latency_ms"),
            (good | {"latency_ms": 86_400_001}, "TRUST_NO_RANGE", "/outcomes/1/latency_ms"),
            (good | {"latency_ms": 1.5}, "TRUST_NO_TYPE", "/outcomes/1/latency_ms"),
            (good | {"retry_after_ms": 3_600_001}, "TRUST_NO_RANGE", "/outcomes/1/retry_after_ms"),
            (good | {"lease": "1-2"}, "TRUST_NO_SYNTAX", "/outcomes/1/lease"),
            (good | {"lease": "1-2-3"}, "TRUST_NO_SYNTAX", "/outcomes/1/lease"),
            (good | {"lease": f"1-2-70000{HOLDER}"}, "TRUST_NO_SYNTAX", "/outcomes/1/lease"),
            (good | {"lease": f"01-2-3{HOLDER}"}, "TRUST_NO_SYNTAX", "/outcomes/1/lease"),
            (good | {"lease": f"1-255-3{HOLDER}"}, "TRUST_NO_SYNTAX", "/outcomes/1/lease"),
            (good | {"is_error": 1}, "TRUST_NO_TYPE", "/outcomes/1/is_error"),
            (good | {"slow": "yes"}, "TRUST_NO_TYPE", "/outcomes/1/slow"),
            (good | {"tool": "t" * 129}, "TRUST_NO_RANGE", "/outcomes/1/tool"),
            (good | {"agent": "a\nb"}, "TRUST_NO_RANGE", "/outcomes/1/agent"),
            (good | {"manifest": "x"}, "TRUST_NO_OPTION", "/outcomes/1/manifest")):
        answer = node.ask("POST", "/v1/outcomes", {"outcomes": [good, row]}, as_agent=True)
        refused(answer, 400, code, word)
    for body in ({"outcomes": []}, {"outcomes": [good] * 257}):
        refused(node.ask("POST", "/v1/outcomes", body), 400, "TRUST_NO_RANGE", "1 to 256")


@test
def one_agent_alone_opens_a_breaker_that_only_it_speaks_of(node):
    subject = "mcp:io.example/alone"
    tell(node, subject, "refused", 4, as_agent="one")
    equal(breaker(node, subject)["state"], "closed")
    tell(node, subject, "refused", 1, as_agent="one")
    got = breaker(node, subject)
    equal((got["state"], got["reason"]), ("open", "agents"))
    assert 0 < got["opens_in_ms"] <= 90_000, got


@test
def one_agent_does_not_close_a_server_to_another_whom_it_serves(node):
    subject = "mcp:io.example/shared"
    tell(node, subject, "ok", 1, as_agent="well")
    tell(node, subject, "refused", 50, as_agent="ill")
    equal(breaker(node, subject)["state"], "closed")
    tell(node, subject, "refused", 5, as_agent="well")
    equal((breaker(node, subject)["state"], breaker(node, subject)["reason"]), ("open", "agents"))


@test
def one_connection_is_one_agent_whatever_it_calls_itself(node):
    subject = "mcp:io.example/names"
    for honest in ("one", "two"):
        tell(node, subject, "ok", 20, as_agent=honest)
    for i in range(5):
        tell(node, subject, "refused", 5, as_agent="liar", agent=f"liar {i}")
    equal(breaker(node, subject)["state"], "closed")
    # Half of four: another connection, which calls itself the same.
    tell(node, subject, "refused", 5, agent="liar 0")
    equal(breaker(node, subject)["state"], "open")


@test
def connections_are_agents_of_their_own_and_the_operator_is_one(node):
    subject = "mcp:io.example/connections"
    for _ in range(20):
        tell(node, subject, "refused", 1)
    # 1 of 21 agents: not half of them.
    tell(node, subject, "refused", 5, as_agent="one")
    equal(breaker(node, subject)["state"], "closed")
    subject = "mcp:io.example/operator"
    for _ in range(5):
        tell(node, subject, "refused", 1, as_agent=False)
    equal(breaker(node, subject)["state"], "open")


CALL = """
import json, socket, sys
body = json.dumps({"outcomes": [json.loads(sys.argv[2])] * int(sys.argv[3])})
with socket.socket(socket.AF_UNIX) as client:
    client.connect(sys.argv[1])
    client.sendall(("POST /v1/outcomes HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n"
                    f"Content-Length: {len(body)}\\r\\n\\r\\n{body}").encode())
    sys.exit(b'"accepted":' not in client.makefile("rb").read())
"""


def tell_as(node, uid, count, **row):
    subprocess.run(["setpriv", f"--reuid={uid}", "--clear-groups", "--", sys.executable, "-c", CALL,
                    node.socket(True), json.dumps(row), str(count)], check=True)


@test
def where_several_users_call_names_do_not_make_one_user_two(_):
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return  # one user cannot be two
    with Node("breaker: { open: 60s }\n") as node:
        os.chmod(node.home, 0o755)
        os.chmod(node.socket(True), 0o666)
        subject = "mcp:io.example/users"
        tell_as(node, 4001, 1, subject=subject, **{"class": "ok"})
        for name in ("one", "two", "three"):
            tell_as(node, 4002, 5, subject=subject, agent=name, **{"class": "refused"})
        equal(breaker(node, subject)["state"], "closed")
        tell_as(node, 4001, 5, subject=subject, **{"class": "refused"})
        equal(breaker(node, subject)["state"], "open")


if __name__ == "__main__":
    with Node("breaker: { open: 60s }\n") as running:
        sys.exit(test.run(running))
