#!/usr/bin/python3
"""Which file is meant: the one that was named, the client's first that is there, its usual one."""
import json
import os
import stat

from cli import main, refused
from clients import Host
from installing import CLIENTS, applied, read, run, servers_in
from running import equal


def a_file_that_is_not_there_is_made():
    with Host() as host:
        for client, name, names in CLIENTS:
            path = host.file(name)
            result = run(host, "mcp", "install", "--client", client, "--yes")
            equal(result.code, 0)
            assert f"--- /dev/null\n+++ {path}\n@@ -0,0 +1," in result.out, result
            equal(servers_in(path, names)["repute"]["args"], ["mcp", "serve"])
            equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            equal(read(path), applied(b"", result.out.split("written: ")[0]))
            assert not os.path.exists(path + ".repute-backup")


def the_first_file_of_the_user_that_is_there_is_taken():
    with Host() as host:
        other = host.write("home/.config/VSCodium/User/mcp.json", "{}")
        # Settings, a project's file and what an administrator gave are no place for new servers.
        host.write("home/.config/Code/User/settings.json", "{}")
        host.write("here/.vscode/mcp.json", "{}")
        document = json.loads(run(host, "--json", "mcp", "install", "--client", "vscode",
                                  "--yes").out)
        equal(document["file"], other)


def the_members_follow_from_the_file():
    cases = (("x.json", (), '{"servers": {}}', ("servers",)),
             ("x.json", (), "{}", ("mcpServers",)),
             ("x.json", (), '{"servers": {}, "mcpServers": {}}', ("mcpServers",)),
             ("x.json", (), '{"mcp": {"servers": {}}}', ("mcp", "servers")),
             ("x.json", ("--client", "vscode"), "{}", ("servers",)),
             ("x.json", ("--client", "vscode"), '{"mcp": {"servers": {}}}', ("mcp", "servers")),
             ("x.json", ("--client", "cursor"), '{"servers": {}}', ("mcpServers",)),
             (".vscode/settings.json", ("--client", "vscode"), "{}", ("mcp", "servers")),
             (".mcp.json", (), '{"servers": {}}', ("mcpServers",)))
    for name, words, text, names in cases:
        with Host() as host:
            path = host.write(f"here/{name}", text)
            equal(run(host, "mcp", "install", "--file", name, *words, "--yes").code, 0)
            assert "repute" in servers_in(path, names), (name, words, text)


def nobodys_file_is_a_misuse():
    with Host() as host:
        refused(run(host, "--json", "mcp", "install"), "TRUST_NO_OPTION", 2)
        refused(run(host, "--json", "mcp", "install", "--client", "emacs"), "TRUST_NO_OPTION", 2)
        error = refused(run(host, "--json", "mcp", "install", "--client", "cursor",
                            env={"HOME": "", "REPUTE_HOME": host.file("node")}),
                        "TRUST_NO_OPTION", 2)
        assert "--file" in error["next"], error


main(a_file_that_is_not_there_is_made, the_first_file_of_the_user_that_is_there_is_taken,
     the_members_follow_from_the_file, nobodys_file_is_a_misuse)
