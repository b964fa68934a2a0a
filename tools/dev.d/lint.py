"""lint.py: clang-tidy, with the checks of .clang-tidy, over every C file of the clang build."""
import subprocess
import sys

import builds


def main():
    # The fuzz targets and benchmarks are compiled in every build, so this one lists all files.
    if builds.make("clang"):
        return 5
    return subprocess.call(["run-clang-tidy", "-quiet", f"-j{builds.JOBS}", "-p",
                            builds.folder("clang"), f"^{builds.ROOT}/"], cwd=builds.ROOT)


if __name__ == "__main__":
    sys.exit(main())
