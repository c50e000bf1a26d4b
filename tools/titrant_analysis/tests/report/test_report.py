"""What the report says is what the store holds; what the store lacks, it says is lacking."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import EVERY_PART as PARTS

from titrant_analysis import RunError
from titrant_analysis.__main__ import main
from titrant_analysis.charts import CHARTS
from titrant_analysis.report import render, write_report
from titrant_analysis.report.formats import duration, interval, number
from titrant_analysis.report.thin import MOST_POINTS

MakeRun = Callable[..., Path]
VOID = {"meta", "link", "br", "path", "use"}


class Page(HTMLParser):
    """The elements of a page: identifiers, what refers to them, and whether all are closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.identifiers: list[str] = []
        self.references: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.headings: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))
        self._note(attributes)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._note(attributes)

    def _note(self, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id":
                self.identifiers.append(value or "")
            elif name in ("href", "xlink:href", "src"):
                (self.references if (value or "").startswith("#") else self.addresses).append(value or "")
            elif name == "clip-path" or name == "aria-labelledby":
                found = re.findall(r"url\(#([^)]*)\)", value or "") or (value or "").split()
                self.references += [f"#{one}" for one in found]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_nothing_of_the_network(make_run: MakeRun) -> None:
    page = Page(render(make_run(*PARTS)))
    assert page.open == []
    assert len(page.identifiers) == len(set(page.identifiers))
    assert {reference[1:] for reference in page.references} <= set(page.identifiers)
    assert page.addresses == ["data:,"]
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:]))


def test_answers_are_those_of_the_store(make_run: MakeRun) -> None:
    path = make_run(*PARTS)
    text = render(path)
    with h5py.File(path) as file:
        doses = file["/decision/minimal_dose"][()]
    headline = text[text.index('<table class="answers"') : text.index("</table>")]
    shown = re.findall(r'<span class="dose">([^<]*)</span>', headline)
    answered = [float(word.removesuffix(" mg")) for word in shown if word.endswith(" mg")]
    assert sorted(answered) == sorted(float(dose) for dose in doses if dose == dose)
    assert shown.count("none on this grid") == sum(dose != dose for dose in doses)


def test_every_chart_is_drawn_or_says_why_not(make_run: MakeRun) -> None:
    text = render(make_run(*PARTS))
    figures = re.findall(r'<figure id="chart-(\w+)">(.*?)</figure>', text, re.DOTALL)
    assert {name for name, _ in figures} == set(CHARTS)
    for name, content in figures:
        assert ("<svg" in content) != ('class="empty"' in content), name


def test_an_empty_run_says_what_makes_each_part(make_run: MakeRun) -> None:
    text = render(make_run())
    assert text.count("in this run") >= len(CHARTS) + 1
    assert "<svg" not in text


def test_long_series_are_thinned_and_say_so(make_run: MakeRun) -> None:
    path = make_run(*PARTS)
    assert "points of each longer series" not in render(path)
    with h5py.File(path, "a") as file:
        group = file["/pk/diagnostics"]
        count, long = group["observed"].size, 10_000
        for name, data in list(group.items()):
            if data.dtype.kind == "f" and data.shape == (count,):
                values = np.resize(data[()], long)
                del group[name]
                group[name] = values
    text = render(path)
    figure = text[text.index('<figure id="chart-goodness_of_fit">') :]
    figure = figure[: figure.index("</figure>")]
    assert f"The picture shows {MOST_POINTS} points of each longer series, evenly chosen; the longest has" in figure
    points = json.loads(re.search(r'class="points">(.*?)</script>', figure, re.DOTALL)[1])
    assert max(len(series["points"]) for series in points) <= MOST_POINTS


def test_numbers_are_written_for_readers() -> None:
    assert [number(value) for value in (2703.0, 0.01517, -0.5, 1.2e-7, 4.778e11)] == [
        "2703", "0.01517", "−0.5", "1.2\u00a0×\u00a010⁻⁷", "4.778\u00a0×\u00a010¹¹",
    ]
    assert interval(7.5, math.inf) == "7.5\u00a0to\u00a0above the grid"
    assert interval(math.nan, 9.0) == ""
    times = [duration(seconds) for seconds in (1.45e-6, 6.96, 75.0)]
    assert times == ["below 0.01\u00a0s", "6.96\u00a0s", "1 min 15 s"]


def test_a_run_that_only_fits_draws_no_empty_charts(make_run: MakeRun) -> None:
    text = render(make_run("trial", "fits", "estimates"))
    figures = dict(re.findall(r'<figure id="chart-(\w+)">(.*?)</figure>', text, re.DOTALL))
    drawn = {name for name, content in figures.items() if "<svg" in content}
    assert drawn == {"parameters", "goodness_of_fit", "predictive_check", "random_effects", "responders"}


def test_the_same_store_gives_the_same_page(make_run: MakeRun) -> None:
    path = make_run(*PARTS)
    assert render(path) == render(path)


def test_texts_of_a_store_are_no_markup(make_run: MakeRun) -> None:
    path = make_run(*PARTS)
    with h5py.File(path, "a") as file:
        file["/pk"].attrs["reason"] = "<script>alert(1)</script>"
        file["/provenance/command"] = "titrant run --output '</pre><img src=x onerror=alert(2)>'"
        del file["/pk/parameter"]
        file["/pk/parameter"] = ["</svg><b>a</b>", "b", "c"]
    text = render(path)
    assert "<script>alert" not in text and "<img" not in text and "<b>a" not in text


def test_files_that_are_no_run_are_refused(make_run: MakeRun, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="is not a titrant run"):
        render(make_run(filetype="titrant campaign"))
    with pytest.raises(RunError, match="no such file"):
        render(tmp_path / "nothing.h5")


def test_the_report_stands_beside_the_store(make_run: MakeRun, capsys: pytest.CaptureFixture[str]) -> None:
    path = make_run("decision")
    assert write_report(path) == path.with_suffix(".html")
    assert main(["report", str(path), "--output", str(path.parent / "other.html")]) == 0
    assert capsys.readouterr().out.strip().endswith("other.html")
    assert (path.parent / "other.html").read_text() == path.with_suffix(".html").read_text()
    assert main(["report", str(path.parent / "nothing.h5")]) == 2
    assert sorted(file.name for file in path.parent.iterdir()) == ["other.html", "run.h5", "run.html"]
