#!/usr/bin/python3
"""repute scan, file by file: what cannot be read is told, and the other files are read."""
import json
import os
import subprocess

from cli import REPUTE, main
from clients import Host, npx
from running import equal


def finding(host, path):
    """The row of a file that is not read whole, beside one that is."""
    good = host.servers(good=npx("good-mcp"))
    document = host.document(path, good, code=1)
    equal(document["files"][1]["state"], "read")
    equal(document["servers"][-1]["name"], "good")
    row = document["files"][0]
    return row["state"], row["error"]["code"], row["error"]["message"], row["error"]["line"], \
        row["error"]["column"]


def broken_json_has_its_place():
    with Host() as host:
        path = host.write("here/x.json", '{\n  "mcpServers": {\n    "a": hidden\n  }\n}\n')
        state, code, message, line, column = finding(host, path)
        equal((state, code, message, line), ("broken", "TRUST_NO_SYNTAX", "not JSON", 3))
        assert 10 <= column <= 16, column
        path = host.write("here/y.json", '{"mcpServers": {"a": "no end\n}}')
        equal(finding(host, path),
              ("broken", "TRUST_NO_SYNTAX", "a string has no end", 1, 22))
        assert "hidden" not in host.scan(path, "--json").out


def too_deep_and_too_large_are_refused():
    with Host() as host:
        path = host.write("here/deep.json", "[" * 100000)
        equal(finding(host, path), ("broken", "TRUST_NO_RANGE", "nested too deeply", 1, 65))
        large = b'{"mcpServers": {}}'
        path = host.write("here/large.json", large + b" " * ((4 << 20) - len(large)))
        equal(host.document(path)["files"][0]["state"], "read")
        path = host.write("here/large.json", large + b" " * ((4 << 20) - len(large) + 1))
        equal(finding(host, path), ("too_large", "TRUST_NO_SIZE", "larger than 4 MiB", None, None))


def other_documents_than_configurations_are_told():
    with Host() as host:
        for text in ("[]", '{"mcpServers": []}', '{"servers": "x"}'):
            path = host.write("here/x.json", text)
            equal(finding(host, path),
                  ("broken", "TRUST_NO_TYPE", "its servers are not members of an object", None,
                   None))


def more_servers_than_the_bound_are_told():
    with Host() as host:
        path = host.write("here/x.json", json.dumps(
            {"mcpServers": {f"s{i}": {"url": "https://x.example"} for i in range(1025)}}))
        good = host.servers(good=npx("good-mcp"))
        document = host.document(path, good, code=1)
        equal((document["files"][0]["state"], document["files"][0]["servers"]), ("partial", 1024))
        equal(len(document["servers"]), 1025)


def links_are_told_and_not_followed():
    with Host("cursor-mcp.json") as host:
        path = host.file("here/link.json")
        os.symlink(host.file("home/.cursor/mcp.json"), path)
        equal(finding(host, path), ("link", "TRUST_NO_FILE",
                                    "a symbolic link, which is not followed", None, None))
        # Where a client keeps its file, too.
        os.mkdir(host.file("here/.cursor"))
        os.symlink(host.file("home/.cursor/mcp.json"), host.file("here/.cursor/mcp.json"))
        equal([row["state"] for row in host.document(code=1)["files"]], ["read", "link"])


def what_is_no_file_is_told():
    with Host() as host:
        path = host.file("here/pipe.json")
        os.mkfifo(path)
        equal(finding(host, path), ("unreadable", "TRUST_NO_FILE", "not a regular file", None,
                                    None))
        equal(finding(host, host.file("home")),
              ("unreadable", "TRUST_NO_FILE", "not a regular file", None, None))
        state, code, *_ = finding(host, host.file("here/gone.json"))
        equal((state, code), ("missing", "TRUST_NO_FOUND"))
        # A file where a client would have its folder: the client is not there.
        host.write("home/.cursor", "")
        equal(host.document()["files"], [])


def a_file_of_somebody_else_is_told():
    if os.geteuid() == 0:
        return  # nothing is unreadable
    with Host() as host:
        path = host.write("here/x.json", "{}")
        os.chmod(path, 0)
        state, code, *_ = finding(host, path)
        equal((state, code), ("unreadable", "TRUST_NO_PERMISSION"))


def entries_of_other_forms_stand_beside_good_ones():
    with Host() as host:
        path = host.servers(a=7, b={"command": ["npx"]}, c={"command": "npx", "args": [1]},
                            d={}, e=npx("good-mcp"))
        equal([(row["name"], row["subject"], row["reason"])
               for row in host.document(path)["servers"]],
              [("a", None, "entry"), ("b", None, "entry"), ("c", None, "entry"),
               ("d", None, "no_command"), ("e", "pkg:npm/good-mcp", None)])


def a_path_that_is_no_text_is_shown_as_one():
    with Host() as host:
        path = os.path.join(host.file("here").encode(), b"caf\xe9.json")
        with open(path, "wb") as file:
            file.write(b'{"mcpServers": {"a": {"command": "npx", "args": ["a-mcp"]}}}')
        done = subprocess.run([REPUTE, "--json", "--home", host.file("none"), "scan", path],
                              capture_output=True, check=True)
        document = json.loads(done.stdout)
        equal(document["files"][0]["path"], host.file("here/caf?.json"))
        equal(document["servers"][0]["subject"], "pkg:npm/a-mcp")


main(broken_json_has_its_place, too_deep_and_too_large_are_refused,
     other_documents_than_configurations_are_told, more_servers_than_the_bound_are_told,
     links_are_told_and_not_followed, what_is_no_file_is_told, a_file_of_somebody_else_is_told,
     entries_of_other_forms_stand_beside_good_ones, a_path_that_is_no_text_is_shown_as_one)
