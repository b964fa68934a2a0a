#!/usr/bin/python3
"""What `meson install` gives an agent's author: headers, a library with its soname, a .pc file, and
a program that needs nothing else. TAP.

usage: install.py BUILD_FOLDER COMPILER...
"""
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = """#include <stdio.h>
#include <trust/error.h>
int main(void) { return puts(trust_error_name(TRUST_NO_FOUND)) < 0; }
"""
# Each costs every agent memory and time at its start: none comes with a dozen more.
NEEDED = ["libc", "libfyaml", "libhttp_parser", "libjansson", "libm", "libsodium"]


def output_of(command, **options):
    """Standard output; the error output, marked, when the command fails."""
    result = subprocess.run(command, capture_output=True, text=True, **options)
    return result.stdout if result.returncode == 0 else f"FAILED: {result.stderr}"


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(path, name), folder)
                  for path, _, names in os.walk(folder) for name in names)


def compile_and_run(root, compiler, language):
    """By pkg-config alone; DESTDIR stands in for /."""
    pc = next(name for name in files_below(root) if name.endswith("libtrust.pc"))
    environment = os.environ | {"PKG_CONFIG_SYSROOT_DIR": root,
                                "PKG_CONFIG_LIBDIR": os.path.join(root, os.path.dirname(pc))}
    flags = output_of(["pkg-config", "--cflags", "--libs", "libtrust"], env=environment).split()
    program = os.path.join(root, "program")
    built = output_of([*compiler, "-x", language, "-Wall", "-Wextra", "-Werror", "-", "-x", "none",
                       "-o", program, *flags], input=PROGRAM)
    library = next(flag[2:] for flag in flags if flag.startswith("-L"))
    return built or output_of([program], env=os.environ | {"LD_LIBRARY_PATH": library})


def compile_uninstalled(build, compiler):
    """Against the build folder, as the howto has it."""
    build = os.path.abspath(build)
    environment = os.environ | {"PKG_CONFIG_PATH": os.path.join(build, "meson-uninstalled"),
                                "LD_LIBRARY_PATH": os.path.join(build, "libtrust")}
    flags = output_of(["pkg-config", "--cflags", "--libs", "libtrust"], env=environment).split()
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "program")
        built = output_of([*compiler, "-x", "c", "-Wall", "-Werror", "-", "-x", "none", "-o",
                           program, *flags], input=PROGRAM)
        return built or output_of([program], env=environment)


def check(root, build, compiler):
    """(name of the case, what it should be, what it is)."""
    installed = output_of(["meson", "install", "-C", build, "--no-rebuild", "--destdir", root])
    yield "install succeeds", False, "FAILED" in installed
    names = files_below(root)
    source = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(source, "libtrust", "meson.build"), encoding="utf-8") as file:
        listed = re.findall(r"'include/(trust/\w+\.h)'", file.read())
    headers = [name.split("include/", 1)[1] for name in names if name.endswith(".h")]
    yield "headers are the listed ones", sorted(listed), headers
    library = next(name for name in names if re.search(r"libtrust\.so\.\d+\.\d+\.\d+$", name))
    dynamic = output_of(["readelf", "-d", os.path.join(root, library)])
    yield "the soname", ["libtrust.so.0"], re.findall(r"\(SONAME\).*\[(.*)\]", dynamic)
    yield "what every agent loads with it", NEEDED, sorted(
        re.findall(r"\(NEEDED\).*\[(lib[a-z_]*[a-z]).*\]", dynamic))
    links = [os.path.basename(name) for name in names if re.search(r"libtrust\.so(\.0)?$", name)]
    yield "the links beside it", ["libtrust.so", "libtrust.so.0"], links
    programs = sorted(os.path.basename(name) for name in names if "libexec/repute/" in name)
    yield "the programs that others become", ["repute-guard", "repute-guard-http", "repute-mcp",
                                              "reputed-link"], programs
    yield "a program in C", "TRUST_NO_FOUND\n", compile_and_run(root, compiler, "c")
    yield "a program, nothing installed", "TRUST_NO_FOUND\n", compile_uninstalled(build, compiler)
    yield "a program in C++", "TRUST_NO_FOUND\n", compile_and_run(root, compiler, "c++")


def main(build, *compiler):
    with tempfile.TemporaryDirectory() as root:
        cases = list(check(root, build, compiler))
    print(f"1..{len(cases)}")
    for number, (name, expected, actual) in enumerate(cases, 1):
        if expected != actual:
            print(f"{name}: expected {expected!r}, got {actual!r}", file=sys.stderr)
        print(f"{'ok' if expected == actual else 'not ok'} {number} - {name}")
    return 0 if all(expected == actual for _, expected, actual in cases) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
