"""One start of titrant on ranks that can be killed: whole or in part, at a moment that something on the disk gives."""

import os
import signal
import subprocess
import time
from pathlib import Path

POLL = 0.0005  # s; a checkpoint of a small run is written within some milliseconds


class Hang(Exception):
    """A start, or what is left of one after a kill, took longer than its bound."""


class Start:
    """mpiexec and its ranks, in a session of their own: so they are found again whatever happened to their parents."""

    def __init__(self, ranks, arguments, log, bound):
        self.log, self.bound, self.begin = log, bound, time.monotonic()
        with open(log, "wb") as output:
            self.mpiexec = subprocess.Popen(["mpiexec", "-n", str(ranks), *arguments], stdin=subprocess.DEVNULL,
                                            stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    def seconds(self):
        return time.monotonic() - self.begin

    def members(self):
        """Numbers and names of the session's processes that still run."""
        found = {}
        for entry in os.scandir("/proc"):
            if not entry.name.isdigit():
                continue
            try:
                text = Path(entry.path, "stat").read_text()
            except OSError:
                continue  # ended meanwhile
            name, rest = text[text.index("(") + 1 :].rsplit(")", 1)
            state, _, _, session = rest.split()[:4]
            if int(session) == self.mpiexec.pid and state not in "ZX":
                found[int(entry.name)] = name
        return found

    def ranks(self):
        return [number for number, name in self.members().items() if name == "titrant"]

    def kill(self, victim, chance):
        """Kills 'one rank', 'all ranks', 'mpiexec' or 'everything'. Returns how many processes were there to kill."""
        ranks = sorted(self.ranks())
        chosen = {"one rank": [chance.choice(ranks)] if ranks else [], "all ranks": ranks, "mpiexec": [self.mpiexec.pid],
                  "everything": [self.mpiexec.pid, *ranks]}[victim]
        running = self.mpiexec.poll() is None
        for number in chosen:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return len(chosen) if running else 0

    def wait(self):
        """Waits until mpiexec and all ranks are gone; returns the exit code."""
        while self.mpiexec.poll() is None or self.members():
            if self.seconds() > self.bound:
                names = ", ".join(sorted(self.members().values()))
                self.end()
                raise Hang(f"not over after {self.bound} s, still there: {names}")
            time.sleep(0.01)
        return self.mpiexec.returncode

    def end(self):
        for number in self.members():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.mpiexec.wait()

    def wait_for(self, moment):
        """Until the predicate holds; False where the start ends before. Ranks must be there, so that there is a victim."""
        while self.mpiexec.poll() is None:
            if moment():
                return True
            if self.seconds() > self.bound:
                self.end()
                raise Hang(f"not over after {self.bound} s")
            time.sleep(POLL)
        return False


def after(start, seconds):
    return lambda: start.seconds() >= seconds


def changes(folder, pattern, count, delay):
    """Holds `delay` seconds after files of that pattern have changed, come or gone for the count-th time."""
    state = {"last": signature(folder, pattern), "left": count, "due": None}

    def holds():
        if state["due"] is None:
            now = signature(folder, pattern)
            if now != state["last"]:
                state["last"], state["left"] = now, state["left"] - 1
                if state["left"] <= 0:
                    state["due"] = time.monotonic() + delay
        return state["due"] is not None and time.monotonic() >= state["due"]

    return holds


def signature(folder, pattern):
    found = set()
    for entry in os.scandir(folder):
        if pattern in entry.name:
            try:
                status = entry.stat()
            except OSError:
                continue  # renamed meanwhile
            found.add((entry.name, status.st_ino, status.st_mtime_ns, status.st_size))
    return found
