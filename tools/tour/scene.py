"""Everything that the steps of the tour act on: homes, nodes, the sample, the screen."""
import json
import os
import socket
import time

from home import Home
from sample import Sample

GROUP = "search"
PRIMARY = "mcp:io.example.fastfind/search"
FALLBACK = "mcp:io.example.steadyfind/search"
FLAGGED = "mcp:io.example.freefind/search"
PRAISED = "mcp:io.example.bestever/search"
DEBATED = "mcp:io.example.debated/notes"

LINK = """\
link: {{ listen: "tcp://{address}" }}
"""
ALONE = """\
link: { listen: null }
"""
# An open breaker stays open for as long as the tour looks at it.
CHOICE = f"""\
breaker: {{ open: 60s }}
groups:
  {GROUP}:
    primary: {{ subject: "{PRIMARY}" }}
    fallbacks:
      - {{ subject: "{FLAGGED}" }}
      - {{ subject: "{FALLBACK}" }}
"""
# A server from npm that is there twice.
NOTES = "notes"
ARCHIVE = "archive"
NOTES_PRIMARY = "pkg:npm/%40modelcontextprotocol/server-filesystem"
NOTES_STANDBY = "mcp:io.example.standby/files"


def notes_group(server, folder):
    """server: the words that start it. By the archive the stand-in can be told from the primary."""
    def start(*folders):
        return f"command: {json.dumps(server[0])}, args: {json.dumps([*server[1:], *folders])}"
    return f"""\
  {NOTES}:
    primary: {{ subject: "{NOTES_PRIMARY}", trust_hints: true, {start(folder)} }}
    fallbacks:
      - {{ subject: "{NOTES_STANDBY}", trust_hints: true,
          {start(folder, os.path.join(folder, ARCHIVE))} }}
"""


class Scene:
    def __init__(self, folder, programs, screen, swarm_size, file_server):
        """file_server: the words that start the npm package server-filesystem."""
        self.folder = folder
        self.programs = programs
        self.screen = screen
        self.swarm_size = swarm_size
        self.sample = Sample()
        self.homes = {}
        self.addresses = {}
        self.hosts = {}  # who takes in the records of whom
        self.file_server = file_server
        self.notes = os.path.join(os.path.abspath(folder), "notes")
        self.agent = None  # behind the guard

    def make_homes(self):
        for row in self.sample.cast["operators"]:
            name = row["name"]
            self.homes[name] = Home(name, os.path.join(self.folder, name), self.programs,
                                    self.screen)
            self.hosts[name] = row["node"]
            if row["node"] != name:
                self.homes[name].configure(ALONE)
                continue
            self.addresses[name] = f"127.0.0.1:{free_port()}"
            text = LINK.format(address=self.addresses[name])
            if name == "alice":
                text += CHOICE + notes_group(self.file_server, self.notes)
            self.homes[name].configure(text)

    def __getitem__(self, name):
        return self.homes[name]

    def guests(self):
        return [name for name, host in self.hosts.items() if name != host]

    @property
    def nodes(self):
        return [self.homes[name] for name in self.addresses]

    def stop(self):
        if self.agent is not None:
            self.agent.close()
        for home in self.homes.values():
            home.stop()

    def scores(self, name):
        """{subject: score object} of every server of the sample, as one node sees it."""
        subjects = [row["subject"] for row in self.sample.servers]
        rows = self.homes[name].ask("score", *subjects)
        return {row["subject"]: row for row in rows}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(seconds, what, is_so):
    """what: of what is waited for, shown as it is in the end. Returns the seconds it took."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            raise RuntimeError(f"waited {seconds} s for nothing: {what}")
        time.sleep(0.05)
    return time.monotonic() - began
