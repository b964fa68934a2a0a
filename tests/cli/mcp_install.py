#!/usr/bin/python3
"""repute mcp install: shown, asked, written; every other byte of the client's file stays."""
import json

from cli import main
from clients import PLACES, Host
from installing import CLIENTS, OWN, applied, plain, read, run, servers_in, shows_no_secret
from running import equal

FIXTURES = [place[0] for place in PLACES]
def every_clients_file_gets_the_entry_and_loses_nothing():
    with Host(*FIXTURES) as host:
        for client, name, names in CLIENTS:
            path = host.file(name)
            before = read(path)
            was = servers_in(path, names)
            result = run(host, "mcp", "install", "--client", client, "--yes")
            equal((result.code, result.err), (0, ""))
            shows_no_secret(result)
            wanted = ({"type": "stdio"} if names == ("servers",) else {}) | OWN
            equal(servers_in(path, names), was | {"repute": wanted})
            equal(read(path + ".repute-backup"), before)
            # Line for line what was there; a comma more behind the last server, or not.
            kept = [line.rstrip(b",") for line in read(path).splitlines()]
            at = 0
            for line in before.splitlines():
                at = kept.index(line.rstrip(b","), at) + 1
            assert f"--- {path}\n+++ {path}\n" in result.out, result
            assert f"written: {path}\n  before: {path}.repute-backup\n" in result.out, result


def a_second_time_there_is_nothing_to_do_and_back_is_the_same_bytes():
    with Host(*FIXTURES) as host:
        for client, name, _ in CLIENTS:
            path = host.file(name)
            before = read(path)
            document = json.loads(run(host, "--json", "mcp", "install", "--client", client,
                                      "--yes").out)
            equal((document["client"], document["file"], document["written"], document["backup"]),
                  (client, path, True, path + ".repute-backup"))
            after = read(path)
            result = run(host, "mcp", "install", "--client", client)
            equal((result.code, result.out), (0, "Nothing to do: it stands there already.\n"))
            again = json.loads(run(host, "--json", "mcp", "install", "--client", client,
                                   "--yes").out)
            equal(again, {"file": path, "diff": "", "written": False, "backup": None,
                          "client": client})
            equal(read(path), after)
            assert run(host, "mcp", "uninstall", "--client", client, "--yes").code == 0
            equal(read(path), before)
            equal(read(path + ".repute-backup-2"), after)
            result = run(host, "mcp", "uninstall", "--client", client)
            equal((result.code, result.out), (0, "Nothing to do: it does not stand there.\n"))


def files_of_every_form():
    entry = '{%s"command": "%s",%s"args": ["mcp", "serve"]%s}'

    def multi(newline, indent, unit):
        return entry % (newline + indent + unit, OWN["command"], newline + indent + unit,
                        newline + indent)

    def whole(newline, unit):
        return (f'{{{newline}{unit}"mcpServers": {{{newline}{unit * 2}"repute": '
                f'{multi(newline, unit * 2, unit)}{newline}{unit}}}{newline}}}')

    cases = (
        (b"", whole("\n", "  ").encode() + b"\n"),
        (b"\n", b"\n" + whole("\n", "  ").encode() + b"\n"),
        (b"{}", whole("\n", "  ").encode()),
        (b"{ }\n", whole("\n", "  ").encode()[:-1] + b" }\n"),
        (b"\xef\xbb\xbf{}", b"\xef\xbb\xbf" + whole("\n", "  ").encode()),
        (b'{\r\n\t"mcpServers": {}\r\n}\r\n', whole("\r\n", "\t").encode() + b"\r\n"),
        (b'{"mcpServers":{"a":{"command":"x"}}}',
         (b'{"mcpServers":{"a":{"command":"x"}, "repute": '
          + (entry % (" ", OWN["command"], " ", " ")).encode() + b"}}")),
        (b'{\n    // all\n    "x": 1 // one\n}',
         b'{\n    // all\n    "x": 1, // one\n    "mcpServers": {\n        "repute": '
         + multi("\n", " " * 8, " " * 4).encode() + b"\n    }\n}"),
    )
    for before, after in cases:
        with Host() as host:
            path = host.write("here/any.json", before)
            result = run(host, "mcp", "install", "--file", "any.json", "--yes")
            equal(result.code, 0)
            equal(read(path), after)
            if b"\r" not in before and b"//" not in before and not before.startswith(b"\xef"):
                equal(applied(before, result.out.split("written: ")[0]), after)


def an_older_entry_is_replaced():
    with Host() as host:
        path = host.write("here/any.json",
                          '{"mcpServers": {"repute": {"command": "x", "env": {"A": "hidden-token"}}, '
                          '"b": {}}}')
        result = run(host, "mcp", "install", "--file", "any.json", "--yes")
        equal(plain(read(path))["mcpServers"], {"repute": OWN, "b": {}})
        assert '"env": { "A"' not in result.out and "hidden" not in result.out, result


main(every_clients_file_gets_the_entry_and_loses_nothing,
     a_second_time_there_is_nothing_to_do_and_back_is_the_same_bytes, files_of_every_form,
     an_older_entry_is_replaced)
