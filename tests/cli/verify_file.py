#!/usr/bin/python3
"""`repute verify`: the records of a file, one verdict each, without a node."""
from cli import Home, main, refused
from node import make, now_ms, record_file
from running import equal

SUBJECT = "mcp:io.example/search"


def rating(author, value, seq=None, subject=SUBJECT):
    seq = seq or now_ms() - 10_000
    return f"rating {author} {seq} {seq // 1000 + 86400} {subject} - 3 {value} 0 1"


def ids(rows):
    return [row["id"] for row in rows]


def good_records_are_all_good():
    with Home() as home:
        records = make(*(rating(author, 100 * author) for author in range(1, 8)))
        path = home.write("f.rec", record_file(records))
        rows = home.ok("verify", path)
        equal([row["verdict"] for row in rows], ["TRUST_OK"] * 7)
        assert len(set(ids(rows))) == 7 and all(len(text) == 64 for text in ids(rows)), rows
        equal(home.run("verify", path).out, "7 records: 7 valid, 0 refused\n")
        plain = home.run("verify", path, "--plain").out
        equal([line.split("\t") for line in plain.splitlines()],
              [[row["id"], row["verdict"]] for row in rows])
        hexes = home.write("f.hex", "\n" + "\n\n".join(records).upper())
        equal(home.ok("verify", hexes), rows)
        equal(home.ok("verify", "-", stdin="\n".join(records) + "\n"), rows)


def each_bad_record_has_its_verdict():
    with Home() as home:
        good, ahead = make(rating(1, 500), rating(2, 500, now_ms() + 700_000))
        forged = good[:-2] + ("00" if good[-2:] != "00" else "01")
        other = make(rating(3, 500), network="other")[0]
        path = home.write("f.rec", record_file([good, forged, ahead, other, "00" * 65, "ab" * 600,
                                               "", "ab" * 64, good]))
        result = home.json("verify", path)
        equal(result.code, 1)
        equal([row["verdict"] for row in result.document],
              ["TRUST_OK", "TRUST_NO_SIGNATURE", "TRUST_NO_TIME", "TRUST_NO_SIGNATURE",
               "TRUST_NO_CANONICAL", "TRUST_NO_SIZE", "TRUST_NO_SIZE", "TRUST_NO_SIZE", "TRUST_OK"])
        equal([row["id"] is None for row in result.document], [False] * 4 + [True] * 4 + [False])
        text = home.run("verify", path)
        equal((text.code, text.out.splitlines()[-1]), (1, "9 records: 2 valid, 7 refused"))
        equal(len(text.out.splitlines()), 8)


def an_empty_file_of_records_is_good():
    with Home() as home:
        equal(home.ok("verify", home.write("f.rec", record_file([]))), [])


def what_is_cut_or_no_file_of_records_is_refused():
    with Home() as home:
        whole = record_file(make(rating(1, 500), rating(2, 500)))
        for size in (9, 15, 17, 40):
            refused(home.json("verify", home.write("f.rec", whole[:size])), "TRUST_NO_SYNTAX", 1)
        result = home.json("verify", home.write("f.rec", whole[:-1]))
        equal((result.code, [row["verdict"] for row in result.document]),
              (1, ["TRUST_OK", "TRUST_NO_SYNTAX"]))
        refused(home.json("verify", home.write("f.txt", "hello\n")), "TRUST_NO_SYNTAX", 1)
        refused(home.json("verify", home.write("f.txt", "a" * 100_000)), "TRUST_NO_SYNTAX", 1)
        refused(home.json("verify", home.file("nothing")), "TRUST_NO_FOUND", 1)
        refused(home.json("verify", home.path), "TRUST_NO_FILE", 1)
        for content in ("", "\n \n"):
            refused(home.json("verify", home.write("f.hex", content)), "TRUST_NO_SYNTAX", 1)
        refused(home.json("verify", "/dev/null"), "TRUST_NO_SYNTAX", 1)
        equal([row["verdict"] for row in
               home.json("verify", home.write("f.txt", "00\n")).document], ["TRUST_NO_SIZE"])


def another_network_is_named():
    with Home() as home:
        records = make(rating(1, 500), network="other")
        path = home.write("f.rec", record_file(records, "other"))
        error = refused(home.json("verify", path), "TRUST_NO_NETWORK", 1)
        assert "--network" in error["next"], error
        equal([row["verdict"] for row in home.ok("verify", path, "--network", "other")],
              ["TRUST_OK"])
        home.write("reputed.yaml", "network: other\n")
        equal([row["verdict"] for row in home.ok("verify", path)], ["TRUST_OK"])
        refused(home.json("verify", path, "--network", "Oth er"), "TRUST_NO_RANGE", 2)


def the_revocation_of_init_is_one_good_record():
    with Home() as home:
        home.ok("init", "--no-passphrase")
        [row] = home.ok("verify", home.file("keys/revocation.rec"))
        equal(row["verdict"], "TRUST_OK")


main(good_records_are_all_good, each_bad_record_has_its_verdict, an_empty_file_of_records_is_good,
     what_is_cut_or_no_file_of_records_is_refused, another_network_is_named,
     the_revocation_of_init_is_one_good_record)
