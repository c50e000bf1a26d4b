"""Colours of the page: enough contrast, and told apart with any kind of colour vision."""

from __future__ import annotations

import itertools
import re
from importlib import resources

import numpy as np
import pytest
from numpy.typing import NDArray

from titrant_analysis.style import PALETTE

CSS = (resources.files("titrant_analysis.report") / "templates" / "report.css").read_text()
LIGHT, DARK = (dict(re.findall(r"--(\w+): (#\w{6})", CSS.split(":root {")[place])) for place in (1, 2))

# Machado, Oliveira and Fernandes, IEEE Trans. Vis. Comput. Graph. 15:1291 (2009), severity 1, on linear RGB.
VISION = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = XYZ.sum(axis=1)
APART = 15.0
"""Distance in CIE L*a*b*; the colours of Okabe and Ito, which the charts have elsewhere, keep 16."""


def _linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _contrast(one: str, other: str) -> float:
    """WCAG 2.1: 1 .. 21."""
    dim, bright = sorted(float(XYZ[1] @ _linear(colour)) for colour in (one, other))
    return (bright + 0.05) / (dim + 0.05)


def _lab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = XYZ @ np.clip(linear, 0, 1) / WHITE
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("page", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_stand_out_from_the_page(page: dict[str, str]) -> None:
    """WCAG 2.1: a contrast of 4.5 for texts (1.4.3), of 3 for what a picture needs (1.4.11)."""
    for name in ("ink", "quiet", "accent", "warn"):
        assert _contrast(page[name], page["paper"]) >= 4.5, name
        assert _contrast(page[name], page["soft"]) >= 4.5, name
    for place in range(len(PALETTE)):
        assert _contrast(page[f"c{place}"], page["paper"]) >= 3, place


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("page", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_are_told_apart(page: dict[str, str], vision: str) -> None:
    seen = [_lab(np.asarray(VISION[vision]) @ _linear(page[f"c{place}"])) for place in range(len(PALETTE))]
    for one, other in itertools.combinations(range(len(seen)), 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= APART, (one, other)
