"""All populations on one regimen in a figure of your own: dose_response_figure.py RUN.h5 FIGURE.pdf"""

import sys

import matplotlib.pyplot as plt
from titrant_analysis import Panel, dose_response_panel, headline, open_run

run_file, figure_file = sys.argv[1:]
with open_run(run_file) as run:
    first = headline(run)
    populations = [panel.population for panel in run.panels() if panel.regimen == first.regimen]
    size = (3.5 * len(populations), 2.8)  # inches
    figure, axes = plt.subplots(1, len(populations), figsize=size, sharey=True, layout="constrained", squeeze=False)
    for place, population in zip(axes[0], populations):
        dose_response_panel(place, run, Panel(population, first.regimen), first.endpoint)
        place.label_outer()
axes[0, 0].legend(fontsize=6)
figure.savefig(figure_file)
