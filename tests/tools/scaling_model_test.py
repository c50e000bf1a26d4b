#!/usr/bin/env python3
"""tools/scaling_model.py on runs whose times are known in closed form."""

import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py

TOOL = Path(__file__).resolve().parents[2] / "tools" / "scaling_model.py"
sys.path.insert(0, str(TOOL.parent))
import scaling_model as model  # noqa: E402

SILENT = model.Machine(latency=0.0, bandwidth=math.inf)


def run_of(calls, stages, cohort=160):
    return model.Run(1, stages, calls, cohort, 50_000_000, 1_000_000)


def total(run, ranks, machine=SILENT):
    return sum(model.predict(run, ranks, machine).values())


def write_store(path, ranks, seconds, resumed=0):
    with h5py.File(path, "w") as store:
        store["config/resolved"] = "seed: 1\ncohort:\n  trajectories: true\n  size: 160\n"
        values = {"stage": [b"search", b"write"], "seconds": [seconds, 0.5], "ranks": ranks, "resumed": resumed,
                  "peak_memory": 50_000_000}
        work = {"stage": [b"search"], "units": [20.0], "slot": [3.0], "shares": [1.0], "calls": [1.0], "seconds": [seconds]}
        for name, value in values.items():
            store[f"provenance/{name}"] = value
        for name, value in work.items():
            store[f"provenance/calls/{name}"] = value


class Prediction(unittest.TestCase):
    def test_units_bound_the_parallel_part_and_the_rest_stays(self):
        run = run_of([model.Call("search", 100, 1, 1, 1, 10.0)], {"search": 11.0, "write": 2.0})
        self.assertAlmostEqual(total(run, 1), 13.0)
        self.assertAlmostEqual(total(run, 10), 1.0 + 3.0)
        self.assertAlmostEqual(total(run, 30), 4 * 0.1 + 3.0)  # one rank has 4 of 100 units
        self.assertAlmostEqual(total(run, 5000), 0.1 + 3.0)

    def test_a_message_takes_its_latency_in_steps_and_its_bytes(self):
        run = run_of([model.Call("train", 64, 2, 1, 1000, 0.0)], {"train": 0.0})
        machine = model.Machine(latency=1e-5, bandwidth=1e6)
        self.assertAlmostEqual(total(run, 8, machine), 1000 * (3e-5 + 8 * (64 * 2 + 2 * 8) / 1e6))
        self.assertEqual(total(run, 1, machine), 0.0)

    def test_ranks_share_what_would_leave_some_idle(self):
        run = run_of([model.Call("evaluate", 5, 1, 4, 1, 5.0)], {"evaluate": 5.0})
        self.assertAlmostEqual(total(run, 4), 1.0 + 0.25)  # one unit each, the fifth by all four
        self.assertAlmostEqual(total(run, 20), 0.25)
        self.assertAlmostEqual(total(run, 1000), 0.25)

    def test_ranks_that_share_cores_are_no_faster(self):
        run = run_of([model.Call("search", 80, 1, 1, 1, 8.0)], {"search": 8.0})
        self.assertAlmostEqual(total(run, 8, model.Machine(0.0, math.inf, cores=4)), 2.0)

    def test_a_larger_cohort_has_more_units_up_to_their_bound(self):
        run = run_of([model.Call("search", 20, 1, 1, 1, 2.0), model.Call("fit", 20, 1, 1, 1, 1.0)],
                     {"fit": 1.0, "search": 2.5, "write": 0.5})
        larger = model.with_cohort(run, 1600)
        self.assertEqual([call.units for call in larger.calls], [200, 20])
        self.assertAlmostEqual(larger.total, 1.0 + 20.5 + 5.0)
        self.assertLessEqual(model.with_cohort(run, 10**8).calls[0].units, 2 * 512)

    def test_it_names_the_limit(self):
        run = run_of([model.Call("search", 100, 1, 1, 1, 10.0)], {"search": 10.0, "write": 0.01})
        self.assertIn("evenly shared", model.limit(run, model.predict(run, 10, SILENT)))
        self.assertIn("no more than 100 units", model.limit(run, model.predict(run, 900, SILENT)))
        slow_disk = run_of(run.calls, {"search": 10.0, "write": 9.0})
        self.assertIn("writing", model.limit(slow_disk, model.predict(slow_disk, 900, SILENT)))


class Program(unittest.TestCase):
    def call(self, *arguments):
        return subprocess.run([sys.executable, TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)

    def test_it_sets_measured_beside_predicted(self):
        with tempfile.TemporaryDirectory() as folder:
            one, two = Path(folder) / "1.h5", Path(folder) / "2.h5"
            write_store(one, 1, 8.0)
            write_store(two, 2, 4.5)
            done = self.call(one, two, "--here", 0, 1e12)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"2\s+5\.00 s\s+4\.50 s\s+-10 %\s+50 MB")
            self.assertIn("10000", done.stdout)
            self.assertIn("none of the stores is of a run on one rank", self.call(two).stderr)

    def test_it_refuses_times_of_a_part(self):
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "1.h5"
            write_store(store, 1, 8.0, resumed=1)
            self.assertIn("was resumed", self.call(store).stderr)


if __name__ == "__main__":
    unittest.main()
