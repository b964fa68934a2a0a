#!/usr/bin/python3
"""embed.py INPUT OUTPUT NAME: a C file with the input's bytes, for the build."""
import sys


def main(source, target, name):
    with open(source, "rb") as file:
        data = file.read()
    rows = [", ".join(f"{byte}" for byte in data[at:at + 20]) for at in range(0, len(data), 20)]
    with open(target, "w", encoding="ascii") as file:
        file.write(f"/* Made from {source.rsplit('/', 1)[-1]} by embed.py. */\n"
                   f'#include "node/api/{name}.h"\n\n'
                   f"const unsigned char {name}_text[] = {{\n    " + ",\n    ".join(rows)
                   + f"}};\nconst size_t {name}_size = sizeof {name}_text;\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
