#!/usr/bin/env python3
"""Compiles every usage example in a header that several parts include with that header, as far as its types (no code is made): an example is indented by
four spaces in a `///` comment, and has a statement; what has none is an equation.

Usage: headers.py SOURCE COMPILER FLAG ...      (flags: language and folders of headers)
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from header_givens import GIVEN, Given

BLOCK = re.compile(r"^ *///\n((?: *///     .*\n)+)", re.MULTILINE)
STATEMENT = re.compile(r";\s*(//.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """The example at `line` of a header, with the header's namespace."""

    header: str
    line: int
    namespace: str
    code: str

    def program(self, given: Given) -> str:
        """A file that has the example as a block in a function (so that it may give a new meaning to a given name)."""
        headers = "".join(f"#include {header}\n" for header in (f'"titrant/{self.header}"', *given.includes))
        return (
            f"{headers}namespace {self.namespace} {{\n{given.declarations}\nvoid example({given.parameters}) {{ {{\n"
            f'#line {self.line} "{self.header}"\n{self.code}}} }}\n}}\n'
        )


def examples(header: str, text: str) -> list[Example]:
    found = []
    namespaces = re.findall(r"^namespace (titrant[\w:]*) \{", text, re.MULTILINE)
    for block in BLOCK.finditer(text):
        code = re.sub(r"^ *///     ", "", block[1], flags=re.MULTILINE)
        if STATEMENT.search(code):
            found.append(Example(header, text.count("\n", 0, block.start(1)) + 1, namespaces[0], code))
    return found


def fault(example: Example, compiler: list[str]) -> str:
    """What the compiler says; empty: nothing. An example may leave results unused."""
    command = [*compiler, "-fsyntax-only", "-Werror", "-Wall", "-Wno-unused", "-x", "c++", "-"]
    program = example.program(GIVEN.get(example.header, Given("")))
    done = subprocess.run(command, input=program, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def main() -> int:
    compiler = sys.argv[2:]
    found = [
        example
        for include in (Path(sys.argv[1]) / "include/titrant", Path(sys.argv[1]) / "src/include/titrant")
        for header in sorted(include.rglob("*.hpp"))
        for example in examples(str(header.relative_to(include)), header.read_text())
    ]
    faults = [f"header_givens.py: {name} has no example" for name in sorted(GIVEN.keys() - {each.header for each in found})]
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for example, said in zip(found, pool.map(lambda each: fault(each, compiler), found), strict=True):
            print(f"{example.header}:{example.line}: {'FAILED' if said else 'compiles'}", flush=True)
            if said:
                faults.append(said)
    for text in faults:
        print(f"\nFAILED {text}")
    return 1 if faults or not found else 0


if __name__ == "__main__":
    sys.exit(main())
