"""What the names in a store mean to a reader."""

from __future__ import annotations

from titrant_analysis.run import Run

def setting(run: Run, section: str, key: str) -> str | None:
    """A value of the resolved configuration, as titrant writes it: a key a line, two blanks deeper than its section."""
    inside = False
    for line in (run.text("/config/resolved") or "").splitlines():
        if not line.startswith(" "):
            inside = line.rstrip() == f"{section}:"
        elif inside and line.startswith(f"  {key}: "):
            return line.split(": ", 1)[1]
    return None


def success(run: Run, label: str, window: str) -> str:
    """What counts as a success, for one question."""
    threshold = setting(run, "response", "threshold")
    below = f"below {threshold} {run.units.biomarker}" if threshold else "below the threshold"
    hours = (setting(run, "response", "hours") or "").strip("[]").split(",")
    day = f" ({hours[0].strip()} to {hours[1].strip()} h after the first dose)" if len(hours) == 2 else ""
    when = {
        "day_21": f"in the last day of the third week{day}",
        "steady_state": "over one dosing interval at steady state",
    }.get(window, window)
    if label == "measured":
        return f"all biomarker values as a trial would measure them, residual error included, are {below} {when}"
    if label == "latent":
        return f"the model's biomarker is {below} at every instant {when}"
    return f"the biomarker is {below} {when} ({label})"
