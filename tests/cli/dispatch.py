#!/usr/bin/python3
"""How every command ends: its home, its streams, its exit code."""
import os
import pty
import subprocess

from cli import REPUTE, main, refused, run


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


main(a_home_that_cannot_be_is_refused, no_home_at_all_is_refused,
     output_that_cannot_be_written_is_our_failure,
     errors_go_to_the_error_stream_with_the_next_step,
     no_escape_byte_reaches_what_is_no_terminal_or_asks_for_none)
