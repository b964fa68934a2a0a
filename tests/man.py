#!/usr/bin/python3
"""reputed.yaml(5) names every key that the loader's tables have, with its default. TAP."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def keys():
    """(key, default or None) of every row of libtrust/host."""
    for name in ("config.c", "group.c"):
        for row in re.findall(r"\{\s*\.name = \"\w+\".*?\}", read("libtrust", "host", name), re.S):
            fallback = re.search(r'\.fallback = "([^"]*)"', row)
            key = re.search(r'"(\w+)"', row).group(1)
            if key != "value":  # of a pair, whose names are the user's
                yield key, fallback and fallback.group(1)
    for key, fallback in re.findall(r'^    \{"(\w+)", "(\w+)", "',
                                    read("libtrust", "host", "breaker_section.c"), re.M):
        yield key, fallback


def main():
    page = read("docs", "reference", "man", "reputed.yaml.5.scd")
    sections = {heading.lower() for heading in re.findall(r"^# (\w+)$", page, re.M)}
    missing = set()
    for key, fallback in keys():
        places = [at.start() for at in re.finditer(rf"\*{key}\*", page)]
        if not places and key not in sections:
            missing.add(key)
        elif fallback is not None and not any(
                re.search(rf"Default:[^.]*?\s{re.escape(fallback)}\b", page[at:at + 220])
                for at in places):
            missing.add(f"{key}: default {fallback}")
    found = len(list(keys()))
    print("1..2")
    print(f"{'ok' if found > 40 else 'not ok'} 1 - the tables are found")
    print(f"{'not ok' if missing else 'ok'} 2 - each key and its default stand in the page")
    for key in sorted(missing):
        print(f"# {key}", file=sys.stderr)
    return 1 if missing or found <= 40 else 0


if __name__ == "__main__":
    sys.exit(main())
