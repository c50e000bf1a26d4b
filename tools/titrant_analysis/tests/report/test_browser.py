"""The report as a browser shows it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import pytest
from conftest import EVERY_PART, LARGE, SHIFT, write_run

from titrant_analysis.report import write_report

webdriver = pytest.importorskip("selenium.webdriver")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not CHROMIUM or not DRIVER, reason="needs chromium and chromium-driver")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=webdriver.chrome.service.Service(DRIVER), options=options)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "run.h5"
    write_run(path, EVERY_PART)
    write_report(path)
    return path


@pytest.fixture
def page(browser: Any, store: Path) -> Path:
    """A report, shown as on a phone; returns the store."""
    show(browser, 390, "light")
    browser.get(store.with_suffix(".html").as_uri())
    return store


def show(browser: Any, width: int, scheme: str) -> None:
    screen = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    scheme_feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme_feature]})


def test_nothing_is_wrong_and_nothing_is_fetched(browser: Any, page: Path) -> None:
    assert browser.get_log("browser") == []
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert asked and all(url.startswith(("file:", "data:")) for url in asked)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_does_not_scroll_sideways(browser: Any, page: Path, width: int) -> None:
    show(browser, width, "light")
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_pictures_are_not_empty(browser: Any, page: Path) -> None:
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    charts = browser.execute_script(
        "return [...document.querySelectorAll('.plot svg')].map(svg => {"
        "  const box = svg.getBBox();"
        "  return [svg.querySelector('title').textContent, box.width, box.height,"
        "          svg.querySelectorAll('path, use').length, svg.querySelectorAll('text').length]; })"
    )
    assert len(charts) >= 16
    for title, width, height, marks, texts in charts:
        assert width > 100 and height > 100 and marks > 10 and texts > 3, title


def test_the_table_shows_the_numbers_of_the_store(browser: Any, page: Path) -> None:
    show(browser, 1280, "light")
    shown = browser.execute_script(
        "const table = document.querySelector('table.answers');"
        "const names = [...table.querySelectorAll('thead th')].slice(3).map(cell => cell.textContent);"
        "return [...table.querySelectorAll('tbody tr')].flatMap(row => {"
        "  const cells = [...row.children].map(cell => cell.innerText.trim());"
        "  return cells.slice(3).map((cell, i) => [cells[0], cells[1], cells[2], names[i], cell.split('\\n')[0]]); })"
    )
    names, units = {"qcnn": "QCNN", "logistic": "logistic regression"}, {"once": "mg", "by_weight": "mg/kg"}
    with h5py.File(page) as file:
        of = ("population", "regimen", "method", "endpoint", "rule")
        columns = [file[f"/decision/{name}"].asstr()[()] for name in of]
        numbers = [file[f"/decision/{name}"][()] for name in ("target", "dose")]
        expected = {
            (population, regimen, f"{100 * target:g} %", names[method]): (dose, units[regimen])
            for population, regimen, method, endpoint, rule, target, dose in zip(*columns, *numbers, strict=True)
            if (endpoint, rule) == ("control", "mean")
        }
    found = {tuple(key): value for *key, value in shown if value}
    assert set(found) == set(expected)
    for key, (dose, unit) in expected.items():
        assert found[key] == ("none of the doses" if dose != dose else f"{dose:g} {unit}")


def test_a_dark_page_is_dark_and_its_charts_are_light(browser: Any, page: Path) -> None:
    for scheme, dark in (("light", False), ("dark", True)):
        show(browser, 390, scheme)
        paper = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        ink = browser.execute_script("return getComputedStyle(document.querySelector('.plot text')).fill")
        assert (_sum(paper) < 300) == dark
        assert (_sum(ink) > 460) == dark


def _sum(colour: str) -> int:
    return sum(int(part) for part in colour[colour.index("(") + 1 : colour.index(")")].split(",")[:3])


@pytest.mark.parametrize("place", [0, 1], ids=["open", "folded"])
def test_values_show_under_the_pointer(browser: Any, page: Path, place: int) -> None:
    show(browser, 1280, "light")
    shown = browser.execute_script(
        "for (const one of document.querySelectorAll('details')) one.open = true;"
        "const drawing = document.querySelectorAll('#chart-dose_response .drawing')[arguments[0]];"
        "const svg = drawing.querySelector('svg');"
        "svg.scrollIntoView({block: 'center', behavior: 'instant'});"
        "const point = JSON.parse(drawing.querySelector('.points').textContent)[0].points[3];"
        "const box = svg.getBoundingClientRect();"
        "const scale = box.width / svg.viewBox.baseVal.width;"
        "svg.dispatchEvent(new PointerEvent('pointermove',"
        "  {clientX: box.left + point[0] * scale, clientY: box.top + point[1] * scale}));"
        "return [document.getElementById('tip').innerText, point[2], point[3]];",
        place,
    )
    assert f"Dose, once (mg): {shown[1]:g}" in shown[0]
    assert f"{shown[2]:g}" in shown[0]


def test_the_keyboard_reaches_links_tables_and_charts(browser: Any, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    reached = []
    for _ in range(40):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        active = "document.activeElement"
        reached.append(browser.execute_script(f"return {active}.className || {active}.tagName"))
    assert reached[0] == "skip"
    assert {"A", "SUMMARY", "plot"} <= set(reached)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_large_protocol_does_not_scroll_sideways(
    browser: Any, tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cnn", "mechanistic", "qcnn_homogeneous", "qcnn_proposal"):
        monkeypatch.setitem(SHIFT, name, 1.0)
    windows = replace(LARGE, headline=("adults", "fortnightly_infusion", "both"))
    write_run(tmp_path / "large.h5", ("protocol", "decision"), asked=windows)
    show(browser, width, "light")
    browser.get(write_report(tmp_path / "large.h5").as_uri())
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
