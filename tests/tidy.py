#!/usr/bin/python3
"""The house rules that a program can check, as a TAP test. tests/tidyrules/ has them.

usage: tidy.py [--library ARCHIVE SHARED]    (meson gives it the libraries it built)
Each rule is two kinds of cases: the tree keeps it, and it catches each bad example of its own.
A finding reads path:line: rule: what to do.
"""
import os
import sys

from tidyrules import binary, layers, mirror, naming, shape, words  # noqa: F401 (they register)
from tidyrules.tree import RULES, read_tree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main(arguments):
    arguments = [os.path.abspath(path) if "/" in path else path for path in arguments]
    os.chdir(ROOT)
    tree = read_tree(ROOT)
    if arguments[:1] == ["--library"]:
        tree.objects = binary.read_objects(arguments[1])
        tree.exported = binary.read_exports(arguments[2])
    cases = []
    for rule in RULES:
        findings = list(rule.check(tree))
        for finding in findings:
            # Where meson shows it: it keeps a TAP program's standard output to itself.
            print(f"{finding.path}:{finding.line}: {rule.name}: {finding.advice}", file=sys.stderr)
        cases.append((not findings, f"{rule.name}: kept"))
        for number, control in enumerate(rule.controls, 1):
            cases.append((bool(list(rule.check(control))), f"{rule.name}: bad example {number}"))
    print(f"1..{len(cases)}")
    for number, (passed, name) in enumerate(cases, 1):
        print(f"{'ok' if passed else 'not ok'} {number} - {name}")
    return 0 if all(passed for passed, _ in cases) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
