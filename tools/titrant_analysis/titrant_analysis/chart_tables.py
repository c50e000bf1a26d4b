"""The numbers behind each chart, as tables."""

from __future__ import annotations

import numpy as np

from titrant_analysis.attainment_check import GROUP as CHECK
from titrant_analysis.dose_response import RULES
from titrant_analysis.exposure import QUANTILES, population_quantiles
from titrant_analysis.fits import FITS
from titrant_analysis.individual_doses import dose_ranges
from titrant_analysis.methods import shown_methods
from titrant_analysis.observed import observed_rates
from titrant_analysis.protocol import dose_unit
from titrant_analysis.run import Run
from titrant_analysis.tables import Column, Table, column, plain, stacked, table_of
from titrant_analysis.training import trained_endpoints
from titrant_analysis.unseen import sources


def _known(*tables: Table | None) -> list[Table]:
    return [table for table in tables if table is not None and len(table) > 0]


def dose_response_tables(run: Run, endpoint: str) -> list[Table]:
    """Target attainment by dose: one table per population and regimen; and what the trial observed."""
    tables = []
    for panel in run.panels():
        doses = run.numbers(f"{panel.group}/dose")
        if doses is None:
            continue
        columns = [Column("dose", "dose of one administration", dose_unit(run, panel.regimen), plain(doses))]
        mean, indicator = (dataset for dataset, _ in RULES.values())
        for method in shown_methods(run):
            for name in (mean, f"{mean}_lower", f"{mean}_upper", indicator):
                made = column(run, f"{panel.group}/{method}/{endpoint}/{name}", f"{method}.{name}")
                columns += [] if made is None else [made]
        if len(columns) > 1:
            title = f"Target attainment by dose, {endpoint}, {panel.population}, {panel.regimen}"
            name = f"target_attainment_{endpoint}_{panel.population}_{panel.regimen}"
            tables.append(Table(name, title, tuple(columns)))
    rates = observed_rates(run, endpoint)
    if tables and rates:
        columns_of_trial = (
            Column("dose", "dose of one administration", run.units.dose, [rate.dose for rate in rates]),
            Column("subjects", "subjects with an outcome", "1", [float(rate.count) for rate in rates]),
            Column("successes", "of these successes", "1", [float(rate.successes) for rate in rates]),
            Column("lower", "lower end of the 95 % Wilson interval", "1", [rate.interval[0] for rate in rates]),
            Column("upper", "upper end of the 95 % Wilson interval", "1", [rate.interval[1] for rate in rates]),
        )
        tables.append(Table("observed", f"Observed in the trial, {endpoint}", columns_of_trial))
    return tables


def exposure_tables(run: Run) -> list[Table]:
    """Quantiles of the steady-state concentration per unit of dose, over the population."""
    tables = []
    for panel in run.panels():
        time, levels = column(run, f"{panel.group}/time"), population_quantiles(run, panel.group)
        if time is None or levels is None:
            continue
        units = run.described(f"{panel.group}/concentration")[0]
        quantiles = [
            Column(name, f"{level:g} % of subjects are below", units, plain(values))
            for name, level, values in zip(("lower", "median", "upper"), QUANTILES, levels, strict=True)
        ]
        unit = dose_unit(run, panel.regimen)
        title = f"Steady-state concentration for a dose of 1 {unit}, {panel.population}, {panel.regimen}"
        tables.append(Table(f"exposure_{panel.population}_{panel.regimen}", title, (time, *quantiles)))
    return tables


def individual_dose_tables(run: Run, endpoint: str) -> list[Table]:
    """Quantiles of the doses from which on, and below which, subjects succeed."""
    levels = (5.0, 25.0, 50.0, 75.0, 90.0, 95.0)
    parts = []
    for panel in run.panels():
        found = dose_ranges(run, panel, endpoint)
        if found is None:
            continue
        ever = found[0] < found[1]
        of_all = np.where(ever, found[0], np.inf), np.where(ever, found[1], 0.0)
        begin, end = (
            plain(np.quantile(doses, [level / 100 for level in levels], method="inverted_cdf")) for doses in of_all
        )
        unit = dose_unit(run, panel.regimen)
        columns = (
            Column("share", "share of subjects with this dose or a lower one", "%", list(levels)),
            Column("success_from", "individual minimum effective dose", "", [_dose(dose, unit) for dose in begin]),
            Column("success_to", "dose below which the subject succeeds", "", [_dose(dose, unit) for dose in end]),
        )
        parts.append(({"population": panel.population, "regimen": panel.regimen}, Table("", "", columns)))
    return _known(stacked(f"individual_doses_{endpoint}", f"Quantiles of individual doses, {endpoint}", parts))


def _dose(value: float | str, unit: str) -> str:
    return "none" if value == np.inf else f"{value:.4g} {unit}"


PARAMETER_COLUMNS = (
    "parameter",
    "parameter_units",
    "estimate",
    "standard_error",
    "rse",
    "ci_lower",
    "ci_upper",
    "fixed",
)


def parameter_tables(run: Run) -> list[Table]:
    return _known(*(table_of(run, fit, f"{FITS[fit]}: estimates", f"/{fit}", PARAMETER_COLUMNS) for fit in FITS))


def convergence_tables(run: Run) -> list[Table]:
    """The iterations of SAEM, a row each."""
    tables = []
    for fit in FITS:
        names, values = run.texts(f"/{fit}/saem_coordinate"), run.numbers(f"/{fit}/saem_trajectory")
        iteration = column(run, f"/{fit}/saem_iteration")
        if names is None or values is None or iteration is None:
            continue
        paths = [
            Column(name, f"{name}, as it is optimised", "1", plain(values[:, place])) for place, name in enumerate(names)
        ]
        tables.append(Table(f"{fit}_saem", f"{FITS[fit]}: iterations of SAEM", (iteration, *paths)))
    return tables


DIAGNOSTIC_COLUMNS = ("subject", "time", "observed", "censored", "pred", "ipred", "iwres", "cwres")


def goodness_of_fit_tables(run: Run) -> list[Table]:
    return _known(
        *(
            table_of(run, f"{fit}_residuals", f"{FITS[fit]}: residuals", f"/{fit}/diagnostics", DIAGNOSTIC_COLUMNS)
            for fit in FITS
        )
    )


def random_effect_tables(run: Run) -> list[Table]:
    names = ("random_effect", "covariate", "binary", "statistic", "p_value")
    return _known(
        *(
            table_of(run, f"{fit}_covariates", f"{FITS[fit]}: random effects, covariates", f"/{fit}/covariates", names)
            for fit in FITS
        )
    )


def predictive_check_tables(run: Run) -> list[Table]:
    """Quantiles of observed and simulated values, one table per fit with a row per bin and quantile."""
    tables = []
    for fit in FITS:
        group = f"/{fit}/vpc"
        bins = [column(run, f"{group}/{name}") for name in ("dose", "time", "count")]
        levels = run.numbers(f"{group}/quantile")
        if levels is None or any(made is None for made in bins):
            continue
        columns = [
            Column(made.name, made.long_name, made.units, [value for value in made.values for _ in levels])
            for made in bins
            if made is not None
        ]
        rows = len(columns[0].values) // len(levels)
        columns.append(Column("quantile", "quantile", "1", plain(np.tile(levels, rows))))
        for name in ("observed", "simulated", "simulated_lower", "simulated_upper"):
            values = run.numbers(f"{group}/{name}")
            if values is not None:
                units, long_name = run.described(f"{group}/{name}")
                columns.append(Column(name, long_name, units, plain(values.ravel())))
        tables.append(Table(f"{fit}_vpc", f"{FITS[fit]}: visual predictive check", tuple(columns)))
    return tables


def attainment_check_tables(run: Run) -> list[Table]:
    names = ("endpoint", "dose", "count", "observed", "lower", "median", "upper")
    return _known(table_of(run, "attainment_check", "Successes by endpoint and dose", CHECK, names))


def training_tables(run: Run) -> list[Table]:
    parts = []
    columns = ("step", "loss", "gradient_norm", "learning_rate")
    for endpoint in trained_endpoints(run):
        for name in shown_methods(run):
            table = table_of(run, name, "", f"/classifier/{name}/{endpoint}/history", columns)
            if table is not None and len(table) > 0:
                parts.append(({"endpoint": endpoint, "classifier": name}, table))
    folds = []
    for name in run.methods():
        metrics = ("fold", "log_loss", "accuracy", "auc", "brier", "ece")
        table = table_of(run, name, "", f"/classifier/{name}/evaluation", metrics)
        if table is not None and len(table) > 0:
            folds.append(({"classifier": name}, table))
    return _known(stacked("history", "Training", parts), stacked("folds", "Held-out folds", folds))


def reliability_tables(run: Run) -> list[Table]:
    parts = []
    for source in sources(run):
        for name in shown_methods(run):
            group = f"/classifier/{name}/{source.group}/reliability"
            table = table_of(run, name, "", group, ("bin", "predicted", "observed", "count"))
            if table is not None and len(table) > 0:
                keys = {"classifier": name, "learnt from": source.learnt_from, "endpoint": source.endpoint}
                parts.append((keys, table))
    return _known(stacked("reliability", "Observed and predicted shares", parts))


def learning_curve_tables(run: Run) -> list[Table]:
    """Mean held-out log-loss by classifier, source of learning, set tested on and number of subjects."""
    parts = []
    for kind in run.groups("/learning_curve"):
        for source in run.groups(f"/learning_curve/{kind}"):
            group = f"/learning_curve/{kind}/{source}"
            sizes, losses = column(run, f"{group}/size"), run.numbers(f"{group}/log_loss")
            tests = run.texts(f"{group}/test_set")
            if sizes is None or losses is None or tests is None:
                continue
            for place, test in enumerate(tests):
                mean = Column("log_loss", "mean over trainings", "1", plain(losses[place].mean(axis=1)))
                labels = {"classifier": kind, "learnt from": source, "tested on": test}
                parts.append((labels, Table("", "", (sizes, mean))))
    return _known(stacked("learning_curves", "Held-out log-loss by number of subjects", parts))
