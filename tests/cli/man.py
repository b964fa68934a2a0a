#!/usr/bin/python3
"""The manual page has every command with every option, and nothing that is not there."""
import re
import sys

from cli import main, run

with open(sys.argv[3], encoding="utf-8") as file:
    PAGE = file.read()
SECTIONS = dict(re.findall(r"^## repute ([a-z -]+)\n(.*?)(?=^#|\Z)", PAGE, re.M | re.S))


def every_command_has_its_section_and_every_section_its_command():
    names = [row["command"] for row in run("help", "--json").document]
    assert sorted(SECTIONS) == sorted(names), set(SECTIONS) ^ set(names)


def every_section_has_the_options_of_its_command():
    for name, text in SECTIONS.items():
        options = [f"--{option['name']}" for option in
                   run("help", *name.split(), "--json").document["options"]]
        assert re.findall(r"^\*(--[a-z-]+)\*", text, re.M) == options, name
        assert text.lstrip().startswith(f"*repute {name}*"), name


def every_exit_code_is_told():
    assert re.findall(r"^\*(\d)\*$", PAGE, re.M) == list("0123458")


main(every_command_has_its_section_and_every_section_its_command,
     every_section_has_the_options_of_its_command, every_exit_code_is_told)
