"""The numbers behind each chart, as tables."""

from __future__ import annotations

import numpy as np

from titrant_analysis.exposure import QUANTILES, population_quantiles
from titrant_analysis.fits import FITS
from titrant_analysis.methods import shown_methods
from titrant_analysis.observed import observed_rates
from titrant_analysis.run import Run
from titrant_analysis.tables import Column, Table, column, plain, stacked, table_of


def _panels(run: Run) -> list[tuple[str, str, str]]:
    """Scenario, regimen, and the group that holds them."""
    return [
        (scenario, regimen, f"/scenario/{scenario}/{regimen}")
        for scenario in run.scenarios()
        for regimen in run.groups(f"/scenario/{scenario}")
    ]


def _known(*tables: Table | None) -> list[Table]:
    return [table for table in tables if table is not None and len(table) > 0]


def dose_response_tables(run: Run) -> list[Table]:
    """Pass rates by dose: one table per population and regimen; and what the trial observed."""
    tables = []
    for scenario, regimen, group in _panels(run):
        columns = [column(run, f"{group}/dose")]
        for method in shown_methods(run):
            for name in ("pass_rate", "pass_rate_lower", "pass_rate_upper", "pass_rate_indicator"):
                columns.append(column(run, f"{group}/{method}/{name}", f"{method}.{name}"))
        found = tuple(made for made in columns if made is not None)
        if len(found) > 1:
            title = f"Pass rate by dose, {scenario}, {regimen}"
            tables.append(Table(f"pass_rate_{scenario}_{regimen}", title, found))
    rates = observed_rates(run)
    if tables and rates:
        columns_of_trial = (
            Column("dose", "daily dose", run.units.dose, [rate.dose for rate in rates]),
            Column("subjects", "subjects with a label", "1", [float(rate.count) for rate in rates]),
            Column("successes", "of these successes", "1", [float(rate.successes) for rate in rates]),
            Column("lower", "lower end of the 95 % Wilson interval", "1", [rate.interval[0] for rate in rates]),
            Column("upper", "upper end of the 95 % Wilson interval", "1", [rate.interval[1] for rate in rates]),
        )
        tables.append(Table("observed", "Observed in the trial", columns_of_trial))
    return tables


def exposure_tables(run: Run) -> list[Table]:
    """Quantiles of the steady-state concentration per mg of dose, over the population."""
    tables = []
    for scenario, regimen, group in _panels(run):
        time, levels = column(run, f"{group}/time"), population_quantiles(run, group)
        if time is None or levels is None:
            continue
        units = run.described(f"{group}/concentration")[0]
        quantiles = [
            Column(name, f"{level:g} % of subjects are below", units, plain(values))
            for name, level, values in zip(("lower", "median", "upper"), QUANTILES, levels, strict=True)
        ]
        title = f"Steady-state concentration per {run.units.dose} of dose, {scenario}, {regimen}"
        tables.append(Table(f"exposure_{scenario}_{regimen}", title, (time, *quantiles)))
    return tables


def critical_dose_tables(run: Run) -> list[Table]:
    """Quantiles of the dose from which on a subject succeeds."""
    levels = (5.0, 25.0, 50.0, 75.0, 90.0, 95.0)
    parts = []
    for scenario, regimen, group in _panels(run):
        doses = run.numbers(f"{group}/mechanistic/critical_dose")
        if doses is None or doses.size == 0:
            continue
        quantiles = np.quantile(doses, [level / 100 for level in levels], method="inverted_cdf")
        table = Table(
            "",
            "",
            (
                Column("share", "share of subjects that succeed", "%", list(levels)),
                Column("dose", "from this dose on", run.units.dose, plain(quantiles)),
            ),
        )
        parts.append(({"scenario": scenario, "regimen": regimen}, table))
    return _known(stacked("critical_dose", "Quantiles of the critical dose", parts))


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


def responder_tables(run: Run) -> list[Table]:
    names = ("dose", "count", "observed", "lower", "median", "upper")
    return _known(table_of(run, "responders", "Responders by dose", "/pd/pass_rate_check", names))


def training_tables(run: Run) -> list[Table]:
    parts = []
    columns = ("step", "loss", "gradient_norm", "learning_rate")
    for name in shown_methods(run):
        table = table_of(run, name, "", f"/classifier/{name}/history", columns)
        if table is not None and len(table) > 0:
            parts.append(({"classifier": name}, table))
    folds = []
    for name in run.classifiers():
        metrics = ("fold", "log_loss", "accuracy", "auc", "brier", "ece")
        table = table_of(run, name, "", f"/classifier/{name}/evaluation", metrics)
        if table is not None and len(table) > 0:
            folds.append(({"classifier": name}, table))
    return _known(stacked("history", "Training", parts), stacked("folds", "Held-out folds", folds))


def reliability_tables(run: Run) -> list[Table]:
    parts = []
    for source, words in (("evaluation", "other subjects of the trial"), ("on_trial", "virtual subjects")):
        for name in shown_methods(run):
            group = f"/classifier/{name}/{source}/reliability"
            table = table_of(run, name, "", group, ("bin", "predicted", "observed", "count"))
            if table is not None and len(table) > 0:
                parts.append(({"classifier": name, "learnt from": words}, table))
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
