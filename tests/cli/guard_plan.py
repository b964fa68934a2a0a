#!/usr/bin/python3
"""Which group a server goes behind: one of its own, the one that starts the same, the named one."""
import json
import os

from cli import main, refused
from clients import Host, npx
from installing import plain, read, run
from running import equal


def document(host, *words, code=0, verb="install"):
    result = run(host, "--json", "guard", verb, *words, home=host.file("node"))
    equal((result.code, result.err), (code, ""))
    return json.loads(result.out)


def config(host, text):
    return host.write("node/reputed.yaml", text)


def groups(shown):
    return [(row["name"], row["group"], row["state"]) for row in shown["servers"]]


GROUP = 'groups:\n  one: { primary: { subject: "pkg:npm/one", command: npx, args: ["-y", one] } }\n'


def a_group_that_starts_the_same_is_used():
    with Host() as host:
        config(host, GROUP)
        path = host.servers(one=npx("one"), two=npx("two"))
        shown = document(host, "--file", path, "--yes")
        equal(groups(shown), [("one", "one", "moves"), ("two", "two", "moves")])
        assert "one:" not in shown["config"]["diff"], shown["config"]["diff"]
        path = host.servers(one=npx("one"))
        shown = document(host, "--file", path, "--yes")
        equal((shown["config"], shown["written"]), (None, True))


def another_server_of_the_name_gets_another_group():
    with Host() as host:
        config(host, GROUP)
        path = host.servers(one=npx("other"))
        equal(groups(document(host, "--file", path, "--yes")), [("one", "one-2", "moves")])
        # Also two of one file, in two projects; and two that are the same share theirs.
        path = host.write("here/any.json", json.dumps({"projects": {
            "/a": {"mcpServers": {"x": npx("x")}}, "/b": {"mcpServers": {"x": npx("y")}},
            "/c": {"mcpServers": {"x": npx("x")}}}}))
        equal(groups(document(host, "--file", path, "--yes")),
              [("x", "x", "moves"), ("x", "x-2", "moves"), ("x", "x", "moves")])
        equal([project["mcpServers"]["x"]["args"][-1]
               for project in plain(read(path))["projects"].values()], ["x", "x-2", "x"])


def names_of_any_kind_become_names_of_groups():
    names = {"Brave Search!": "brave-search-", "ÜÄ": "server", "": "server-2", "@a/b": "a-b",
             "--2": "2", "a" * 80: "a" * 64,
             "null": "null", "12": "12"}
    with Host() as host:
        path = host.servers(**{name: npx(f"x{number}") for number, name in enumerate(names)})
        equal(groups(document(host, "--file", path, "--yes")),
              [(name, group, "moves") for name, group in names.items()])
        equal(run(host, "config", "check", home=host.file("node")).code, 0)


def a_group_is_named():
    with Host() as host:
        config(host, GROUP)
        path = host.servers(mine=npx("one@1.2.3"), two=npx("two"))
        error = refused(run(host, "--json", "guard", "install", "--file", path, "--group", "one",
                            "--yes", home=host.file("node")), "TRUST_NO_OPTION", 2)
        assert "name one server" in error["next"], error
        # The version may differ; what the group says holds.
        [row] = document(host, "mine", "--file", path, "--group", "one", "--yes")["servers"]
        equal((row["group"], row["text"]),
              ("one", "from now on it is started as the group says, not as the entry did"))
        error = refused(run(host, "--json", "guard", "install", "two", "--file", path, "--group",
                            "one", "--yes", home=host.file("node")), "TRUST_NO_CONFLICT", 1)
        assert "group one stands for pkg:npm/one" in error["message"], error
        shown = document(host, "two", "--file", path, "--group", "new-one", "--yes")
        equal(groups(shown), [("two", "new-one", "moves")])
        refused(run(host, "--json", "guard", "install", "--file", path, "--group", "N O"),
                "TRUST_NO_RANGE", 2)


def a_group_names_what_nothing_else_does():
    with Host() as host:
        path = host.servers(own={"command": "node", "args": ["/srv/own.js"]})
        shown = document(host, "--file", path, "--yes", code=1)
        equal(groups(shown), [("own", None, "left")])
        config(host, 'groups:\n  own:\n    primary: { subject: "mcp:io.example/own", '
               'command: node, args: ["/srv/own.js"] }\n')
        equal(groups(document(host, "--file", path, "--group", "own", "--yes")),
              [("own", "own", "moves")])


def a_configuration_that_cannot_be_edited_stays():
    with Host() as host:
        path = host.servers(one=npx("one"))
        before = read(path)
        for text in ("{ network: main }\n", "groups: ~\n", "groups:\n  { a: { primary: { subject: "
                     '"mcp:io.example/a" } } }\n'):
            config(host, text)
            error = refused(run(host, "--json", "guard", "install", "--file", path, "--yes",
                                home=host.file("node")), "TRUST_NO_TYPE", 1)
            assert "--group" in error["next"], error
            equal((read(path), read(host.file("node/reputed.yaml"))), (before, text.encode()))
        config(host, "groups: [\n")
        refused(run(host, "--json", "guard", "install", "--file", path, "--yes",
                    home=host.file("node")), "TRUST_NO_SYNTAX", 2)
        equal(sorted(os.listdir(host.file("node"))), ["reputed.yaml"])


def what_is_not_of_the_configuration_is_not_put_back():
    with Host() as host:
        guard = {"command": "repute", "args": ["guard", "--group", "gone"]}
        path = host.servers(one=guard, two=npx("two"))
        shown = document(host, "--file", path, "--yes", verb="uninstall", code=1)
        equal(groups(shown), [("one", "gone", "left")])
        equal((shown["written"], plain(read(path))["mcpServers"]["one"]), (False, guard))


main(a_group_that_starts_the_same_is_used, another_server_of_the_name_gets_another_group,
     names_of_any_kind_become_names_of_groups, a_group_is_named,
     a_group_names_what_nothing_else_does, a_configuration_that_cannot_be_edited_stays,
     what_is_not_of_the_configuration_is_not_put_back)
