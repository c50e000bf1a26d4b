#!/usr/bin/env python3
"""Follows the recipes of src/README.md to the letter, and tries what comes of them.

A recipe names a file and where its lines go: "in a new file `F`:", "In `F`, before (after) the line `L`:". What it changes is compiled as the build compiles it,
and linked in front of the library of the build, so that a whole build is not needed.
Usage: recipes.py TITRANT SOURCE BUILD
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from blocks import fenced_blocks

NEW = re.compile(r"(?:new file|its own,|here) `([\w./]+)`:$")
BESIDE = re.compile(r"In `([\w./]+)`, (before|after) the line `(.+)`:$")
SETTINGS = (
    "pk.structure=one_compartment",
    "pk.starts=1",
    "pd.structure=none",
    "training.on=trial",
    "training.steps=6",
    "cohort.size=60",
    "dose.daily.step=4",
    "dose.weekly.step=40",
    "uncertainty.source=none",
    "diagnostics.simulations=0",
    "output.report=false",
)
"""Small work."""


def follow(page: Path, source: Path, overlay: Path) -> list[Path]:
    """Writes what the recipes say into the overlay; the files that were made or changed, in their order."""
    text = page.read_text()
    lines = text.splitlines()
    touched: list[Path] = []
    for block in fenced_blocks(page, text):
        said = lines[block.line - 3]  # the line before the fence and the blank one
        new, beside = NEW.search(said), BESIDE.search(said)
        if new is None and beside is None:
            raise SystemExit(f"{block.place}: the line before does not say where this goes: {said}")
        name = Path((new or beside)[1])  # type: ignore[index]
        target = overlay / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if new is not None:
            target.write_text(block.text)
        else:
            old = (target if target.exists() else source / name).read_text()
            line = beside[3] + "\n"  # type: ignore[index]
            if old.count(line) != 1:
                raise SystemExit(f"{name} has the line `{line.strip()}` {old.count(line)} times")
            inserted = block.text + line if beside[2] == "before" else line + block.text  # type: ignore[index]
            target.write_text(old.replace(line, inserted))
        if name not in touched:
            touched.append(name)
    return touched


class Build:
    """How the build compiles and links."""

    def __init__(self, source: Path, build: Path) -> None:
        self.source, self.build = source, build
        database = subprocess.run(["ninja", "-C", str(build), "-t", "compdb"], check=True, capture_output=True, text=True).stdout
        self.commands = [entry for entry in json.loads(database) if entry["file"].endswith(".cpp") and " -c " in entry["command"]]

    def compile(self, name: Path, overlay: Path) -> Path:
        """The object of a source of the overlay, with the options of a neighbour of its."""
        neighbour = next(
            entry for entry in self.commands if Path(entry["file"]).parent == self.source / name.parent
        ) if name.parts[0] == "src" else next(entry for entry in self.commands if entry["file"].endswith("cli/main.cpp"))
        words = shlex.split(neighbour["command"])
        words = [word for word in words if word != neighbour["file"] and word != "-c"]
        words[words.index("-o") + 1] = str(overlay / name.with_suffix(".o"))
        include = [f"-I{self.source / name.parent}"]  # headers beside it
        subprocess.run([*words, *include, "-c", str(overlay / name)], cwd=neighbour["directory"], check=True)
        return overlay / name.with_suffix(".o")

    def link(self, program: Path, objects: list[Path], with_commands: bool) -> None:
        """A program of these objects, the command line of titrant if wanted, and the library for the rest."""
        ninja = ["ninja", "-C", str(self.build), "-t", "commands", "bin/titrant"]
        printed = subprocess.run(ninja, check=True, capture_output=True, text=True).stdout
        command = next(line for line in reversed(printed.splitlines()) if "-o bin/titrant" in line)
        words = shlex.split(command.split("&&")[1])
        words[words.index("-o") + 1] = str(program)
        if not with_commands:
            words = [word for word in words if not word.endswith(".cpp.o")]
        words[words.index("-o") : words.index("-o")] = map(str, objects)
        subprocess.run(words, cwd=self.build, check=True)


def run(*command: object, folder: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"exit code {done.returncode}: {command}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    titrant, source, build = Path(sys.argv[1]), Path(sys.argv[2]), Build(Path(sys.argv[2]), Path(sys.argv[3]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        touched = follow(source / "src/README.md", source, folder)
        objects = [build.compile(file, folder) for file in touched if file.parts[0] == "src" and file.suffix == ".cpp"]
        changed = folder / "titrant"
        build.link(changed, objects, with_commands=True)
        small = [word for line in SETTINGS for word in ("--set", line)]
        midpoint = [*small, "--set", "classifier.compare=[midpoint]"]

        # The classifier is refused by the program as it is, and answers in the changed one.
        refused = subprocess.run([titrant, "check", *midpoint], cwd=folder, capture_output=True, text=True)
        assert refused.returncode == 2 and "midpoint" in refused.stderr, refused.stderr
        said = run(changed, "run", *midpoint, "--output", "run.h5", folder=folder)
        assert re.search(r"^midpoint +regimen.*\n +base +daily +0\.9 +[\d.]+ ", said, re.MULTILINE), said
        assert "midpoint" in run(changed, "inspect", "run.h5", "--answers", folder=folder)

        # iSWAP takes |10> to i |01>, and iSWAP twice takes it back.
        for times, state in ((1, "10"), (2, "01")):
            circuit = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; bit[2] c; x q[0]; "
            (folder / "swap.qasm").write_text(circuit + times * "iswap q[0], q[1]; " + "c = measure q;\n")
            found = json.loads(run(changed, "circuit", "run", "swap.qasm", "--json", folder=folder))["probabilities"]
            assert abs(found[state] - 1.0) < 1e-12, found

        # The PK model finds the people that it was given.
        program = folder / "bolus"
        build.link(program, [build.compile(Path("bolus.cpp"), folder)], with_commands=False)
        estimates = {line.split()[0]: float(line.split()[1]) for line in run(program, folder=folder).splitlines()}
        for parameter, truth, tolerance in (("clearance", 5.0, 0.15), ("volume", 50.0, 0.1), ("omega.clearance", 0.3, 0.35)):
            assert abs(estimates[parameter] / truth - 1.0) < tolerance, estimates  # some three standard errors of 40 people

        # The scenario is answered, by the program as it is.
        run(titrant, "run", "--config", "elderly.yaml", *small, "--output", "elderly.h5", folder=folder)
        answers = json.loads(run(titrant, "inspect", "elderly.h5", "--json", folder=folder))["answers"]
        assert {(answer["scenario"], answer["target"]) for answer in answers} == {("elderly", 0.9)}, answers
    print("a classifier, a PK model, a gate and a scenario: all four recipes work as written")


if __name__ == "__main__":
    os.environ.setdefault("OMPI_ALLOW_RUN_AS_ROOT", "1")
    os.environ.setdefault("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
    main()
