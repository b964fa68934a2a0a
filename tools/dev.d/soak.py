"""soak.py: the tests of the suite slow, which take too long for every change."""
import subprocess
import sys

import builds


def main():
    if builds.make("gcc"):
        return 5
    code = subprocess.call(["meson", "test", "-C", builds.folder("gcc"), "--no-rebuild",
                            "--num-processes", "1", "--print-errorlogs", "--suite", "slow"])
    return 1 if code else 0


if __name__ == "__main__":
    sys.exit(main())
