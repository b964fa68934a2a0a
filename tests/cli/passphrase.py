#!/usr/bin/python3
"""The passphrase from a file or a pipe: what is taken of it, and what is not."""
import os

from cli import PASSPHRASE, Home, main, refused


def init(home, path, **options):
    return home.json("init", "--passphrase-file", path, **options)


def the_first_line_counts_whatever_ends_it():
    with Home() as home:
        assert init(home, home.write("p", PASSPHRASE + "\nnot this\n")).code == 0
        os.unlink(home.file("keys/operator.pub"))
        for content in (PASSPHRASE, PASSPHRASE + "\n", PASSPHRASE + "\r\n"):
            assert init(home, home.write("p", content)).code == 0, content
            os.unlink(home.file("keys/operator.pub"))


def a_wrong_passphrase_has_exit_code_4():
    with Home() as home:
        assert init(home, home.write("p", PASSPHRASE)).code == 0
        os.unlink(home.file("keys/operator.pub"))
        refused(init(home, home.write("p", PASSPHRASE + " ")), "TRUST_NO_PASSPHRASE", 4)
        assert not os.path.exists(home.file("keys/operator.pub"))


def a_pipe_is_as_good_as_a_file():
    with Home() as home:
        reader, writer = os.pipe()
        os.write(writer, PASSPHRASE.encode() + b"\n")
        os.close(writer)
        assert init(home, f"/dev/fd/{reader}", fds=[reader]).code == 0
        os.close(reader)
        os.unlink(home.file("keys/operator.pub"))
        assert init(home, home.write("p", PASSPHRASE)).code == 0


def a_file_that_others_may_read_is_refused():
    with Home() as home:
        for mode in (0o644, 0o640, 0o606):
            refused(init(home, home.write("p", PASSPHRASE, mode)), "TRUST_NO_FILE", 4)
        assert not os.path.exists(home.file("keys/operator.key"))


def what_is_missing_empty_or_endless_is_refused():
    with Home() as home:
        refused(init(home, home.file("nothing")), "TRUST_NO_FOUND", 4)
        refused(init(home, home.write("p", "")), "TRUST_NO_PASSPHRASE", 4)
        refused(init(home, home.write("p", "\nsecond line\n")), "TRUST_NO_PASSPHRASE", 4)
        refused(init(home, home.write("p", "x" * 2000)), "TRUST_NO_SIZE", 4)
        refused(init(home, "/dev/zero"), "TRUST_NO_SIZE", 4)
        refused(init(home, home.path), "TRUST_NO_FILE", 4)
        assert not os.path.exists(home.file("keys/operator.key"))


def without_a_terminal_nobody_is_asked():
    with Home() as home:
        error = refused(home.json("init", no_terminal=True), "TRUST_NO_PASSPHRASE", 4)
        assert "--passphrase-file" in error["next"], error


main(the_first_line_counts_whatever_ends_it, a_wrong_passphrase_has_exit_code_4,
     a_pipe_is_as_good_as_a_file, a_file_that_others_may_read_is_refused,
     what_is_missing_empty_or_endless_is_refused, without_a_terminal_nobody_is_asked)
