"""Makes docs/reference/limits.md from the comments and numbers of libtrust/base/limits.h.

As a program (from tools/dev format) it writes the page.
"""
import os
import re

SOURCE = "libtrust/base/limits.h"
PAGE = "docs/reference/limits.md"
HEAD = """# Limits

Every bound of the project, why it is so, and what it costs. This page is made from
`libtrust/base/limits.h` by `sh tools/dev format`; a test holds the two equal.
"""
TABLE = "| limit | value | why |\n|---|---:|---|\n"

_ITEM = re.compile(r"/\*(?P<comment>.*?)\*/"
                   r"|^#define (?P<name>TRUST_\w+) +(?P<value>[^\n]*?)(?: /\*(?P<note>.*?)\*/)?$",
                   re.S | re.M)


def _fold(comment):
    text = " ".join(re.sub(r"\n\s*\* ?", " ", comment).split())
    return text.replace("|", "\\|")


def _number(value):
    """12,345 for anything that is arithmetic on numbers; else the expression as it stands."""
    plain = re.sub(r"U?INT\d+_C\((\w+)\)", r"\1", value)
    plain = re.sub(r"\b(0x[0-9a-fA-F]+|\d+)[uUlL]+\b", r"\1", plain)
    if re.fullmatch(r"[\dxa-fA-F ()+*/<-]+", plain):
        return f"{int(eval(plain.replace('/', '//'))):,}"  # digits and operators only
    return f"`{value}`"


def page_of(text):
    out, reason, in_table = [HEAD], "", False
    body = text[text.index("#define TRUST_BASE_LIMITS_H"):] if "_LIMITS_H" in text else text
    for item in _ITEM.finditer(body):
        comment = item["comment"]
        heading = comment and re.fullmatch(r"\s*-+\s*(.*?)\s*-+\s*", comment)
        if heading:
            out.append(f"\n## {heading[1]}\n")
            in_table = False
        elif comment is not None:
            reason = _fold(comment)
        elif item["value"]:
            if not in_table:
                out.append("\n" + TABLE)
                in_table = True
            why = _fold(item["note"]) if item["note"] else reason or "as above"
            out.append(f"| `{item['name']}` | {_number(item['value'])} | {why} |\n")
            reason = ""
    return "".join(out)


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(os.path.join(root, SOURCE), encoding="utf-8") as file:
        page = page_of(file.read())
    with open(os.path.join(root, PAGE), "w", encoding="utf-8") as file:
        file.write(page)


if __name__ == "__main__":
    main()
