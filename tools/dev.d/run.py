"""run.py [--exit]: builds the release and leads through it: three nodes, and a guard before
two servers from npm, step by step.

tools/tour/tour.py is the tour itself; its nodes live in build/demo.
"""
import os
import sys

import builds
import npm

TARGETS = ("node/reputed", "node/reputed-link", "tools/repute/repute", "tools/guard/repute-guard",
           "tools/guard/repute-guard-http", "tools/mcp/repute-mcp", "tests/api/make_records")


def main(arguments):
    if arguments not in ([], ["--exit"]):
        print("usage: sh tools/dev run [--exit]", file=sys.stderr)
        return 2
    if builds.make("release", *TARGETS):
        return 5
    try:
        npm.install()
    except (npm.Missing, OSError) as problem:
        print(f"tools/dev: {problem}", file=sys.stderr)
        return 5
    os.chdir(builds.ROOT)
    tour = os.path.join("tools", "tour", "tour.py")
    release = os.path.relpath(builds.folder("release"), builds.ROOT)
    return os.execv(sys.executable, [sys.executable, tour, "--programs", release, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
