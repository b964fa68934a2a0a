"""run.py [--exit]: builds the release and leads through it: three nodes, step by step.

tools/tour/tour.py is the tour itself; its nodes live in build/demo.
"""
import os
import sys

import builds

TARGETS = ("node/reputed", "node/reputed-link", "tools/repute/repute", "tests/api/make_records")


def main(arguments):
    if arguments not in ([], ["--exit"]):
        print("usage: sh tools/dev run [--exit]", file=sys.stderr)
        return 2
    if builds.make("release", *TARGETS):
        return 5
    os.chdir(builds.ROOT)
    tour = os.path.join("tools", "tour", "tour.py")
    release = os.path.relpath(builds.folder("release"), builds.ROOT)
    return os.execv(sys.executable, [sys.executable, tour, "--programs", release, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
