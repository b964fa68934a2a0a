#!/usr/bin/python3
"""`repute flag clear`: a flag of one's own is taken back, and counts no more."""
from cli import SUBJECT, Home, main, refused
from running import with_key


def it_takes_the_place_of_the_flag():
    with Home() as home:
        flag = home.ok("flag", SUBJECT, "--severity", "high", "--class", "malware", "--rule", "r")
        clear = home.ok("flag", "clear", SUBJECT, "--class", "malware", "--rule", "r")
        assert clear["draft"] == flag["draft"] and clear["replaced"] is True, clear
        assert (clear["kind"], clear["severity"]) == ("flag", "cleared"), clear


def a_cleared_flag_is_gone_from_the_score():
    with with_key() as node:
        flag = ("--class", "malware", "--rule", "r", "--publish")
        node.ok("flag", SUBJECT, "--severity", "critical", *flag)
        assert "note:" not in node.text("flag", "clear", SUBJECT, "--class", "malware", "--rule", "r")
        note = "note: the node holds no flag of yours with this class, rule and manifest\n"
        for other in (["--class", "other", "--rule", "r"], ["--class", "malware"],
                      ["--class", "malware", "--rule", "r", "--manifest", "ab" * 32]):
            assert node.text("flag", "clear", SUBJECT, *other).startswith(note), other
        [score] = node.ok("score", SUBJECT)
        assert score["status"] == "flagged" and len(score["flags"]) == 1, score
        node.ok("flag", "clear", SUBJECT, *flag)
        [score] = node.ok("score", SUBJECT)
        assert score["status"] == "unknown" and score["flags"] == [], score


def without_a_class_it_is_refused():
    with Home() as home:
        error = refused(home.json("flag", "clear", SUBJECT), "TRUST_NO_OPTION", 2)
        assert "--class" in error["message"], error


main(it_takes_the_place_of_the_flag, a_cleared_flag_is_gone_from_the_score,
     without_a_class_it_is_refused)
