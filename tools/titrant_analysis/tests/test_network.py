"""The drawing of the network, and ROC curves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import CIRCUIT

from titrant_analysis import open_run
from titrant_analysis.circuit import circuit, elements
from titrant_analysis.roc import curves, roc_curve
from titrant_analysis.unseen import sources


def test_gates_of_a_block_are_put_together_and_a_repeated_angle_begins_the_next() -> None:
    found = elements(CIRCUIT)
    assert [(element.kind, element.qubits, element.column) for element in found] == [
        ("feature", [2], 0),
        ("gate", [2, 0], 1),
        ("block", [0, 1], 2),
        ("block", [1, 2], 3),
        ("measure", [1], 4),
        ("gate", [0], 3),
        ("measure", [0], 4),
    ]
    assert found[5].condition == "c0 = 1"


def test_the_drawing_names_blocks_conditions_and_the_answer(make_run: Callable[..., Path]) -> None:
    with open_run(make_run("classifier", "network")) as run:
        (figure,) = circuit(run)
    words = {text.get_text() for text in figure.axes[0].texts}
    assert {"smoking", "convolution\n1", "X\nif c0 = 1", "M c1\nanswer", "C(t)"} <= words
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["convolution 1: 2 angles, used 2 times"]


def test_a_roc_curve_has_the_area_that_pairs_give() -> None:
    rng = np.random.default_rng(5)
    label = (rng.random(200) < 0.4).astype(float)
    probability = np.round(0.3 * label + 0.7 * rng.random(200), 1)  # with ties
    false, true = roc_curve(probability, label)
    higher = probability[label == 1][:, None] - probability[label == 0][None, :]
    pairs = np.mean((higher > 0) + 0.5 * (higher == 0))  # Mann and Whitney
    assert np.trapz(true, false) == pytest.approx(pairs, abs=1e-12)
    assert (false[0], true[0], false[-1], true[-1]) == (0, 0, 1, 1)


def test_curves_pool_the_repeats_of_a_cross_validation(make_run: Callable[..., Path]) -> None:
    with open_run(make_run("protocol", "trial", "classifier", "network")) as run:
        found = {source.title: set(curves(run, source)) for source in sources(run)}
        pooled = curves(run, sources(run)[0])["qcnn"]
        probability, label = (run.numbers(f"/classifier/qcnn/evaluation/{of}") for of in ("out_of_fold", "label"))
    assert found == {
        "control: learnt from the other subjects of the trial": {"qcnn", "logistic"},
        "control: learnt from virtual subjects": {"qcnn", "logistic"},
        "safe: learnt from virtual subjects": set(),
        "both: learnt from virtual subjects": set(),
    }
    np.testing.assert_array_equal(pooled, roc_curve(probability.ravel(), np.concatenate([label, label])))
