"""What the report says is what the store holds; what the store lacks, it says is lacking."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import EVERY_PART as PARTS
from conftest import LARGE, SETTINGS, SMALL, decision_rows, put

from titrant_analysis import RunError, decision_table, open_run
from titrant_analysis.__main__ import main
from titrant_analysis.charts import CHARTS
from titrant_analysis.report import render, write_report
from titrant_analysis.report.formats import dose_interval, duration, interval, number
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


def answer_tables(text: str) -> list[tuple[str, list[str]]]:
    """Of each table of answers the caption and the doses that it shows."""
    tables = re.findall(r'<table class="answers[^>]*>.*?<span>(.*?)</span>(.*?)</table>', text, re.DOTALL)
    return [(caption, re.findall(r'<span class="dose">([^<]*)</span>', content)) for caption, content in tables]


def test_answers_are_those_of_the_store(make_run: MakeRun) -> None:
    path = make_run(*PARTS)
    tables = answer_tables(render(path))
    units = {"once": "mg", "by_weight": "mg/kg"}
    expected: dict[tuple[str, str], list[str]] = {}
    for row in decision_rows(SMALL):
        unit, dose, end = units[str(row["regimen"])], float(str(row["dose"])), float(str(row["window_end"]))
        text = f"{dose:g} {unit}"
        if row["direction"] == "window":
            text = f"{text} only" if end == dose else f"{dose:g} to {end:g} {unit}"
        shown = expected.setdefault((str(row["endpoint"]), str(row["rule"])), [])
        shown.append("none of the doses" if math.isnan(dose) else text)
    assert [sorted(shown) for _, shown in tables] == [sorted(doses) for doses in expected.values()]
    captions = [caption.split(",")[0] for caption, _ in tables[::2]]
    assert captions == ["Lowest doses", "Highest doses", "Windows of doses"]


def sentence(text: str, place: int = 0) -> str:
    found = re.findall(r'<p class="answer">(.*?)</p>|<p><strong>(.*?)</strong></p>', text)
    return ("".join(found[place])).replace("\u00a0", " ")


def test_sentences_say_what_the_direction_means(make_run: MakeRun) -> None:
    path = make_run(*PARTS)
    with h5py.File(path, "r+") as file:  # those of the fitted models beside the QCNN
        methods = file["/decision/method"].asstr()[()]
        del file["/decision/method"]
        put(file, "/decision/method", np.where(methods == "logistic", "mechanistic", methods).tolist())
    text = render(path)
    assert "What is the lowest dose that is enough for a population?" in text
    assert sentence(text) == (
        "On regimen once, 7.5 mg (90 % interval 6 mg to above the doses) is the lowest dose at which at least 90 % of "
        "population adults meet endpoint control, by the QCNN. By the fitted models alone: 8.5 mg (6.8 mg to above the "
        "doses)."
    )
    assert sentence(text, 2).startswith(
        "On regimen once, 9.5 mg (90 % interval below the doses to 11.4 mg) is the highest dose at which at least 90 % "
    )
    assert sentence(text, 4) == (
        "On regimen once, none of the doses is one at which at least 90 % of population adults meet endpoint both (the "
        "best reaches 86.6 %), by the QCNN. By the fitted models alone: none of the doses."
    )
    assert sentence(text, 5).startswith("On regimen once, 5 to 15 mg is the window of doses at which at least 90 % of")
    parts = "all of control (biomarker below 2.5 ng/mL, measured values, 312 to 336 h after the first dose); safe ("
    assert parts in text


@pytest.mark.parametrize(
    ("headline", "asked", "words"),
    [
        (("adults", "once", "safe"), "What is the highest dose that a population can be given?", "9.5 mg"),
        (("renal", "by_weight", "both"), "Which doses are neither too low", "On regimen by_weight, none of the doses"),
    ],
)
def test_the_headline_comes_first(make_run: MakeRun, headline: tuple[str, str, str], asked: str, words: str) -> None:
    text = render(make_run("protocol", "decision", "config", asked=replace(SMALL, headline=headline)))
    assert asked in text
    assert words in sentence(text)
    assert f"Endpoint {headline[2]}: " in text[text.index('class="answer"') :][:700]


def test_the_rule_of_the_run_comes_first(make_run: MakeRun) -> None:
    path = make_run(*PARTS)
    with h5py.File(path, "r+") as file:
        del file["/config/resolved"]
        file["/config/resolved"] = SETTINGS.replace("rule: mean", "rule: indicator")
    text = render(path)
    assert sentence(text).startswith("On regimen once, 5 mg is the lowest dose")
    assert "where the share of subjects with a predicted probability above 0.5 reaches the target" in text


def test_doses_without_a_steady_state_in_some_subjects_say_so(make_run: MakeRun) -> None:
    path = make_run(*PARTS)
    assert "no steady state" not in render(path)
    with h5py.File(path, "r+") as file:
        shares = np.zeros(file["/decision/dose"].size)
        place = int(np.flatnonzero(np.isfinite(file["/decision/dose"][:]))[0])
        shares[place] = 0.27
        put(file, "/decision/without_steady_state", shares, axes=("/decision/row",))
        dose, population = file["/decision/dose"][place], file["/decision/population"].asstr()[place]
    words = f"27 % of population {population} have no steady state on {dose:g} mg of regimen once"
    assert words in render(path)
    with open_run(path) as run:
        assert words in decision_table(run)


def test_a_large_protocol_has_the_headline_open_and_other_endpoints_folded(make_run: MakeRun) -> None:
    text = render(make_run("protocol", "classifier", "population", "decision", asked=LARGE))
    figure = dict(re.findall(r'<figure id="chart-(\w+)">(.*?)</figure>', text, re.DOTALL))["dose_response"]
    is_open, *folded = figure.split("<details><summary>Target attainment by dose: endpoint ")
    assert [part.split("<")[0] for part in folded] == ["safe", "both", "reduced"]
    for part in (is_open, *folded):
        assert part.count("<svg") == 3  # 15 panels
        assert part.count("<caption>") == 15
    assert len(answer_tables(text)[0][1]) == 2 * 15 * 2
    assert len(text.encode()) < 3e6
    assert "50, 100, 200 mg" in text and "0.5 to 40 mg, 80 doses" in text and "0.02 to 0.6 mg/kg, 30 doses" in text


def test_doses_of_tables_have_the_unit_of_their_regimen(make_run: MakeRun) -> None:
    text = render(make_run(*PARTS))
    coverage = text[text.index("Simulated trials</span>") :]
    rows = re.findall(r"<tr>(.*?)</tr>", coverage[: coverage.index("</table>")])
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows[1:]]
    assert [(row[2], row[-1]) for row in cells] == [("once", "7.5 mg"), ("by_weight", "0.5 mg/kg")]
    ablation = text[text.index("Variants of the run</span>") :]
    assert "<td class=\"text\">7.5 mg</td>" in ablation and "<td class=\"text\">none of the doses</td>" in ablation


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
            if data.dtype.kind in "fi" and data.shape == (count,):
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
    assert interval(7.5, 12.0) == "7.5\u00a0to\u00a012"
    assert interval(math.nan, 9.0) == dose_interval(math.nan, 9.0) == ""
    assert [dose_interval(*ends, "mg").replace("\u00a0", " ") for ends in ((5, 9), (5, math.inf), (0, 9))] == [
        "5 to 9 mg", "5 mg to above the doses", "below the doses to 9 mg",
    ]
    times = [duration(seconds) for seconds in (1.45e-6, 6.96, 75.0)]
    assert times == ["below 0.01\u00a0s", "6.96\u00a0s", "1 min 15 s"]


def test_a_run_that_only_fits_draws_no_empty_charts(make_run: MakeRun) -> None:
    text = render(make_run("trial", "fits", "estimates"))
    figures = dict(re.findall(r'<figure id="chart-(\w+)">(.*?)</figure>', text, re.DOTALL))
    drawn = {name for name, content in figures.items() if "<svg" in content}
    assert drawn == {"parameters", "goodness_of_fit", "predictive_check", "random_effects", "attainment_check"}


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
        del file["/protocol/endpoint/description"]
        file["/protocol/endpoint/description"] = ["<img src=y>"] * 3
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
