#!/usr/bin/python3
"""`repute key passwd`: the same key under another passphrase, whole or not at all."""
import os
import stat

from cli import PASSPHRASE, Home, main, refused


def sealed_home():
    home = Home()
    home.write("old", PASSPHRASE)
    home.write("new", "another passphrase")
    home.key = home.ok("init", "--name", "alice", "--passphrase-file", home.file("old"))["key"]
    return home


def opens_with(home, name):
    """Whether init, which needs the key to finish, opens it."""
    os.unlink(home.file("keys/operator.pub"))
    result = home.json("init", "--passphrase-file", home.file(name))
    if result.code != 0:
        assert result.refusal == "TRUST_NO_PASSPHRASE", result
        home.write("keys/operator.pub", home.key + "\n")
    return result.code == 0


def the_new_passphrase_opens_and_the_old_does_not():
    with sealed_home() as home:
        row = home.ok("key", "passwd", "--passphrase-file", home.file("old"),
                      "--new-passphrase-file", home.file("new"))
        assert row == {"key": home.key, "file": home.file("keys/operator.key"), "sealed": True}
        assert opens_with(home, "new") and not opens_with(home, "old")
        mode = os.stat(home.file("keys/operator.key")).st_mode
        assert stat.S_IMODE(mode) == 0o600


def name_and_key_stay():
    with sealed_home() as home:
        home.ok("key", "passwd", "--passphrase-file", home.file("old"), "--no-passphrase")
        shown = home.ok("key", "show")
        assert (shown["key"], shown["name"], shown["sealed"]) == (home.key, "alice", False), shown
        home.ok("key", "passwd", "--new-passphrase-file", home.file("new"))
        assert home.ok("key", "show")["sealed"] is True
        assert opens_with(home, "new")


def a_refusal_leaves_the_key_as_it_was():
    with sealed_home() as home:
        before = home.read("keys/operator.key")
        refused(home.json("key", "passwd", "--passphrase-file", home.file("new"),
                          "--new-passphrase-file", home.file("new")), "TRUST_NO_PASSPHRASE", 4)
        refused(home.json("key", "passwd", "--passphrase-file", home.file("old"),
                          "--new-passphrase-file", home.write("empty", "")),
                "TRUST_NO_PASSPHRASE", 4)
        refused(home.json("key", "passwd", "--no-passphrase", "--new-passphrase-file",
                          home.file("new")), "TRUST_NO_OPTION", 2)
        assert home.read("keys/operator.key") == before


main(the_new_passphrase_opens_and_the_old_does_not, name_and_key_stay,
     a_refusal_leaves_the_key_as_it_was)
