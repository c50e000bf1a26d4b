"""Damage done to the checkpoints of a run, and its repair."""

import re


class Damage:
    """To the newest of the given checkpoints, or to all; by a flipped bit, by truncation, or by both."""

    def __init__(self, checkpoints, chance):
        self.whole = {path: path.read_bytes() for path in checkpoints}
        damaged = checkpoints if chance.random() < 0.4 else checkpoints[:1]
        self.total = len(damaged) == len(checkpoints)
        kind = chance.choice(["bit flip", "truncation", "bit flip and truncation"])
        self.what = f"{kind}: {', '.join(path.name for path in damaged)}"
        self.damaged = {path: self.harm(bytearray(self.whole[path]), kind, chance) for path in damaged}
        for path, content in self.damaged.items():
            path.write_bytes(content)

    @staticmethod
    def harm(content, kind, chance):
        if "flip" in kind:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        if "truncation" in kind:
            del content[chance.randrange(len(content)):]
        return bytes(content)

    def untouched(self):
        return all(path.exists() and path.read_bytes() == content for path, content in self.damaged.items())

    def repair(self):
        for path, content in self.whole.items():
            path.write_bytes(content)

    def told(self, log):
        """Whether a log names each damaged file in a line that says so."""
        return all(re.search(rf"{re.escape(path.name)}\b.*(is damaged|is no checkpoint)", log) for path in self.damaged)
