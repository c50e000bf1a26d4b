"""Fewer points where a picture has more than a reader can tell apart."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

MOST_POINTS = 1500
"""Of a series in a picture of the page."""


def thin(figure: Figure, most: int = MOST_POINTS) -> str:
    """Leaves `most` points, evenly chosen by their order, of each longer line or cloud; returns what to tell a reader
    of it, or nothing."""
    long = [line for axes in figure.axes for line in axes.lines if len(line.get_xydata()) > most]
    if not long:
        return ""
    longest = max(len(line.get_xydata()) for line in long)
    for line in long:
        points = np.asarray(line.get_xydata())
        line.set_data(*points[np.linspace(0, len(points) - 1, most).round().astype(int)].T)
    return f"The picture shows {most} points of each longer series, evenly chosen; the longest has {longest}."
