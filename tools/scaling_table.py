"""The table of tools/scaling: reads the stage times of stores of the same campaign.

Usage: scaling_table.py [--weak] STORE.h5...

With --weak the work has grown with the ranks: the efficiency is the time on the fewest ranks over the time.
"""

import sys

import h5py

LEAST_SHARE = 0.02  # of the whole time on the fewest ranks; shorter stages have no line of their own


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def fastest(paths):
    """{ranks: {stage: seconds}}: of each stage and number of ranks the fastest run; {ranks: bytes of the largest rank}."""
    best, memory = {}, {}
    for path in paths:
        with h5py.File(path, "r") as store:
            ranks = int(store["provenance/ranks"][()])
            memory[ranks] = max(memory.get(ranks, 0), int(store["provenance/peak_memory"][()]))
            stages = [text(name) for name in store["provenance/stage"][()]]
            seconds = dict(zip(stages, (float(value) for value in store["provenance/seconds"][()])))
        seconds["whole run"] = sum(seconds.values())
        of_ranks = best.setdefault(ranks, seconds)
        for stage, took in seconds.items():
            of_ranks[stage] = min(took, of_ranks[stage])
    return best, memory


def table(best, memory, weak):
    few = min(best)
    whole = best[few]["whole run"]
    lines = [("", "ranks", "time", "faster", "efficiency", "memory per rank")]
    for stage, reference in best[few].items():
        if reference < LEAST_SHARE * whole:
            continue
        for ranks in sorted(best):
            took = best[ranks][stage]
            speedup = reference / took if took > 0.0 else float("inf")
            efficiency = speedup if weak else speedup * few / ranks
            lines.append((stage if ranks == few else "", str(ranks), f"{took:.2f} s", f"{speedup:.2f} x",
                          f"{100.0 * efficiency:.0f} %",
                          f"{memory[ranks] / 1e6:.0f} MB" if stage == "whole run" else ""))
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    for line in lines:
        print("  ".join(field.ljust(w) if k == 0 else field.rjust(w) for k, (field, w) in enumerate(zip(line, widths))))


if __name__ == "__main__":
    weak = sys.argv[1:2] == ["--weak"]
    stores = sys.argv[2 if weak else 1:]
    if not stores:
        sys.exit(__doc__)
    table(*fastest(stores), weak)
