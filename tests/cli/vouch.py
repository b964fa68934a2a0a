#!/usr/bin/python3
"""`repute vouch`: a draft of trust in somebody's judgement; typing errors in keys never pass."""
from cli import Home, main, refused
from running import with_key


def key_of(home):
    return home.ok("init", "--no-passphrase")["key"]


def a_vouch_becomes_a_draft():
    with Home() as home, Home() as other:
        key = key_of(other)
        draft = home.ok("vouch", key)
        assert (draft["kind"], draft["key"], draft["about"]) == ("vouch", key, key), draft
        assert (draft["strength"], draft["scope"]) == (1.0, "rate,introduce,scan"), draft
        assert draft["expires_in_s"] == 365 * 86400, draft
        again = home.ok("vouch", key.upper(), "--strength", "0.25", "--scope", "scan,rate",
                        "--expires", "30d")
        assert again["draft"] == draft["draft"] and again["replaced"] is True, again
        assert (again["strength"], again["scope"]) == (0.25, "rate,scan"), again
        assert home.ok("vouch", key, "--strength", "0")["says"] == "withdrawn"


def every_typing_error_in_a_key_is_caught():
    with Home() as home, Home() as other:
        key = key_of(other)
        typos = [key[:i] + ("q" if key[i] != "q" else "p") + key[i + 1:] for i in range(4, 62, 7)]
        typos += [key[:i] + key[i + 1] + key[i] + key[i + 2:] for i in range(4, 60, 7)
                  if key[i] != key[i + 1]]
        typos += [key[:-1], key + "q", "rpn1" + key[4:], key[:30] + key[30:].upper()]
        for typo in typos:
            error = refused(home.json("vouch", typo), "TRUST_NO_KEY", 2)
            assert "is no key" in error["message"], error
        assert home.ok("drafts", "list") == []


def ones_own_key_is_refused():
    with Home() as home:
        error = refused(home.json("vouch", key_of(home)), "TRUST_NO_KEY", 2)
        assert "own key" in error["message"], error


def a_pet_name_stands_for_its_key():
    with Home() as other, with_key() as node:
        key = key_of(other)
        node.ok("name", key, "bob")
        result = node.run("vouch", "bob")
        assert result.code == 0 and result.out.startswith(f"bob is {key}\n"), result
        refused(node.json("vouch", "bill"), "TRUST_NO_KEY", 2)
    with Home() as home:
        refused(home.json("vouch", "bob"), "TRUST_NO_NODE", 3)


def wrong_options_are_refused():
    with Home() as home, Home() as other:
        key = key_of(other)
        for words, code in ((["--strength", "1.1"], "TRUST_NO_RANGE"),
                            (["--strength", "much"], "TRUST_NO_SYNTAX"),
                            (["--scope", "rates"], "TRUST_NO_OPTION"),
                            (["--scope", "rate,rate"], "TRUST_NO_OPTION"),
                            (["--scope", "rate,"], "TRUST_NO_OPTION"),
                            (["--expires", "3y"], "TRUST_NO_RANGE")):
            refused(home.json("vouch", key, *words), code, 2)
        assert home.ok("drafts", "list") == []


main(a_vouch_becomes_a_draft, every_typing_error_in_a_key_is_caught, ones_own_key_is_refused,
     a_pet_name_stands_for_its_key, wrong_options_are_refused)
