"""python3 -m titrant_analysis report RUN.h5"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from titrant_analysis.report.page import write_report

EXAMPLE = "example: python3 -m titrant_analysis report run.h5 --output report.html"


def add_command(commands: Any) -> None:
    """Adds `report` to the commands of a parser (what add_subparsers returned); its `carry_out` does the work."""
    parser = commands.add_parser("report", help="one HTML file that says what the run answers, and why", epilog=EXAMPLE)
    parser.add_argument("run", help="the run store (HDF5)")
    parser.add_argument("--output", type=Path, help="the HTML file (default: beside the store, RUN.html)")
    parser.set_defaults(carry_out=carry_out)


def carry_out(options: argparse.Namespace) -> None:
    print(write_report(options.run, options.output))
