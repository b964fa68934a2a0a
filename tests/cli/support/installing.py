"""What the tests of `mcp install` and `guard install` share: a command on a host, on a pipe or on a
terminal, and the diff that it showed, applied by another program."""
import json
import os
import re

import cli
from teletype import Teletype

OWN = {"command": os.path.realpath(cli.REPUTE), "args": ["mcp", "serve"]}
# client, its file, what leads to its servers
CLIENTS = (
    ("claude-desktop", "home/.config/Claude/claude_desktop_config.json", ("mcpServers",)),
    ("claude-code", "home/.claude.json", ("mcpServers",)),
    ("vscode", "home/.config/Code/User/mcp.json", ("servers",)),
    ("cursor", "home/.cursor/mcp.json", ("mcpServers",)),
    ("windsurf", "home/.codeium/windsurf/mcp_config.json", ("mcpServers",)),
)
SECRETS = ("hidden-token", "MDQ1Zj", "exaApiKey", "Bearer")


def run(host, *words, home=None, env=None):
    """On this host, without a terminal."""
    return cli.run(*(("--home", home) if home else ()), *words, cwd=host.file("here"),
                   env={"HOME": host.file("home")} | (env or {}))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def plain(text):
    """A document with lines of comments, and commas behind the last member."""
    text = re.sub(r"^\s*(//|/\*).*$", "", text.decode("utf-8-sig"), flags=re.M)
    return json.loads(re.sub(r",(\s*[\]}])", r"\1", text))


def servers_in(path, names):
    document = plain(read(path))
    for name in names:
        document = document[name]
    return document


def shows_no_secret(result):
    for secret in SECRETS:
        assert secret not in result.out + result.err, result


def applied(before, diff):
    """The bytes that a diff without hidden parts makes of these, by patch(1)'s rules."""
    after = []
    lines = before.split(b"\n")
    position = 0
    rows = diff.encode().split(b"\n")[2:]
    for number, row in enumerate(rows):
        if row.startswith(b"@@ "):
            start, count = (int(part) for part in row.split()[1][1:].split(b","))
            to = start - 1 if count else start
            after += lines[position:to]
            position = to
        elif row.startswith(b"-"):
            assert lines[position].rstrip(b"\r") == row[1:], (lines[position], row)
            position += 1
        elif row.startswith(b" "):
            assert lines[position].rstrip(b"\r") == row[1:], (lines[position], row)
            after.append(lines[position])
            position += 1
        elif row.startswith(b"+"):
            after.append(row[1:])
        else:
            assert not row or row.startswith(b"\\"), (number, row)
    return b"\n".join(after + lines[position:])


def on_terminal(host, *words):
    """On this host, with a person."""
    return Teletype(*words, folder=host.file("here"),
                    environment={"HOME": host.file("home"), "PATH": os.environ["PATH"]})
