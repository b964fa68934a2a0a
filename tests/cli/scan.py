#!/usr/bin/python3
"""repute scan: every client's files in their places, whose servers they name, and no secret."""
import re
import sys

from cli import main, refused, run
from clients import PLACES, Host
from running import equal

FIXTURES = [place[0] for place in PLACES]
# client, scope, name, project, subject; or the reason for having none, in brackets.
SERVERS = [
    ["claude-desktop", "filesystem", None,
     "pkg:npm/%40modelcontextprotocol/server-filesystem@2025.8.21"],
    ["claude-desktop", "github", None, "pkg:oci/ghcr.io/github/github-mcp-server"],
    ["claude-desktop", "weather", None, "[local_file]"],
    ["claude-code", "notion", None, "https://mcp.notion.com/mcp"],
    ["claude-code", "fetch", "/srv/shop", "pkg:pypi/mcp-server-fetch@2025.4.7"],
    ["claude-code", "search", None, "[guarded]"],
    ["claude-code", "linear", None, "https://mcp.linear.app/sse"],
    ["vscode", "playwright", None, "pkg:npm/%40playwright/mcp"],
    ["vscode", "exa", None, "https://mcp.exa.ai/mcp"],
    ["vscode", "own", None, "[local_file]"],
    ["vscode", "time", None, "pkg:pypi/mcp-server-time"],
    ["cursor", "context7", None, "pkg:npm/%40upstash/context7-mcp@1.0.14"],
    ["cursor", "figma", None, "http://127.0.0.1:3845/mcp"],
    ["cursor", "old", None, "pkg:npm/old-mcp"],
    ["windsurf", "deepwiki", None, "https://mcp.deepwiki.com/mcp"],
    ["windsurf", "zap", None, "[secret_in_url]"],
]


def rows(document):
    return [[row["client"], row["name"], row["project"], row["subject"] or f"[{row['reason']}]"]
            for row in document["servers"]]


def every_client_of_the_host_is_found():
    with Host(*FIXTURES) as host:
        document = host.document()
        equal(rows(document), SERVERS)
        equal([(row["client"], row["scope"], row["state"], row["servers"])
               for row in document["files"]],
              [("claude-desktop", "user", "read", 3), ("claude-code", "user", "read", 2),
               ("claude-code", "project", "read", 2), ("vscode", "user", "read", 3),
               ("vscode", "project", "read", 1), ("cursor", "user", "read", 3),
               ("windsurf", "user", "read", 2)])
        equal(document["files"][0]["path"],
              host.file("home/.config/Claude/claude_desktop_config.json"))
        equal(document["counts"], {"withheld": 0, "suspect": 0, "flagged": 0, "low": 0, "rated": 0,
                                   "unknown": 12, "guarded": 1, "unnamed": 3})


def a_client_is_chosen():
    with Host(*FIXTURES) as host:
        for client in ("claude-desktop", "claude-code", "vscode", "cursor", "windsurf"):
            equal(rows(host.document("--client", client)),
                  [row for row in SERVERS if row[0] == client])
        refused(run("--json", "scan", "--client", "emacs"), "TRUST_NO_OPTION", 2)


def named_files_are_read_instead():
    with Host(*FIXTURES) as host:
        other = host.put("here/other.json", "cursor-mcp.json")
        equal([row[:2] for row in rows(host.document(other))],
              [[None, "context7"], [None, "figma"], [None, "old"]])
        equal(rows(host.document(other, "--client", "cursor")),
              [row for row in SERVERS if row[0] == "cursor"])
        # A path as its client has it says whose it is.
        equal(rows(host.document(".mcp.json")), SERVERS[5:7])


def the_environment_moves_the_places():
    with Host() as host:
        host.put("moved/Claude/claude_desktop_config.json", "claude_desktop_config.json")
        host.put("code/.claude.json", "claude.json")
        document = host.document(env={"XDG_CONFIG_HOME": host.file("moved"),
                                      "CLAUDE_CONFIG_DIR": host.file("code")})
        equal(rows(document), SERVERS[:5])


def what_a_row_says_besides():
    with Host(*FIXTURES) as host:
        by_name = {row["name"]: row for row in host.document()["servers"]}
        equal({name for name, row in by_name.items() if row["pinned"]},
              {"filesystem", "fetch", "context7"})
        equal({name for name, row in by_name.items() if not row["enabled"]}, {"old"})
        equal({name: row["via"] for name, row in by_name.items() if row["via"]},
              {"linear": "mcp-remote"})
        equal({name: row["group"] for name, row in by_name.items() if row["group"]},
              {"search": "search"})
        equal({name for name, row in by_name.items() if row["transport"] == "http"},
              {"notion", "exa", "figma", "deepwiki", "zap"})
        equal(list(by_name["search"]),
              ["client", "file", "project", "name", "transport", "enabled", "subject", "pinned",
               "via", "group", "reason", "text", "next", "status", "score", "lower", "severity",
               "flags", "breaker", "quarantine", "verdict"])
        equal((by_name["search"]["verdict"], by_name["search"]["next"]),
              ("guarded", "see them: `repute select --group search`"))


def no_secret_of_any_file_is_shown():
    with Host(*FIXTURES) as host:
        for words in ((), ("--plain",), ("--json",)):
            result = host.scan(*words)
            equal(result.code, 0)
            for secret in ("hidden-token", "MDQ1Zj", "exaApiKey", "Bearer", "TOKEN"):
                assert secret not in result.out + result.err, (words, secret)


def nothing_is_written_and_nothing_is_needed():
    with Host(*FIXTURES) as host:
        before = host.listing()
        host.document()
        equal(host.listing(), before)


def a_host_without_clients_says_so():
    with Host() as host:
        document = host.document()
        equal((document["files"], document["servers"]), ([], []))
        equal(host.scan("--plain").out, "")
        assert host.scan().out.startswith(
            "no configuration of an MCP client was found: name one, `repute scan FILE`\n")


def the_examples_of_the_page_are_true():
    with open(sys.argv[3], encoding="utf-8") as file:
        page = file.read()
    table = page.split("| configured | subject |\n|---|---|\n")[1].split("\n\n")[0]
    lines = re.findall(r"^\| `(.*?)`.* \| `(.*?)` \|$", table, re.M)
    equal(len(lines), len(table.splitlines()))
    with Host() as host:
        for configured, subject in lines:
            entry = {"url": configured} if "://" in configured.split()[0] else \
                {"command": configured.split()[0], "args": configured.split()[1:]}
            [row] = host.document(host.servers(one=entry))["servers"]
            equal(row["subject"], subject)
    for client in ("claude-desktop", "claude-code", "vscode", "cursor", "windsurf"):
        assert f"| `{client}` |" in page, client
    with Host(*FIXTURES) as host:
        document = host.document()
        equal(re.findall(r"^\| `(\w+)` \| ", page.split("## In a script")[1], re.M),
              list(document))
        listed = page.split("| `servers` | ")[1].split("\n")[0]
        for member in document["servers"][0]:
            assert f"`{member}`" in listed, member
        equal(re.findall(r"^\| `(\w+)` \| ", page.split("## Read the verdict")[1].split("##")[0],
                         re.M), list(document["counts"]))


main(every_client_of_the_host_is_found, a_client_is_chosen, named_files_are_read_instead,
     the_environment_moves_the_places, what_a_row_says_besides, no_secret_of_any_file_is_shown,
     nothing_is_written_and_nothing_is_needed, a_host_without_clients_says_so,
     the_examples_of_the_page_are_true)
