from __future__ import annotations

import hashlib
import random
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import ALL_PARTS, MakeRun

from titrant_analysis import RunError, open_run
from titrant_analysis.observed import observed_rates, wilson
from titrant_analysis.seal import seal_is_whole


def test_reads_names_and_values(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        assert run.scenarios() == ["base", "heavy", "no_comed"]
        assert run.regimens() == ["daily", "weekly"]
        assert run.classifiers() == ["qcnn", "logistic"]
        assert run.texts("/trial/id")[:2] == ["S0", "S1"]
        assert run.numbers("/scenario/base/daily/dose")[0] == 0.5
        assert run.numbers("/absent") is None
        assert run.numbers("/scenario") is None
        assert run.texts("/absent/too") is None
        assert run.groups("/trial") == []


def test_reads_utf8(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "run.h5", "w") as file:
        file.attrs["filetype"] = "titrant run"
        file.attrs["format_version"] = np.array([1, 4])
        names = [text.encode() for text in ("Zürich", "Θ₃", "")]
        file.create_dataset("names", data=np.array(names, dtype=h5py.string_dtype("utf-8", 8)))
    with open_run(tmp_path / "run.h5") as run:
        assert run.texts("/names") == ["Zürich", "Θ₃", ""]


def test_refuses_what_is_no_run(tmp_path: Path, make_run: MakeRun) -> None:
    with pytest.raises(RunError, match="no such file"):
        open_run(tmp_path / "absent.h5")
    (tmp_path / "text.h5").write_text("seed: 1\n")
    with pytest.raises(RunError, match="not a whole HDF5 file"):
        open_run(tmp_path / "text.h5")
    with pytest.raises(RunError, match="not a titrant run"):
        open_run(make_run(filetype="statepoint"))
    with pytest.raises(RunError, match="has format 2"):
        open_run(make_run(version=2))


def test_refuses_a_truncated_file(whole_run: Path) -> None:
    whole = whole_run.read_bytes()
    for size in (0, 100, len(whole) // 2, len(whole) - 1):
        whole_run.write_bytes(whole[:size])
        with pytest.raises(RunError):
            open_run(whole_run)


def sealed(content: bytes) -> bytes:
    """As src/store/README.md says it."""
    blocks = [content[begin : begin + (16 << 20)] for begin in range(0, len(content), 16 << 20)]
    digests = "".join(hashlib.sha256(block).hexdigest() for block in blocks)
    return content + f"\ntitrant seal {hashlib.sha256(digests.encode()).hexdigest()}\n".encode()


def test_refuses_a_file_with_a_flipped_bit(whole_run: Path) -> None:
    whole = sealed(whole_run.read_bytes())
    whole_run.write_bytes(whole)
    open_run(whole_run).close()
    chance = random.Random(1)
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole) - 79)] ^= 1 << chance.randrange(8)
        whole_run.write_bytes(damaged)
        with pytest.raises(RunError):
            open_run(whole_run)


def test_seals_span_blocks(tmp_path: Path) -> None:
    content = b"x" * ((16 << 20) + 5)
    (tmp_path / "large").write_bytes(sealed(content))
    assert seal_is_whole(tmp_path / "large")
    (tmp_path / "large").write_bytes(sealed(content).replace(b"x", b"y", 1))
    assert not seal_is_whole(tmp_path / "large")


# R. G. Newcombe, Stat. Med. 17:857 (1998), table I, method 3.
@pytest.mark.parametrize(
    ("successes", "count", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval_is_the_published_one(successes: int, count: int, lower: float, upper: float) -> None:
    # Four decimals are printed.
    assert wilson(successes, count) == pytest.approx((lower, upper), abs=5.1e-5)
    assert wilson(count - successes, count) == pytest.approx((1 - upper, 1 - lower), abs=5.1e-5)


def test_observed_rates_leave_out_unlabelled_subjects(whole_run: Path) -> None:
    with h5py.File(whole_run, "r+") as file:
        file["/trial/responder"][47] = np.nan  # the one failure at 10 mg
    with open_run(whole_run) as run:
        rates = {rate.dose: (rate.successes, rate.count) for rate in observed_rates(run)}
    assert rates == {0.0: (0, 12), 1.0: (0, 12), 3.0: (6, 12), 10.0: (11, 11)}


def test_observed_rates_of_a_run_without_trial(make_run: MakeRun) -> None:
    with open_run(make_run(*(part for part in ALL_PARTS if part != "trial"))) as run:
        assert observed_rates(run) == []
