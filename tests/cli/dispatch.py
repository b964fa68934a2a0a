#!/usr/bin/python3
"""How every command ends: its home, its streams, its exit code."""
import os
import pty
import subprocess

from cli import REPUTE, Home, main, refused, run


def read_terminal(words, environment):
    """What the command writes when its output is a terminal."""
    leader, follower = pty.openpty()
    done = subprocess.run([REPUTE, *words], stdin=subprocess.DEVNULL, stdout=follower,
                          stderr=follower, env=environment, timeout=60)
    os.close(follower)
    text = b""
    try:
        while piece := os.read(leader, 4096):
            text += piece
    except OSError:
        pass
    os.close(leader)
    return done.returncode, text


def a_home_that_cannot_be_is_refused():
    refused(run("--home", "/" + "x" * 200, "help", "nothing", "--json"), "TRUST_NO_SIZE", 2)


def no_home_at_all_is_refused():
    if os.geteuid() != 0:  # root has the system's home
        refused(run("help", "nothing", "--json"), "TRUST_NO_OPTION", 2)


def output_that_cannot_be_written_is_our_failure():
    with open("/dev/full", "w") as full:
        done = subprocess.run([REPUTE, "help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 5, done
    assert "TRUST_FAIL_IO" in done.stderr, done


def errors_go_to_the_error_stream_with_the_next_step():
    result = run("elephant")
    assert (result.code, result.out) == (2, ""), result
    assert result.err == ("repute: there is no command `repute elephant` (TRUST_NO_OPTION)\n"
                          "  next: `repute help` lists the commands\n"), result


def no_escape_byte_reaches_what_is_no_terminal_or_asks_for_none():
    for words in (["help"], ["elephant"]):
        assert "\033" not in run(*words).out + run(*words).err
        _, text = read_terminal(words, {"NO_COLOR": "1"})
        assert text and b"\033" not in text, text


def what_was_typed_comes_back_as_plain_text():
    strange = os.fsdecode(b"\xff\x1b[31m\xc2\x9b")
    server = "mcp:io.example/x"
    with Home() as home:
        for words in ([strange], ["help", strange], ["score", strange], ["score", "--" + strange],
                      ["rate", strange, "--category", "overall", "--value", "1"],
                      ["rate", server, "--category", strange, "--value", "1"],
                      ["rate", server, "--category", "overall", "--value", strange],
                      ["import", strange], ["verify", strange], ["config", "check", strange],
                      ["drafts", "show", strange], ["retract", strange], ["raters", "list", strange],
                      ["outcome", server, "--class", strange], ["breakers", "replay", strange]):
            message = home.json(*words).document["error"]["message"]
            assert "? [31m" in message and "\x1b" not in message and "\x9b" not in message, message
            shown = home.run(*words)
            assert "? [31m" in shown.err and "\x1b" not in shown.err, shown


def a_text_that_is_no_utf_8_is_refused_and_not_left_out():
    strange = os.fsdecode(b"gr\xfcn")
    server = "mcp:io.example/x"
    with Home() as home:
        for words in (["outcome", server, "--class", "ok", "--tool", strange],
                      ["breakers", "force-open", server, "--reason", strange],
                      ["quarantine", "add", server, "--reason", strange], ["init", "--name", strange],
                      ["select", "--group", strange]):
            refused(home.json(*words), "TRUST_NO_SYNTAX", 2)


main(a_home_that_cannot_be_is_refused, what_was_typed_comes_back_as_plain_text,
     a_text_that_is_no_utf_8_is_refused_and_not_left_out, no_home_at_all_is_refused,
     output_that_cannot_be_written_is_our_failure,
     errors_go_to_the_error_stream_with_the_next_step,
     no_escape_byte_reaches_what_is_no_terminal_or_asks_for_none)
