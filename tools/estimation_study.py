"""The table of tools/estimation_study: trials simulated by a fitted model, fitted again.

Usage: see tools/estimation_study --help
"""

import argparse
import concurrent.futures
import contextlib
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy as np

NORMAL_95 = 1.959963984540054  # quantile of the two-sided 95 % interval
NORMAL_90 = 1.6448536269514722


def run(command):
    """Runs a command that must end well."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def read(store):
    """Estimates of a store that are no fixed ones: {name: (estimate, lower, upper of 95 %)}; and whether it converged."""
    with h5py.File(store) as file:
        group = file["pk"]
        names = [name.decode() for name in group["parameter"][()]]
        columns = zip(group["estimate"][()], group["ci_lower"][()], group["ci_upper"][()], group["fixed"][()], strict=True)
        rows = dict(zip(names, columns, strict=True))
        return {name: row[:3] for name, row in rows.items() if not row[3]}, bool(group["converged"][()])


def interval_90(name, estimate, lower, upper):
    """The 90 % interval of an estimate from its 95 % one, on the scale that this is symmetric on."""
    to, back = (np.arctanh, np.tanh) if name.startswith("correlation.") else (np.log, np.exp)
    if lower <= 0.0 and not name.startswith("correlation."):
        to, back = (lambda x: x), (lambda x: x)
    width = (to(upper) - to(lower)) / (2.0 * NORMAL_95) * NORMAL_90
    return back(to(estimate) - width), back(to(estimate) + width)


def table(truth, fits, methods):
    """One line for each parameter, and for each method its bias in percent of the truth and its coverage."""
    head = "| parameter | truth |" + "".join(f" {method}: bias, % | coverage of 90 % |" for method in methods)
    lines = [head, "|---" * (head.count("|") - 1) + "|"]
    for name, (value, _, _) in truth.items():
        line = f"| {name} | {value:.4g} |"
        for method in methods:
            found = [estimates[name] for estimates, _ in fits[method] if name in estimates]
            bias = np.array([100.0 * (one[0] / value - 1.0) for one in found])
            known = [interval_90(name, *one) for one in found if np.isfinite(one[1]) and np.isfinite(one[2])]
            covered = np.mean([low <= value <= high for low, high in known]) if known else np.nan
            error = bias.std(ddof=1) / np.sqrt(len(bias)) if len(bias) > 1 else np.nan
            line += f" {bias.mean():.1f} +- {error:.1f} | {covered:.2f} of {len(known)} |"
        lines.append(line)
    return lines


def main():
    """Simulates, fits, prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="store", type=pathlib.Path, required=True)
    for name in ("design", "config", "program"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--methods", required=True)
    for name in ("replicates", "seed", "jobs"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    methods = options.methods.split(",")
    truth, _ = read(options.store)
    with contextlib.ExitStack() as stack:
        folder = options.keep or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        trials = folder / "trials.csv"
        run([options.program, "simulate", "--from", options.store, "--design", options.design, "--replicates",
             options.replicates, "--seed", options.seed, "--force", "--output", trials])

        def fit(method, replicate):
            store = folder / f"{method}.{replicate}.h5"
            run([options.program, "fit", "--config", options.config, "--quiet", "--force", "--no-report",
                 "--set", f"data.file={trials}", "--set", f"data.where=[REP == {replicate}]",
                 "--set", f"estimation.methods=[{method.replace('+', ', ')}]", "--output", store])
            return read(store)

        fits = {method: [] for method in methods}
        failures = 0
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            jobs = {method: [pool.submit(fit, method, 1 + number) for number in range(options.replicates)] for method in methods}
            for method in methods:
                for job in jobs[method]:
                    try:
                        fits[method].append(job.result())
                    except RuntimeError as error:
                        failures += 1
                        print(error, file=sys.stderr)
    print("\n".join(table(truth, fits, methods)))
    for method in methods:
        print(f"{method}: {sum(converged for _, converged in fits[method])} of {len(fits[method])} fits converged")
    if failures:
        sys.exit(f"{failures} fits failed")


if __name__ == "__main__":
    main()
