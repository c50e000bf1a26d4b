#!/usr/bin/env python3
"""Executes every fenced block of every README, as README.md of this folder says.

Usage: examples.py TITRANT MPIEXEC SOURCE BUILD [README ...]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from blocks import Block, PageError, commands, fenced_blocks
from exceptions import NOT_EXECUTED
from fixtures import forget, make_folder

RECIPES = Path("src/README.md")
LONGEST = 300  # seconds of one block
PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


def readmes(source: Path) -> list[Path]:
    """All READMEs but those of build folders, the root's first."""
    found = (file.relative_to(source) for file in source.rglob("README.md"))
    return sorted((file for file in found if file.parts[0] != "build"), key=lambda file: (len(file.parts), str(file)))


def has_rhdf5() -> bool:
    question = ["Rscript", "-e", "quit(status = !requireNamespace('rhdf5', quietly = TRUE))"]
    return shutil.which("Rscript") is not None and subprocess.run(question, capture_output=True).returncode == 0


class Runner:
    """Executes blocks in one folder and notes what became of them."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.failures: list[str] = []
        self.left_out: set[str] = set()
        self.has_rhdf5 = has_rhdf5()

    def execute(self, block: Block) -> None:
        start = time.monotonic()
        what = getattr(self, f"_{block.language}")(block)
        print(f"{block.place:<48} {block.language:<7} {what} ({time.monotonic() - start:.1f} s)", flush=True)

    def _run(self, block: Block, command: list[str], said: str) -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=LONGEST
        )
        if done.returncode == 0:
            return "done"
        output = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        self.failures.append(f"{block.place}: exit code {done.returncode}: {said}\n{output}")
        return f"FAILED with exit code {done.returncode}"

    def _sh(self, block: Block) -> str:
        lines = commands(block.text)
        chosen = [line for line in lines if line not in NOT_EXECUTED]
        self.left_out.update(line for line in lines if line in NOT_EXECUTED)
        for line in chosen:
            forget(self.folder, line)
        if not chosen:
            return f"not executed: {NOT_EXECUTED[lines[0]]}"
        done = self._run(block, ["bash", "-euo", "pipefail", "-c", "\n".join(chosen)], "; ".join(chosen))
        return done + "".join(f"; but for `{line}`: {NOT_EXECUTED[line]}" for line in lines if line in NOT_EXECUTED)

    def _python(self, block: Block) -> str:
        preface = "import h5py\n" if "h5py." in block.text and "import h5py" not in block.text else ""
        self.environment["PYTHONPATH"] = str(self.folder / "tools/titrant_analysis")
        return self._run(block, [PYTHON, "-c", preface + block.text], block.text)

    def _r(self, block: Block) -> str:
        if not self.has_rhdf5:
            return "not executed: needs R with rhdf5"
        return self._run(block, ["Rscript", "-e", block.text], block.text)

    def _matlab(self, block: Block) -> str:
        return "not executed: there is no MATLAB to try it with"

    def _text(self, block: Block) -> str:
        return "is shown, not executed"

    def _cpp(self, block: Block) -> str:
        if block.file != RECIPES:
            self.failures.append(f"{block.place}: C++ outside the recipes is compiled by no test")
        return "compiled by recipes.py"

    def _yaml(self, block: Block) -> str:
        file = self.folder / "example.yaml"
        file.write_text(block.text)
        return self._run(block, ["titrant", "check", "--config", file.name], block.text)


def main() -> int:
    titrant, mpiexec, source, build = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    chosen = [Path(file) for file in sys.argv[5:]] or readmes(source)
    left_out: set[str] = set()
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "checkout"
        environment = make_folder(whole, source, build, titrant, mpiexec)
        fresh = Path(folder) / "fresh"
        whole.rename(fresh)
        for file in chosen:
            try:
                blocks = fenced_blocks(file, (source / file).read_text())
            except PageError as error:
                failures.append(str(error))
                continue
            runner = Runner(whole, environment)
            for block in blocks:
                shutil.copytree(fresh, whole, symlinks=True)
                runner.execute(block)
                shutil.rmtree(whole)
            failures += runner.failures
            left_out |= runner.left_out
    if not sys.argv[5:]:
        failures += [f"exceptions.py: no README says `{line}`" for line in NOT_EXECUTED if line not in left_out]
    for failure in failures:
        print(f"\nFAILED {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
