"""The fixtures of tests/cli/fixtures/clients, put where their clients keep them."""
import json
import os
import shutil
import tempfile

import cli

FIXTURES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fixtures",
                        "clients")
# Fixture, folder ("home" or "here"), place in it.
PLACES = (
    ("claude_desktop_config.json", "home", ".config/Claude/claude_desktop_config.json"),
    ("claude.json", "home", ".claude.json"),
    ("mcp.json", "here", ".mcp.json"),
    ("vscode-mcp.json", "home", ".config/Code/User/mcp.json"),
    ("vscode-settings.json", "here", ".vscode/settings.json"),
    ("cursor-mcp.json", "home", ".cursor/mcp.json"),
    ("mcp_config.json", "home", ".codeium/windsurf/mcp_config.json"),
)


class Host:
    """A home directory and a project, with the clients' files in them or without."""

    def __init__(self, *fixtures):
        self._directory = tempfile.TemporaryDirectory(prefix="repute-clients-", dir="/tmp")
        self.path = self._directory.name
        for folder in ("home", "here"):
            os.mkdir(self.file(folder))
        for fixture, folder, place in PLACES:
            if fixture in fixtures:
                self.put(f"{folder}/{place}", fixture)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._directory.cleanup()

    def file(self, name):
        return os.path.join(self.path, name)

    def put(self, name, fixture):
        os.makedirs(os.path.dirname(self.file(name)), exist_ok=True)
        shutil.copyfile(os.path.join(FIXTURES, fixture), self.file(name))
        return self.file(name)

    def write(self, name, content):
        os.makedirs(os.path.dirname(self.file(name)), exist_ok=True)
        with open(self.file(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return self.file(name)

    def servers(self, **entries):
        """A file of these servers."""
        return self.write("here/servers.json", json.dumps({"mcpServers": entries}))

    def scan(self, *words, home=None, env=None):
        """repute scan on this host; home: of the node, by default one that is not there."""
        return cli.run("--home", home or self.file("none"), "scan", *words, cwd=self.file("here"),
                       env={"HOME": self.file("home")} | (env or {}))

    def document(self, *words, code=0, **options):
        result = self.scan("--json", *words, **options)
        assert (result.code, result.err) == (code, ""), result
        return result.document

    def listing(self):
        """Every file with its bytes and times."""
        rows = []
        for folder, _, names in os.walk(self.path):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    rows.append((path, file.read(), os.stat(path).st_mtime_ns))
        return sorted(rows)


def npx(package):
    return {"command": "npx", "args": ["-y", package]}
