"""The report of a run: one HTML file.

>>> from titrant_analysis.report import write_report
>>> write_report("run.h5")
PosixPath('run.html')
"""

from titrant_analysis.report.page import render, write_report

__all__ = ["render", "write_report"]
