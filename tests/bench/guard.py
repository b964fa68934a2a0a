"""What `repute-guard` adds to a call: the same server spoken to directly and through it, in turns;
and the memory that it takes, a node running beside it.

usage: guard.py BUILD      run by tools/dev bench; prints lines as bench.c does
"""
import os
import statistics
import subprocess
import sys
import time

from bench import (BATCHES, CALLS, ROUNDS, WIDTH, Server, call, guard_of, home_with, null_server,
                   on_one_processor, print_line)

RESIDENT_MB_MAX = 8
NODE_WAIT_S = 10
LARGE = 16
CONFIG = """breaker: {{ streak: 0, fail_pct: 0, slow_pct: 0 }}
groups:
  work:
    primary: {{ subject: "mcp:io.example/a", command: "{server}", trust_hints: true }}
    fallbacks:
      - {{ subject: "mcp:io.example/b", command: "{server}", trust_hints: true }}
  large:
    primary:
      {{ subject: "mcp:io.example/c", command: "{server}", args: ["/dev/null", "large"],
         trust_hints: true }}
"""


def measure(direct, guarded):
    latencies, spread, rates = [], [], []
    for _ in range(ROUNDS):
        with on_one_processor(direct, guarded):
            latencies.append((direct.latency_us(), guarded.latency_us()))
        spread.append((direct.latency_us(), guarded.latency_us()))
        rates.append((direct.rate(), guarded.rate()))
    with on_one_processor(guarded):
        before = guarded.cpu_us()
        guarded.latency_us()
        alone = (guarded.cpu_us() - before) / CALLS
    before = guarded.cpu_us()
    guarded.rate()
    together = (guarded.cpu_us() - before) / (BATCHES * WIDTH)
    plain, through = (statistics.median(column) for column in zip(*latencies))
    print_line("guard: a call to the server itself, p50", plain, "us")
    print_line("guard: the same through the guard, p50", through, "us")
    print_line("guard: added by it", statistics.median(b - a for a, b in latencies), "us", 15)
    print_line("guard: added by it, processes anywhere",
               statistics.median(b - a for a, b in spread), "us")
    print_line("guard: its processor time a call", alone, "us", 10)
    plain, through = (statistics.median(column) for column in zip(*rates))
    print_line("guard: calls to the server itself, 16 ways", plain, "/s")
    print_line("guard: calls through the guard, 16 ways", through, "/s", least=60000)
    print_line("guard: its processor time a call, 16 ways", together, "us")


def weigh(guarded, when):
    print_line(f"guard: resident{when}", guarded.memory_mb("VmRSS"), "MB", RESIDENT_MB_MAX)
    print_line(f"guard: of it, no file's{when}", guarded.memory_mb("RssAnon"), "MB")
    print_line(f"guard: shared among its users (Pss){when}",
               guarded.memory_mb("Pss", "smaps_rollup"), "MB")


def weigh_beside_a_node(build, home):
    node = subprocess.Popen([os.path.join(build, "node", "reputed"), "--home", home],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + NODE_WAIT_S
        while not os.path.exists(os.path.join(home, "run", "agent.sock")):
            assert node.poll() is None and time.monotonic() < end, "reputed does not start"
            time.sleep(0.01)
        guarded = Server(*guard_of(build, home, "work")).greet()
        guarded.latency_us()
        guarded.rate()
        weigh(guarded, ", two servers, a node")
        guarded.close()
    finally:
        node.terminate()
        node.wait()


def weigh_after_large_answers(build, home):
    guarded = Server(*guard_of(build, home, "large")).greet()
    for number in range(LARGE):
        guarded.ask(call(number))
    guarded.ask(b'{"jsonrpc":"2.0","id":"p","method":"ping"}\n')
    print_line(f"guard: resident after {LARGE} answers of 3 MiB", guarded.memory_mb("VmRSS"), "MB",
               RESIDENT_MB_MAX)
    guarded.close()


def main(build):
    server = null_server(build)
    with home_with(CONFIG.format(server=server)) as home:
        direct, guarded = Server(server).greet(), Server(*guard_of(build, home, "work")).greet()
        measure(direct, guarded)
        direct.close()
        guarded.close()
        weigh_beside_a_node(build, home)
        weigh_after_large_answers(build, home)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
