#!/usr/bin/env python3
"""tools/convert_device on properties that are written here, in the format of IBM's."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "convert_device"


def item(name, value, unit=""):
    return {"name": name, "value": value, "unit": unit, "date": "2001-01-01"}


def properties():
    def qubit(t1, t2):
        return [item("T1", t1, "us"), item("T2", t2, "us"), item("readout_error", 0.02), item("prob_meas0_prep1", 0.03),
                item("prob_meas1_prep0", 0.01), item("readout_length", 1.2, "us")]

    def gate(kind, qubits, error, length):
        return {"gate": kind, "qubits": qubits, "parameters": [item("gate_error", error), item("gate_length", length, "ns")]}

    return {
        "backend_name": "three", "backend_version": "1.0", "last_update_date": "2001-01-01",
        "qubits": [qubit(100.0, 80.0), qubit(50.0, 300.0), qubit(0.2, 0.1)],
        "gates": [gate("sx", [q], 0.001 * (q + 1), 50) for q in range(3)] + [gate("x", [q], 0.002, 50) for q in range(3)]
        + [gate("ecr", [1, 0], 0.01, 500), gate("ecr", [1, 2], 1.0, 500)],
        "general": [],
    }


def convert(content, *options):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "props.json"
        source.write_text(content, encoding="utf-8")
        done = subprocess.run([sys.executable, TOOL, source, *options], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr


class ConvertDevice(unittest.TestCase):
    def test_units_and_conventions(self):
        code, out, err = convert(json.dumps(properties()))
        self.assertEqual((code, err), (0, "convert_device: left out: coupling 1-2 (error 1)\n"))
        lines = out.splitlines()
        qubits = [line for line in lines if "t1:" in line and line.startswith("  - ")]
        self.assertEqual(len(qubits), 3)
        self.assertIn("t1: 100, t2: 80, one_given_zero: 0.01, zero_given_one: 0.03, readout_duration: 1200", qubits[0])
        self.assertIn("t2: 100,", qubits[1])  # cut to 2 T1
        couplings = [line for line in lines if "control:" in line]
        self.assertEqual(couplings, ["  - {control: 1, target: 0, error: 0.01, duration: 500}",
                                     "  - {control: 1, target: 2, error: 1, duration: 500}"])

    def test_some_qubits_are_renumbered(self):
        code, out, _ = convert(json.dumps(properties()), "--qubits", "1,0")
        self.assertEqual(code, 0)
        self.assertIn("{control: 0, target: 1, error: 0.01, duration: 500}", out)
        self.assertEqual(out.count("control:"), 1)

    def test_what_does_not_work_is_left_out_and_listed(self):
        def changed(change):
            made = properties()
            change(made)
            code, out, err = convert(json.dumps(made))
            self.assertEqual(code, 0, err)
            return out, err

        def name_of(one):
            return one["name"]

        def without_t1(made):
            made["qubits"][1] = [one for one in made["qubits"][1] if name_of(one) != "T1"]

        def null_t1(made):
            made["qubits"][1][0]["value"] = None

        def nan_t1(made):
            made["qubits"][1][0]["value"] = float("nan")

        for change in (without_t1, null_t1, nan_t1):
            out, err = changed(change)
            self.assertIn('  - {left_out: "no T1"}', out.splitlines()[5])  # qubit 1 keeps its place
            self.assertEqual(err, "convert_device: left out: qubit 1 (no T1)\n")
            self.assertIn("{control: 1, target: 0, error: 0.01", out)

        out, err = changed(lambda made: made["gates"][6]["parameters"].append(item("operational", 0)))
        self.assertIn('  - {control: 1, target: 0, left_out: "not operational"}', out)
        self.assertEqual(err, "convert_device: left out: coupling 1-0 (not operational), coupling 1-2 (error 1)\n")
        out, err = changed(lambda made: made["qubits"][2].append(item("operational", 0)))
        self.assertIn('  - {left_out: "not operational"}', out)
        self.assertEqual(err, "convert_device: left out: qubit 2 (not operational)\n")
        out, err = changed(lambda made: made["qubits"][2].append(item("operational", 1)))
        self.assertNotIn("left_out", out)
        out, err = changed(lambda made: made["gates"].pop(0))
        self.assertEqual(err, "convert_device: left out: qubit 0 (no gate sx), coupling 1-2 (error 1)\n")
        out, err = changed(lambda made: made["gates"][2]["parameters"][0].update(value=1.0))
        self.assertEqual(err, "convert_device: left out: qubit 2 (error 1 of its gates)\n")

    def test_faults_are_named(self):
        hopeless = properties()
        hopeless["qubits"] = [[one for one in qubit if one["name"] != "T1"] for qubit in hopeless["qubits"]]
        wordy = properties()
        wordy["qubits"][0][0]["value"] = "much"
        strange = properties()
        strange["gates"].append({"gate": "iswap", "qubits": [0, 1], "parameters": []})
        for content, options, message in [
            ("{", (), "convert_device: "), ("[]", (), "convert_device: "), ("{}", (), "qubits"),
            (json.dumps(hopeless), (), "no qubit can be used: qubit 0 (no T1), qubit 1 (no T1), qubit 2 (no T1)"),
            (json.dumps(wordy), (), "qubit 0: T1 is no number"), (json.dumps(strange), (), "iswap"),
            (json.dumps(properties()), ("--qubits", "0,7"), "7 is not one of"),
            (json.dumps(properties()), ("--qubits", "0,0"), "given twice"),
        ]:
            code, out, err = convert(content, *options)
            self.assertEqual(code, 2)
            self.assertEqual(out, "")
            self.assertIn(message, err)
            self.assertNotIn("Traceback", err)


if __name__ == "__main__":
    unittest.main()
