"""The campaign of tools/faults: fault_campaign.py PROGRAM KILLS SEED BOUND."""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from fault_damage import Damage
from fault_process import Hang, Start, after, changes

# Some seconds on two ranks, in stages of different kinds.
CONFIGURATION = """\
pk: {structure: one_compartment, starts: 1}
pd: {structure: none}
training: {on: trial, steps: 1500}
classifier: {compare: [logistic]}
cohort: {size: 200}
regimens:
  short: {interval: 24, doses: {from: 0.5, to: 40, step: 4}}
  long: {interval: 168, doses: {from: 5, to: 300, step: 40}}
uncertainty: {source: bootstrap, replicates: 16, cohort: 50, steps: 60}
diagnostics: {simulations: 100}
output: {report: false}
"""
MOST_RANKS = 4
MOST_KILLS = 4  # of one run
DAMAGED = 0.3  # share of the kills that leave a checkpoint and are followed by damage to it
CHECKPOINT, STORE = ".checkpoint", ".titrant.partial"  # in the names of files that are being written
REFUSED = 2


class Fault(Exception):
    """What must not happen."""


class Campaign:
    def __init__(self, program, kills, seed, bound):
        self.program, self.bound, self.chance = program, bound, random.Random(seed)
        self.wanted = kills
        self.folder = Path(tempfile.mkdtemp(prefix="titrant-faults-"))
        self.config = self.folder / "config.yaml"
        self.config.write_text(CONFIGURATION)
        self.count = dict.fromkeys(["kills", "survived", "runs", "identical", "afresh", "resumed", "at checkpoint", "at store",
                                    "damaged", "refused", "missed", "at any time"], 0)
        self.settling = self.usual = self.writing = 0.0
        self.longest = (0.0, "")  # s, and what it was
        self.faults = []
        self.current = None

    # -- starts

    def start(self, ranks, *arguments):
        self.log = self.place / "log"
        self.history.append(f"{ranks} ranks: titrant {' '.join(map(str, arguments))}")
        self.current = Start(ranks, [self.program, *map(str, arguments)], self.log, self.bound)
        return self.current

    def ended(self, start):
        status = start.wait()
        self.longest = max(self.longest, (start.seconds(), start.what))
        self.history.append(f"  exit code {status} after {start.seconds():.1f} s")
        return status

    def expect(self, condition, what):
        if not condition:
            raise Fault(f"{what}\n{self.log.read_text(errors='replace')[-2000:]}")

    def run_arguments(self, store):
        return ["run", "--config", self.config, "--checkpoint-every", "1", "--output", store]

    # -- the run that nothing disturbs: what the others must equal, and how long it and its writing take

    def undisturbed(self):
        self.place, self.history = self.folder / "undisturbed", []
        self.place.mkdir()
        self.reference = self.place / "run.h5"
        start = self.start(2, *self.run_arguments(self.reference))
        writing = start.wait_for(changes(self.place, STORE, 1, 0.0))
        begin = start.seconds()
        self.expect(self.ended(start) == 0 and writing, "the undisturbed run failed")
        self.usual, self.writing = start.seconds(), start.seconds() - begin
        print(f"undisturbed on 2 ranks: {self.usual:.1f} s, of which {1000 * self.writing:.0f} ms for the store", flush=True)

    # -- one run, killed some times

    def moment(self, start, store, resumed):
        """Earlier in a start that has less to do."""
        kind = self.chance.choice(["any time", "any time", "checkpoint", "checkpoint", "store"])
        if kind == "checkpoint":
            return kind, changes(store.parent, CHECKPOINT, self.chance.randint(1, 2 if resumed else 4), self.chance.uniform(0, 0.02))
        if kind == "store":
            return kind, changes(store.parent, STORE, 1, self.chance.uniform(0, 0.8 * self.writing))
        return kind, after(start, self.chance.uniform(0.5, self.usual * (0.4 if resumed else 0.8)))

    def kill(self, start, store, resumed):
        """True where the moment came before the start had ended."""
        victim = self.chance.choice(["one rank", "one rank", "all ranks", "mpiexec", "everything"])
        kind, holds = self.moment(start, store, resumed)
        if not start.wait_for(holds) or not start.kill(victim, self.chance):
            self.history.append(f"  over before it could be killed, at {kind}")
            return False
        self.history.append(f"  killed {victim} after {start.seconds():.2f} s, at {kind}")
        self.count["kills"] += 1
        self.count["at " + kind] += 1
        return True

    def ranks(self):
        return self.chance.randint(1, MOST_RANKS)

    def go_on(self, store):
        """The next start, of what a kill has left on the disk."""
        checkpoints = [path for path in (store.with_name(store.name + ".checkpoint"),
                                         store.with_name(store.name + ".checkpoint.previous")) if path.exists()]
        if store.exists():
            self.expect(not self.difference(store), "a visible store is not whole")
        elif not checkpoints:
            self.expect(self.ended(self.start(1, "resume", store)) == REFUSED, "resumed from nothing")
            self.count["afresh"] += 1
            return self.start(self.ranks(), *self.run_arguments(store))
        elif self.chance.random() < DAMAGED:
            return self.go_on_damaged(store, checkpoints)
        self.count["resumed"] += 1
        return self.start(self.ranks(), "resume", store, "--checkpoint-every", "1")

    def go_on_damaged(self, store, checkpoints):
        """Where a whole checkpoint remains it is taken, and the damage is said; else all is refused and left as it is."""
        damage = Damage(checkpoints, self.chance)
        self.history.append(f"  {damage.what}")
        self.count["damaged"] += 1
        if damage.total:
            status = self.ended(self.start(self.ranks(), "resume", store))
            self.expect(status == REFUSED, f"damaged checkpoints: exit code {status}, not {REFUSED}")
            self.expect(damage.untouched(), "damaged checkpoints were changed by a start that refused them")
            self.count["refused"] += 1
            damage.repair()
        self.count["resumed"] += 1
        start = self.start(self.ranks(), "resume", store, "--checkpoint-every", "1")
        if not damage.total:
            told = start.wait_for(lambda: damage.told(self.log.read_text(errors="replace")))
            told = told or damage.told(self.log.read_text(errors="replace"))
            self.expect(told, "a damaged checkpoint was passed over without a word")
        return start

    def disturbed(self, number):
        self.place, self.history = self.folder / f"run{number}", []
        self.place.mkdir()
        store = self.place / "out" / "run.h5"
        store.parent.mkdir()
        kills = min(self.chance.randint(1, MOST_KILLS), self.wanted - self.count["kills"])
        killed = 0
        start = self.start(self.ranks(), *self.run_arguments(store))
        while True:
            if killed < kills and self.kill(start, store, killed > 0):
                killed += 1
                self.count["runs"] += killed == 1
                killed_at = start.seconds()
                self.ended(start)
                self.settling = max(self.settling, start.seconds() - killed_at)
                start = self.go_on(store)
                continue
            status = self.ended(start)
            self.expect(status == 0, f"exit code {status}")
            break
        self.count["missed"] += killed == 0
        self.expect(not self.difference(store), "the store differs from that of the undisturbed run")
        left = sorted(path.name for path in store.parent.iterdir() if path != store)
        self.expect(not left, f"left behind: {', '.join(left)}")
        self.count["identical"] += killed > 0
        self.count["survived"] += killed

    def difference(self, store):
        """What h5diff has to say. It must also be able to read everything: it passes over what it cannot compare."""
        told = subprocess.run(["h5diff", "--exclude-path", "/provenance", str(self.reference), str(store)], capture_output=True,
                              text=True, timeout=self.bound, check=False)
        names = [subprocess.run(["h5ls", "--recursive", str(path)], capture_output=True, text=True, timeout=self.bound,
                                check=True).stdout for path in (self.reference, store)] if told.returncode == 0 else ["", "x"]
        text = told.stdout + told.stderr
        if told.returncode != 0 or text:
            return text or f"h5diff ended with {told.returncode}"
        return "" if self.objects(names[0]) == self.objects(names[1]) else "the stores hold different objects"

    @staticmethod
    def objects(listing):
        return [line for line in listing.splitlines() if not line.startswith("/provenance")]

    # -- all of them

    def run(self):
        self.undisturbed()
        number = 0
        while self.count["kills"] < self.wanted:
            number += 1
            try:
                self.disturbed(number)
                shutil.rmtree(self.place)
            except (Fault, Hang) as fault:
                self.faults.append(f"run {number}: {fault}\n  " + "\n  ".join(self.history))
                print("FAULT " + self.faults[-1], flush=True)
            finally:
                self.current.end()
            print(f"run {number}: {self.count['kills']} kills so far, {self.count['identical']} of {self.count['runs']} runs identical",
                  flush=True)
        self.report()

    def report(self):
        count = self.count
        rows = [("kills tried", count["kills"]), ("  at any time", count["at any time"]),
                ("  at the writing of a checkpoint", count["at checkpoint"]), ("  at the writing of the store", count["at store"]),
                ("kills survived", count["survived"]), ("runs killed", count["runs"]),
                ("  identical to the undisturbed one", count["identical"]), ("  and runs that had ended before their kill", count["missed"]), ("starts from a checkpoint", count["resumed"]),
                ("starts afresh, killed before the first checkpoint", count["afresh"]),
                ("starts with a damaged checkpoint", count["damaged"]), ("  refused, none being whole", count["refused"]),
                ("faults", len(self.faults))]
        for name, value in rows:
            print(f"{name:<52} {value:>6}")
        print(f"{'longest from a kill until nothing ran':<52} {self.settling:>6.1f} s")
        print(f"{'longest start (bound ' + str(self.bound) + ' s)':<52} {self.longest[0]:>6.1f} s, {self.longest[1]}")


def main():
    program, kills, seed, bound = sys.argv[1], *map(int, sys.argv[2:5])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    campaign = Campaign(program, kills, seed, bound)
    try:
        campaign.run()
    except SystemExit:
        shutil.rmtree(campaign.folder, ignore_errors=True)
        raise
    if campaign.faults:
        print(f"kept: {campaign.folder}")
        return 1
    shutil.rmtree(campaign.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
