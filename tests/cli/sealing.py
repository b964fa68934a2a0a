#!/usr/bin/python3
"""What stands in a key file: costs, fresh salt and nonce, and no secret in the open."""
from cli import PASSPHRASE, Home, main

OPS, MEMORY, SALT, NONCE = slice(10, 14), slice(14, 18), slice(18, 34), slice(34, 58)


def sealed(home):
    home.ok("init", "--name", "a name", "--passphrase-file", home.write("p", PASSPHRASE))
    return home.read("keys/operator.key")


def the_costs_are_moderate():
    with Home() as home:
        content = sealed(home)
        assert content[9] == 1
        assert int.from_bytes(content[OPS], "big") == 3
        assert int.from_bytes(content[MEMORY], "big") == 256 * 1024


def salt_and_nonce_are_fresh():
    with Home() as one, Home() as two:
        first, second = sealed(one), sealed(two)
        for part in (SALT, NONCE):
            assert any(first[part]) and first[part] != second[part]


def sealing_anew_changes_both_and_the_whole_box():
    with Home() as home:
        first = sealed(home)
        home.ok("key", "passwd", "--passphrase-file", home.file("p"), "--new-passphrase-file",
                home.file("p"))
        second = home.read("keys/operator.key")
        assert first[58:90] == second[58:90]
        assert first[SALT] != second[SALT] and first[NONCE] != second[NONCE]
        assert first[90:] != second[90:] and len(first) == len(second)


def only_an_unsealed_file_shows_its_name():
    with Home() as home:
        assert b"a name" not in sealed(home)
        home.ok("key", "passwd", "--passphrase-file", home.file("p"), "--no-passphrase")
        content = home.read("keys/operator.key")
        assert b"a name" in content and not any(content[9:58])


main(the_costs_are_moderate, salt_and_nonce_are_fresh, sealing_anew_changes_both_and_the_whole_box,
     only_an_unsealed_file_shows_its_name)
