"""A small web of trust that several tests share: commands for make_records, and what they mean.

The operator is key 1. It vouches for 2 wholly; 2 rates; 3 is a stranger whom nobody vouches for.
"""
import math

from node import equal, now_ms

SERVER = "mcp:io.example/search"
OTHER = "https://other.example/mcp"
MANIFEST = "ab" * 32
YEAR_S = 31_536_000


def expires(seconds=YEAR_S):
    return now_ms() // 1000 + seconds


def vouch(author, target, strength=1000, scopes=7, seq=None):
    return f"vouch {author} {seq or now_ms()} {expires()} {target} {scopes} {strength}"


def rating(author, subject=SERVER, value=900, category=3, calls=0, seq=None, manifest="-"):
    return (f"rating {author} {seq or now_ms()} {expires()} {subject} {manifest} {category} "
            f"{value} {calls} 1")


def flag(author, subject=SERVER, severity=3, kind=2, seq=None, rule="TP001"):
    return f"flag {author} {seq or now_ms()} {expires()} {subject} - {severity} {kind} {rule}"


def web_of(node, *more):
    """Publishes me -> 2, then 2's rating of .9 overall for SERVER, then more commands."""
    equal(node.publish(vouch(1, 2)), ["TRUST_OK"])
    settle(node)
    equal(node.publish(rating(2), *more), ["TRUST_OK"] * (1 + len(more)))


def settle(node):
    """A question makes the node solve its graph: who is vouched for is of interest from now on."""
    node.ask("POST", "/v1/score", {"subjects": [SERVER]})


# What the scoring rules make of web_of(): t(2) = .7, omega 7, and nothing else is known.
WEIGHT = .7
EVIDENCE = 10 * WEIGHT
MEAN = (1 + .9 * EVIDENCE) / (2 + EVIDENCE)
LOWER = MEAN - 1.2815515655 * math.sqrt(MEAN * (1 - MEAN) / (EVIDENCE + 3))
