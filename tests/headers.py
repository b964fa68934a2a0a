#!/usr/bin/python3
"""Every header compiles alone: all of them in C11, the public ones in C++17 too. TAP.

usage: headers.py COMPILER...    (the C compiler's command; C++ is its c++ mode)
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PUBLIC = "libtrust/include/trust/"
WARNINGS = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
INCLUDES = ["-Ilibtrust/include", "-Ilibtrust", "-Itools", "-I."]


def compile_alone(compiler, language, header):
    """Returns what the compiler says; empty is good. In C++ a public header has no other include
    folder than the installed one. Twice included, so that the guard is tested too."""
    includes = INCLUDES[:1] if language == "c++" else INCLUDES + ["-D_GNU_SOURCE"]
    standard = "-std=c++17" if language == "c++" else "-std=c11"
    source = f'#include "{header}"\n' * 2 + "extern int not_empty;\n"
    result = subprocess.run([*compiler, "-x", language, standard, *WARNINGS, *includes, "-"],
                            input=source, capture_output=True, text=True, cwd=ROOT)
    return result.stderr if result.returncode else ""


def all_headers():
    for top in ("libtrust", "node", "tools"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                if name.endswith(".h"):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


def broken_header_is_caught(compiler, language):
    with tempfile.NamedTemporaryFile("w", suffix=".h") as file:
        file.write("uint8_t forgot_an_include(void);\n")
        file.flush()
        return compile_alone(compiler, language, file.name) != ""


def main(compiler):
    cases = [(f"a broken header is caught in {language}",
              broken_header_is_caught(compiler, language)) for language in ("c", "c++")]
    for header in sorted(all_headers()):
        for language in ("c", "c++") if header.startswith(PUBLIC) else ("c",):
            errors = compile_alone(compiler, language, header)
            print(errors, end="", file=sys.stderr)  # where meson shows it
            cases.append((f"{header} in {language}", not errors))
    print(f"1..{len(cases)}")
    for number, (name, passed) in enumerate(cases, 1):
        print(f"{'ok' if passed else 'not ok'} {number} - {name}")
    return 0 if all(passed for _, passed in cases) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
