"""The table of tools/scaling: reads the stage times of stores of the same campaign.

Usage: scaling_table.py STORE.h5...
"""

import sys

import h5py

LEAST_SHARE = 0.02  # of the whole time on the fewest ranks; shorter stages have no line of their own


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def fastest(paths):
    """{ranks: {stage: seconds}}: of each stage and number of ranks the fastest run."""
    best = {}
    for path in paths:
        with h5py.File(path, "r") as store:
            ranks = int(store["provenance/ranks"][()])
            stages = [text(name) for name in store["provenance/stage"][()]]
            seconds = dict(zip(stages, (float(value) for value in store["provenance/seconds"][()])))
        seconds["whole run"] = sum(seconds.values())
        of_ranks = best.setdefault(ranks, seconds)
        for stage, took in seconds.items():
            of_ranks[stage] = min(took, of_ranks[stage])
    return best


def table(best):
    few = min(best)
    whole = best[few]["whole run"]
    lines = [("", "ranks", "time", "faster", "efficiency")]
    for stage, reference in best[few].items():
        if reference < LEAST_SHARE * whole:
            continue
        for ranks in sorted(best):
            took = best[ranks][stage]
            speedup = reference / took if took > 0.0 else float("inf")
            lines.append((stage if ranks == few else "", str(ranks), f"{took:.2f} s", f"{speedup:.2f} x",
                          f"{100.0 * speedup * few / ranks:.0f} %"))
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    for line in lines:
        print("  ".join(field.ljust(w) if k == 0 else field.rjust(w) for k, (field, w) in enumerate(zip(line, widths))))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    table(fastest(sys.argv[1:]))
