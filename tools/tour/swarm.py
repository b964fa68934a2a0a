"""A swarm of invented keys that praise one server: Sybils.

Its leader vouches for all others and they for it, so that a vouch for the leader reaches all of
them. The records are signed by tests/api/make_records.c and written as an export file.
"""
import hashlib
import subprocess
import time

FIRST_KEY = 1_000_000  # the numbers of make_records name keys; these are nobody else's
ALL_SCOPES, OVERALL, HUMAN = 7, 3, 1
YEAR_S = 365 * 86400


class Swarm:
    def __init__(self, make_records, size):
        self._make_records = make_records
        self.size = size
        self.leader = self._make([f"key {FIRST_KEY}"])[0]

    def _make(self, commands):
        done = subprocess.run([self._make_records, "main"], input="\n".join(commands) + "\n",
                              capture_output=True, text=True, check=True)
        return done.stdout.split()

    def write(self, path, subject):
        """Writes what the swarm says to a file for `repute import`. Returns the records in it."""
        now = time.time_ns() // 1_000_000
        expires = now // 1000 + YEAR_S
        commands = []
        for key in range(FIRST_KEY, FIRST_KEY + self.size):
            commands.append(f"rating {key} {now} {expires} {subject} - {OVERALL} 1000 0 {HUMAN}")
            if key != FIRST_KEY:
                seq = now + key - FIRST_KEY
                commands.append(f"vouch {FIRST_KEY} {seq} {expires} {key} {ALL_SCOPES} 1000")
                commands.append(f"vouch {key} {seq} {expires} {FIRST_KEY} {ALL_SCOPES} 1000")
        records = [bytes.fromhex(line) for line in self._make(commands)]
        with open(path, "wb") as file:
            file.write(b"RPTREC1\n" + network_of("main"))
            for record in records:
                file.write(len(record).to_bytes(2, "big") + record)
        return len(records)


def network_of(name):
    """docs/reference/protocol.md: the 8 bytes that keep networks apart."""
    return hashlib.blake2b(b"repute-network-v1\0" + name.encode(), digest_size=32).digest()[:8]
