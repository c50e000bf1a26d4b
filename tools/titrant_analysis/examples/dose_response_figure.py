"""Two populations in one figure of your own, in a journal's size: dose_response_figure.py RUN.h5 FIGURE.pdf"""

import sys

import matplotlib.pyplot as plt
from titrant_analysis import dose_response_panel, open_run

run_file, figure_file = sys.argv[1:]
figure, axes = plt.subplots(1, 2, figsize=(7.0, 2.8), sharey=True, layout="constrained")
with open_run(run_file) as run:
    for panel, scenario in zip(axes, run.scenarios()):
        dose_response_panel(panel, run, scenario, "daily")
axes[0].legend(fontsize=6)
axes[1].set_ylabel("")
figure.savefig(figure_file)
