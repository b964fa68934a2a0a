"""A node that runs, and commands that ask it. tests/api/support has the node itself.

    with Running() as node:
        node.ok("score", "mcp:io.example/search")
"""
import shlex
import time

from node import Node, now_ms

import cli


class Running(Node):
    def run(self, *words, **options):
        return cli.run("--home", self.home, *words, **options)

    def json(self, *words, **options):
        return self.run("--json", *words, **options)

    def ok(self, *words, **options):
        """The document of a command that must succeed."""
        result = self.json(*words, **options)
        assert result.code == 0, (words, result)
        return result.document

    def text(self, *words, **options):
        """What people read, of a command that must succeed."""
        result = self.run(*words, **options)
        assert (result.code, result.err) == (0, ""), (words, result)
        return result.out

    def rows(self, *words, **options):
        """The fields of the lines of --plain."""
        result = self.run("--plain", *words, **options)
        assert (result.code, result.err) == (0, ""), (words, result)
        return [line.split("\t") for line in result.out.splitlines()]


def needs_a_node(*commands):
    """Each of these, given as a line, says without a node that there is none and what to do."""
    with cli.Home() as home:
        for command in commands:
            error = cli.refused(home.json(*shlex.split(command)), "TRUST_NO_NODE", 3)
            assert "reputed" in error["next"], error
            result = home.run(*shlex.split(command))
            assert (result.code, result.out) == (3, ""), (command, result)
            assert "next: start it" in result.err, result


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


# The operators of the worked example of docs/explanation/scoring.md, and who vouches for whom.
ME, A, B, C, D, S1, S2 = range(1, 8)
VOUCHES = ((ME, A, 1000), (ME, B, 500), (A, C, 1000), (B, C, 1000), (B, D, 250), (D, S1, 1000),
           (S1, S2, 1000), (S2, S1, 1000))
RATINGS = ((A, 900, 0), (B, 200, 30), (C, 800, 15), (S1, 1000, 0), (S2, 1000, 0))
RATED = "mcp:io.example/search"
DAY_MS = 86_400_000


def publish_worked(node):
    """Five overall ratings of RATED by keys of weight: a mean of .742441. The node's operator is
    ME. A record of somebody whose weight is not known yet is offered again."""
    start = now_ms() - 1000
    expires = start // 1000 + 90 * 86400
    for at, (author, subject, strength) in enumerate(VOUCHES):
        offer(node, f"vouch {author} {start + at} {expires} {subject} 7 {strength}")
    for author, value, age in RATINGS:
        offer(node, f"rating {author} {start - age * DAY_MS + author} {expires} {RATED} - 3 {value} "
                    "100 1")


def offer(node, command):
    deadline = time.monotonic() + 10
    while (verdict := node.publish(command)) == ["TRUST_NO_INTEREST"]:
        assert time.monotonic() < deadline, (command, verdict)
        time.sleep(0.02)
    equal(verdict, ["TRUST_OK"])


# A group of two servers that nobody rated: named, so usable while unknown.
PRIMARY, FALLBACK = "mcp:io.example/first", "https://second.example/mcp"
GROUP = f"""groups:
  search:
    primary: {{ subject: "{PRIMARY}", url: "https://first.example/mcp" }}
    fallbacks: [ {{ subject: "{FALLBACK}", url: "{FALLBACK}" }} ]
"""


def fail(node, subject):
    """Outcomes that open the server's breaker. It had served well before: so many failures alone
    would be evidence against it, and a reason of its own to refuse it."""
    good = {"subject": subject, "class": "ok", "latency_ms": 20, "agent": "repute"}
    answer = node.ask("POST", "/v1/outcomes", {"outcomes": [good] * 60})
    equal(answer.json, {"accepted": 60})
    for _ in range(5):
        node.ok("outcome", subject, "--class", "refused")


def withhold(node, subject, order="add"):
    answer = node.ask("POST", "/v1/quarantine", {"subject": subject, "order": order})
    equal(answer.status, 200)


def with_key(config=""):
    """A node whose operator's key is in its home, without a passphrase."""
    node = Running(config)
    result = node.json("init", "--no-passphrase")
    assert result.code == 0, result
    return node
