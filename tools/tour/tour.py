#!/usr/bin/python3
"""The tour: three real nodes on the loopback interface, and what they are for, step by step; then a
guard in front of two real servers from npm.

usage: tour.py --programs BUILD [--folder FOLDER] [--swarm KEYS] [--exit]

BUILD is a build folder. The nodes live below FOLDER, which is made anew. Each step checks what it
shows. Without --exit the first node runs on until Ctrl-C. The exit code is 0 only if each step
showed what it should.
"""
import argparse
import fcntl
import os
import shutil
import signal
import sys
import time

TOOLS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(TOOLS, "dev.d"))
import guarded  # noqa: E402 (dev.d is found from here on)
import npm  # noqa: E402
import steps  # noqa: E402
from scene import Scene  # noqa: E402
from screen import Failed, Screen  # noqa: E402

PROGRAMS = {"reputed": "node/reputed", "repute": "tools/repute/repute",
            "make_records": "tests/api/make_records"}
FILE_SERVER = "@modelcontextprotocol/server-filesystem"
STEPS = steps.STEPS + guarded.STEPS


class Stopped(Exception):
    """A signal asks us to end."""


def stop(number, _frame):
    raise Stopped(signal.Signals(number).name)


def parse():
    parser = argparse.ArgumentParser(description="the tour", allow_abbrev=False)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--folder", default=os.path.join("build", "demo"))
    parser.add_argument("--swarm", type=int, default=1000)
    parser.add_argument("--exit", action="store_true")
    return parser.parse_args()


def walk(scene):
    """Returns the exit code."""
    began = time.monotonic()
    try:
        for step in STEPS:
            scene.screen.heading(step.__doc__)
            step(scene)
    except BrokenPipeError:
        raise
    except (Failed, RuntimeError, OSError, KeyError, IndexError, TypeError, ValueError) as error:
        print(f"\ntour: the step \"{step.__doc__}\" failed: {error!r}", file=sys.stderr)
        for home in scene.nodes:
            print(f"--- the end of {home.path}/log\n{home.log()}", file=sys.stderr)
        return 1
    print(f"\ntour: {len(STEPS)} steps, {scene.screen.checks} checks, all as they should be, "
          f"{time.monotonic() - began:.1f} s")
    return 0


def stay(scene):
    """Keeps the first node running until a signal comes, or it ends by itself."""
    first, *others = scene.nodes
    for home in others:
        home.stop()
    repute = scene.programs["repute"]
    print(f"""
{first.name}'s node runs on. In another terminal, from {os.getcwd()}:

  export REPUTE_HOME={first.path}
  {repute} status
  {repute} explain {steps.PRIMARY}
  {repute} rate {steps.PRAISED} --category overall --value 0.7 --publish
  {repute} help

Ctrl-C stops it.""", flush=True)
    try:
        code = first.process.wait()
    except Stopped:
        return 0
    first.process = None
    print(f"tour: the node ended by itself, with code {code}:\n{first.log()}", file=sys.stderr)
    return 1


def main():
    arguments = parse()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    os.makedirs(os.path.dirname(arguments.folder) or ".", exist_ok=True)
    with open(arguments.folder + ".lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"tour: another one is running in {arguments.folder}", file=sys.stderr)
            return 8
        return run(arguments)


def run(arguments):
    shutil.rmtree(arguments.folder, ignore_errors=True)
    os.makedirs(arguments.folder)
    programs = {name: os.path.join(arguments.programs, path) for name, path in PROGRAMS.items()}
    try:
        file_server = npm.command(FILE_SERVER)
    except npm.Missing as missing:
        print(f"tour: {missing}", file=sys.stderr)
        return 5
    scene = Scene(arguments.folder, programs, Screen(), arguments.swarm, file_server)
    try:
        code = walk(scene)
        return code if arguments.exit or code else stay(scene)
    except Stopped as stopped:
        print(f"\ntour: stopped by {stopped}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Nobody reads on. What is still in the buffer must not fail again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        scene.stop()


if __name__ == "__main__":
    sys.exit(main())
