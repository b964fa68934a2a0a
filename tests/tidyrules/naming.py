"""Names and enums."""
import itertools
import os
import re

from .tree import Finding, Tree, bad, rule


@rule(bad("typedef struct x x_t;\n"), bad("typedef struct {\n    int y;\n} x_t;\n"))
def no_typedef_ends_in_t(tree):
    for source in tree.c_files():
        for match in re.finditer(r"\btypedef\b[^;{]*(?:\{[^}]*\})?[^;]*?\b(\w+_t)\s*;", source.code):
            yield Finding(source.path, source.line_of(match.start(1)),
                          f"{match[1]}: name the struct or enum itself; _t is POSIX's")


@rule(bad("int f(void)\n{\n}\n"), bad("struct x {\n    int y;\n};\n", "libtrust/base/x.h"),
      bad("#define SIZE 1\n", "libtrust/base/x.h"))
def libtrust_prefix(tree):
    for source in tree.c_files("libtrust/"):
        for function in source.functions():
            if not function.is_static and not function.name.startswith("trust_"):
                yield Finding(source.path, function.line,
                              f"{function.name}: make it static, or begin with trust_")
        if source.path.endswith(".h"):
            for match in re.finditer(r"^(?:(?:struct|enum|union) (?!trust_)(\w+)(?= \{)"
                                     r"|#define (?!TRUST_)(\w+))", source.code, re.M):
                yield Finding(source.path, source.line_of(match.start()),
                              f"{match[1] or match[2]}: begin with trust_ or TRUST_")


@rule(bad("int f(void)\n{\n}\n", "node/store_map.c"))
def node_and_tools_prefix(tree):
    """A function of node/store_map.c begins with store_, of node/api/score.c with score_ or api_."""
    for source in tree.c_files("node/", "tools/"):
        words = {os.path.basename(source.path)[:-2].split("_")[0],
                 os.path.basename(os.path.dirname(source.path))}
        for function in source.functions():
            if not (function.is_static or function.name == "main"
                    or function.name.split("_")[0] in words):
                yield Finding(source.path, function.line,
                              f"{function.name}: make it static, or begin with the file's name")


def _enumerators(tree):
    names = set()
    for source in tree.c_files():
        for match in re.finditer(r"\benum\b[^;{()]*\{([^}]*)\}", source.code):
            names.update(re.findall(r"(?:^|,)\s*([A-Za-z_]\w*)", match[1]))
    return names


@rule(bad("enum e {\n    ONE,\n    TWO,\n};\nint f(enum e x)\n{\n    switch (x) {\n    case ONE:\n"
          "        break;\n    default:\n        break;\n    }\n}\n"))
def no_default_over_an_enum(tree):
    enumerators = _enumerators(tree)
    for source in tree.c_files():
        labels = {}  # indentation of an open switch -> an enumerator among its labels
        for number, line in enumerate(source.code_lines, 1):
            indent = len(line) - len(line.lstrip())
            if re.match(r"\s*switch\b", line):
                labels[indent] = None
            case = re.match(r"\s*case (\w+):", line)
            if case and case[1] in enumerators:
                labels[indent] = case[1]
            if re.match(r"\s*default:", line) and labels.get(indent):
                yield Finding(source.path, number,
                              f"the switch is over an enum ({labels[indent]}): list every case, so "
                              "that the compiler finds a new one")


ERRORS, ROWS = "libtrust/include/trust/error.h", "libtrust/base/error.c"


@rule(Tree({ERRORS: "enum trust_error {\n    TRUST_OK = 0,\n    TRUST_NO_X = 1,\n};\n",
            ROWS: 'static const struct row rows[] = {\n    ROW(TRUST_OK, "done"),\n};\n'}))
def every_error_has_its_row(tree):
    if ERRORS in tree.files:
        declared = re.findall(r"^    (TRUST_\w+) =", tree.source(ERRORS).code, re.M)
        rows = re.findall(r"\bROW\((TRUST_\w+),", tree.source(ROWS).code)
        if declared != rows:
            odd = next((a or b for a, b in itertools.zip_longest(declared, rows) if a != b))
            yield Finding(ROWS, 1, f"the rows are the constants of {ERRORS}, in that order: {odd}")
