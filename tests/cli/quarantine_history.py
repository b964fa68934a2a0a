#!/usr/bin/python3
"""repute quarantine history."""
from cli import main, refused, run
from running import FALLBACK, GROUP, PRIMARY, Running, equal, needs_a_node, withhold


def without_a_node_it_says_how_to_start_one():
    needs_a_node("quarantine history", f"quarantine history {PRIMARY} --verify")


def a_log_without_entries_is_whole():
    with Running() as node:
        equal(node.ok("quarantine", "history"), [])
        equal(node.text("quarantine", "history"), "no quarantine so far\n")
        document = node.ok("quarantine", "history", "--verify")
        equal((document["verified"], document["entries"]), (True, []))


def every_step_is_listed():
    with Running(GROUP) as node:
        withhold(node, PRIMARY)
        withhold(node, FALLBACK, "ban")
        rows = node.ok("quarantine", "history")
        equal([(row["subject"], row["from"], row["to"]) for row in rows],
              [(PRIMARY, "ok", "quarantined"), (FALLBACK, "ok", "banned")])
        [only] = node.ok("quarantine", "history", FALLBACK)
        equal(only["subject"], FALLBACK)
        lines = node.text("quarantine", "history").splitlines()
        equal(lines[0].split(), ["SEQ", "TIME", "SERVER", "FROM", "TO", "RULE", "FOR", "ACTOR",
                                   "REASON"])
        assert PRIMARY in lines[1] and " 24 h " in lines[1], lines
        equal(len(node.rows("quarantine", "history")), 2)


def the_reason_of_an_order_is_kept():
    with Running(GROUP) as node:
        words = "it answers \"yes\" to 100 % of questions"
        node.ok("quarantine", "add", PRIMARY, "--reason", words)
        withhold(node, FALLBACK)
        node.stop()
        node.start()
        equal([row["reason"] for row in node.ok("quarantine", "history")], [words, None])
        equal([row[-1] for row in node.rows("quarantine", "history")], [words, "-"])
        equal(node.ok("quarantine", "history", "--verify")["verified"], True)


def a_changed_log_is_found():
    with Running(GROUP) as node:
        withhold(node, PRIMARY)
        assert node.text("quarantine", "history", "--verify").endswith(
            "the log is whole: its chain of hashes holds\n")
        path = node.home + "/audit.log"
        with open(path, "r+b") as file:
            content = file.read().replace(b"quarantined", b"released")
            file.seek(0)
            file.truncate()
            file.write(content)
        result = node.json("quarantine", "history", "--verify")
        equal((result.code, result.document["verified"]), (1, False))
        result = node.run("quarantine", "history", "--verify")
        assert result.code == 1 and "the log was changed" in result.out, result


def what_is_no_id_is_refused():
    refused(run("--json", "quarantine", "history", "x"), "TRUST_NO_SUBJECT", 2)


main(without_a_node_it_says_how_to_start_one, a_log_without_entries_is_whole, every_step_is_listed,
     the_reason_of_an_order_is_kept, a_changed_log_is_found, what_is_no_id_is_refused)
