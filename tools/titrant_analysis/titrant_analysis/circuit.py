"""The quantum network as a drawing: blocks that share their parameters have one colour."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch

from titrant_analysis.protocol import headline_first
from titrant_analysis.run import Run
from titrant_analysis.style import OBSERVED, PALETTE, QUIET, empty_figure, finish, new_figure, styled
from titrant_analysis.tables import Column, Table

NOTHING = "No quantum network in this run.\ntitrant run or titrant train makes one"
COLUMN = 0.62
"""Inches of a step of the circuit."""
WIRE = 0.5
"""Inches between two qubits."""


@dataclass
class Element:
    """Something drawn on one or more qubits: a block of gates with shared parameters, a gate, or a measurement."""

    kind: str
    label: str
    qubits: list[int]
    group: str = ""
    parameters: list[str] = field(default_factory=list)
    bit: int | None = None
    condition: str = ""
    column: int = 0


def network(run: Run, name: str = "qcnn") -> dict[str, Any] | None:
    """The circuit of a classifier (src/store/README.md) for the headline's endpoint, else the first that has one;
    None: there is none."""
    paths = (f"/classifier/{name}/{endpoint}/circuit" for endpoint in headline_first(run, run.endpoints()))
    text = next((text for path in paths if (text := run.text(path)) is not None), None)
    return None if text is None else json.loads(text)


def elements(circuit: dict[str, Any]) -> list[Element]:
    """The operations of a circuit, those of one block put together, each with its column."""
    found: list[Element] = []
    for operation in circuit["operations"]:
        if operation["kind"] in ("barrier", "discard"):
            continue
        names = [angle["parameter"] for angle in operation.get("angles", []) if "parameter" in angle]
        group = names[0].split(".")[0] if names else ""
        last = found[-1] if found else None
        if group and last is not None and last.group == group and names[0] not in last.parameters:
            last.parameters += names
            last.qubits = sorted({*last.qubits, *operation["qubits"]})
            continue
        found.append(_element(operation, group, names, circuit.get("features", [])))
    _place(found, circuit["qubits"])
    return found


def _element(operation: dict[str, Any], group: str, names: list[str], features: list[str]) -> Element:
    condition = " and ".join(f"c{of['bit']} = {of['value']}" for of in operation.get("conditions", []))
    kind, label = operation["kind"], operation.get("gate", operation["kind"]).upper()
    inputs = [angle["feature"] for angle in operation.get("angles", []) if "feature" in angle]
    if group:
        kind, label = "block", group.replace("_", " ")
    elif inputs:
        place = inputs[0]
        kind, label = "feature", features[place].replace("_", " ") if place < len(features) else f"feature {place}"
    return Element(kind, label, list(operation["qubits"]), group, names, operation.get("bit"), condition)


def _place(found: list[Element], qubits: int) -> None:
    """Each element as far to the left as those before it on its wires allow."""
    free = [0] * qubits
    for element in found:
        wires = range(min(element.qubits), max(element.qubits) + 1)
        element.column = max(free[wire] for wire in wires)
        for wire in wires:
            free[wire] = element.column + 1


@styled
def circuit(run: Run) -> list[Figure]:
    """The network of the run's QCNN, from the encoded curve on the left to the measured answer on the right."""
    drawn = network(run)
    if drawn is None:
        return empty_figure(NOTHING)
    found = elements(drawn)
    columns = max(element.column for element in found) + 1
    figure, axes = new_figure(1, 1, COLUMN * (columns + 4), WIRE * drawn["qubits"] + 0.6)
    handles = circuit_panel(axes[0][0], drawn, found)
    finish(figure, f"Quantum network, {run.name}", handles)
    return [figure]


def circuit_panel(axes: Axes, drawn: dict[str, Any], found: list[Element]) -> list[Patch]:
    """Draws the network; returns the legend of its blocks."""
    columns = max(element.column for element in found) + 1
    groups = list(dict.fromkeys(element.group for element in found if element.group))
    colour = {group: PALETTE[place % len(PALETTE)] for place, group in enumerate(groups)}
    for wire in range(drawn["qubits"]):
        last = max((element.column for element in found if wire in element.qubits), default=0)
        axes.plot([-0.9, last], [wire, wire], color=QUIET, linewidth=0.8, zorder=1)
        axes.text(-2.3, wire, f"q{wire}", ha="right", va="center")
    encoded = drawn.get("amplitude_qubits", [])
    if encoded:
        _box(axes, -1.4, min(encoded), max(encoded), "C(t)", OBSERVED, 0.12, width=0.9)
    for element in found:
        _draw(axes, element, colour, drawn.get("result_bit"))
    axes.set_xlim(-2.8, columns)
    axes.set_ylim(drawn["qubits"] - 0.4, -0.7)
    axes.set_axis_off()
    return [Patch(color=colour[group], alpha=0.45, label=_words(group, found)) for group in groups]


def _words(group: str, found: list[Element]) -> str:
    of_group = [element for element in found if element.group == group]
    times = "once" if len(of_group) == 1 else f"{len(of_group)} times"
    return f"{group.replace('_', ' ')}: {len(set(of_group[0].parameters))} angles, used {times}"


def _draw(axes: Axes, element: Element, colour: dict[str, str], result_bit: int | None) -> None:
    top, bottom = min(element.qubits), max(element.qubits)
    if element.kind == "block":
        label, shade = element.label.replace(" ", "\n"), colour[element.group]
        if bottom - top < len(element.qubits):
            _box(axes, element.column, top, bottom, label, shade, 0.45)
        else:  # it passes by the qubits between
            axes.plot([element.column] * 2, [top, bottom], color=shade, linewidth=2.5, alpha=0.7, zorder=2)
            for qubit in element.qubits:
                _box(axes, element.column, qubit, qubit, label, shade, 0.45)
    elif element.kind == "measure":
        answer = element.bit == result_bit
        _box(axes, element.column, top, top, f"M c{element.bit}" + ("\nanswer" if answer else ""), OBSERVED, 0.12)
    elif element.label in ("CZ", "CX"):
        axes.add_line(Line2D([element.column] * 2, [top, bottom], color=OBSERVED, linewidth=1, zorder=2))
        axes.plot([element.column] * 2, [top, bottom], "o", color=OBSERVED, markersize=4, zorder=3)
    else:
        words = element.label.replace(" ", "\n") if element.kind == "feature" else element.label
        condition = f"\nif {element.condition}" if element.condition else ""
        _box(axes, element.column, top, bottom, words + condition, QUIET, 0.15)


def _box(
    axes: Axes, column: float, top: int, bottom: int, label: str, colour: str, strength: float, width: float = 0.86
) -> None:
    corner, height = (column - width / 2, top - 0.34), bottom - top + 0.68
    rounded = "round,pad=0,rounding_size=0.08"
    axes.add_patch(FancyBboxPatch(corner, width, height, rounded, facecolor="white", edgecolor="none", zorder=2.5))
    axes.add_patch(
        FancyBboxPatch(corner, width, height, rounded, facecolor=colour, edgecolor="none", alpha=strength, zorder=3)
    )
    axes.add_patch(
        FancyBboxPatch(corner, width, height, rounded, facecolor="none", edgecolor=colour, linewidth=0.8, zorder=3)
    )
    axes.text(column, (top + bottom) / 2, label, ha="center", va="center", fontsize=5.6, zorder=4)


def circuit_tables(run: Run) -> list[Table]:
    """The operations in their order."""
    drawn = network(run)
    if drawn is None:
        return []
    columns: dict[str, list[float | str]] = {name: [] for name in ("operation", "qubits", "angle", "condition")}
    for operation in drawn["operations"]:
        angles = [next(iter(angle.items())) for angle in operation.get("angles", [])]
        measured = operation["kind"] == "measure"
        name = f"measure into c{operation['bit']}" if measured else operation.get("gate", operation["kind"])
        columns["operation"].append(name)
        columns["qubits"].append(", ".join(f"q{qubit}" for qubit in operation["qubits"]))
        columns["angle"].append(
            ", ".join(str(value) if kind == "parameter" else f"{kind} {value:g}" for kind, value in angles)
        )
        columns["condition"].append(
            " and ".join(f"c{of['bit']} = {of['value']}" for of in operation.get("conditions", []))
        )
    made = tuple(Column(name, name, "", values) for name, values in columns.items())
    return [Table("circuit", "Operations of the network", made)]
