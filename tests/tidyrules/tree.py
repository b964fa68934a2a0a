"""What a rule looks at (a Tree), what it finds (a Finding), and how it registers itself.

A rule is a generator of findings over a tree of texts. Each names, beside itself, small bad trees
that it must catch: a check that cannot fail is a defect.
"""
import dataclasses
import os
import re

TEXT_ENDINGS = (".c", ".h", ".py", ".sh", ".md", ".build", ".scd", ".yaml", ".yml", ".json", ".sym",
                ".txt", ".service", ".conf", "/run", "/dev", ".clang-format", ".clang-tidy")
SKIPPED_FOLDERS = (".git", "build")


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    line: int
    advice: str


@dataclasses.dataclass(frozen=True)
class Rule:
    name: str
    check: object
    controls: tuple


@dataclasses.dataclass
class Tree:
    """files: path -> text. objects, exported: what nm says of the built library; None: not built.
    is_on_disk: it is the current folder, not a bad example."""
    files: dict
    objects: dict = None
    exported: list = None
    is_on_disk: bool = False
    _sources: dict = dataclasses.field(default_factory=dict)

    def source(self, path):
        if path not in self._sources:
            self._sources[path] = Source(path, self.files[path])
        return self._sources[path]

    def c_files(self, *folders):
        """The C sources and headers below these folders (all of them when none is given)."""
        return [self.source(path) for path in sorted(self.files)
                if path.endswith((".c", ".h")) and (path.startswith(folders) or not folders)]


@dataclasses.dataclass(frozen=True)
class Include:
    line: int
    name: str
    is_system: bool


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    line: int
    is_static: bool
    parameters: int
    first: int  # the line of its opening brace
    last: int  # the line of its closing brace


def _blank(match):
    """Comments and literals become spaces, so that lines and columns stay."""
    return re.sub(r"[^\n]", " ", match[0])


class Source:
    """A C file as text, as lines, and as code without comments and literals."""

    _HIDDEN = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", re.S)
    _FUNCTION = re.compile(r"^(?P<head>[A-Za-z_][\w \t\n*]*?)\b(?P<name>[A-Za-z_]\w*)"
                           r"\((?P<parameters>[^{};]*)\)\n\{", re.M)

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        self.code = self._HIDDEN.sub(_blank, text)
        self.code_lines = self.code.split("\n")

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def comments(self):
        """(line, text) of each block comment."""
        for match in self._HIDDEN.finditer(self.text):
            if match[0].startswith("/*"):
                yield self.line_of(match.start()), match[0]

    def includes(self):
        for number, line in enumerate(self.lines, 1):
            match = re.match(r"\s*#\s*include\s+([<\"])([^>\"]+)[>\"]", line)
            if match:
                yield Include(number, match[2], match[1] == "<")

    def functions(self):
        """Definitions, in the shape that .clang-format gives them."""
        for match in self._FUNCTION.finditer(self.code):
            first = self.line_of(match.end() - 1)
            last = next((number for number, line in enumerate(self.code_lines[first:], first + 1)
                         if line.startswith("}")), len(self.code_lines))
            yield Function(match["name"], self.line_of(match.start("name")),
                           "static" in match["head"].split(),
                           _count_parameters(match["parameters"]), first, last)


def _count_parameters(text):
    depth, commas = 0, 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        commas += character == "," and depth == 0
    return 0 if text.strip() in ("", "void") else commas + 1


RULES = []


def rule(*controls):
    """Registers a rule. controls: trees, each of which it must find something in."""
    def register(check):
        assert controls, f"{check.__name__} has no positive control"
        RULES.append(Rule(check.__name__.replace("_", " "), check, controls))
        return check
    return register


def bad(text, path="libtrust/base/x.c"):
    """A control of one file."""
    return Tree({path: text})


def read_tree(root):
    files = {}
    for folder, names, file_names in os.walk(root):
        relative = os.path.relpath(folder, root)
        names[:] = [name for name in names if not (relative == "." and name.startswith("build"))
                    and name not in SKIPPED_FOLDERS]
        for name in file_names:
            path = os.path.normpath(os.path.join(relative, name))
            if ("/" + path).endswith(TEXT_ENDINGS):
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    files[path] = file.read()
    return Tree(files, is_on_disk=True)
