#!/usr/bin/python3
"""The key file as it is read: nothing that somebody else could have read or planted is used."""
import os
import shutil
import subprocess
import tempfile

from cli import Home, REPUTE, Result, main, refused

NOBODY = 65534


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


def a_key_that_cannot_be_read_is_refused():
    with home_with_key() as home, tempfile.TemporaryDirectory(dir="/tmp") as programs:
        user = None
        program = REPUTE
        if os.geteuid() == 0:  # who may read everything: somebody else asks
            user = NOBODY
            program = shutil.copy(REPUTE, programs)
            os.chmod(programs, 0o755)
            os.chmod(os.path.dirname(home.path), 0o755)
            for top, _, files in os.walk(home.path):
                for name in [".", *files]:
                    os.chown(os.path.join(top, name), NOBODY, NOBODY)
        os.chmod(home.file("keys/operator.key"), 0)
        done = subprocess.run([program, "--home", home.path, "--json", "key", "show"], user=user,
                              capture_output=True, text=True, timeout=20, check=False)
        error = refused(Result(done.returncode, done.stdout, done.stderr), "TRUST_NO_PERMISSION", 4)
        assert "operator.key" in error["message"], error


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
     a_key_that_cannot_be_read_is_refused,
     a_damaged_key_is_refused_by_name, a_version_of_another_time_is_refused_by_name,
     a_key_whose_halves_differ_is_refused)
