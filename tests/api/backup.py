#!/usr/bin/python3
"""POST /v1/backup. TAP."""
import concurrent.futures
import os
import subprocess
import sys

from node import Node, Tests, equal, refused
from web import web_of

test = Tests()


@test
def a_backup_restores_into_another_home(node):
    path = os.path.join(node.home, "copy.backup")
    answer = node.ask("POST", "/v1/backup", {"path": path})
    equal((answer.status, answer.json), (200, {"path": path, "records": 2}))
    with Node(operator=1) as other:
        equal(other.stop(), 0)
        done = subprocess.run([os.environ["REPUTED"], "--home", other.home, "--restore", path],
                              capture_output=True, text=True, check=False)
        equal(done.returncode, 0)
        other.start()
        equal(other.ask("GET", "/v1/status").json["records"], 2)
        equal(other.ask("GET", "/v1/records").body, node.ask("GET", "/v1/records").body)


@test
def nothing_is_overwritten_and_paths_are_absolute(node):
    path = os.path.join(node.home, "copy.backup")
    refused(node.ask("POST", "/v1/backup", {"path": path}), 409, "TRUST_NO_CONFLICT", "/path")
    refused(node.ask("POST", "/v1/backup", {"path": "copy"}), 400, "TRUST_NO_RANGE", "/path")
    refused(node.ask("POST", "/v1/backup", {"path": "/nowhere/at/all"}), 404,
            "TRUST_NO_FOUND", "folder")
    refused(node.ask("POST", "/v1/backup", {}), 400, "TRUST_NO_TYPE", "/path")
    refused(node.ask("POST", "/v1/backup", {"path": path}, as_agent=True), 403,
            "TRUST_NO_PERMISSION")


@test
def of_many_at_once_some_are_told_to_wait_and_all_are_answered(node):
    paths = [os.path.join(node.home, f"copy{i}") for i in range(8)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda p: node.ask("POST", "/v1/backup", {"path": p}), paths))
    assert any(answer.status == 200 for answer in answers)
    for answer, path in zip(answers, paths):
        if answer.status == 200:
            assert os.path.exists(path)
        else:
            refused(answer, 503, "TRUST_NO_BUSY")
            assert not os.path.exists(path)


if __name__ == "__main__":
    with Node(operator=1) as running:
        web_of(running)
        sys.exit(test.run(running))
