#!/usr/bin/python3
"""The prompt: nothing typed is shown, and the echo comes back however the program ends."""
import os
import signal

from cli import PASSPHRASE, Home, main
from teletype import ENDING, Teletype


def start(home, *words):
    return Teletype("--home", home.path, *words)


def a_passphrase_is_asked_for_twice_and_not_shown():
    with Home() as home:
        terminal = start(home, "init")
        terminal.read_until(b"New passphrase for the operator key: ")
        terminal.wait_for_echo(False)
        terminal.type(PASSPHRASE + "\n")
        terminal.read_until(b"The same again: ")
        terminal.type(PASSPHRASE + "\n")
        assert terminal.read_rest() == 0, terminal.seen
        assert PASSPHRASE.encode() not in terminal.seen, terminal.seen
        assert b"operator key" in terminal.seen
        os.unlink(home.file("keys/operator.pub"))
        home.ok("init", "--passphrase-file", home.write("p", PASSPHRASE))


def two_that_differ_make_no_key():
    with Home() as home:
        terminal = start(home, "init")
        terminal.read_until(b"operator key: ")
        terminal.type(PASSPHRASE + "\n")
        terminal.read_until(b"again: ")
        terminal.type(PASSPHRASE + "x\n")
        assert terminal.read_rest() == 4
        assert b"the two passphrases differ" in terminal.seen, terminal.seen
        assert not os.path.exists(home.file("keys/operator.key"))


def an_empty_one_and_an_end_of_input_are_refused():
    for typed in ("\n", "\x04"):
        with Home() as home:
            terminal = start(home, "init")
            terminal.read_until(b"operator key: ")
            terminal.wait_for_echo(False)
            terminal.type(typed)
            assert terminal.read_rest() == 4, terminal.seen
            assert b"TRUST_NO_PASSPHRASE" in terminal.seen, terminal.seen


def a_signal_ends_the_program_with_the_echo_back():
    for number in ENDING:
        with Home() as home:
            terminal = start(home, "init")
            terminal.read_until(b"operator key: ")
            terminal.wait_for_echo(False)
            os.kill(terminal.pid, number)
            status = os.waitpid(terminal.pid, 0)[1]
            assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == number, status
            assert terminal.echoes(), number
            os.close(terminal.fd)


def a_stop_is_acted_on_and_the_prompt_comes_again():
    with Home() as home:
        terminal = start(home, "init")
        terminal.read_until(b"operator key: ")
        terminal.wait_for_echo(False)
        terminal.seen = b""
        # The session has no parent that could wake it, so the system lets it run on at once.
        os.kill(terminal.pid, signal.SIGTSTP)
        terminal.read_until(b"operator key: ")
        terminal.wait_for_echo(False)
        terminal.type("\n")
        assert terminal.read_rest() == 4
        assert terminal.seen.startswith(b"\r\nNew"), terminal.seen


main(a_passphrase_is_asked_for_twice_and_not_shown, two_that_differ_make_no_key,
     an_empty_one_and_an_end_of_input_are_refused,
     a_signal_ends_the_program_with_the_echo_back,
     a_stop_is_acted_on_and_the_prompt_comes_again)
