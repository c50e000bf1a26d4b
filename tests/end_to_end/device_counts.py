"""Counts of the circuits that `titrant device export` wrote, by titrant's own simulator.

Usage: device_counts.py TITRANT FOLDER COUNTS.json [OPTION ...]; options go to `titrant circuit run`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def counts_of(titrant: str, program: Path, shots: int, seed: int, options: list[str]) -> dict[str, int]:
    command = [titrant, "circuit", "run", str(program), "--json", "--shots", str(shots), "--seed", str(seed), *options]
    done = subprocess.run(command, capture_output=True, check=True)
    counts: dict[str, int] = json.loads(done.stdout)["counts"]
    return counts


def main() -> None:
    titrant, folder, output, *options = sys.argv[1:]
    circuits = json.loads((Path(folder) / "manifest.json").read_text())["circuits"]
    counts = {
        circuit["name"]: counts_of(titrant, Path(folder) / circuit["file"], circuit["shots"], seed, options)
        for seed, circuit in enumerate(circuits, start=1)
    }
    Path(output).write_text(json.dumps(counts))


if __name__ == "__main__":
    main()
