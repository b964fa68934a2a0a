#!/usr/bin/python3
"""`repute help`: every command has a page, and nothing that is typed wrong is left without one."""
from cli import main, run


def names():
    return [row["command"] for row in run("help", "--json").document]


def every_command_has_a_page_in_each_form():
    assert "help" in names()
    for name in names():
        text = run("help", *name.split())
        assert text.code == 0 and f"usage: repute {name}" in text.out, text
        assert run(*name.split(), "--help").out == text.out, name
        page = run("help", *name.split(), "--json").document
        assert page["command"] == name and page["summary"], page
        for option in page["options"]:
            assert f"--{option['name']}" in text.out and option["about"], option


def the_list_names_every_command_and_every_topic():
    text = run("help").out
    assert all(f"  {name} " in text for name in names())
    for topic in ("exit-codes", "files", "ids"):
        assert topic in text
        assert run("help", topic).code == 0
        assert run("help", topic, "--json").document["topic"] == topic


def words_of_an_option_are_all_told():
    text = run("help", "outcome").out
    assert "cancelled" in text and "..." not in text, text
    assert "slow_failure" in run("help", "breakers", "replay").out


def a_group_lists_its_commands():
    groups = {name.split()[0] for name in names() if " " in name} - set(names())
    for group in groups:
        listed = run("help", group, "--json").document
        assert listed and all(row["command"].startswith(group) for row in listed), listed
        assert run(group, "--help", "--json").document == listed


def what_is_not_known_is_refused_with_what_was_meant():
    result = run("help", "exit-cods-and-more")
    assert result.code == 2 and "there is no help about" in result.err, result
    result = run("hepl")
    assert result.code == 2 and "did you mean `repute help`?" in result.err, result
    assert result.out == ""
    result = run("hepl", "--json")
    assert result.code == 2 and result.err == "", result
    assert result.document == {"error": {
        "code": "TRUST_NO_OPTION", "message": "there is no command `repute hepl`",
        "next": "did you mean `repute help`?"}}


def the_version_comes_in_each_form():
    version = run("--version", "--json").document["version"]
    assert run("--version").out == f"repute {version}\n"
    assert run("--version", "--plain").out == f"{version}\n"


main(every_command_has_a_page_in_each_form, the_list_names_every_command_and_every_topic,
     words_of_an_option_are_all_told,
     a_group_lists_its_commands, what_is_not_known_is_refused_with_what_was_meant,
     the_version_comes_in_each_form)
