from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import put

from titrant_analysis import RunError, campaign_table, open_campaign

NONE = np.nan


def write_index(file: Path, links: dict[str, str]) -> Path:
    """Two variants of two seeds each; the first row is asked of the first two members."""
    with h5py.File(file, "w") as index:
        index.attrs["filetype"] = "titrant campaign"
        index.attrs["format_version"] = np.array([2, 0])
        put(index, "/campaign/member", list(links))
        put(index, "/campaign/setting/seed", ["1", "2", "1", "2"], axes=("/campaign/member",))
        put(index, "/campaign/setting/pk.error", ["a", "a", "b", "b"], axes=("/campaign/member",))
        put(index, "/decision/row", np.arange(2))
        put(index, "/decision/member", list(links))
        axes = ("/decision/row", "/decision/member")
        put(index, "/decision/variant", ["pk.error=a", "pk.error=b"], axes=axes[:1])
        put(index, "/decision/direction", ["rising", "falling"], axes=axes[:1])
        put(index, "/decision/dose_unit", ["mg", "mg/kg"], axes=axes[:1])
        for name in ("population", "endpoint", "method", "rule"):
            put(index, f"/decision/{name}", [name, name], axes=axes[:1])
        put(index, "/decision/regimen", ["once", "by_weight"], axes=axes[:1])
        put(index, "/decision/target", [0.9, 0.75], axes=axes[:1])
        put(index, "/decision/asked", [[1, 1, 0, 0], [0, 0, 1, 1]], axes=axes)
        put(index, "/decision/dose", [[4.0, 6.0, NONE, NONE], [NONE, NONE, NONE, 8.0]], axes=axes)
        for name, target in links.items():
            index[f"/member/{name}"] = h5py.ExternalLink(target, "/")
    return file


NAMES = {f"member_000{number}": f"member_000{number}/run.h5" for number in range(1, 5)}


def test_reads_members_and_cells(tmp_path: Path) -> None:
    with open_campaign(write_index(tmp_path / "campaign.h5", NAMES)) as campaign:
        members = campaign.members()
        assert [member.name for member in members] == list(NAMES)
        assert members[3].settings == {"seed": "2", "pk.error": "b"}
        first, second = campaign.cells()
    assert (first.variant, first.population, first.target, first.method) == ("pk.error=a", "population", 0.9, "method")
    assert first.members == ("member_0001", "member_0002")
    assert (first.answered, first.quantile(0.5), first.quantile(0.95)) == (1.0, 4.0, 6.0)
    assert second.members == ("member_0003", "member_0004")
    assert (second.answered, second.quantile(0.5), second.quantile(0.95)) == (0.5, 0.0, 8.0)  # success falls: none is 0


def test_opens_the_run_of_a_member(whole_run: Path) -> None:
    links = {**NAMES, "member_0002": whole_run.name}
    with open_campaign(write_index(whole_run.parent / "campaign.h5", links)) as campaign:
        with campaign.open("member_0002") as member:
            assert member.populations() == ["renal", "adults"]
        with pytest.raises(RunError, match="no such file"):
            campaign.open("member_0001")
        with pytest.raises(RunError, match="has no member"):
            campaign.open("member_0009")


def test_refuses_what_leads_elsewhere(tmp_path: Path, whole_run: Path) -> None:
    for target in ("/etc/run.h5", "../run.h5", "a/../../run.h5"):
        with pytest.raises(RunError, match="leads outside"):
            open_campaign(write_index(tmp_path / "campaign.h5", {**NAMES, "member_0003": target}))
    with pytest.raises(RunError, match="is not a titrant campaign"):
        open_campaign(whole_run)


def test_doses_have_the_units_of_their_regimens(tmp_path: Path) -> None:
    with open_campaign(write_index(tmp_path / "campaign.h5", NAMES)) as campaign:
        columns = {column.name: column.values for column in campaign_table(campaign).columns}
    assert columns["dose_unit"] == ["mg", "mg/kg"]
    assert columns["median"] == [4.0, 0.0]


def test_refuses_an_index_of_an_older_format(tmp_path: Path) -> None:
    path = write_index(tmp_path / "campaign.h5", NAMES)
    with h5py.File(path, "r+") as index:
        index.attrs["format_version"] = np.array([1, 0])
    with pytest.raises(RunError, match="has store format 1.0, and this titrant_analysis reads format 2"):
        open_campaign(path)
