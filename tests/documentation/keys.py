#!/usr/bin/env python3
"""Holds the table of keys in configs/README.md against what the program says of them: `titrant documentation markdown`.

Usage: keys.py TITRANT README [--write]      (--write: puts the program's table into the README)
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BEGIN, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"
SECTION, NEXT = "## Keys of the configuration\n", "\n## "


def said_by(titrant: str) -> str:
    """The table of keys, by the program."""
    text = subprocess.run([titrant, "documentation", "markdown"], check=True, capture_output=True, text=True).stdout
    begin = text.index(SECTION) + len(SECTION)
    return text[begin : text.index(NEXT, begin)].strip() + "\n"


def main() -> int:
    titrant, file = sys.argv[1], Path(sys.argv[2])
    said = said_by(titrant)
    heads = [cell.strip() for cell in said.splitlines()[0].strip("|").split("|")]
    for row in said.splitlines()[2:]:
        cells = dict(zip(heads, (cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]), strict=True))
        empty = [head for head in heads if not cells[head] and head != "unit"]
        if empty:
            print(f"{cells['key']}: the program does not say its {', '.join(empty)}")
            return 1
    text = file.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    if text[begin:end] == said:
        return 0
    if "--write" not in sys.argv:
        print(f"{file} does not say what the program says of its keys; to mend it:\n  {' '.join(sys.argv)} --write")
        return 1
    file.write_text(text[:begin] + said + text[end:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
