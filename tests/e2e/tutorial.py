#!/usr/bin/python3
"""The commands of the pages that are typed as they stand: docs/tutorial/, and howtos with a `$`. TAP.

Lines with a `$` are typed into one shell, which ends at the first that fails; building is left out,
since the programs that are tested stand in BUILD.
"""
import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from node import Tests, equal

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOCS = os.path.join(ROOT, "docs")
FIRST_NODE = "tutorial/first-node.md"
PROTECT = "tutorial/protect-your-agent.md"
TYPED = re.compile(r"^    \$ ", re.M)
LEFT_OUT = re.compile(r"sh tools/dev |export PATH=")

test = Tests()


def commands_of(page):
    """What is typed: "$" begins a line, ">" goes on with it."""
    with open(os.path.join(DOCS, page), encoding="utf-8") as file:
        typed = re.findall(r"^    ([$>]) (.*)$", file.read(), re.M)
    assert any(mark == "$" for mark, _ in typed), f"{page} types nothing"
    return [text for _, text in typed if not LEFT_OUT.match(text)]


def pages():
    """Every tutorial, and every howto that types anything."""
    found = []
    for folder in ("howto", "tutorial"):
        for name in sorted(os.listdir(os.path.join(DOCS, folder))):
            page = f"{folder}/{name}"
            if not name.endswith(".md"):
                continue
            with open(os.path.join(DOCS, page), encoding="utf-8") as file:
                if folder == "tutorial" or TYPED.search(file.read()):
                    found.append(page)
    return found


def type_all(lines):
    """Returns (exit code, output) of a shell that typed them."""
    home = tempfile.mkdtemp(prefix="tut", dir="/tmp")
    build = os.environ["BUILD"]
    path = f"{build}/tools/repute:{build}/node:{os.environ['PATH']}"
    shell = subprocess.Popen(["bash", "-e", "-c", "\n".join(lines)], text=True, cwd=home,
                             env={"HOME": home, "PATH": path}, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             start_new_session=True)
    try:
        out, _ = shell.communicate(timeout=60)
        return shell.returncode, out
    finally:
        try:
            os.killpg(shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        shutil.rmtree(home, ignore_errors=True)


@test
def the_commands_of_every_page_work():
    assert {FIRST_NODE, PROTECT} <= set(pages()) and "howto/security-team.md" in pages(), pages()
    for page in pages():
        code, out = type_all(commands_of(page))
        equal((page, code, out if code else ""), (page, 0, ""))


@test
def the_choice_falls_on_the_other_server_in_the_end():
    lines = commands_of(FIRST_NODE)
    code, out = type_all([*lines[:-1], "repute --json select --group docs", lines[-1]])
    equal(code, 0)
    answer = json.loads(out.rstrip().split("\n")[-1])
    equal([row["subject"] for row in answer["candidates"]], ["https://mcp.context7.com/mcp"])
    equal([row["subject"] for row in answer["refused"]], ["https://mcp.deepwiki.com/mcp"])


@test
def the_client_starts_the_guard_and_then_the_server_again():
    lines = commands_of(PROTECT)
    show = "python3 -c 'import json; print(json.load(open(\"mcp.json\"))[\"mcpServers\"])'"
    code, out = type_all([*lines[:-1], show, lines[-1], show])
    equal(code, 0)
    guarded, back = [ast.literal_eval(line)["notes"] for line in out.split("\n")
                     if line.startswith("{'notes'")]
    equal((guarded["command"], guarded["args"][2:]), ("repute", ["guard", "--group", "notes"]))
    equal((back["command"], back["args"], back["env"]),
          ("npx", ["-y", "@modelcontextprotocol/server-memory"],
           {"MEMORY_FILE_PATH": "/tmp/notes.jsonl"}))


@test
def a_command_that_fails_is_noticed():
    lines = commands_of(FIRST_NODE)
    code, _ = type_all([*lines[:3], "repute score nonsense", *lines[3:]])
    assert code != 0


if __name__ == "__main__":
    sys.exit(test.run())
