#!/usr/bin/python3
"""Orders that loosen safety: how the key is asked for, and that nothing else will do."""
import os

from cli import PASSPHRASE, main, refused
from running import GROUP, PRIMARY, Running, equal, withhold


def sealed():
    """A node whose operator's key has a passphrase, and the file that holds it."""
    node = Running(GROUP)
    path = os.path.join(node.home, "passphrase")
    with open(path, "w", encoding="utf-8") as file:
        file.write(PASSPHRASE + "\n")
    os.chmod(path, 0o600)
    result = node.json("init", "--passphrase-file", path)
    assert result.code == 0, result
    return node, path


def a_sealed_key_is_opened_with_its_passphrase():
    node, path = sealed()
    with node:
        withhold(node, PRIMARY)
        document = node.ok("quarantine", "release", PRIMARY, "--passphrase-file", path)
        equal(document["state"], "released")


def a_wrong_passphrase_or_none_changes_nothing():
    node, path = sealed()
    with node:
        withhold(node, PRIMARY)
        refused(node.json("quarantine", "release", PRIMARY), "TRUST_NO_PASSPHRASE", 4)
        with open(path, "w", encoding="utf-8") as file:
            file.write("another\n")
        refused(node.json("quarantine", "release", PRIMARY, "--passphrase-file", path),
                "TRUST_NO_PASSPHRASE", 4)
        equal(node.ok("quarantine", "list")[0]["state"], "quarantined")


def the_key_is_not_opened_for_what_tightens():
    node, _ = sealed()
    with node:
        equal(node.ok("breakers", "force-open", PRIMARY)["state"], "forced_open")


def the_key_of_somebody_else_is_refused():
    with Running(GROUP, operator=1) as node:
        withhold(node, PRIMARY)
        os.rename(os.path.join(node.home, "keys", "operator.pub"),
                  os.path.join(node.home, "keys", "aside"))
        assert node.json("init", "--no-passphrase").code == 0
        refused(node.json("quarantine", "release", PRIMARY), "TRUST_NO_CHALLENGE", 4)


main(a_sealed_key_is_opened_with_its_passphrase, a_wrong_passphrase_or_none_changes_nothing,
     the_key_is_not_opened_for_what_tightens, the_key_of_somebody_else_is_refused)
