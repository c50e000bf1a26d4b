"""Where a run comes from, what it took, and how to repeat it."""

from __future__ import annotations

import math

from titrant_analysis.report.formats import duration, number, size
from titrant_analysis.report.grid import Grid, plain_grid
from titrant_analysis.report.words import setting
from titrant_analysis.run import Run

PROVENANCE = {
    "command": "command",
    "started": "started (UTC)",
    "finished": "finished (UTC)",
    "hosts": "hosts",
    "ranks": "ranks",
    "resumed": "gone on from a checkpoint",
    "instruction_set": "instruction set",
    "commit": "commit",
    "compiler": "compiler",
    "build_type": "build",
    "libraries": "libraries",
}
QUANTUM = ("backend", "shots", "noise", "gradient")


def provenance(run: Run) -> list[tuple[str, str]]:
    """Facts as (name, value)."""
    facts = []
    for name, title in PROVENANCE.items():
        value = run.text(f"/provenance/{name}") if name not in ("ranks", "resumed") else None
        if value is None:
            count = run.number(f"/provenance/{name}")
            value = "" if math.isnan(count) else number(count) + (" times" if name == "resumed" else "")
        if value and value != "0 times":
            facts.append((title, value))
    memory = run.number("/provenance/peak_memory")
    if not math.isnan(memory):
        facts.append(("most memory of a rank", size(memory)))
    for path, title in (("/config/data_sha256", "SHA-256 of the data"),):
        digest = run.text(path)
        if digest:
            facts.append((title, digest))
    return facts


def stages(run: Run) -> Grid | None:
    names, seconds = run.texts("/provenance/stage"), run.numbers("/provenance/seconds")
    if not names or seconds is None:
        return None
    rows = [(name, duration(float(spent))) for name, spent in zip(names, seconds, strict=True)]
    rows.append(("together", duration(float(seconds.sum()))))
    return plain_grid("Time of each stage, on the first rank", ("stage", "time"), rows)


def resources(run: Run) -> Grid | None:
    """What a quantum computer would have to do for the run."""
    rows = []
    for name in run.datasets("/resources"):
        value = run.number(f"/resources/{name}")
        if not math.isnan(value):
            rows.append((name.replace("_", " "), number(value, 4), run.described(f"/resources/{name}")[1]))
    if not rows:
        return None
    headings = ("quantity", "number", "what is counted")
    return plain_grid("Circuits, shots and gates", headings, rows, ("what is counted",))


def quantum(run: Run) -> list[tuple[str, str]]:
    """How circuits were evaluated: back end, shots, noise, gradient rule."""
    found = [(name, setting(run, "quantum", name)) for name in QUANTUM]
    return [(name, value) for name, value in found if value]
