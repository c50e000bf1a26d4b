"""The table of tools/benchmark: reads the JSON that benchmark_titrant writes.

Usage: benchmark_table.py RESULTS.json
"""

import json
import sys

# name of the measurement: what it is, and the naive measurement that it is a ratio to (gradients and populations: of P(1))
ROWS = {
    "exact": ("exact P(1)", "exact_naive"),
    "shots_of_result": ("1,024 shots of the result bit", "shots_of_result_naive"),
    "shots_of_all_bits": ("1,024 shots of all measured bits", "shots_of_all_bits_naive"),
    "adjoint": ("adjoint gradient, 45 parameters", None),
    "shift_exact": ("parameter shift, exact", None),
    "shifted_circuits": ("all 300 shifted circuits, exact", None),
    "shift_with_shots": ("parameter shift, 1,024 shots each", None),
    "shared_shift": ("shared shift, exact", None),
    "population": ("population, per subject and dose", "exact_naive"),
    "trajectories_noiseless": ("1,024 trajectories, no noise", "trajectories_noiseless_naive"),
    "trajectories_noisy": ("1,024 trajectories, noisy", "trajectories_noisy_naive"),
    "noisy": ("noisy P(1)", "density_matrix_naive"),
    "noisy_adjoint": ("noisy adjoint gradient, 45 parameters", None),
    "density_matrix": ("noisy distribution, density matrix", "density_matrix_naive"),
}


def fastest(path):
    """Of each measurement the repetition with the least time: {name: {counter: value}}."""
    with open(path, encoding="utf-8") as file:
        runs = json.load(file)["benchmarks"]
    best = {}
    for run in runs:
        if run["run_type"] != "iteration":
            continue
        if run.get("error_occurred"):
            sys.exit(f"{run['run_name']}: {run['error_message']}")
        if run["run_name"] not in best or run["real_time"] < best[run["run_name"]]["real_time"]:
            best[run["run_name"]] = run
    return best


def duration(seconds):
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def batch_size(name):
    """The examples of one call that stand behind a measurement's name; 1 where there are none."""
    return int(name.partition("/")[2] or 1)


def table(best):
    peak = best.get("matrix_product", {}).get("operations")
    one = min((run["time"] for name, run in best.items() if name.partition("/")[0] == "exact"), default=None)
    lines = [("", "batch", "per example", "naive", "faster", "exact P(1)", "share")]
    for key, (text, reference) in ROWS.items():
        for name in sorted((name for name in best if name.partition("/")[0] == key), key=batch_size):
            run = best[name]
            naive = best[reference]["time"] if reference in best else None
            lines.append((
                text,
                name.partition("/")[2] or "-",
                duration(run["time"]),
                duration(naive) if naive else "-",
                f"{naive / run['time']:.3g} x" if naive else "-",
                f"{run['time'] / one:.3g} x" if one else "-",
                f"{100 * run['operations'] / peak:.0f} %" if peak and "operations" in run else "-",
            ))
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    for line in lines:
        print("  ".join(field.ljust(w) if k == 0 else field.rjust(w) for k, (field, w) in enumerate(zip(line, widths))))
    print()
    if peak:
        print(f"share: of {peak / 1e9:.1f} billion operations per second, the matrix product of this core in the same run;")
        print("       operations as the circuit is compiled, a fused multiply-add counted as two.")
    print("naive: plain loops over complex numbers, gate by gate. exact P(1): ratio to the largest batch of those above.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    table(fastest(sys.argv[1]))
