from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import ALL_PARTS, LARGE, Asked, MakeRun

from titrant_analysis import Question, RunError, dose_unit, headline, open_run, success
from titrant_analysis.observed import observed_rates, wilson
from titrant_analysis.protocol import like_the_trial, trial_endpoint
from titrant_analysis.seal import seal_is_whole


def test_reads_names_and_values(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        assert run.populations() == ["renal", "adults"]  # in the order of the protocol
        assert run.regimens() == ["once", "by_weight"]
        assert run.endpoints() == ["control", "safe", "both"]
        assert run.methods() == ["qcnn", "logistic"]
        groups = [panel.group for panel in run.panels()]
        assert groups[1:3] == ["/population/renal/by_weight", "/population/adults/once"]
        assert run.texts("/trial/id")[:2] == ["S0", "S1"]
        assert run.numbers("/population/adults/once/dose")[0] == 0.5
        assert run.numbers("/absent") is None
        assert run.numbers("/population") is None
        assert run.texts("/absent/too") is None
        assert run.groups("/trial") == ["outcome"]


def test_names_that_the_protocol_lacks_follow_by_the_alphabet(make_run: MakeRun) -> None:
    with open_run(make_run("classifier", "population")) as run:
        assert run.populations() == ["adults", "renal"]
        assert run.regimens() == ["by_weight", "once"]
        assert run.endpoints() == ["both", "control", "safe"]
        assert headline(run) is None


def test_reads_what_was_asked(whole_run: Path) -> None:
    with open_run(whole_run) as run:
        assert headline(run) == Question("adults", "once", "control", 0.9)
        assert [dose_unit(run, name) for name in ("once", "by_weight", "absent")] == ["mg", "mg/kg", "mg"]
        assert success(run, "both") == (
            "all of control (biomarker below 2.5 ng/mL, measured values, 312 to 336 h after the first dose); "
            "safe (concentration below 60 ng/mL, at every instant, over one interval at steady state)"
        )
        assert trial_endpoint(run) == "control"


def test_the_trial_is_like_a_regimen_of_its_interval_alone(make_run: MakeRun) -> None:
    def alike(change: Callable[[h5py.File], None], asked: Asked = LARGE) -> list[str]:
        path = make_run("protocol", "trial", "population", asked=asked)
        with h5py.File(path, "r+") as file:
            change(file)
        with open_run(path) as run:
            return [panel.group for panel in like_the_trial(run)]

    def unchanged(_: h5py.File) -> None:
        pass

    def every_12_h(file: h5py.File) -> None:
        file["/trial/interval"][...] = 12.0

    def unsaid(file: h5py.File) -> None:
        del file["/trial/interval"]

    def banded(file: h5py.File) -> None:
        del file["/protocol/regimen/definition"]
        file["/protocol/regimen/definition"] = ["{bands: {weight: {up_to: {60: 1, .inf: 2}}}}"] * 5

    # Loading doses and doses by weight have the interval too, and other amounts.
    assert alike(unchanged) == ["/population/adults/daily"]
    assert alike(every_12_h) == ["/population/adults/twice"]
    assert alike(unsaid) == []
    assert alike(banded) == []


def test_reads_utf8(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "run.h5", "w") as file:
        file.attrs["filetype"] = "titrant run"
        file.attrs["format_version"] = np.array([2, 4])
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
    for version in (1, 3):
        refusal = f"has store format {version}.0, and this titrant_analysis reads format 2: run again .*titrant 0.1.0"
        with pytest.raises(RunError, match=refusal):
            open_run(make_run(version=version))


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
        file["/trial/outcome/control"][47] = np.nan  # the one failure at 10 mg
    with open_run(whole_run) as run:
        rates = {rate.dose: (rate.successes, rate.count) for rate in observed_rates(run, "control")}
    assert rates == {0.0: (0, 12), 1.0: (0, 12), 3.0: (6, 12), 10.0: (11, 11)}


def test_observed_rates_of_a_run_without_trial(make_run: MakeRun, whole_run: Path) -> None:
    with open_run(whole_run) as run:
        assert observed_rates(run, "safe") == []  # only measured endpoints have outcomes
    with open_run(make_run(*(part for part in ALL_PARTS if part != "trial"))) as run:
        assert observed_rates(run, "control") == []
