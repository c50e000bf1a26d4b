"""python3 -m titrant_analysis plot RUN.h5 --output FOLDER; python3 -m titrant_analysis table RUN.h5"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from titrant_analysis.calibration import learning_curves, reliability
from titrant_analysis.covariates import random_effects
from titrant_analysis.critical import critical_doses
from titrant_analysis.dose_response import dose_response
from titrant_analysis.exposure import exposure
from titrant_analysis.fits import goodness_of_fit, predictive_check
from titrant_analysis.parameters import parameters
from titrant_analysis.report.command import add_command as add_report_command
from titrant_analysis.responders import responders
from titrant_analysis.run import RunError, open_run
from titrant_analysis.style import save
from titrant_analysis.table import decision_table
from titrant_analysis.training import training

BAD_USAGE = 2


def _dose(text: str) -> tuple[str, float]:
    regimen, _, dose = text.partition("=")
    try:
        value = float(dose)
    except ValueError:
        value = 0.0
    if not regimen or not value > 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not REGIMEN=MG, like daily=10")
    return regimen, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="titrant_analysis", description="Reads run stores of titrant and draws them.")
    commands = parser.add_subparsers(dest="command", required=True)
    plot = commands.add_parser("plot", help="all charts as PNG and SVG")
    plot.add_argument("run", help="the run store (HDF5)")
    plot.add_argument("--output", type=Path, default=Path("."), help="folder for the charts (default: this one)")
    plot.add_argument(
        "--dose",
        type=_dose,
        action="append",
        default=[],
        metavar="REGIMEN=MG",
        help="dose of a regimen in the exposure chart (default: its minimal dose)",
    )
    table = commands.add_parser("table", help="print the answers")
    table.add_argument("run", help="the run store (HDF5)")
    add_report_command(commands)
    return parser


def _plot(run_file: str, folder: Path, doses: dict[str, float]) -> None:
    with open_run(run_file) as run:
        charts = {
            "dose_response": dose_response(run),
            "critical_doses": critical_doses(run),
            "exposure": exposure(run, doses),
            "parameters": parameters(run),
            "goodness_of_fit": goodness_of_fit(run),
            "random_effects": random_effects(run),
            "predictive_check": predictive_check(run),
            "responders": responders(run),
            "training": training(run),
            "reliability": reliability(run),
            "learning_curves": learning_curves(run),
        }
    for name, figure in charts.items():
        for file in save(figure, folder, name):
            print(file)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        if options.command == "report":
            options.carry_out(options)
        elif options.command == "plot":
            _plot(options.run, options.output, dict(options.dose))
        else:
            with open_run(options.run) as run:
                print(decision_table(run), flush=True)
    except BrokenPipeError:  # the reader of a pipe, like head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (RunError, OSError) as error:
        print(f"titrant_analysis: {error}", file=sys.stderr)
        return BAD_USAGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
