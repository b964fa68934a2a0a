"""`repute-guard` beside the proxy of npm's mcp-scan, on standard streams in front of the same server,
in turns.

usage: guard_peers.py BUILD      run by tools/dev bench; prints lines as bench.c does

It is installed by `sh tools/dev npm`; without it only that is said.
"""
import os
import statistics
import sys
import tempfile

from bench import (CALLS, ROUNDS, WIDTH, Server, guard_of, home_with, null_server,
                   on_one_processor, print_line)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir,
                                "tools", "dev.d"))
import npm

CONFIG = """breaker: {{ streak: 0, fail_pct: 0, slow_pct: 0 }}
groups:
  work:
    primary: {{ subject: "mcp:io.example/a", command: "{server}", trust_hints: true }}
"""


def cpu_us(program, count):
    before = program.cpu_us()
    program.latency_us()
    return (program.cpu_us() - before) / count


def print_beside(what, unit, ours, theirs, peer):
    """The ratio says how many times better ours is."""
    print_line(f"guard: {what}", ours, unit)
    print_line(f"{peer}: the same", theirs, unit)
    print_line("ratio", ours / theirs if unit == "/s" else theirs / ours, "x")


def streams(build, home):
    """On standard streams: ours, mcp-scan's, the server alone."""
    server = null_server(build)
    scan = npm.command("mcp-scan") + ["proxy", "--command", server]
    with tempfile.TemporaryDirectory(prefix="rpt", dir="/tmp") as elsewhere:
        programs = [Server(server).greet(), Server(*guard_of(build, home, "work")).greet(),
                    Server(*scan, environment={"HOME": elsewhere}).greet()]
        direct, guarded, other = programs
        other.latency_us()  # V8 compiles what is called often
        with on_one_processor(*programs):
            taken = [[one.latency_us() for one in programs] for _ in range(ROUNDS)]
            our_cpu, their_cpu = cpu_us(guarded, CALLS), cpu_us(other, CALLS)
        rates = [[one.rate() for one in programs] for _ in range(ROUNDS)]
        plain, ours, theirs = (statistics.median(column) for column in zip(*taken))
        _, our_rate, their_rate = (statistics.median(column) for column in zip(*rates))
        peer = "mcp-scan proxy"
        print_beside("added to a call on streams, p50", "us", ours - plain, theirs - plain, peer)
        print_beside("processor time a call on streams", "us", our_cpu, their_cpu, peer)
        print_beside(f"calls on streams, {WIDTH} ways", "/s", our_rate,
                     their_rate, peer)
        print_beside("resident", "MB", guarded.memory_mb("VmRSS"), other.memory_mb("VmRSS"), peer)
        for one in programs:
            one.close()


def main(build):
    try:
        npm.folder()
    except npm.Missing as missing:
        print(f"guard_peers: not measured: {missing}", flush=True)
        return 0
    with home_with(CONFIG.format(server=null_server(build))) as home:
        streams(build, home)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
