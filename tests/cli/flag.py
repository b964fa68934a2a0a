#!/usr/bin/python3
"""`repute flag`: a draft of a finding, and the digest of the output that it came from."""
import hashlib

from cli import SUBJECT, Home, main, refused


def a_finding_becomes_a_draft():
    with Home() as home:
        draft = home.ok("flag", SUBJECT, "--severity", "high", "--class", "injection")
        assert (draft["kind"], draft["subject"]) == ("flag", SUBJECT), draft
        assert (draft["severity"], draft["class"], draft["rule"]) == \
            ("high", "injection", "manual"), draft
        assert (draft["output"], draft["manifest"]) == (None, None), draft
        assert draft["expires_in_s"] == 180 * 86400, draft


def the_output_is_told_by_its_digest():
    for content in (b"", b"a finding\n", b"x" * 100_000):
        with Home() as home:
            path = home.write("output", content, 0o644)
            draft = home.ok("flag", SUBJECT, "--severity", "low", "--class", "other", "--rule",
                            "Rule-1.2_x", "--output", path)
            assert draft["output"] == hashlib.blake2b(content, digest_size=32).hexdigest(), draft
            assert draft["rule"] == "Rule-1.2_x", draft


def a_flag_of_another_rule_is_another_draft():
    with Home() as home:
        first = home.ok("flag", SUBJECT, "--severity", "low", "--class", "other", "--rule", "a")
        second = home.ok("flag", SUBJECT, "--severity", "low", "--class", "other", "--rule", "b")
        third = home.ok("flag", SUBJECT, "--severity", "high", "--class", "other", "--rule", "a")
        assert first["draft"] == third["draft"] != second["draft"]
        assert third["replaced"] is True


def wrong_input_is_refused_with_what_was_wrong():
    base = [SUBJECT, "--severity", "high", "--class", "malware"]
    rows = (
        ([SUBJECT, "--class", "malware"], "TRUST_NO_OPTION", 2, "--severity"),
        ([SUBJECT, "--severity", "high"], "TRUST_NO_OPTION", 2, "--class"),
        ([SUBJECT, "--severity", "cleared", "--class", "malware"], "TRUST_NO_OPTION", 2, "low"),
        ([SUBJECT, "--severity", "hihg", "--class", "malware"], "TRUST_NO_OPTION", 2,
         'did you mean "high"?'),
        (base + ["--rule", "a b"], "TRUST_NO_RANGE", 2, "a b"),
        (base + ["--rule", "x" * 49], "TRUST_NO_SIZE", 2, "at most 48"),
        (base + ["--output", "/nowhere/at/all"], "TRUST_NO_FOUND", 1, "/nowhere/at/all"),
        (base + ["--output", "/tmp"], "TRUST_NO_FILE", 1, "/tmp: Is a directory"),
    )
    for words, code, exit_code, part in rows:
        with Home() as home:
            error = refused(home.json("flag", *words), code, exit_code)
            assert part in error["message"] + str(error["next"]), (words, error)
            assert home.ok("drafts", "list") == []


main(a_finding_becomes_a_draft, the_output_is_told_by_its_digest,
     a_flag_of_another_rule_is_another_draft, wrong_input_is_refused_with_what_was_wrong)
