"""The steps of the tour, in order. Each shows something and checks that it is so."""
import os

from scene import DEBATED, FALLBACK, FLAGGED, GROUP, PRAISED, PRIMARY, wait_until
from swarm import Swarm

CROSSING_S = 30
ALPHA = 0.3  # docs/reference/scoring.md: the share of trust that stays at each hop
TOLERANCE = 1e-4  # ratings age while the tour looks
SWARM_VOUCH = 0.05
STREAK = 5
OPEN_MS_MAX = 90_000  # of the configured 60 s, with half of it as jitter


def start(scene):
    """Three nodes, six operators"""
    screen = scene.screen
    screen.say("Alice, Bob and Carol each run a node on this machine. Dave, Erin and Sentinel, a "
               "scanner, have none that is always there. Each has a key of their own; no node ever "
               "sees the secret half of one.")
    scene.make_homes()
    for name, home in scene.homes.items():
        home.ask("init", "--name", name, "--no-passphrase")
    for home in scene.nodes:
        took = home.start()
        screen.block(f"{home.name:6} listens on {scene.addresses[home.name]}, "
                     f"healthy after {took:.0f} ms")
    for home in scene.nodes:
        status = home.ask("status")
        screen.check(status["operator"] == home.key() and status["records"] == 0,
                     f"{home.name}'s node computes {home.name}'s web of trust, from nothing yet")


def connect(scene):
    """The nodes connect, by invitation"""
    screen = scene.screen
    screen.say("Bob invites the others. An invite is one line with his address, his node's key and a "
               "secret that works once; it lets records in and gives no trust. Alice and Carol are "
               "not connected: what they exchange goes through Bob.")
    for guest, host in scene.sample.cast["links"]:
        invite = scene[host].ask("peers", "invite", "--endpoint",
                                 "tcp://" + scene.addresses[host])["invite"]
        scene[guest].ask("peers", "join", invite)
    wanted = {home.name: 0 for home in scene.nodes}
    for ends in scene.sample.cast["links"]:
        for name in ends:
            wanted[name] += 1

    def all_up():
        return all(scene[name].ask("status")["peers"]["up"] == count
                   for name, count in wanted.items())

    wait_until(CROSSING_S, "the nodes connect", all_up)
    scene["bob"].show("peers", "list")
    peers = {row["key"] for row in scene["bob"].ask("peers", "list")}
    nodes = {scene[name].ask("status")["node"]["key"] for name in ("alice", "carol")}
    screen.check(peers == nodes, "Bob's peers are Alice's and Carol's nodes, known by their CURVE keys")


def publish(scene):
    """They sign what they know"""
    screen, cast = scene.screen, scene.sample.cast
    screen.say("Vouches say whose word counts for whom; ratings say how a server did; Sentinel flags "
               "one that hides instructions in its tools. Statements are drafts until publish signs "
               "them; it returns when the node has them on disk. Pet names stay at home.")
    for row in cast["vouches"]:
        home, key = scene[row["from"]], scene[row["to"]].key()
        home.ask("name", key, row["to"])
        home.ask("vouch", key, "--strength", str(row["strength"]), "--scope",
                 row.get("scope", "rate,introduce,scan"))
    for row in cast["ratings"]:
        calls = ["--calls", str(row["calls"])] if "calls" in row else []
        scene[row["from"]].ask("rate", row["subject"], "--category", row["category"], "--value",
                               str(row["value"]), *calls)
    for row in cast["flags"]:
        scene[row["from"]].ask("flag", row["subject"], "--severity", row["severity"], "--class",
                               row["class"], "--rule", row["rule"])
    scene["alice"].show("drafts", "list")
    for home in scene.nodes:
        home.ask("publish", "--all")
    screen.check(not scene["alice"].ask("drafts", "list"), "Alice has no draft left")
    for home in scene.nodes:
        tell_held(scene, home.name, home.name)
    screen.say("Dave, Erin and Sentinel sign at home and hand over a file. Who brings a record does not "
               "matter; its signature does. Dave has no weight for Carol, whose node takes his "
               "records all the same: a peer of a peer asks for them.")
    for name in scene.guests():
        hand_over(scene, name)
        tell_held(scene, name, scene.hosts[name])


def tell_held(scene, author, node):
    held, wanted = len(records_of(scene[node], scene[author])), scene.sample.statements(author)
    scene.screen.check(held == wanted, f"{author}: {records(wanted)} on the disk of {node}'s node")


def hand_over(scene, name):
    """The operator's node runs for a moment; the file of what it holds goes to somebody else's."""
    home, host = scene[name], scene[scene.hosts[name]]
    path = os.path.join(scene.folder, name + ".records")
    home.start()
    home.ask("publish", "--all")
    home.ask("export", "--author", home.key(), "--output", path, "--force")
    home.stop()

    def is_taken():
        done = host.run("--json", "import", path)
        if done.returncode != 0 and b"TRUST_NO_INTEREST" not in done.stdout:
            raise RuntimeError(f"{name}: {done.stdout.decode()}{done.stderr.decode()}")
        return done.returncode == 0

    wait_until(CROSSING_S, f"somebody asks for {name}'s records", is_taken)


def records_of(home, author):
    """The author's records that the home's node holds, as they would be exported."""
    done = home.run("export", "--format", "ndjson", "--author", author.key())
    if done.returncode != 0:
        raise RuntimeError(f"{home.name}: export: {done.stderr.decode()}")
    return done.stdout.splitlines()


def records(count):
    return "1 record" if count == 1 else f"{count} records"


def export(home, author):
    return home.run("export", "--author", author.key()).stdout


def cross(scene):
    """The records travel"""
    screen = scene.screen
    screen.say("Alice vouches for Dave and Sentinel, so her node asks for their records, and Bob's "
               "passes the wish on. He gives them no weight; his node carries them for a peer.")
    ways = [("dave", "carol", "alice"), ("sentinel", "carol", "alice"), ("erin", "alice", "carol"),
            ("bob", "bob", "alice"), ("bob", "bob", "carol"), ("carol", "carol", "alice")]

    missing = set(ways)

    def have_crossed():
        missing.difference_update(
            (author, source, target) for author, source, target in list(missing)
            if export(scene[source], scene[author]) == export(scene[target], scene[author]))
        return not missing

    took = wait_until(CROSSING_S, missing, have_crossed)
    for author, source, target in ways:
        count = len(records_of(scene[target], scene[author]))
        screen.check(count == scene.sample.statements(author),
                     f"{author}: {records(count)} from {source}'s node to {target}'s, byte for byte")
    screen.check(not weights(scene["bob"]).get(scene["dave"].key()),
                 "Bob's node carried Dave's records, and Bob gives them no weight")
    screen.block(f"waited {took:.1f} s")


def weights(home):
    return {row["key"]: row["weight"] for row in home.ask("raters", "list")}


def opinion(row):
    return row["status"] if row["score"] is None else f"{row['score']:.3f} {row['status']}"


def compare(scene):
    """Two webs of trust, two opinions"""
    screen = scene.screen
    screen.say("The same records, weighed by two operators. A server that nobody trusted has rated is "
               "unknown: not bad, and not neutral.")
    alice, carol = scene.scores("alice"), scene.scores("carol")
    screen.table([["server", "for Alice", "for Carol"]] +
                 [[subject, opinion(alice[subject]), opinion(carol[subject])] for subject in alice])
    known = sum(alice[subject]["status"] != "unknown" for subject in scene.sample.real)
    screen.check(known >= 10, f"Alice's friends know {known} of {len(scene.sample.real)} real servers")
    screen.check(all(row["score"] is None for row in alice.values() if row["status"] == "unknown"),
                 "an unknown server has no score")
    screen.check(alice[DEBATED]["score"] > 0.6 and carol[DEBATED]["score"] < 0.4,
                 f"{DEBATED}: Dave likes it, Erin does not, and each has friends")
    screen.check(alice[FLAGGED]["status"] == "flagged" and alice[FLAGGED]["score"] == 0
                 and carol[FLAGGED]["status"] != "flagged",
                 f"{FLAGGED}: flagged for Alice, who trusts the scanner; not for Carol")
    screen.check(alice[PRAISED]["status"] == "unknown" and carol[PRAISED]["status"] == "unknown",
                 f"{PRAISED}: nobody knows it")


def explain(scene):
    """Why? Every score says where it comes from"""
    screen, alice = scene.screen, scene["alice"]
    alice.show("explain", PRIMARY)
    answer = alice.ask("explain", PRIMARY)
    shares = {}
    for row in answer["contributions"]:
        shares[row["category"]] = shares.get(row["category"], 0) + row["share"]
    means = answer["categories"]
    screen.check(bool(shares) and all(abs(share - means[name]["mean"]) < 1e-6
                                      for name, share in shares.items()),
                 "the shares of all contributions sum to each category's mean")
    row = next(row for row in answer["contributions"] if row["from"] == scene["dave"].key())
    path = row["paths"][0]["keys"]
    screen.check([path[0], path[-1]] == [alice.key(), scene["dave"].key()],
                 "Dave counts because of a path of vouches from Alice to him")


def tell_unchanged(before, after):
    """Subjects whose visible standing differs."""
    return [subject for subject, row in before.items()
            if row["status"] != after[subject]["status"]
            or abs((row["score"] or 0) - (after[subject]["score"] or 0)) > TOLERANCE]


def resist(scene):
    """A swarm of invented keys praises a server"""
    screen, alice = scene.screen, scene["alice"]
    swarm = Swarm(scene.programs["make_records"], scene.swarm_size)
    path = os.path.join(scene.folder, "swarm.records")
    count = swarm.write(path, PRAISED)
    screen.say(f"{swarm.size:,} keys vouch for each other and give {PRAISED} full marks: {count:,} "
               "records, each correctly signed.")
    before = scene.scores("alice")
    alice.show("import", path)
    answer = alice.ask("import", path, code=1)
    screen.check(answer["accepted"] == 0 and answer["counts"] == {"TRUST_NO_INTEREST": count},
                 "not one is taken: no path of vouches leads to their authors")
    screen.check(not tell_unchanged(before, scene.scores("alice")), "no score has changed")

    dave = scene["dave"]
    screen.say(f"Now Dave is fooled, and vouches for the swarm's leader with {SWARM_VOUCH}.")
    dave.ask("vouch", swarm.leader, "--strength", str(SWARM_VOUCH))
    hand_over(scene, "dave")
    wait_until(CROSSING_S, "Dave's vouch arrives",
               lambda: export(alice, dave) == export(scene["carol"], dave))
    answer = alice.ask("import", path)
    screen.check(answer["accepted"] == count, f"Alice's node takes all {count:,} records now")
    after = scene.scores("alice")
    most = 10 * (1 - ALPHA) / ALPHA * SWARM_VOUCH * weights(alice)[dave.key()]
    screen.check(0 < after[PRAISED]["evidence"] <= most * (1 + 1e-6),
                 f"{swarm.size:,} voices weigh {after[PRAISED]['evidence']:.3f} of evidence in all, "
                 f"never more than the {most:.3f} that one vouch of {SWARM_VOUCH} lets through")
    screen.check(not tell_unchanged(before, after),
                 f"{PRAISED} is as {after[PRAISED]['status']} as before, and no score has changed")


def select(home, *more, code=0):
    return home.ask("select", "--group", GROUP, *more, code=code)


def whys(answer):
    return {row["subject"]: row["why"] for row in answer["refused"]}


def choose(scene):
    """An agent asks which server to use"""
    screen, alice = scene.screen, scene["alice"]
    alice.show("select", "--group", GROUP)
    answer = select(alice)
    screen.check(answer["status"] == "ok" and answer["candidates"][0]["subject"] == PRIMARY,
                 f"it is told to use the primary, {PRIMARY}")


def fail_over(scene):
    """The primary breaks"""
    screen, alice = scene.screen, scene["alice"]
    screen.say(f"An agent calls {PRIMARY} and is refused, {STREAK} times in a row.")
    break_server(scene, PRIMARY)
    alice.show("breakers", "show", PRIMARY)
    alice.show("select", "--group", GROUP)
    answer = select(alice)
    screen.check(answer["candidates"][0]["subject"] == FALLBACK,
                 f"the agents are told to use {FALLBACK}")
    screen.check(PRIMARY in whys(answer), f"and that {PRIMARY} is out: {whys(answer)[PRIMARY]}")


def break_server(scene, subject):
    alice = scene["alice"]
    for _ in range(STREAK):
        alice.ask("outcome", subject, "--class", "refused")
    wait_until(CROSSING_S, f"the breaker of {subject} opens",
               lambda: alice.ask("breakers", "show", subject)["state"] == "open")
    scene.screen.check(True, f"the breaker of {subject} is open")


def withhold(scene):
    """The flagged server is withheld"""
    screen, alice = scene.screen, scene["alice"]
    screen.say("Alice vouches for Sentinel as a scanner without reserve, so its critical flag is "
               "enough for quarantine. No selection returns the server, not even when it is asked "
               "for by name.")
    alice.show("quarantine", "list")
    rows = [row for row in alice.ask("quarantine", "list") if row["subject"] == FLAGGED]
    screen.check([row["state"] for row in rows] == ["quarantined"], f"{FLAGGED} is quarantined")
    answer = alice.ask("select", "--candidates", FLAGGED, code=1)
    screen.check(answer["status"] == "unavailable" and answer["reason"] == "quarantined"
                 and not answer["candidates"], "asked for alone, it is refused: quarantined")
    with open(os.path.join(alice.path, "withheld"), encoding="utf-8") as file:
        screen.check(FLAGGED in file.read(),
                     "it stands in the file that agents read when no node runs")
    screen.check(not scene["carol"].ask("quarantine", "list"),
                 "Carol, who does not know Sentinel, has nothing in quarantine")


def degrade(scene):
    """Nothing is left, and there is still an answer"""
    screen, alice = scene.screen, scene["alice"]
    break_server(scene, FALLBACK)
    alice.show("select", "--group", GROUP)
    answer = select(alice, code=1)
    screen.check(answer["status"] == "unavailable" and answer["reason"] == "all_open",
                 "it says that nothing can serve, and why")
    screen.check(0 < answer["retry_after_ms"] <= OPEN_MS_MAX,
                 f"and when to try again: in {answer['retry_after_ms'] / 1000:.0f} s")
    screen.check(whys(answer) == {PRIMARY: "shared_breaker", FALLBACK: "shared_breaker",
                                  FLAGGED: "quarantined"},
                 "and for each server the rule that refuses it")


STEPS = (start, connect, publish, cross, compare, explain, resist, choose, fail_over, withhold,
         degrade)
