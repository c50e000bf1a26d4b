"""Holds every #include of the source against the floors of the house.

    layering.py PROJECT PART=LOWER,LOWER PART= ...

A part may include its own headers and those of the parts listed for it. The MPI header belongs to `parallel`, and to `store`
for parallel HDF5; the headers of HDF5 belong to `store`. Sources and public headers are held to the same rule. Exits with 1
and one line per fault.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)

# Who may include which foreign headers.
OWNERS = {
    re.compile(r"^mpi\.h$"): {"parallel", "store"},
    re.compile(r"^(hdf5|hdf5_hl|H5\w*)\.h$"): {"store"},
}


def sources_of(project: Path, part: str) -> Iterator[Path]:
    for folder in (project / "include/titrant" / part, project / "src/include/titrant" / part, project / "src" / part):
        for pattern in ("*.hpp", "*.cpp", "*.hpp.in"):
            yield from sorted(folder.rglob(pattern))


def faults_of(project: Path, part: str, allowed: set[str]) -> Iterator[str]:
    for source in sources_of(project, part):
        text = source.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            header = match.group(1)
            where = f"{source.relative_to(project)}:{text.count(chr(10), 0, match.start(1)) + 1}"
            pieces = header.split("/")
            if pieces[0] == "titrant" and len(pieces) > 2 and pieces[1] not in allowed:
                yield f"{where}: {part} must not include {header}; it stands on {', '.join(sorted(allowed - {part})) or 'nothing'}"
            if ".." in pieces:
                yield f"{where}: {part} must not reach out of its folder by {header}"
            for pattern, owners in OWNERS.items():
                if pattern.match(header) and part not in owners:
                    yield f"{where}: only {' and '.join(sorted(owners))} may include {header}"


def unlisted(project: Path, parts: set[str]) -> Iterator[str]:
    for headers in ("include/titrant", "src/include/titrant"):
        for folder in sorted((project / headers).glob("*")):
            if folder.is_dir() and folder.name not in parts:
                yield f"{headers}/{folder.name}: not a part that src/CMakeLists.txt lists"


def not_installed(project: Path) -> Iterator[str]:
    """Public headers may include public headers alone: an installation has no others."""
    for source in sorted((project / "include").rglob("*.hpp")):
        for header in INCLUDE.findall(source.read_text(encoding="utf-8")):
            if (project / "src/include" / header).exists():
                yield f"{source.relative_to(project)}: is public and must not include {header}, which is not"


def main(arguments: list[str]) -> int:
    project = Path(arguments[0])
    below = {}
    for argument in arguments[1:]:
        part, _, lower = argument.partition("=")
        below[part] = set(filter(None, lower.split(",")))
    faults = [*unlisted(project, set(below)), *not_installed(project)]
    for part, lower in below.items():
        faults += faults_of(project, part, lower | {part})
    faults += faults_of(project, "cli", set(below) | {"cli"})  # the top floor
    print("\n".join(faults) if faults else f"{len(below) + 1} parts keep to their floors")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
