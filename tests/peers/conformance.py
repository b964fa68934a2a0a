#!/usr/bin/python3
"""The official conformance suite of MCP, with `repute guard` between it and what it tests: what
passes without the guard passes with it. TAP."""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

import npm
from node import Tests, equal
from peer import HERE, end

test = Tests()
SUITE = "@modelcontextprotocol/conformance"
SCRIPT = ["--import", os.path.join(HERE, "packages.mjs")]
CLIENT_SCENARIOS = ("initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry")
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
                                 if check["status"] in ("SUCCESS", "FAILURE")]
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
            if any(status != "SUCCESS" for _, status in checks)}


def run_client(scenario, **variables):
    command = shlex.join([npm.node(), *SCRIPT, os.path.join(HERE, "conforming_client.mjs")])
    return run_suite("client", "--command", command, "--scenario", scenario, **variables)


@test
def the_guard_is_a_client_as_good_as_the_one_behind_it():
    guard = json.dumps([os.environ["REPUTE"], "guard", "--group", "work"])
    for scenario in CLIENT_SCENARIOS:
        plain, log = run_client(scenario)
        assert any(plain.values()), log
        guarded, log = run_client(scenario, GUARD=guard)
        for name, checks in plain.items():
            passed = {check for check, status in checks if status == "SUCCESS"}
            now = dict(guarded.get(name, []))
            missing = sorted(check for check in passed if now.get(check) != "SUCCESS")
            equal((scenario, missing, log if missing else ""), (scenario, [], ""))


if __name__ == "__main__":
    sys.exit(end(test))
