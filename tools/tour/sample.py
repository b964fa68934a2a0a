"""The checked-in sample: servers, operators, and what they say. sample/README.md has its sources."""
import json
import os

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sample")


def _load(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


class Sample:
    def __init__(self):
        self.servers = _load("servers.json")
        self.cast = _load("cast.json")
        self.real = [row["subject"] for row in self.servers if row["real"]]
        self.invented = [row["subject"] for row in self.servers if not row["real"]]

    def statements(self, name):
        """How many records an operator publishes."""
        return sum(row["from"] == name for kind in ("vouches", "ratings", "flags")
                   for row in self.cast[kind])
