"""What stores of these tests hold, a run writes: every dataset is one that src/store/README.md describes."""

import re
from pathlib import Path

import h5py
import pytest
from conftest import EVERY_PART, MakeRun

DESCRIPTION = Path(__file__).parents[3] / "src/store/README.md"
COVARIATES = "weight|comed|smoking|stage"


def described() -> list[str]:
    """The paths that a run store may have, as regular expressions."""
    of_runs = DESCRIPTION.read_text(encoding="utf-8").split("### `/member`")[0]
    patterns: list[str] = []
    groups: list[str] = []
    for line in of_runs.splitlines():
        if line.startswith("### `/"):
            groups = re.findall(r"`(/[^`]*)`", line)
        elif row := re.match(r"\| `([^`@]+)` \|", line):
            for group in groups:
                path = re.escape(f"{group.rstrip('/')}/{row[1]}").replace("<covariate>", f"({COVARIATES})")
                patterns.append(re.sub(r"<\w+>", "[^/]+", path))
    return patterns


def test_the_stores_of_these_tests_are_as_a_run_writes_them(make_run: MakeRun) -> None:
    if not DESCRIPTION.is_file():
        pytest.skip("installed without the sources")
    known = re.compile("|".join(described()))
    paths: list[str] = []
    with h5py.File(make_run(*EVERY_PART)) as file:
        file.visititems(lambda name, item: paths.append(f"/{name}") if isinstance(item, h5py.Dataset) else None)
    assert [path for path in paths if not known.fullmatch(path)] == []
    assert not known.fullmatch("/trial/no_such_thing")
