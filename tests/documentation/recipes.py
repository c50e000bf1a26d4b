#!/usr/bin/env python3
"""Follows the recipes of src/README.md to the letter, and tries what comes of them.

A recipe names a file and where its lines go: "in a new file `F`:", "In `F`, before (after) the line `L`:". What it changes is compiled as the build compiles it,
and linked in front of the library of the build, so that a whole build is not needed.
Usage: recipes.py TITRANT SOURCE BUILD
"""

from __future__ import annotations

import json
import math
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from blocks import fenced_blocks

NEW = re.compile(r"(?:new file|its own,|here) `([\w./]+)`:$")
BESIDE = re.compile(r"In `([\w./]+)`, (before|after) the line `(.+)`:$")
MACRO = re.compile(r"^#define (\w+)", re.MULTILINE)
SETTINGS = (
    "pk.structure=one_compartment",
    "pk.starts=1",
    "training.steps=6",
    "cohort.size=60",
    "uncertainty.source=none",
    "diagnostics.simulations=0",
    "output.report=false",
)
"""Small work."""
NO_BIOMARKER = ("pd.structure=none", "training.on=trial")
FEW_DOSES = ("regimens={daily: {interval: 24, doses: [4, 8, 12, 16]}}",)
BIOMARKER_AS_IT_IS = ("pd.search={enabled: false, variability: false}", "pd.starts=1")


def options(*settings: str) -> list[str]:
    return [word for line in (*SETTINGS, *settings) for word in ("--set", line)]


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
        compiled = [entry for entry in json.loads(database) if entry["output"].endswith(".o")]
        self.commands = [entry for entry in compiled if "cmake_pch" not in entry["file"]]

    def compile(self, name: Path, overlay: Path) -> Path:
        """The object of a source of the overlay, with the options of its part; of a program, with those of the command line."""
        target = f"titrant_{name.parts[1] if name.parts[0] == 'src' else 'cli'}.dir/"
        neighbour = next(entry for entry in self.commands if target in entry["output"])
        words = shlex.split(neighbour["command"])
        words = [word for word in words if word not in (neighbour["file"], "-c", "-MD")]
        made = overlay / name.with_suffix(".o")
        made.parent.mkdir(parents=True, exist_ok=True)
        words[words.index("-o") + 1] = str(made)
        for option in ("-MT", "-MF"):  # which headers it has is not for the build to know
            del words[words.index(option) : words.index(option) + 2]
        first = next(place for place, word in enumerate(words) if word.startswith("-"))
        words[first:first] = [f"-I{overlay / 'src/include'}", f"-I{self.source / name.parent}"]  # changed headers first
        text = overlay / name if (overlay / name).exists() else self.source / name
        subprocess.run([*words, "-c", str(text)], cwd=neighbour["directory"], check=True)
        return made

    def users_of_macros(self, header: Path) -> list[Path]:
        """The sources in which a macro of this header has its place."""
        macros = MACRO.findall(header.read_text())
        sources = sorted((self.source / "src").rglob("*.cpp"))
        return [file.relative_to(self.source) for file in sources if any(macro in file.read_text() for macro in macros)]

    def link(self, program: Path, objects: list[Path], with_commands: bool) -> None:
        """A program of these objects, the command line of titrant if wanted, and the library for the rest."""
        ninja = ["ninja", "-C", str(self.build), "-t", "commands", "bin/titrant"]
        printed = subprocess.run(ninja, check=True, capture_output=True, text=True).stdout
        command = next(line for line in reversed(printed.splitlines()) if "-o bin/titrant" in line)
        words = shlex.split(command.split("&&")[1])
        words[words.index("-o") + 1] = str(program)
        if not with_commands:
            words = [word for word in words if not word.endswith(".o")]
        # The first definition counts: objects of the build may hold several sources, one of them changed.
        words[words.index("-o") : words.index("-o")] = ["-Wl,--allow-multiple-definition", *map(str, objects)]
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
        sources = [file for file in touched if file.parts[0] == "src" and file.suffix == ".cpp"]
        for file in touched:
            if file.suffix == ".hpp" and file.parts[:2] == ("src", "include"):
                sources += build.users_of_macros(folder / file)
        changed = folder / "titrant"
        build.link(changed, [build.compile(file, folder) for file in sources], with_commands=True)

        def answers(program: Path, *arguments: str) -> list[dict[str, Any]]:
            run(program, "run", *arguments, "--output", "run.h5", "--force", folder=folder)
            found: list[dict[str, Any]] = json.loads(run(program, "inspect", "run.h5", "--json", folder=folder))["answers"]
            return found

        def refused(*arguments: str) -> str:
            done = subprocess.run([titrant, "check", *arguments], cwd=folder, capture_output=True, text=True)
            assert done.returncode == 2, (arguments, done.stdout, done.stderr)
            return done.stderr

        # A regimen, an endpoint and a population, by the program as it is.
        found = answers(titrant, "--config", "every_other_day.yaml", *options(*NO_BIOMARKER))
        assert {one["regimen"] for one in found} == {"every_other_day"}, found
        with_biomarker = options(*FEW_DOSES, *BIOMARKER_AS_IT_IS)
        found = answers(titrant, "--config", "effective_and_safe.yaml", *with_biomarker)
        combined = [one for one in found if one["endpoint"] == "effective_and_safe"]
        assert combined and {one["direction"] for one in combined} == {"window"}, found
        found = answers(titrant, "--config", "elderly.yaml", *options(*NO_BIOMARKER, *FEW_DOSES))
        assert {(one["population"], one["target"]) for one in found} == {("elderly", 0.9)}, found

        # A distribution, a stage and a classifier are refused or missing in the program as it is, and work in the changed one.
        log_uniform = options(*NO_BIOMARKER, *FEW_DOSES, "populations={base: {weight: {log_uniform: [50, 100]}, comed: {share: 0.5}}}")
        assert "log_uniform" in refused(*log_uniform)
        midpoint = [*log_uniform, "--set", "classifier.compare=[midpoint]"]
        assert "midpoint" in refused(*midpoint)
        found = answers(changed, *midpoint)
        assert {one["method"] for one in found} == {"qcnn", "midpoint"}, found
        assert "midpoint" in run(changed, "inspect", "run.h5", "--answers", folder=folder)
        with h5py.File(folder / "run.h5", "r") as store:
            weights = store["/population/base/daily/covariate/weight"][:]
            assert abs(np.log(weights).mean() - math.log(5000.0) / 2.0) < 0.1, weights  # 60 subjects: standard error 0.026
            half_life = store["/pk/half_life/half_life"]
            assert half_life.attrs["units"] in (b"h", "h") and half_life[0] > 0.0, half_life
        run(titrant, "run", *options(*NO_BIOMARKER, *FEW_DOSES), "--output", "run.h5", "--force", folder=folder)
        with h5py.File(folder / "run.h5", "r") as store:
            assert "/pk/half_life" not in store

        # Its square is iSWAP, which takes |10> to i |01>; its fourth power takes it back.
        for times, state in ((2, "10"), (4, "01")):
            circuit = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; bit[2] c; x q[0]; "
            (folder / "swap.qasm").write_text(circuit + times * "sqiswap q[0], q[1]; " + "c = measure q;\n")
            found = json.loads(run(changed, "circuit", "run", "swap.qasm", "--json", folder=folder))["probabilities"]
            assert abs(found[state] - 1.0) < 1e-12, found

        # The PK model finds the parameters that its data were made with.
        program = folder / "bolus"
        build.link(program, [build.compile(Path("bolus.cpp"), folder)], with_commands=False)
        estimates = {line.split()[0]: float(line.split()[1]) for line in run(program, folder=folder).splitlines()}
        for parameter, truth, tolerance in (("clearance", 5.0, 0.15), ("volume", 50.0, 0.1), ("omega.clearance", 0.3, 0.35)):
            assert abs(estimates[parameter] / truth - 1.0) < tolerance, estimates  # some three standard errors of 40 subjects
    print("a regimen, an endpoint, a population, a distribution, a stage, a classifier, a PK model and a gate: all recipes work as written")


if __name__ == "__main__":
    os.environ.setdefault("OMPI_ALLOW_RUN_AS_ROOT", "1")
    os.environ.setdefault("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
    main()
