#!/usr/bin/python3
"""`repute distrust`: a draft that takes weight from a key."""
from cli import Home, main, refused


def a_distrust_takes_the_place_of_a_vouch():
    with Home() as home, Home() as other:
        key = other.ok("init", "--no-passphrase")["key"]
        vouch = home.ok("vouch", key)
        draft = home.ok("distrust", key, "--strength", "0.4")
        assert draft["draft"] == vouch["draft"] and draft["replaced"] is True, draft
        assert (draft["kind"], draft["strength"], draft["says"]) == \
            ("vouch", -0.4, "distrust 0.4"), draft
        assert home.ok("distrust", key)["strength"] == -1.0


def none_of_it_and_ones_own_key_are_refused():
    with Home() as home, Home() as other:
        key = other.ok("init", "--no-passphrase")["key"]
        error = refused(home.json("distrust", key, "--strength", "0"), "TRUST_NO_RANGE", 2)
        assert "vouch KEY --strength 0" in error["next"], error
        own = home.ok("init", "--no-passphrase")["key"]
        refused(home.json("distrust", own), "TRUST_NO_KEY", 2)


main(a_distrust_takes_the_place_of_a_vouch, none_of_it_and_ones_own_key_are_refused)
