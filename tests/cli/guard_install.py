#!/usr/bin/python3
"""repute guard install: the servers of every client go behind groups, and come back."""
import json
import os
import stat
import subprocess
import sys

from cli import main, refused
from clients import PLACES, Host, npx
from installing import OWN, applied, on_terminal, plain, read, run, servers_in, shows_no_secret
from running import equal

FIXTURES = [place[0] for place in PLACES]
# client, its file, what leads to its servers, which of them move, which stay
MOVES = (
    ("claude-desktop", "home/.config/Claude/claude_desktop_config.json", ("mcpServers",),
     ("filesystem", "github"), ("weather",)),
    ("vscode", "home/.config/Code/User/mcp.json", ("servers",), ("playwright", "exa"), ("own",)),
    ("cursor", "home/.cursor/mcp.json", ("mcpServers",), ("context7", "figma", "old"), ()),
    ("windsurf", "home/.codeium/windsurf/mcp_config.json", ("mcpServers",), ("deepwiki",),
     ("zap",)),
)


def install(host, *words, verb="install", **options):
    return run(host, "guard", verb, *words, home=host.file("node"), **options)


def document(host, *words, code=0, verb="install"):
    result = run(host, "--json", "guard", verb, *words, home=host.file("node"))
    equal((result.code, result.err), (code, ""))
    return json.loads(result.out)


def guarded(host, group):
    return {"command": OWN["command"],
            "args": ["--home", host.file("node"), "guard", "--group", group]}


def every_clients_servers_go_behind_groups_and_come_back():
    for client, name, names, moved, left in MOVES:
        with Host(*FIXTURES) as host:
            path = host.file(name)
            before = read(path)
            was = servers_in(path, names)
            result = install(host, "--client", client, "--yes")
            equal((result.code, result.err), (0, ""))
            shows_no_secret(result)
            now = servers_in(path, names)
            equal(list(now), list(was))
            for server in left:
                equal(now[server], was[server])
            for server in moved:
                others = {key: value for key, value in was[server].items()
                          if key not in ("type", "command", "args", "env", "url", "serverUrl",
                                         "headers")}
                typed = {"type": "stdio"} if "type" in was[server] or names == ("servers",) else {}
                equal(now[server], typed | guarded(host, server) | others)
            equal(stat.S_IMODE(os.stat(host.file("node/reputed.yaml")).st_mode), 0o600)
            equal(run(host, "config", "check", home=host.file("node")).code, 0)
            # A second time there is nothing to do.
            after = read(path)
            again = install(host, "--client", client)
            equal(again.code, 0)
            assert "Nothing to do" in again.out, again
            equal(read(path), after)
            # And back, all but what nobody needs.
            result = install(host, "--client", client, "--yes", verb="uninstall")
            equal((result.code, result.err), (0, ""))
            shows_no_secret(result)
            equal(read(path), before)
            again = install(host, "--client", client, "--yes", verb="uninstall")
            equal((again.code, again.out),
                  (0, "none of these servers is behind the guard\nNothing to do.\n"))


def both_files_are_shown_and_written():
    with Host() as host:
        path = host.write("here/.mcp.json", '{\n  "mcpServers": {\n    "One Server": '
                          + json.dumps(npx("@acme/one@1.2.3")) + "\n  }\n}\n")
        before = read(path)
        config = host.write("node/reputed.yaml", "# mine\ngroups:\n  # of a\n  a:\n"
                            '    primary: { subject: "mcp:io.example/a" } # a\n\n# end\n'
                            "network: main\n")
        os.chmod(config, 0o644)
        config_before = read(config)
        shown = document(host, "--file", ".mcp.json", "--dry-run", code=1)
        equal((shown["client"], shown["written"], shown["config"]["written"]),
              ("claude-code", False, False))
        equal(shown["servers"], [{"name": "One Server", "project": None,
                                  "subject": "pkg:npm/%40acme/one@1.2.3", "group": "one-server",
                                  "state": "moves", "text": None, "next": None}])
        equal((read(path), read(config)), (before, config_before))
        done = document(host, "--file", ".mcp.json", "--yes")
        equal(read(path), applied(before, shown["diff"]))
        equal(done["diff"], shown["diff"])
        equal(read(config), config_before.replace(b" # a\n", b''' # a
  one-server:
    primary:
      subject: "pkg:npm/%40acme/one@1.2.3"
      command: "npx"
      args: ["-y", "@acme/one@1.2.3"]
'''))
        equal(read(config), applied(config_before, shown["config"]["diff"]))
        equal(plain(read(path))["mcpServers"], {"One Server": guarded(host, "one-server")})
        # Nothing secret was moved: the mode is the user's affair.
        equal(stat.S_IMODE(os.stat(config).st_mode), 0o644)
        equal((read(done["backup"]), read(done["config"]["backup"])), (before, config_before))


def a_file_that_gets_secrets_is_closed():
    with Host() as host:
        path = host.servers(one=npx("one") | {"env": {"TOKEN": "hidden-token"}})
        config = host.write("node/reputed.yaml", "network: main\n")
        os.chmod(config, 0o644)
        result = install(host, "--file", path, "--yes")
        equal(result.code, 0)
        shows_no_secret(result)
        assert '"TOKEN": "…"' in result.out, result
        assert "gets the mode 0600" in result.out, result
        assert b'"TOKEN": "hidden-token"' in read(config)
        for name in (config, config + ".repute-backup"):
            equal(stat.S_IMODE(os.stat(name).st_mode), 0o600)


def a_person_is_asked_once_for_both():
    with Host() as host:
        path = host.servers(one=npx("one"))
        before = read(path)
        words = ("--home", host.file("node"), "guard", "install", "--file", path)
        terminal = on_terminal(host, *words)
        equal(terminal.answer("n"), 1)
        equal(read(path), before)
        assert not os.path.exists(host.file("node/reputed.yaml"))
        terminal = on_terminal(host, *words)
        equal(terminal.answer("y"), 0)
        equal(plain(read(path))["mcpServers"], {"one": guarded(host, "one")})
        # What changed meanwhile is left, and the groups are not written either.
        host.write("here/servers.json", before)
        os.remove(host.file("node/reputed.yaml"))
        terminal = on_terminal(host, *words)
        terminal.read_until(b"[y/N] ")
        host.write("here/servers.json", before + b"\n")
        equal(terminal.answer("y"), 1)
        assert b"it was changed meanwhile" in terminal.seen, terminal.seen
        assert not os.path.exists(host.file("node/reputed.yaml"))


def servers_are_named():
    with Host(*FIXTURES) as host:
        path = host.file("home/.cursor/mcp.json")
        equal(install(host, "figma", "--client", "cursor", "--yes").code, 0)
        equal([name for name, entry in plain(read(path))["mcpServers"].items()
               if "guard" in entry.get("args", ())], ["figma"])
        error = refused(run(host, "--json", "guard", "install", "emacs", "--client", "cursor"),
                        "TRUST_NO_FOUND", 1)
        assert "cursor" in error["message"], error
        refused(run(host, "--json", "guard", "install", "emacs", "--file", path), "TRUST_NO_FOUND",
                1)
        # One that stays is a no for whoever named it.
        result = install(host, "weather", "--client", "claude-desktop", "--yes")
        equal(result.code, 1)
        assert "it runs files of this host" in result.out, result
        # The servers of a project of Claude Code.
        shown = document(host, "fetch", "--client", "claude-code", "--yes")
        equal([(row["name"], row["project"]) for row in shown["servers"]],
              [("fetch", "/srv/shop")])


def a_host_without_servers_says_so():
    with Host() as host:
        for words in (("--client", "cursor"), ("--file", "none.json")):
            refused(run(host, "--json", "guard", "install", *words), "TRUST_NO_FOUND", 1)
        host.write("here/empty.json", "{}")
        refused(run(host, "--json", "guard", "install", "--file", "empty.json"), "TRUST_NO_FOUND",
                1)
        refused(run(host, "--json", "guard", "install"), "TRUST_NO_OPTION", 2)


SERVER = '''import json, sys
for line in sys.stdin:
    ask = json.loads(line)
    if "id" not in ask:
        continue
    result = {"initialize": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                             "serverInfo": {"name": "own", "version": "1"}},
              "tools/list": {"tools": [{"name": "add", "inputSchema": {"type": "object"}}]},
              }.get(ask["method"])
    answer = {"result": result} if result else {"error": {"code": -32601, "message": "no"}}
    print(json.dumps({"jsonrpc": "2.0", "id": ask["id"]} | answer), flush=True)
'''


def what_was_written_starts_the_server():
    with Host() as host:
        script = host.write("here/own.py", SERVER)
        path = host.servers(own={"command": sys.executable, "args": [script]})
        host.write("node/reputed.yaml", 'groups:\n  mine:\n    primary: { subject: '
                   f'"mcp:io.example/own", command: "{sys.executable}", args: ["{script}"] }}\n')
        equal(install(host, "own", "--file", path, "--group", "mine", "--yes").code, 0)
        entry = plain(read(path))["mcpServers"]["own"]
        asks = [{"id": 1, "method": "initialize",
                 "params": {"protocolVersion": "2025-11-25", "capabilities": {},
                            "clientInfo": {"name": "t", "version": "1"}}},
                {"method": "notifications/initialized"}, {"id": 2, "method": "tools/list"}]
        with subprocess.Popen([entry["command"], *entry["args"]], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              env=os.environ | {"HOME": host.file("home")}) as child:
            for ask in asks:
                child.stdin.write(json.dumps({"jsonrpc": "2.0"} | ask) + "\n")
            child.stdin.flush()
            answers = {}
            while 2 not in answers:
                answer = json.loads(child.stdout.readline())
                answers[answer.get("id")] = answer
            child.stdin.close()
            equal(child.wait(20), 0)
        equal([tool["name"] for tool in answers[2]["result"]["tools"]], ["add"])


main(every_clients_servers_go_behind_groups_and_come_back, both_files_are_shown_and_written,
     a_file_that_gets_secrets_is_closed, a_person_is_asked_once_for_both, servers_are_named,
     a_host_without_servers_says_so, what_was_written_starts_the_server)
