"""Sizes and format: a reader must be able to hold a file, a function and a line."""
import re
import subprocess

from .tree import Finding, bad, rule

C_LINES_MAX = 500
H_LINES_MAX = 250
FUNCTION_LINES_MAX = 60
NESTING_MAX = 3
PARAMETERS_MAX = 5
# Callbacks whose shape a library dictates: (path, function).
FOREIGN_SHAPES = {
    ("node/api/http.c", "handle"),  # MHD_AccessHandlerCallback
    ("tools/guard/hall/hall.c", "handle"),  # likewise
    ("tools/guard/hall/hall_visit.c", "add_header"),  # MHD_KeyValueIteratorN
}
INDENT = 4
# Every bound stands in one file, however many there are.
LIMITS_SOURCE = "libtrust/base/limits.h"
TOP = {".ci", ".clang-format", ".clang-tidy", ".editorconfig", "LICENSE", "README.md", "docs",
       "libtrust", "meson.build", "meson_options.txt", "node", "tests", "tools"}


@rule(bad("\n" * 501), bad("\n" * 251, "libtrust/base/x.h"))
def file_size(tree):
    for source in tree.c_files():
        if source.path == LIMITS_SOURCE:
            continue
        limit = H_LINES_MAX if source.path.endswith(".h") else C_LINES_MAX
        count = source.text.count("\n")
        if count > limit:
            yield Finding(source.path, count,
                          f"{count} lines, at most {limit}: a second noun wants its own file")


@rule(bad("network: main\n", "alice/reputed.yaml"))
def the_top_holds_what_the_readme_lists(tree):
    """A home that a run left behind has a node's secret key in it."""
    for path in sorted(tree.files):
        if path.split("/")[0] not in TOP:
            yield Finding(path, 1, "a folder of its own at the top: does it belong into the tree?")


@rule(bad("int f(void)\n{\n" + "    g();\n" * 59 + "}\n"))
def function_size(tree):
    for source in tree.c_files():
        for function in source.functions():
            count = function.last - function.first + 1
            if count > FUNCTION_LINES_MAX:
                yield Finding(source.path, function.line,
                              f"{function.name} has {count} lines, at most {FUNCTION_LINES_MAX}: "
                              "let it decide and leaves compute")


@rule(bad("int f(int a, int b, int c, int d, int e, int g)\n{\n}\n"),
      bad("static void f(int a, int (*b)(int, int), int c,\n    int d, int e, int g)\n{\n}\n"))
def parameters(tree):
    for source in tree.c_files():
        for function in source.functions():
            is_ours = (source.path, function.name) not in FOREIGN_SHAPES
            if is_ours and function.parameters > PARAMETERS_MAX:
                yield Finding(source.path, function.line,
                              f"{function.name} has {function.parameters} parameters, at most "
                              f"{PARAMETERS_MAX}: they are a struct")


@rule(bad("int f(void)\n{\n    for (;;)\n        for (;;)\n            for (;;)\n"
          "                if (x)\n                    g();\n}\n"))
def nesting(tree):
    """By indentation, which clang-format keeps true."""
    deep = re.compile(r" {%d,}(if|for|while|do|switch)\b" % (INDENT * (NESTING_MAX + 1)))
    for source in tree.c_files():
        for number, line in enumerate(source.code_lines, 1):
            if deep.match(line):
                yield Finding(source.path, number,
                              f"nested deeper than {NESTING_MAX}: return early, or name the inner "
                              "part as a function")


@rule(bad("int f(void)\n{\n#ifdef X\n    g();\n#endif\n}\n"))
def no_condition_of_the_preprocessor_in_a_body(tree):
    for source in tree.c_files():
        for function in source.functions():
            for number in range(function.first, function.last):
                if re.match(r"\s*#\s*(if|ifdef|ifndef)\b", source.code_lines[number - 1]):
                    yield Finding(source.path, number, "let meson pick one of two files instead")


@rule(bad("int x;\n"))
def a_file_opens_with_what_it_is(tree):
    for source in tree.c_files():
        if not source.text.startswith("/*"):
            yield Finding(source.path, 1, "begin with a comment: what this is, and why it is so")


def _misformatted(tree):
    """(path, line) of each first difference. One process for a tree on disk, since 500 are slow."""
    command = ["clang-format", "--style=file", "--dry-run", "--Werror", "--ferror-limit=1"]
    paths = [source.path for source in tree.c_files()]
    if tree.is_on_disk:
        runs = [(command + paths, "")]
    else:
        runs = [(command + [f"--assume-filename={path}"], tree.files[path]) for path in paths]
    for arguments, text in runs:
        result = subprocess.run(arguments, input=text, capture_output=True, text=True)
        found = re.findall(r"^(\S+?):(\d+):\d+: error:", result.stderr, re.M)
        assert bool(found) == bool(result.returncode), result.stderr
        yield from found


@rule(bad("int  x;\n"))
def clang_format(tree):
    for path, line in _misformatted(tree):
        yield Finding(path, int(line), "sh tools/dev format")
