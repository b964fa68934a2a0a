"""`repute-guard` when servers end: how soon a greeting is answered while none of them runs, and how
soon the calls that one of them had under way are settled.

usage: guard_ends.py BUILD      run by tools/dev bench; prints lines as bench.c does
"""
import contextlib
import os
import signal
import sys
import time

from bench import (GREETED, GREETING, Server, call, children, guard_of, home_with, null_server,
                   percentile, print_line)

STARTS = 100
KILLS = 200
TOGETHER = 8
WITHIN_MS = 5
# Alive, then dead in two ways: it ends at once; it runs and says nothing.
WAYS = {"end at once": '"/bin/false"', "never answer": '"/bin/sleep", args: ["1000"]'}
SERVERS = """breaker: {{ streak: 0, fail_pct: 0, slow_pct: 0 }}
groups:
  work:
    primary: {{ subject: "mcp:io.example/a", command: {command} }}
    fallbacks:
      - {{ subject: "mcp:io.example/b", command: {command} }}
"""
HANGING = """breaker: {{ streak: 0, fail_pct: 0, slow_pct: 0 }}
groups:
  work:
    primary:
      {{ subject: "mcp:io.example/c", command: "{server}", args: ["/dev/null", "hang"],
         trust_hints: true }}
    fallbacks:
      - {{ subject: "mcp:io.example/b", command: "{server}", trust_hints: true }}
"""


def greet_ms(command, wait_s):
    """From the start of the guard, and from the client's line, to the answer."""
    began = time.perf_counter_ns()
    guarded = Server(*command)
    time.sleep(wait_s)
    wrote = time.perf_counter_ns()
    guarded.ask(GREETING)
    ended = time.perf_counter_ns()
    guarded.process.kill()
    guarded.close()
    return (ended - began) / 1e6, (ended - wrote) / 1e6


def print_both(name, taken, most=WITHIN_MS):
    print_line(f"guard: {name}, p50", percentile(taken, 50), "ms", most)
    print_line(f"guard: {name}, p99", percentile(taken, 99), "ms", most)


def greetings(build):
    with home_with(SERVERS.format(command=f'"{null_server(build)}"')) as home:
        command = guard_of(build, home, "work")
        first = Server(*command).greet()  # what they offer is learned
        first.ask(call(1))
        first.close()
        for way, dead in WAYS.items():
            with open(os.path.join(home, "reputed.yaml"), "w", encoding="utf-8") as file:
                file.write(SERVERS.format(command=dead))
            running = [greet_ms(command, 0.05)[1] for _ in range(STARTS)]
            print_both(f"initialize, all servers {way}, guard runs", running)
            print_both("the same from the guard's start",
                       [greet_ms(command, 0)[0] for _ in range(STARTS)], None)


def hanging(guarded):
    """The process id of the server that does not answer; 0: it does not run."""
    for pid in children(guarded.pid):
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                if file.read().endswith("hang\0"):
                    return pid
    return 0


def endings_ms(guarded):
    """From the death of a server with calls under way until the last of them is answered: reads by
    another server, writes with what is known of them."""
    taken, last = [], 0
    for number in range(KILLS):
        victim = hanging(guarded)
        while victim in (0, last):
            guarded.process.send_signal(signal.SIGHUP)  # it waits for no back-off
            time.sleep(0.002)
            victim = hanging(guarded)
        time.sleep(0.01)  # it has been learned
        first = number * TOGETHER
        guarded.write(b"".join(call(first + i, (b"look", b"change")[i % 2])
                               for i in range(TOGETHER)))
        time.sleep(0.002)  # they are under way
        began = time.perf_counter_ns()
        os.kill(victim, signal.SIGKILL)
        guarded.read(TOGETHER)
        taken.append((time.perf_counter_ns() - began) / 1e6)
        last = victim
    return taken


def endings(build):
    with home_with(HANGING.format(server=null_server(build))) as home:
        guarded = Server(*guard_of(build, home, "work"))
        guarded.ask(GREETING)
        guarded.write(GREETED)
        taken = endings_ms(guarded)
        guarded.close()
    name = f"server killed, its {TOGETHER} calls settled"
    print_both(name, taken)
    print_line(f"guard: {name}, longest of {KILLS}", max(taken), "ms", WITHIN_MS)


def main(build):
    greetings(build)
    endings(build)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
