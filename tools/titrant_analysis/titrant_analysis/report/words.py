"""Settings of a run as its store holds them."""

from __future__ import annotations

from titrant_analysis.run import Run


def setting(run: Run, section: str, key: str) -> str | None:
    """A value of the resolved configuration, as titrant writes it: a key a line, two blanks deeper than its section."""
    inside = False
    for line in (run.text("/config/resolved") or "").splitlines():
        if not line.startswith(" "):
            inside = line.rstrip() == f"{section}:"
        elif inside and line.startswith(f"  {key}: "):
            return line.split(": ", 1)[1]
    return None
