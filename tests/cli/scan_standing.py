#!/usr/bin/python3
"""repute scan beside a node, and beside what a node left."""
import os

from cli import main
from clients import Host, npx
from node import now_ms, wait_for
from running import ME, Running, equal, offer, withhold

RATED, FLAGGED, WITHHELD, NEW = (f"pkg:npm/{name}-mcp" for name in ("rated", "flagged", "withheld",
                                                                   "new"))
GROUP = f"""groups:
  search:
    primary: {{ subject: "{RATED}", command: npx, args: ["-y", "rated-mcp"] }}
    fallbacks:
      - {{ subject: "{FLAGGED}", command: npx, args: ["-y", "flagged-mcp"] }}
      - {{ subject: "{WITHHELD}", command: npx, args: ["-y", "withheld-mcp"] }}
"""


def client_of(host):
    return host.servers(rated=npx("rated-mcp"), flagged=npx("flagged-mcp"),
                        withheld=npx("withheld-mcp"), new=npx("new-mcp"),
                        again=npx("new-mcp"), local={"url": "http://127.0.0.1:1/mcp"})


def prepare(node):
    seq = now_ms() - 1000
    expires = seq // 1000 + 90 * 86400
    offer(node, f"rating {ME} {seq} {expires} {RATED} - 3 900 100 1")
    offer(node, f"flag {ME} {seq + 1} {expires} {FLAGGED} - 1 6 some-rule")
    withhold(node, WITHHELD)


def by_name(document):
    return {row["name"]: row for row in document["servers"]}


def the_node_says_what_it_says_of_scores():
    with Running(GROUP, operator=ME) as node, Host() as host:
        prepare(node)
        document = host.document(client_of(host), code=1, home=node.home)
        equal((document["node"], document["basis"], document["withheld_whole"]),
              (None, {"kind": "fresh", "age_s": 0}, True))
        rows = by_name(document)
        equal({name: row["verdict"] for name, row in rows.items()},
              {"rated": verdict_of(node), "flagged": "flagged", "withheld": "withheld",
               "new": "unknown", "again": "unknown", "local": "unknown"})
        for name, subject in (("rated", RATED), ("flagged", FLAGGED), ("withheld", WITHHELD),
                              ("new", NEW)):
            [score] = node.ok("score", subject)
            for figure in ("status", "breaker", "quarantine"):
                equal(rows[name][figure], score[figure])
        [score] = node.ok("score", RATED)
        assert abs(rows["rated"]["score"] - score["score"]) < 1e-3, (rows["rated"], score)
        equal((rows["flagged"]["severity"], rows["flagged"]["flags"]), ("low", ["vulnerability"]))
        equal((rows["rated"]["severity"], rows["rated"]["flags"]), (None, []))
        equal(rows["withheld"]["next"],
              f"take it out of the client, and see why: `repute explain {WITHHELD}`")
        equal(rows["new"]["text"], "nobody whom you trust has rated it")
        equal(rows["local"]["next"], None)


def verdict_of(node):
    """The operator's own rating is evidence; how much of it, the node knows."""
    [score] = node.ok("score", RATED)
    return "rated" if score["lower"] >= .5 else "low"


def the_exit_code_is_of_what_is_configured():
    with Running(GROUP, operator=ME) as node, Host() as host:
        prepare(node)
        for name, code in (("rated", 0), ("flagged", 1), ("withheld", 1), ("new", 0)):
            path = host.servers(one=npx(f"{name}-mcp"))
            host.document(path, code=code, home=node.home)


def the_minimum_is_the_operators():
    for minimum, verdict in (("0", "rated"), ("1", "low")):
        with Running(f"policy: {{ min_score: {minimum} }}\n", operator=ME) as node, Host() as host:
            prepare_rating(node)
            path = host.servers(one=npx("rated-mcp"))
            [row] = host.document(path, home=node.home)["servers"]
            equal(row["verdict"], verdict)


def prepare_rating(node):
    seq = now_ms() - 1000
    offer(node, f"rating {ME} {seq} {seq // 1000 + 90 * 86400} {RATED} - 3 900 100 1")


def more_subjects_than_a_batch_are_asked_for():
    with Running() as node, Host() as host:
        path = host.servers(**{f"s{i}": npx(f"s{i}-mcp") for i in range(130)})
        document = host.document(path, home=node.home)
        equal([row["status"] for row in document["servers"]], ["unknown"] * 130)


def without_the_node_its_last_board_speaks():
    with Running(GROUP, operator=ME) as node, Host() as host:
        prepare(node)
        path = client_of(host)
        before = by_name(host.document(path, code=1, home=node.home))

        def board_has_it():
            node.stop()
            rows = by_name(host.document(path, code=1, home=node.home))
            if rows["rated"]["score"] is not None and rows["flagged"]["flags"]:
                return rows
            node.start()
            return None

        rows = wait_for(board_has_it)

        def stale():
            """A board whose heart has beaten a moment ago may still be a node's."""
            document = host.document(path, code=1, home=node.home)
            equal(document["node"], "TRUST_NO_NODE")
            return document["basis"]["kind"] == "stale" and document["basis"]["age_s"] >= 2

        wait_for(stale)
        for name in ("rated", "flagged", "withheld"):
            equal((rows[name]["status"], rows[name]["verdict"]),
                  (before[name]["status"], before[name]["verdict"]))
        assert abs(rows["rated"]["score"] - before["rated"]["score"]) < 1e-3, rows
        equal((rows["flagged"]["severity"], rows["flagged"]["flags"]), ("low", ["vulnerability"]))
        assert "No node answers: this is what its board said last, " in \
            host.scan(path, home=node.home).out


def without_a_board_the_list_of_withheld_servers_holds():
    with Running(GROUP, operator=ME) as node, Host() as host:
        prepare(node)
        node.stop()
        os.unlink(os.path.join(node.home, "run", "board"))
        document = host.document(client_of(host), code=1, home=node.home)
        equal((document["basis"]["kind"], document["withheld_whole"]), ("none", True))
        rows = by_name(document)
        equal((rows["withheld"]["verdict"], rows["withheld"]["quarantine"]),
              ("withheld", "quarantined"))
        equal((rows["rated"]["verdict"], rows["rated"]["score"]), ("unknown", None))
        equal(rows["rated"]["text"], "nothing that a node left here speaks of it")
        with open(os.path.join(node.home, "withheld"), "a", encoding="utf-8") as file:
            file.write("no such line\n")
        document = host.document(client_of(host), code=1, home=node.home)
        equal((document["withheld_whole"], by_name(document)["withheld"]["verdict"]),
              (False, "withheld"))
        assert "The list of withheld servers could not be read whole.\n" in \
            host.scan(client_of(host), home=node.home).out


def a_broken_configuration_of_ours_does_not_stop_it():
    with Host() as host:
        os.mkdir(host.file("none"))
        with open(host.file("none/reputed.yaml"), "w", encoding="utf-8") as file:
            file.write("no: such key\n")
        equal(host.document(host.servers(one=npx("a-mcp")))["counts"]["unknown"], 1)


main(the_node_says_what_it_says_of_scores, the_exit_code_is_of_what_is_configured,
     the_minimum_is_the_operators, more_subjects_than_a_batch_are_asked_for,
     without_the_node_its_last_board_speaks, without_a_board_the_list_of_withheld_servers_holds,
     a_broken_configuration_of_ours_does_not_stop_it)
