"""Words in code and docs."""
import os
import re

from .layers import LAYERS
from .limits import PAGE as LIMITS_PAGE
from .limits import SOURCE as LIMITS_SOURCE
from .limits import page_of
from .tree import Finding, Tree, bad, rule

PROTOCOL = "docs/reference/protocol.md"
# Spelt in two halves, so that the rules do not find themselves.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK")) + r")\b")
HOMES = re.compile(r"/ho" r"me/\w|/ro" r"ot/|/Us" r"ers/\w")


def _search(tree, pattern, advice):
    for path, text in sorted(tree.files.items()):
        for number, line in enumerate(text.split("\n"), 1):
            if pattern.search(line):
                yield Finding(path, number, advice)


@rule(bad("/* TO" "DO: later */\n"), bad("# XX" "X\n", "tests/x.py"))
def nothing_is_left_undone(tree):
    yield from _search(tree, UNFINISHED, "do it, or leave it out: main has no reminders")


@rule(bad("cd /ro" "ot/x\n", "docs/x.md"), bad("/ho" "me/me/x\n", "tools/x.sh"))
def no_path_of_a_workplace(tree):
    yield from _search(tree, HOMES, "a path of somebody's machine: take it from the environment")


def _fold(text):
    return " ".join(text.split())


@rule(Tree({"libtrust/base/x.c": "/* protocol: a frame is one\n * message. */\n",
            PROTOCOL: "A frame is many messages.\n"}))
def quotes_of_the_protocol_stand_there(tree):
    protocol = _fold(tree.files.get(PROTOCOL, ""))
    for source in tree.c_files():
        for line, comment in source.comments():
            match = re.match(r"/\*\s*protocol:\s*(.*?)\s*\*/$", comment, re.S)
            if match and _fold(re.sub(r"\n\s*\* ?", "\n", match[1])) not in protocol:
                yield Finding(source.path, line,
                              f"{PROTOCOL} does not say this: quote it word by word")


@rule(Tree({LIMITS_SOURCE: "/* Why. */\n#define TRUST_X_MAX 1\n", LIMITS_PAGE: "TRUST_X_MAX 2"}))
def the_page_of_limits_is_true(tree):
    if LIMITS_SOURCE in tree.files:
        if tree.files.get(LIMITS_PAGE) != page_of(tree.files[LIMITS_SOURCE]):
            yield Finding(LIMITS_PAGE, 1, f"it is made from {LIMITS_SOURCE}: sh tools/dev format")


HOUSE = "docs/explanation/house.md"


@rule(Tree({HOUSE: "| `base` | record | x |\n"}))
def the_page_of_the_house_is_true(tree):
    """Its table of layers says what layers.py checks."""
    if HOUSE in tree.files:
        rows = dict(re.findall(r"^\| `(\w+)/?` \| (.*?) \|", tree.files[HOUSE], re.M))
        for layer, others in LAYERS.items():
            said = set(re.findall(r"\b(?:%s)\b" % "|".join(LAYERS), rows.get(layer, "")))
            everything = set(LAYERS) - {"client", "node", "tools", "wire"}
            if said != set(others) and not ("all of libtrust but client" in rows.get(layer, "")
                                            and set(others) == everything):
                yield Finding(HOUSE, 1, f"the row of {layer} must name: {', '.join(others)}")


@rule(bad("See [this](gone.md).\n", "docs/x.md"))
def links_lead_somewhere(tree):
    for path, text in sorted(tree.files.items()):
        for match in re.finditer(r"\]\((?!\w+:|#)([^)#\s]+)", text if path.endswith(".md") else ""):
            target = os.path.normpath(os.path.join(os.path.dirname(path), match[1]))
            if target not in tree.files and not os.path.exists(target):
                yield Finding(path, text.count("\n", 0, match.start()) + 1,
                              f"there is no {target}")


@rule(Tree({"docs/decisions/0001-a.md": "# 0001 A\n", "docs/decisions/0001-b.md": "# 0001 B\n"}),
      bad("# 2 Other number\n", "docs/decisions/0001-a.md"))
def decisions_are_numbered(tree):
    seen = {}
    for path, text in sorted(tree.files.items()):
        match = re.match(r"docs/decisions/(\d{4})-", path)
        if match and seen.setdefault(match[1], path) != path:
            yield Finding(path, 1, f"{seen[match[1]]} has this number: take the next free one")
        elif match and not text.startswith(f"# {match[1]} "):
            yield Finding(path, 1, f"the title begins with its number, {match[1]}")


# A path from the root, as comments and pages name it. x, NAME and the like stand for any name.
NAMED = re.compile(r"\b(?:docs|libtrust|node|tools|tests)/[\w./-]*?\w+"
                   r"\.(?:md|h|c|py|sh|scd|sym|build)\b")
STANDS_FOR_ANY = re.compile(r"\b(x|NAME[.\w]*|NNNN[\w-]*)\.\w+$")


@rule(bad("/* docs/gone.md says why. */\n"), bad("Read `libtrust/base/gone.h`.\n", "README.md"))
def paths_that_are_named_exist(tree):
    for path, text in sorted(tree.files.items()):
        if path.startswith("tests/tidy"):
            continue  # its bad examples
        for match in NAMED.finditer(text):
            if not (match[0] in tree.files or STANDS_FOR_ANY.search(match[0])
                    or os.path.exists(match[0])):
                yield Finding(path, text.count("\n", 0, match.start()) + 1,
                              f"there is no {match[0]}")
