#!/usr/bin/python3
"""The key file as it is read: nothing that somebody else could have read or planted is used."""
import os

from cli import Home, main, refused


def home_with_key():
    home = Home()
    home.ok("init", "--no-passphrase")
    return home


def a_key_that_others_may_read_is_refused():
    for mode in (0o640, 0o604, 0o620, 0o602, 0o666):
        with home_with_key() as home:
            os.chmod(home.file("keys/operator.key"), mode)
            error = refused(home.json("key", "show"), "TRUST_NO_FILE", 4)
            assert f"mode {mode:04o}" in error["message"], error
            assert "chmod 600" in error["next"], error


def a_link_is_refused():
    with home_with_key() as home:
        os.rename(home.file("keys/operator.key"), home.file("keys/other.key"))
        os.symlink("other.key", home.file("keys/operator.key"))
        error = refused(home.json("key", "show"), "TRUST_NO_FILE", 4)
        assert "symbolic link" in error["message"], error


def what_is_no_file_is_refused_without_waiting_for_it():
    for make in (os.mkfifo, os.mkdir):
        with home_with_key() as home:
            os.unlink(home.file("keys/operator.key"))
            make(home.file("keys/operator.key"), 0o600)
            error = refused(home.json("key", "show"), "TRUST_NO_FILE", 4)
            assert "no regular file" in error["message"], error


def another_users_key_is_refused():
    if os.geteuid() != 0:
        return  # only root can give a file away
    with home_with_key() as home:
        os.chown(home.file("keys/operator.key"), 65534, 65534)
        error = refused(home.json("key", "show"), "TRUST_NO_FILE", 4)
        assert "another user" in error["message"], error


def a_damaged_key_is_refused_by_name():
    rows = ((b"", "TRUST_NO_SYNTAX"), (b"RPTKEYF\n", "TRUST_NO_SYNTAX"),
            (b"x" * 131, "TRUST_NO_SYNTAX"), (b"x" * 4096, "TRUST_NO_SIZE"))
    for content, code in rows:
        with home_with_key() as home:
            home.write("keys/operator.key", content)
            refused(home.json("key", "show"), code, 4)


def a_version_of_another_time_is_refused_by_name():
    with home_with_key() as home:
        content = bytearray(home.read("keys/operator.key"))
        content[8] = 2
        home.write("keys/operator.key", bytes(content))
        refused(home.json("key", "show"), "TRUST_NO_VERSION", 4)


def a_key_whose_halves_differ_is_refused():
    with home_with_key() as home, home_with_key() as other:
        content = bytearray(home.read("keys/operator.key"))
        content[58:90] = other.read("keys/operator.key")[58:90]
        home.write("keys/operator.key", bytes(content))
        error = refused(home.json("key", "show"), "TRUST_NO_KEY", 4)
        assert "damaged" in error["message"], error


main(a_key_that_others_may_read_is_refused, a_link_is_refused,
     what_is_no_file_is_refused_without_waiting_for_it, another_users_key_is_refused,
     a_damaged_key_is_refused_by_name, a_version_of_another_time_is_refused_by_name,
     a_key_whose_halves_differ_is_refused)
