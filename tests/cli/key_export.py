#!/usr/bin/python3
"""`repute key export`: the copy is the key file, private, and over nothing that is there."""
import os
import stat

from cli import Home, main, refused


def the_copy_is_the_key_file():
    with Home() as home:
        key = home.ok("init", "--no-passphrase")["key"]
        copy = home.file("copy")
        assert home.ok("key", "export", copy) == {"key": key, "file": copy, "sealed": False}
        assert home.read("copy") == home.read("keys/operator.key")
        assert stat.S_IMODE(os.stat(copy).st_mode) == 0o600
        os.unlink(home.file("keys/operator.key"))
        os.rename(copy, home.file("keys/operator.key"))
        assert home.ok("key", "show")["key"] == key


def what_is_there_stands():
    with Home() as home:
        home.ok("init", "--no-passphrase")
        path = home.write("copy", "something else")
        refused(home.json("key", "export", path), "TRUST_NO_CONFLICT", 1)
        assert home.read("copy") == b"something else"
        os.symlink(home.file("elsewhere"), home.file("link"))
        refused(home.json("key", "export", home.file("link")), "TRUST_NO_CONFLICT", 1)
        assert not os.path.exists(home.file("elsewhere"))
        refused(home.json("key", "export", home.file("no/where")), "TRUST_NO_FOUND", 1)


def without_a_key_there_is_nothing_to_copy():
    with Home() as home:
        refused(home.json("key", "export", "copy"), "TRUST_NO_FOUND", 1)


main(the_copy_is_the_key_file, what_is_there_stands, without_a_key_there_is_nothing_to_copy)
