#!/usr/bin/python3
"""`repute init`: a key, its revocation and its public half; never over what is there."""
import os
import stat

from cli import PASSPHRASE, Home, main, refused


def mode(home, name):
    return stat.S_IMODE(os.lstat(home.file(name)).st_mode)


def a_sealed_key_and_what_goes_with_it_are_made():
    with Home() as home:
        home.write("passphrase", PASSPHRASE + "\n")
        made = home.ok("init", "--name", "alice", "--passphrase-file", home.file("passphrase"))
        assert made["sealed"] is True and made["key"].startswith("rpt1"), made
        assert len(made["key"]) == 62 and made["short"] == made["key"][4:11], made
        assert made["file"] == home.file("keys/operator.key"), made
        assert home.read("keys/operator.pub").decode() == made["key"] + "\n"
        assert home.read("keys/operator.key")[:10] == b"RPTKEYF\n\x01\x01"
        assert home.read("keys/revocation.rec")[:8] == b"RPTREC1\n"
        assert mode(home, "keys/operator.key") == 0o600
        assert mode(home, "keys/revocation.rec") == 0o600
        assert mode(home, "keys/operator.pub") == 0o644
        assert mode(home, "keys") == 0o700
        assert b"alice" not in home.read("keys/operator.key")


def without_a_passphrase_it_is_said_so():
    with Home() as home:
        made = home.ok("init", "--no-passphrase", "--name", "bob")
        assert made["sealed"] is False, made
        assert home.read("keys/operator.key")[8:10] == b"\x01\x00"
        shown = home.ok("key", "show")
        assert shown["name"] == "bob" and shown["created"].endswith("Z"), shown


def the_text_says_what_to_do_next():
    with Home() as home:
        result = home.run("init", "--no-passphrase")
        assert result.code == 0 and "next: keep a copy of the revocation" in result.out, result
        assert "repute rate" in result.out and result.err == "", result


def a_second_init_changes_nothing():
    with Home() as home:
        home.ok("init", "--no-passphrase")
        names = ["keys/operator.key", "keys/operator.pub", "keys/revocation.rec"]
        before = [home.read(name) for name in names]
        error = refused(home.json("init", "--no-passphrase"), "TRUST_NO_CONFLICT", 1)
        assert "key show" in error["next"], error
        assert [home.read(name) for name in names] == before


def an_init_that_was_cut_short_is_finished():
    for missing in (["operator.pub"], ["operator.pub", "revocation.rec"]):
        with Home() as home:
            made = home.ok("init", "--no-passphrase")
            key = home.read("keys/operator.key")
            for name in missing:
                os.unlink(home.file("keys/" + name))
            again = home.ok("init")
            assert again == made and again["sealed"] is False, again
            assert home.read("keys/operator.key") == key
            assert home.read("keys/operator.pub").decode() == made["key"] + "\n"
            assert os.path.exists(home.file("keys/revocation.rec"))


def what_belongs_to_a_key_that_is_not_there_is_left_alone():
    with Home() as home:
        home.ok("init", "--no-passphrase")
        os.unlink(home.file("keys/operator.key"))
        public = home.read("keys/operator.pub")
        refused(home.json("init", "--no-passphrase"), "TRUST_NO_CONFLICT", 1)
        assert not os.path.exists(home.file("keys/operator.key"))
        assert home.read("keys/operator.pub") == public


def a_link_in_the_place_of_the_key_is_not_followed():
    with Home() as home:
        os.makedirs(home.file("keys"))
        os.symlink(home.file("elsewhere"), home.file("keys/operator.key"))
        refused(home.json("init", "--no-passphrase"), "TRUST_NO_FILE", 4)
        assert not os.path.exists(home.file("elsewhere"))


def wrong_options_are_refused_before_anything_is_made():
    with Home() as home:
        home.write("passphrase", PASSPHRASE)
        refused(home.json("init", "--no-passphrase", "--passphrase-file", home.file("passphrase")),
                "TRUST_NO_OPTION", 2)
        refused(home.json("init", "--no-passphrase", "--name", "büro"), "TRUST_NO_RANGE", 2)
        refused(home.json("init", "--no-passphrase", "--name", "x" * 65), "TRUST_NO_SIZE", 2)
        refused(home.json("init", "mine"), "TRUST_NO_SIZE", 2)
        assert not os.path.exists(home.file("keys"))


def an_init_that_fails_makes_no_home():
    with Home() as home:
        refused(home.json("init", "--passphrase-file", "/nonexistent"), "TRUST_NO_FOUND", 4)
        assert not os.path.exists(home.path)


def a_home_that_cannot_be_made_is_refused():
    with Home() as home:
        home.write("file", "")
        home.path += "/file/home"
        error = refused(home.json("init", "--no-passphrase"), "TRUST_NO_FILE", 4)
        assert "--home" in error["next"], error


main(a_sealed_key_and_what_goes_with_it_are_made, without_a_passphrase_it_is_said_so,
     the_text_says_what_to_do_next, a_second_init_changes_nothing,
     an_init_that_was_cut_short_is_finished, what_belongs_to_a_key_that_is_not_there_is_left_alone,
     a_link_in_the_place_of_the_key_is_not_followed, an_init_that_fails_makes_no_home,
     wrong_options_are_refused_before_anything_is_made, a_home_that_cannot_be_made_is_refused)
