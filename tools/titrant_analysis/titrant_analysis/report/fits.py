"""What the report says of the fitted models."""

from __future__ import annotations

import math
from dataclasses import dataclass

from titrant_analysis.report.grid import Grid, plain_grid
from titrant_analysis.report.formats import MISSING, interval, number, percent
from titrant_analysis.run import Numbers, Run

TITLES = {"pk": "Concentrations", "pd": "Biomarker"}
BEST_CANDIDATES = 10
CRITERIA = ("objective", "aic", "bic")


@dataclass(frozen=True)
class Fit:
    """One population fit: facts as (name, value), and tables."""

    title: str
    facts: tuple[tuple[str, str], ...]
    verdict: tuple[str, ...]
    reason: str
    """Why this model and no other."""
    grids: tuple[Grid, ...]


def fits(run: Run) -> list[Fit]:
    return [_fit(run, name) for name in TITLES if run.numbers(f"/{name}/estimate") is not None]


def _fit(run: Run, name: str) -> Fit:
    facts = [
        ("structure", run.attribute(f"/{name}", "structure").replace("_", " ")),
        ("baseline", _moving_baseline(run, name)),
        ("method", run.attribute(f"/{name}", "method")),
        ("objective (without n log 2π)", number(run.number(f"/{name}/objective"), 8)),
        ("AIC, BIC", f"{number(run.number(f'/{name}/aic'), 6)}, {number(run.number(f'/{name}/bic'), 6)}"),
        ("observations", number(run.number(f"/{name}/observations"))),
        ("below the limit of quantification", number(run.number(f"/{name}/censored"))),
        ("standard errors", run.attribute(f"/{name}", "standard_errors")),
        ("condition number", number(run.number(f"/{name}/condition_number"), 3)),
        ("ended", run.attribute(f"/{name}", "message")),
    ]
    verdict = tuple(line for line in run.attribute(f"/{name}", "verdict").splitlines() if line.strip())
    grids = [_estimates(run, name), _variability(run, name), _candidates(run, name)]
    return Fit(
        TITLES[name],
        tuple((fact, value) for fact, value in facts if value not in ("", MISSING)),
        verdict,
        run.attribute(f"/{name}", "reason"),
        tuple(grid for grid in grids if grid is not None),
    )


def _moving_baseline(run: Run, name: str) -> str:
    """Empty where it does not move, and in stores of earlier versions."""
    baseline = run.attribute(f"/{name}/model", "baseline")
    return "" if baseline in ("constant", MISSING) else baseline


def _column(run: Run, path: str, length: int) -> Numbers | list[float]:
    found = run.numbers(path)
    return [math.nan] * length if found is None else found


def _estimates(run: Run, name: str) -> Grid | None:
    names = run.texts(f"/{name}/parameter")
    if names is None:
        return None
    units = run.texts(f"/{name}/parameter_units") or [""] * len(names)
    columns = [_column(run, f"/{name}/{of}", len(names)) for of in ("estimate", "rse", "ci_lower", "ci_upper", "fixed")]
    rows = []
    for parameter, unit, estimate, rse, lower, upper, fixed in zip(names, units, *columns, strict=True):
        known = "fixed" if fixed == 1 else number(rse, 2) + "\u00a0%" if math.isfinite(rse) else MISSING
        rows.append((parameter, number(estimate), "" if unit == "1" else unit, known, interval(lower, upper)))
    headings = ("parameter", "estimate", "unit", "RSE", "95 % interval")
    return plain_grid(f"{TITLES[name]}: estimates", headings, rows, ("unit",))


def _variability(run: Run, name: str) -> Grid | None:
    """Standard deviations of the random effects, on the scale on which they are normal."""
    names, omega, shrinkage = (
        run.texts(f"/{name}/random_effect"),
        run.numbers(f"/{name}/omega"),
        run.numbers(f"/{name}/shrinkage"),
    )
    if names is None or omega is None or shrinkage is None:
        return None
    rows = [
        (effect, number(sd, 3), percent(math.sqrt(math.expm1(sd * sd)), 0), percent(float(shrunk), 0))
        for effect, sd, shrunk in zip(names, omega, shrinkage, strict=True)
    ]
    headings = ("random effect", "standard deviation", "as CV, if log-normal", "shrinkage")
    return plain_grid(f"{TITLES[name]}: differences between subjects", headings, rows)


def _searched(run: Run, group: str) -> list[tuple[str, list[float]]]:
    """The models of a search with their criteria, in the order they were tried."""
    texts = run.texts(f"{group}/candidate") or []
    columns = [_column(run, f"{group}/{of}", len(texts)) for of in CRITERIA]
    return [(text, [float(column[row]) for column in columns]) for row, text in enumerate(texts)]


def _candidates(run: Run, name: str) -> Grid | None:
    """The models that were tried, best first."""
    values: list[tuple[str, list[float]]]
    if name == "pk":
        groups = {model: f"/pk/candidate/{model}" for model in run.groups("/pk/candidate")}
        values = [(model, [run.number(f"{group}/{of}") for of in CRITERIA]) for model, group in groups.items()]
        values += _searched(run, "/pk/search")
    else:
        values = _searched(run, "/pd/candidate")
    if not values:
        return None
    values.sort(key=lambda row: row[1][-1] if math.isfinite(row[1][-1]) else math.inf)
    rows = list(dict.fromkeys((model.replace("_", " "), *(number(of, 7) for of in rest)) for model, rest in values))
    shown = f", the best {BEST_CANDIDATES} of {len(rows)}" if len(rows) > BEST_CANDIDATES else ""
    headings = ("model", "objective", "AIC", "BIC")
    return plain_grid(f"{TITLES[name]}: models tried{shown}", headings, rows[:BEST_CANDIDATES])
