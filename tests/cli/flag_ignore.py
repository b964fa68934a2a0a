#!/usr/bin/python3
"""`repute flag ignore`: a flag of somebody else counts for nothing, until it is heard again."""
import os

from cli import PASSPHRASE, SUBJECT, main, refused, run
from node import make, now_ms
from running import Running, equal, needs_a_node, offer, with_key

SCANNER = make("key 2")[0]


def flagged(node):
    """A flag of a scanner whom the operator trusts; its id."""
    node.ok("vouch", SCANNER, "--publish")
    seq = now_ms()
    offer(node, f"flag 2 {seq} {seq // 1000 + 86400} {SUBJECT} - 4 2 TP001")
    return node.ok("servers", "show", SUBJECT)["flags"][0]["record"]


def factor(node):
    return node.ok("servers", "show", SUBJECT)["factor"]


def without_a_node_it_says_how_to_start_one():
    needs_a_node("flag ignore", f"flag ignore {'ab' * 32}", "flag ignore abcdef01 --undo")


def an_ignored_flag_is_gone_from_the_score_until_it_is_heard_again():
    with with_key() as node:
        record = flagged(node)
        equal((factor(node), node.ok("flag", "ignore")), (0, []))
        document = node.ok("flag", "ignore", record, "--reason", "a false alarm")
        equal([document[name] for name in ("record", "scanner", "subject", "class", "rule",
                                           "severity", "ignored")],
              [record, SCANNER, SUBJECT, "poisoning", "TP001", "critical", True])
        equal((factor(node), node.ok("flag", "ignore")), (1, [document]))
        equal(node.ok("flag", "ignore", record), document)
        why = node.ok("explain", SUBJECT)
        equal(why["ignored"],
              [{"record": record, "from": SCANNER, "reason": "ignored_by_operator"}])
        undone = node.ok("flag", "ignore", record, "--undo")
        equal(undone, document | {"ignored": False})
        equal((factor(node), node.ok("flag", "ignore")), (0, []))


def it_stays_ignored_when_it_is_signed_anew_and_after_a_restart():
    with with_key() as node:
        record = flagged(node)
        place = node.ok("flag", "ignore", record)["register"]
        seq = now_ms() + 5
        offer(node, f"flag 2 {seq} {seq // 1000 + 86400} {SUBJECT} - 4 2 TP001")
        equal(factor(node), 1)
        node.stop()
        node.start()
        equal(factor(node), 1)
        [row] = node.ok("flag", "ignore")
        assert row["record"] != record and row["register"] == place, row
        refused(node.json("flag", "ignore", record, "--undo"), "TRUST_NO_FOUND", 1)
        equal(node.ok("flag", "ignore", place, "--undo")["ignored"], False)
        equal(factor(node), 0)


def the_first_digits_in_any_case_will_do():
    with with_key() as node:
        record = flagged(node)
        equal(node.ok("flag", "ignore", record[:8].upper())["record"], record)
        equal(factor(node), 1)
        equal(node.ok("flag", "ignore", record[:11], "--undo")["record"], record)
        equal(factor(node), 0)


def people_see_the_servers_and_short_ids():
    with with_key() as node:
        record = flagged(node)
        equal(node.text("flag", "ignore"), "no flag is ignored\n")
        text = node.text("flag", "ignore", record)
        assert text.startswith(f"record    {record}\n"), text
        assert "\nignored   yes\n" in text and f"\nserver    {SUBJECT}\n" in text, text
        heading, line = node.text("flag", "ignore").splitlines()
        equal(heading.split()[:4], ["RECORD", "SERVER", "SEVERITY", "CLASS"])
        equal(line.split()[:4], [record[:8], SUBJECT, "critical", "poisoning"])
        [fields] = node.rows("flag", "ignore")
        equal(fields[:5], [record, SUBJECT, "critical", "poisoning", "TP001"])
        node.text("flag", "ignore", record, "--undo")
        assert record[:8] in node.text("servers", "show", SUBJECT)


def a_sealed_key_signs_what_loosens_and_nothing_else():
    node = Running()
    path = os.path.join(node.home, "passphrase")
    with open(path, "w", encoding="utf-8") as file:
        file.write(PASSPHRASE + "\n")
    os.chmod(path, 0o600)
    assert node.json("init", "--passphrase-file", path).code == 0
    with node:
        node.ok("flag", SUBJECT, "--severity", "critical", "--class", "malware", "--publish",
                "--passphrase-file", path)
        [flag] = node.ok("servers", "show", SUBJECT)["flags"]
        refused(node.json("flag", "ignore", flag["record"]), "TRUST_NO_PASSPHRASE", 4)
        equal(factor(node), 0)
        node.ok("flag", "ignore", flag["record"], "--passphrase-file", path)
        equal(factor(node), 1)
        node.ok("flag", "ignore", flag["record"], "--undo")
        equal(factor(node), 0)


def the_key_of_somebody_else_is_refused():
    with Running(operator=1) as node:
        seq = now_ms()
        offer(node, f"flag 1 {seq} {seq // 1000 + 86400} {SUBJECT} - 4 2 TP001")
        [flag] = node.ok("servers", "show", SUBJECT)["flags"]
        os.rename(os.path.join(node.home, "keys", "operator.pub"),
                  os.path.join(node.home, "keys", "aside"))
        assert node.json("init", "--no-passphrase").code == 0
        refused(node.json("flag", "ignore", flag["record"]), "TRUST_NO_CHALLENGE", 4)
        equal((factor(node), node.ok("flag", "ignore")), (0, []))


def what_is_no_id_is_refused():
    for word in ("abcdef0", "ab" * 32 + "a", "abcdefgh", SUBJECT):
        error = refused(run("--json", "flag", "ignore", word), "TRUST_NO_SYNTAX", 2)
        assert "8 to 64 hex digits" in error["message"], error
    refused(run("--json", "flag", "ignore", "--undo"), "TRUST_NO_OPTION", 2)
    refused(run("--json", "flag", "ignore", "--reason", "x"), "TRUST_NO_OPTION", 2)
    with Running(operator=1) as node:
        for more in ([], ["--undo"]):
            refused(node.json("flag", "ignore", "ab" * 32, *more), "TRUST_NO_FOUND", 1)


main(without_a_node_it_says_how_to_start_one,
     an_ignored_flag_is_gone_from_the_score_until_it_is_heard_again,
     it_stays_ignored_when_it_is_signed_anew_and_after_a_restart,
     the_first_digits_in_any_case_will_do, people_see_the_servers_and_short_ids,
     a_sealed_key_signs_what_loosens_and_nothing_else, the_key_of_somebody_else_is_refused,
     what_is_no_id_is_refused)
