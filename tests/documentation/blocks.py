"""The code blocks of a page in Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("sh", "python", "r", "matlab", "yaml", "cpp", "text")
COMMAND = re.compile(
    r"(titrant|tools/|mpiexec|mpirun|srun|sbatch|cmake|ctest|apt-get|python3?|PYTHONPATH=|build/|h5|from \w+ import|import \w)"
)
"""How a line of code begins: such a line in an indented block is an example that nobody executes."""


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, its lines."""

    file: Path
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


class PageError(Exception):
    """A block that is not written as the rules ask."""


def fenced_blocks(file: Path, text: str) -> list[Block]:
    """All fenced blocks. Raises PageError for an unknown language, an open fence, or indented code."""
    blocks = []
    begun: tuple[int, str, str] | None = None
    lines: list[str] = []
    previous = ""
    for number, line in enumerate(text.splitlines(), start=1):
        fence = re.match(r"\s*```(\w*)\s*$", line)
        if begun is not None and fence:
            blocks.append(Block(file, begun[0], begun[1], "\n".join(lines) + "\n"))
            begun = None
        elif begun is not None:
            lines.append(line.removeprefix(begun[2]))
        elif fence:
            if fence[1] not in LANGUAGES:
                raise PageError(f"{file}:{number}: a fence without a language that is known: {', '.join(LANGUAGES)}")
            begun, lines = (number, fence[1], line[: len(line) - len(line.lstrip())]), []
        elif line.startswith("    ") and not previous.strip() and COMMAND.match(line.strip()):
            raise PageError(f"{file}:{number}: code belongs into a fence with its language: {line.strip()}")
        previous = line
    if begun is not None:
        raise PageError(f"{file}:{begun[0]}: this fence is never closed")
    return blocks


def commands(text: str) -> list[str]:
    """The commands of a shell block: continued lines put together, comments left out."""
    joined = re.sub(r"\\\n\s*", " ", text)
    stripped = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in joined.splitlines())
    return [line for line in stripped if line]
