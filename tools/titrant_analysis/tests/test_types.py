"""The package is typed throughout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def test_types_are_consistent(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path)]
    checked = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
