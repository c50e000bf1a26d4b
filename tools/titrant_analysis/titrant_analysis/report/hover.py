"""The values of a figure's data points, for the page to show where the pointer is."""

from __future__ import annotations

import json

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from titrant_analysis.run import Numbers
from titrant_analysis.style import settle

POINTS_PER_INCH = 72


def hover_points(figure: Figure) -> str:
    """JSON: one entry per series with its name, the labels of its axes, and its points as [x, y] in the picture and in
    the data. A series is a line or a cloud of points that has a label."""
    settle(figure)
    height = figure.get_figheight() * POINTS_PER_INCH
    series = [
        {"name": name, "x": axes.get_xlabel(), "y": axes.get_ylabel(), "points": points}
        for axes in figure.axes
        for name, data in _labelled(axes)
        if (points := _points(axes, data, height))
    ]
    return json.dumps(series, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")


def _labelled(axes: Axes) -> list[tuple[str, Numbers]]:
    found = []
    for artist in axes.get_children():
        name = str(artist.get_label())
        if name.startswith("_") or not name:
            continue
        if isinstance(artist, Line2D):
            found.append((name, np.asarray(artist.get_xydata(), dtype=float)))
        elif isinstance(artist, PathCollection):
            found.append((name, np.asarray(artist.get_offsets(), dtype=float)))
    return found


def _points(axes: Axes, data: Numbers, height: float) -> list[list[float]]:
    known = data[np.isfinite(data).all(axis=1)]
    places = axes.transData.transform(known) * POINTS_PER_INCH / axes.figure.dpi
    inside = axes.get_window_extent().padded(2.0)
    scale = axes.figure.dpi / POINTS_PER_INCH
    return [
        [round(float(px), 1), round(float(height - py), 1), float(f"{x:.4g}"), float(f"{y:.4g}")]
        for (px, py), (x, y) in zip(places, known, strict=True)
        if np.isfinite([px, py]).all() and inside.contains(px * scale, py * scale)
    ]
