"""The command line: python3 -m titrant_analysis plot|report|table|compare ..."""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from titrant_analysis.campaign import campaign_table, is_campaign, open_campaign
from titrant_analysis.charts import CHARTS, Chart
from titrant_analysis.comparison import compare_runs
from titrant_analysis.exposure import exposure
from titrant_analysis.report.command import add_command as add_report_command
from titrant_analysis.run import Run, RunError, open_run
from titrant_analysis.run_tables import TABLES
from titrant_analysis.style import FORMATS, save
from titrant_analysis.table import decision_table, text_table
from titrant_analysis.tables import Table

BAD_USAGE = 2
NAMES = {name.replace("_", "-"): name for name in CHARTS}


def _dose(text: str) -> tuple[str, float]:
    regimen, _, dose = text.partition("=")
    try:
        value = float(dose)
    except ValueError:
        value = 0.0
    if not regimen or not value > 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not REGIMEN=DOSE, as once=10")
    return regimen, value


def _formats(text: str) -> list[str]:
    kinds = text.split(",")
    for kind in kinds:
        if kind not in FORMATS:
            raise argparse.ArgumentTypeError(f"'{kind}' is none of {', '.join(FORMATS)}")
    return kinds


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="titrant_analysis", description="Reads run stores of titrant and draws them.")
    commands = parser.add_subparsers(dest="command", required=True)

    plot = commands.add_parser(
        "plot",
        help="one chart or all, as files",
        epilog="example: python3 -m titrant_analysis plot dose-response run.h5 --output pictures --format pdf",
    )
    charts = ", ".join(NAMES)
    what = f"the store (HDF5); before it one of {charts}, or all"
    plot.add_argument("what", nargs="+", metavar="[CHART] RUN", help=what)
    plot.add_argument("--output", type=Path, default=Path("."), help="folder for the charts (default: this one)")
    kinds = "png, svg, pdf, with commas (default: png,svg)"
    plot.add_argument("--format", type=_formats, default=["png", "svg"], help=kinds)
    plot.add_argument(
        "--dose",
        type=_dose,
        action="append",
        default=[],
        metavar="REGIMEN=DOSE",
        help="dose of a regimen in the exposure chart, in its own unit (default: its answer)",
    )
    plot.add_argument("--endpoint", help="only this endpoint, in charts that have figures of each (default: all)")

    table = commands.add_parser(
        "table",
        help="print the answers of a run or of a campaign, or other tables of a run",
        epilog="example: python3 -m titrant_analysis table run.h5 --what parameters --csv",
    )
    table.add_argument("run", help="the store of a run, or the index of a campaign (HDF5)")
    table.add_argument("--what", choices=TABLES, default="decisions", help="which table (default: decisions)")
    table.add_argument("--csv", action="store_true", help="as CSV, with all columns")

    compare = commands.add_parser(
        "compare",
        help="settings, answers and estimates of two runs side by side",
        epilog="example: python3 -m titrant_analysis compare run.h5 other.h5",
    )
    compare.add_argument("first", help="the store of a run (HDF5)")
    compare.add_argument("second", help="the store of another")
    add_report_command(commands)
    return parser


def _plot(options: argparse.Namespace) -> None:
    if len(options.what) > 2:
        raise RunError(f"plot takes one chart and one store, not {len(options.what)} words")
    *chart, run_file = options.what
    chosen = list(CHARTS) if chart in ([], ["all"]) else [NAMES.get(chart[0], chart[0])]
    if chosen[0] not in CHARTS:
        raise RunError(f"there is no chart '{chart[0]}'; the charts are {', '.join(NAMES)}, and all")
    with open_run(run_file) as run:
        if options.endpoint and options.endpoint not in run.endpoints():
            raise RunError(f"{run.name}: has no endpoint '{options.endpoint}'; it has {', '.join(run.endpoints())}")
        for name in chosen:
            for file_name, figure in _figures(run, CHARTS[name], options):
                for file in save(figure, options.output, file_name, options.format):
                    print(file)


def _figures(run: Run, chart: Chart, options: argparse.Namespace) -> Iterator[tuple[str, Figure]]:
    """The figures of a chart with the names of their files: the chart's, with the endpoint and a number where there are
    several."""
    parts = chart.parts(run) or [""]
    for part in [options.endpoint] if chart.by_endpoint and options.endpoint else parts:
        if chart.name == "exposure" and options.dose:
            figures = exposure(run, dict(options.dose))
        else:
            figures = chart.figures(run, part)
        of_endpoint = f"{chart.name}_{part}" if len(parts) > 1 else chart.name
        for place, figure in enumerate(figures, start=1):
            yield (f"{of_endpoint}_{place}" if len(figures) > 1 else of_endpoint), figure


def _write_csv(table: Table) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow([column.name for column in table.columns])
    writer.writerows(table.rows())


def _table(options: argparse.Namespace) -> None:
    if is_campaign(options.run):
        if options.what != "decisions":
            raise RunError(f"{options.run}: the index of a campaign has no {options.what}; its members' stores have")
        with open_campaign(options.run) as campaign:
            table = campaign_table(campaign)
        _write_csv(table) if options.csv else print(text_table(table))
        return
    with open_run(options.run) as run:
        table = TABLES[options.what](run)
        if options.csv:
            _write_csv(table)
        else:
            print(decision_table(run) if options.what == "decisions" else text_table(table))


def _compare(options: argparse.Namespace) -> None:
    with open_run(options.first) as first, open_run(options.second) as second:
        comparison = compare_runs(first, second)
    for table in (comparison.settings, comparison.answers, comparison.estimates):
        print(f"{table.title}\n{text_table(table)}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    carry_out = {"plot": _plot, "table": _table, "compare": _compare}.get(options.command)
    try:
        (carry_out or options.carry_out)(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe, like head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (RunError, OSError) as error:
        print(f"titrant_analysis: {error}", file=sys.stderr)
        return BAD_USAGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
