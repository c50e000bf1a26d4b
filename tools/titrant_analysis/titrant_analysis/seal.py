"""The checksum at the end of a store (src/store/README.md), which HDF5 does not look at."""

from __future__ import annotations

import hashlib
import os

TITLE = b"\ntitrant seal "
SIZE = len(TITLE) + 64 + 1
BLOCK = 16 << 20


def seal_is_whole(path: str | os.PathLike[str]) -> bool:
    """Whether the content is what it was sealed with. A file without a seal passes: other programs drop it."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END) - SIZE
        if size < 0:
            return True
        file.seek(size)
        seal = file.read(SIZE)
        if not seal.startswith(TITLE):
            return True
        file.seek(0)
        digests = hashlib.sha256()
        for begin in range(0, size, BLOCK):
            block = file.read(min(BLOCK, size - begin))
            digests.update(hashlib.sha256(block).hexdigest().encode())
        return seal == TITLE + digests.hexdigest().encode() + b"\n"
