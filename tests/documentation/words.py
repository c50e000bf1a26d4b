#!/usr/bin/env python3
"""Holds what READMEs and THEORY.md name against what there is: links and their anchors, files and folders, commands with their options, and
keys of the configuration, and tests.

Usage: words.py TITRANT SOURCE CTEST BUILD
"""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`([^`\n]+)`")
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(?:src|tests|tools|configs|jobs|include|packaging)/[\w./-]*\w\.(?:\w+)")
NO_COMMANDS = ("titrant seal <digest>",)
"""What begins like a command and is none: the last line of a store."""
TESTS = re.compile(r"""(?<=[` ])-R (?:"([^"`]+)"|([\w.]+))""")
KEY = re.compile(r"[a-z]\w*(?:\.[a-z]\w*)+")


def anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    words = re.sub(r"[^\w\s-]", "", re.sub(r"[`*]", "", heading).strip().lower())
    return words.replace(" ", "-")


@cache
def anchors(file: Path) -> frozenset[str]:
    return frozenset(anchor(found) for found in re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE))


class Program:
    """What `titrant documentation markdown` says: options by command, and keys."""

    def __init__(self, titrant: str) -> None:
        text = subprocess.run([titrant, "documentation", "markdown"], check=True, capture_output=True, text=True).stdout
        sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
        self.options = {
            title.removeprefix("titrant "): set(re.findall(r"--[\w-]+", body)) | {"--help"}
            for title, body in (section.split("\n", 1) for section in sections)
            if title.startswith("titrant ")
        }
        self.keys = set(re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE))
        self.sections = {key.split(".")[0] for key in self.keys if "." in key}
        self.inner = {key.rsplit(".", depth)[0] for key in self.keys for depth in range(1, key.count(".") + 1)}

    def fault_of(self, command: str) -> str:
        """What is wrong with `titrant COMMAND ...` as a README has it; empty: nothing."""
        words = command.split()
        name = " ".join(words[1:3])
        if name not in self.options:
            name = words[1] if len(words) > 1 else ""
        if command in NO_COMMANDS or len(words) < 2 or words[1].startswith("-") or words[1] in ("help", "<command>", "COMMAND"):
            return ""
        has_actions = any(known.startswith(f"{name} ") for known in self.options)
        choices = words[-1].split("|") if has_actions and "|" in words[-1] else []
        if any(f"{name} {choice}" not in self.options for choice in choices if choice):
            return f"there is no action {words[-1]}"
        if name not in self.options:
            return f"there is no command {name}"
        options = re.findall(r"(?<!\S)--[a-z][\w-]*", command)
        unknown = [option for option in options if option not in self.options[name]]
        return f"{name} has no option {', '.join(unknown)}" if unknown else ""


def alternatives(pattern: str) -> list[str]:
    """(a|b).C|D as a.C, b.C and D: what a reader takes each for."""
    parts = [part.split("|") for part in re.split(r"\(([^)]*)\)", pattern)]
    whole = [parts[place] if place % 2 else ["|".join(parts[place])] for place in range(len(parts))]
    return sorted({one for chosen in itertools.product(*whole) for one in "".join(chosen).split("|")})


def names_of_tests(ctest: str, build: str) -> list[str]:
    listed = subprocess.run([ctest, "-N", "--test-dir", build], check=True, capture_output=True, text=True).stdout
    return re.findall(r"Test +#\d+: (\S+)", listed)


def faults_of(file: Path, source: Path, program: Program, tests: list[str]) -> list[str]:
    text = file.read_text()
    found = []
    for quoted, plain in TESTS.findall(text):
        for pattern in alternatives(quoted or plain):
            if not any(re.search(pattern, test) for test in tests):
                found.append(f"no test is called {pattern}")
    for target in LINK.findall(FENCED.sub("", text)):
        if re.match(r"\w+:", target):
            continue
        path, _, fragment = target.partition("#")
        linked = (file.parent / path).resolve() if path else file
        if not linked.exists():
            found.append(f"the link {target} leads nowhere")
        elif fragment and fragment not in anchors(linked):
            found.append(f"{linked.name} has no heading #{fragment}")
    shell = " ".join(SHELL.findall(text))
    made_by_recipes = set(re.findall(r"in a new file `([^`]+)`", text, re.IGNORECASE))
    for name in sorted(set(FILE.findall(text)) - made_by_recipes):
        if "*" not in name and not (source / name).exists() and f"--output {name}" not in shell:
            found.append(f"there is no {name}")
    for quoted in QUOTED.findall(text):
        if quoted.startswith("titrant "):
            fault = program.fault_of(quoted)
            if fault:
                found.append(f"`{quoted}`: {fault}")
        elif KEY.fullmatch(quoted) and quoted.split(".")[0] in program.sections:
            if quoted not in program.keys | program.inner and not is_file(quoted):
                found.append(f"there is no key `{quoted}`")
    return found


def is_file(word: str) -> bool:
    """`data.csv` is a file and no key."""
    return word.rsplit(".", 1)[-1] in ("csv", "h5", "yaml", "py", "hpp", "cpp", "html", "json", "qasm", "sh")


def main() -> int:
    program, source, tests = Program(sys.argv[1]), Path(sys.argv[2]), names_of_tests(*sys.argv[3:5])
    pages = [page for name in ("README.md", "THEORY.md") for page in source.rglob(name)]
    pages = [page for page in pages if page.relative_to(source).parts[0] != "build"]
    faults = [
        f"{page.relative_to(source)}: {fault}"
        for page in sorted(pages)
        for fault in faults_of(page, source, program, tests)
    ]
    print("\n".join(faults) or f"{len(pages)} pages, nothing amiss")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
