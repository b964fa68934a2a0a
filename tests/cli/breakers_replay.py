#!/usr/bin/python3
"""repute breakers replay: the golden lists, the page that shows how, and what wrong lists are told.

usage: breakers_replay.py REPUTE REPUTED DIRECTORY_OF_VECTORS PAGE
"""
import os
import re
import sys
import tempfile

from cli import main, refused, run
from running import equal

VECTORS, PAGE = sys.argv[3:5]


def each_list_gives_its_lines_byte_for_byte():
    names = sorted(name[:-6] for name in os.listdir(VECTORS) if name.endswith(".jsonl"))
    assert len(names) >= 10, names
    for name in names:
        path = os.path.join(VECTORS, name)
        policy = ["--policy", path + ".yaml"] if os.path.exists(path + ".yaml") else []
        for form in ([], ["--json"], ["--plain"]):
            result = run(*form, "breakers", "replay", *policy, path + ".jsonl")
            with open(path + ".out", encoding="utf-8") as file:
                equal((result.code, result.err), (0, ""))
                equal(result.out, file.read())


def a_list_comes_from_standard_input_too():
    result = run("breakers", "replay", "-", stdin='{"t_ms":0,"op":"failure","n":5}\n')
    equal(result.code, 0)
    equal(result.document["state"], "open")


def a_wrong_list_is_told_where():
    result = run("--json", "breakers", "replay", "-",
                 stdin='{"t_ms":0,"op":"success"}\n{"t_ms":1,"op":"sucess"}\n')
    lines = result.out.splitlines()
    equal(len(lines), 2)  # the line before stands
    assert '"TRUST_NO_OPTION"' in lines[1] and '-:2: op: unknown operation' in lines[1], lines
    assert 'did you mean' in lines[1], lines
    equal(result.code, 1)


def files_that_are_not_there_are_not_found():
    refused(run("--json", "breakers", "replay", "/nonexistent"), "TRUST_NO_FOUND", 1)
    refused(run("--json", "breakers", "replay", "--policy", "/nonexistent", "-"),
            "TRUST_NO_FOUND", 1)


def the_page_shows_what_really_comes_out():
    with open(PAGE, encoding="utf-8") as file:
        blocks = re.findall(r"```(\w+)\n(.*?)```", file.read(), re.S)
    files = {}
    shown = 0
    with tempfile.TemporaryDirectory() as directory:
        for kind, text in blocks:
            if kind in ("yaml", "json"):
                files[kind] = os.path.join(directory, kind)
                with open(files[kind], "w", encoding="utf-8") as file:
                    file.write(text)
            if kind == "text":
                result = run("breakers", "replay", "--policy", files["yaml"], files["json"])
                equal(result.out, text)
                shown += 1
    equal(shown, 2)


main(each_list_gives_its_lines_byte_for_byte, a_list_comes_from_standard_input_too,
     a_wrong_list_is_told_where, files_that_are_not_there_are_not_found,
     the_page_shows_what_really_comes_out)
