"""Figures of matplotlib as pictures within a page: small, and with colours that follow the page."""

from __future__ import annotations

import html
import io
import re

import matplotlib
from matplotlib.figure import Figure

from titrant_analysis.style import PALETTE, RC, settle

COLOURS = {
    "#000000": "currentColor",
    "#666666": "var(--quiet)",
    "#e5e5e5": "var(--grid)",
    "#ffffff": "var(--paper)",
    **{colour.lower(): f"var(--c{place})" for place, colour in enumerate(PALETTE)},
}
"""Colours of the charts, and what they are called in report.css, which has others for a dark page."""

_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_TAG = re.compile(r"<[^>]*>")
_REFERENCE = re.compile(r'(\bid="|xlink:href="#|url\(#)')
_STYLED = re.compile(r'( style="[^"]*")')
_FONT = re.compile(r"(\d+(?:\.\d+)?px) [^;\"]*sans-serif")


def inline_svg(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as an <svg> element. `name` makes its identifiers different from those of other pictures."""
    settle(figure)
    text = io.StringIO()
    with matplotlib.rc_context(RC):
        figure.savefig(text, format="svg", metadata={"Date": None}, transparent=True)
    svg = text.getvalue()
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, count=1, flags=re.DOTALL)
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, count=1, flags=re.DOTALL)
    body = _TAG.sub(lambda tag: _NUMBER.sub(_rounded, tag[0]), body)  # what is read between tags stays as it is
    body = _REFERENCE.sub(lambda reference: f"{reference[1]}{name}-", body)
    body = _FONT.sub(r"\1 var(--font)", body)
    for colour, variable in COLOURS.items():
        body = body.replace(colour, variable)
    body = _share_styles(body)
    body = re.sub(r"\s*\n\s*", "\n", body)
    width, height = figure.get_size_inches() * 72
    return (
        f'<svg viewBox="0 0 {width:.6g} {height:.6g}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'style="--width: {width:.6g}" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-title">{html.escape(title)}</title>'
        f'<desc id="{name}-desc">{html.escape(description)}</desc>{body}</svg>'
    )


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _share_styles(body: str) -> str:
    """Markers of a series have one style: it is said once, on their group."""

    def shared(group: re.Match[str]) -> str:
        styles = set(_STYLED.findall(group[2]))
        if len(styles) != 1 or group[2].count("<use") != group[2].count(" style="):
            return group[0]
        (style,) = styles
        return f"<g{group[1]}{style}>{group[2].replace(style, '')}</g>"

    return re.sub(r"<g((?: clip-path=\"[^\"]*\")?)>((?:\s*<use [^>]*/>){2,}\s*)</g>", shared, body)
