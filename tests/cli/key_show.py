#!/usr/bin/python3
"""`repute key show`: what may be seen of the key without its passphrase."""
import os

from cli import PASSPHRASE, Home, main, refused


def a_sealed_key_shows_its_public_half_and_keeps_its_name():
    with Home() as home:
        home.write("passphrase", PASSPHRASE)
        made = home.ok("init", "--name", "alice", "--passphrase-file", home.file("passphrase"))
        assert home.ok("key", "show") == {
            "key": made["key"], "short": made["short"], "name": None, "created": None,
            "sealed": True, "file": made["file"], "revocation": made["revocation"],
            "revoked": None}


def each_form_says_the_same():
    with Home() as home:
        key = home.ok("init", "--no-passphrase", "--name", "bob")["key"]
        text = home.run("key", "show").out
        assert f"operator key  {key}\n" in text and "name          bob\n" in text, text
        plain = home.run("key", "show", "--plain").out
        assert f"key\t{key}\n" in plain and "sealed\tno\n" in plain, plain


def a_revocation_that_is_gone_is_not_named():
    with Home() as home:
        home.ok("init", "--no-passphrase")
        os.unlink(home.file("keys/revocation.rec"))
        assert home.ok("key", "show")["revocation"] is None


def without_a_key_it_says_how_to_get_one():
    with Home() as home:
        error = refused(home.json("key", "show"), "TRUST_NO_FOUND", 1)
        assert "repute init" in error["next"], error
        result = home.run("key", "show")
        assert result.code == 1 and "there is no operator key" in result.err, result


main(a_sealed_key_shows_its_public_half_and_keeps_its_name, each_form_says_the_same,
     a_revocation_that_is_gone_is_not_named, without_a_key_it_says_how_to_get_one)
