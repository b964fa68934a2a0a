#!/usr/bin/python3
"""The official conformance suite of MCP, with `repute guard` between it and what it tests: what
passes without the guard passes with it. TAP."""
import contextlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile

import npm
from node import Tests, equal
from peer import EVERYTHING, HERE, Bench, end, until

test = Tests()
SUITE = "@modelcontextprotocol/conformance"
SCRIPT = ["--import", os.path.join(HERE, "packages.mjs")]
CLIENT_SCENARIOS = ("initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry")
TALKATIVE = ("tools-call-with-progress", "tools-call-with-logging", "tools-call-sampling",
             "tools-call-elicitation", "json-schema-2020-12", "resources-subscribe")
JUDGED = ("SUCCESS", "FAILURE")
# A server may answer without a stream what needs none; the suite then has nothing to judge.
OPTIONAL = ("server-sse-streams-functional",)
LIMIT_S = 120


def environment():
    return os.environ | {"PACKAGES": npm.folder()}


def read_checks(folder, kind):
    """{scenario: [(check, status)]}, from the files that the suite leaves behind."""
    results = {}
    for name in sorted(os.listdir(folder)):
        scenario = re.sub(r"-\d{4}-\d\d-\d\dT.*$", "", name)
        scenario = scenario.removeprefix("server-") if kind == "server" else scenario
        with open(os.path.join(folder, name, "checks.json"), encoding="utf-8") as file:
            results[scenario] = [(check["id"], check["status"]) for check in json.load(file)
                                 if check["status"] in JUDGED or check["id"] in OPTIONAL]
    return results


def run_suite(kind, *words, **variables):
    with tempfile.TemporaryDirectory(prefix="rpt") as folder:
        done = subprocess.run([*npm.command(SUITE), kind, "--output-dir", folder, *words],
                              capture_output=True, text=True, timeout=LIMIT_S, check=False,
                              cwd=folder, stdin=subprocess.DEVNULL,
                              env=environment() | variables)
        return read_checks(folder, kind), done.stdout + done.stderr


def failures(results):
    return {scenario: checks for scenario, checks in results.items()
            if any(status == "FAILURE" for _, status in checks)}


def run_client(scenario, **variables):
    command = shlex.join([npm.node(), *SCRIPT, os.path.join(HERE, "conforming_client.mjs")])
    return run_suite("client", "--command", command, "--scenario", scenario, **variables)


@contextlib.contextmanager
def started(words, **variables):
    with tempfile.TemporaryFile(prefix="rpt") as log:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True,
                                   stdin=subprocess.DEVNULL, env=environment() | variables)
        try:
            yield process
        except BaseException:
            log.seek(0)
            print("# " + log.read().decode(errors="replace").replace("\n", "\n# "), file=sys.stderr)
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
            process.stdout.close()


COMPLETE = [*SCRIPT, os.path.join(HERE, "complete_server.mjs")]


@contextlib.contextmanager
def complete_server():
    """Its address."""
    with started([npm.node(), *COMPLETE, "http"]) as process:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/mcp"


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def everything_server():
    port = free_port()
    with started([*npm.command(EVERYTHING), "streamableHttp"], PORT=str(port)) as process:
        # It fills no pipe: it says little, and that little is not read.
        until(lambda: process.poll() is not None or answers(port), "it listens")
        yield f"http://127.0.0.1:{port}/mcp"


@contextlib.contextmanager
def guarded(bench):
    """The address of a guard in front of these servers. A page of that address may use it, which the
    suite wants and the guard has to be told."""
    address = f"127.0.0.1:{free_port()}"
    with started([os.environ["REPUTE"], "guard", "--group", "work", "--http", address,
                  "--origin", f"http://{address}"], REPUTE_HOME=bench.home) as process:
        yield process.stdout.readline().split()[-1]


def run_server(url, *words):
    return run_suite("server", "--url", url, *words)


def url_bench(url):
    bench = Bench()
    with open(os.path.join(bench.home, "reputed.yaml"), "w", encoding="utf-8") as file:
        file.write(f'groups:\n  work:\n    primary: {{ subject: "{url}", url: "{url}", '
                   'trust_hints: true }\n')
    return bench


def compare(plain, through, log):
    """Every check that passes without the guard passes with it."""
    for scenario, checks in plain.items():
        now = dict(through.get(scenario, []))
        lost = sorted(check for check, status in checks if status == "SUCCESS"
                      and not (now.get(check) == "SUCCESS"
                               or check in OPTIONAL and now.get(check) == "INFO"))
        equal((scenario, lost, log if lost else ""), (scenario, [], ""))


@test
def the_guard_is_a_client_as_good_as_the_one_behind_it():
    guard = json.dumps([os.environ["REPUTE"], "guard", "--group", "work"])
    for scenario in CLIENT_SCENARIOS:
        plain, log = run_client(scenario)
        assert any(plain.values()), log
        compare(plain, *run_client(scenario, GUARD=guard))


@test
def a_complete_server_is_as_complete_behind_the_guard():
    with complete_server() as url:
        plain, _ = run_server(url, "--suite", "all")
        # Or else there would be nothing to lose.
        equal((failures(plain), len(plain) >= 32), ({}, True))
        with url_bench(url) as bench, guarded(bench) as face:
            compare(plain, *run_server(face, "--suite", "all"))
    # Each scenario is a session, which starts the servers of its own: the talkative ones will do.
    words = [npm.node(), *COMPLETE]
    with Bench(servers={"alpha": (words, {"PACKAGES": npm.folder()})}) as bench, \
            guarded(bench) as face:
        for scenario in TALKATIVE:
            compare({scenario: plain[scenario]}, *run_server(face, "--scenario", scenario))


@test
def the_reference_server_passes_what_it_passes_without_the_guard():
    with everything_server() as url:
        plain, log = run_server(url, "--suite", "all")
        assert sum(status == "SUCCESS" for checks in plain.values() for _, status in checks) >= 12, \
            log
        with url_bench(url) as bench, guarded(bench) as face:
            compare(plain, *run_server(face, "--suite", "all"))


if __name__ == "__main__":
    sys.exit(end(test))
