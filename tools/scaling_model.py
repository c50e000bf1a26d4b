"""Predicts the time of a campaign on any number of ranks, and says what limits it first.

From the store of the campaign on one rank it takes what was measured: of each call of shared work the number of units, the
values that all ranks get, and the time (/provenance/calls); of each stage the time that no call explains, which every rank
spends; the time of writing. Then, on R ranks,

    a call takes   seconds x (units of the busiest rank) / units  +  latency x log2(R)  +  bytes / bandwidth

and writing takes what it took. Stores of the same campaign on more ranks are set beside the prediction.

--latency and --bandwidth are of one exchange between all ranks of the machine that is predicted, as benchmark_messages measures
them; without them those of a usual cluster network are taken. --here is the same of the machine of the stores. --cohort predicts another number of virtual subjects in the dose search.
"""

import argparse
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

import h5py

CLUSTER_RANKS = [64, 256, 1024, 4096, 10000]
CHUNK, MOST_BLOCKS = 16, 512  # src/dose/units.hpp
TRAILER = 2  # values with which a rank ends its message: src/parallel/work.cpp


@dataclass(frozen=True)
class Call:
    """Calls of one shape in one stage."""

    stage: str
    units: int
    slot: int
    shares: int
    calls: int
    seconds: float


@dataclass(frozen=True)
class Run:
    ranks: int
    stages: dict  # seconds
    calls: list
    cohort: int
    peak_memory: int
    file_bytes: int

    @property
    def total(self):
        return sum(self.stages.values())

    def alone(self, stage):
        """Seconds of a stage that every rank spends by itself."""
        return max(0.0, self.stages[stage] - sum(call.seconds for call in self.calls if call.stage == stage))


@dataclass(frozen=True)
class Machine:
    latency: float  # s
    bandwidth: float  # bytes / s
    cores: int | None = None  # None: one per rank


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def read(path):
    with h5py.File(path, "r") as store:
        if "provenance/calls" not in store:
            raise SystemExit(f"{path}: holds no /provenance/calls; run it with a titrant of this version")
        if int(store["provenance/resumed"][()]) > 0:
            raise SystemExit(f"{path}: was resumed, so its times are of a part only; give an undisturbed run")
        provenance = store["provenance"]
        stages = dict(zip(map(text, provenance["stage"][()]), map(float, provenance["seconds"][()])))
        work = provenance["calls"]
        columns = [work[name][()] for name in ("stage", "units", "slot", "shares", "calls", "seconds")]
        calls = [Call(text(s), int(u), int(w), int(h), int(c), float(t)) for s, u, w, h, c, t in zip(*columns)]
        cohort = re.search(r"^cohort:\n(?:  .*\n)*?  size: (\d+)", text(store["config/resolved"][()]), re.MULTILINE)
        if cohort is None:
            raise SystemExit(f"{path}: its configuration names no cohort.size")
        return Run(int(provenance["ranks"][()]), stages, calls, int(cohort.group(1)),
                   int(provenance["peak_memory"][()]), Path(path).stat().st_size)


def blocks(cohort):
    """Units of one panel (src/dose/units.hpp)."""
    chunks = math.ceil(cohort / CHUNK)
    return math.ceil(chunks / math.ceil(chunks / MOST_BLOCKS))


def with_cohort(run, cohort):
    """The same run with another number of virtual subjects in its search; all of its store is taken to grow with it."""
    growth = cohort / run.cohort
    before, after = blocks(run.cohort), blocks(cohort)
    calls = [replace(call, units=call.units // before * after, seconds=call.seconds * growth)
             if call.stage == "search" and call.units % before == 0 else call for call in run.calls]
    more = sum(new.seconds - old.seconds for new, old in zip(calls, run.calls))
    stages = {name: took + (more if name == "search" else 0.0) for name, took in run.stages.items()}
    if "write" in stages:
        stages["write"] *= growth
    return replace(run, stages=stages, calls=calls, cohort=cohort, file_bytes=int(run.file_bytes * growth))


def teams(units, ranks, shares):
    """group_count of src/parallel/partition.cpp."""
    best, least = 1, math.inf
    for groups in range(1, min(units, ranks) + 1):
        time = math.ceil(units / groups) * math.ceil(shares / min(ranks // groups, shares))
        if time <= least:
            best, least = groups, time
    return best


def share_of_busiest(call, ranks):
    """The share of a call's units that the busiest rank computes."""
    if call.shares == 1:
        return math.ceil(call.units / ranks) / call.units
    rest = call.units % ranks
    busiest = float(call.units // ranks)
    if rest > 0:
        groups = teams(rest, ranks, call.shares)
        busiest += math.ceil(rest / groups) * math.ceil(call.shares / min(ranks // groups, call.shares)) / call.shares
    return busiest / call.units


def message_bytes(call, ranks):
    return 8 * (call.units * call.slot + TRAILER * ranks)


def predict(run, ranks, machine):
    """{(stage, what): seconds}: `work` divided evenly, `idle` for want of units, `messages`, `alone`."""
    crowd = 1.0 if machine.cores is None else max(1.0, ranks / machine.cores)
    parts = {}

    def add(stage, what, seconds):
        parts[stage, what] = parts.get((stage, what), 0.0) + seconds

    for stage in run.stages:
        add(stage, "alone", run.alone(stage) * (1.0 if stage == "write" else crowd))
    for call in run.calls:
        if call.units == 0:
            continue
        even = call.seconds / ranks
        add(call.stage, "work", even * crowd)
        add(call.stage, "idle", (call.seconds * share_of_busiest(call, ranks) - even))
        if ranks > 1:
            each = machine.latency * math.ceil(math.log2(ranks)) + message_bytes(call, ranks) / machine.bandwidth
            add(call.stage, "messages", call.calls * each)
    return parts


def limit(run, parts):
    """What takes most of the time, in words."""
    (stage, what), seconds = max(parts.items(), key=lambda item: item[1])
    if stage == "write":
        words = "writing the store"
    elif what == "idle":
        dearest = max((call for call in run.calls if call.stage == stage), key=lambda call: call.seconds)
        words = f"{stage}: no more than {dearest.units} units"
        if dearest.shares > 1:
            words += f" for {dearest.shares} ranks each"
    else:
        words = {"work": f"{stage}: work, evenly shared", "messages": f"{stage}: messages",
                 "alone": f"{stage}: what every rank does itself"}[what]
    return f"{words} ({seconds:.2g} s)"


def print_columns(lines):
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    last = len(widths) - 1
    for line in lines:
        print("  ".join(field.ljust(w) if k == last else field.rjust(w) for k, (field, w) in enumerate(zip(line, widths))).rstrip())


def check(reference, runs, machine):
    lines = [("ranks", "measured", "predicted", "difference", "memory per rank")]
    for run in sorted([reference, *runs], key=lambda run: run.ranks):
        expected = sum(predict(reference, run.ranks, machine).values())
        lines.append((str(run.ranks), f"{run.total:.2f} s", f"{expected:.2f} s", f"{100.0 * (expected / run.total - 1.0):+.0f} %",
                      f"{run.peak_memory / 1e6:.0f} MB"))
    print_columns(lines)


def project(run, ranks, machine):
    lines = [("ranks", "predicted", "efficiency", "limited by")]
    for n in ranks:
        parts = predict(run, n, machine)
        took = sum(parts.values())
        lines.append((str(n), f"{took:.2f} s", f"{100.0 * run.total / (n * took):.1f} %", limit(run, parts)))
    print_columns(lines)
    largest = max((8 * call.units * call.slot for call in run.calls), default=0)
    print(f"largest result that every rank gets: {largest / 1e6:.2f} MB")


def numbers(argument):
    values = [int(part) for part in argument.split(",")]
    if min(values) < 1:
        raise ValueError
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stores", nargs="+", metavar="STORE.h5", help="one of them of a run on one rank")
    parser.add_argument("--latency", type=float, default=2e-6, metavar="SECONDS", help="of one step of an exchange (default 2e-6)")
    parser.add_argument("--bandwidth", type=float, default=5e9, metavar="BYTES_PER_SECOND", help="(default 5e9)")
    parser.add_argument("--here", type=float, nargs=2, default=[2e-6, 5e9], metavar=("SECONDS", "BYTES_PER_SECOND"),
                        help="latency and bandwidth of the machine of the stores")
    parser.add_argument("--cores", type=int, help="of the machine of the measurements, where ranks shared them")
    parser.add_argument("--cohort", type=int, help="virtual subjects in the dose search (default: as measured)")
    parser.add_argument("--ranks", type=numbers, default=CLUSTER_RANKS, metavar="LIST", help="separated by commas")
    options = parser.parse_args()
    runs = sorted((read(path) for path in options.stores), key=lambda run: (run.ranks, run.total))
    if runs[0].ranks != 1:
        parser.error("none of the stores is of a run on one rank")
    reference, others = runs[0], [run for run in runs[1:] if run.ranks > 1]
    network = Machine(options.latency, options.bandwidth)
    if others:
        print("measured and predicted on this machine")
        fastest = {run.ranks: run for run in reversed(others)}
        check(reference, fastest.values(), Machine(*options.here, options.cores))
        print()
    if options.cohort:
        reference = with_cohort(reference, options.cohort)
    print(f"{reference.cohort} virtual subjects in each population, {reference.total:.1f} s and a store of "
          f"{reference.file_bytes / 1e6:.0f} MB on one rank")
    project(reference, options.ranks, network)


if __name__ == "__main__":
    main()
