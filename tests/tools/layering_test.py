"""layering.py must find what it is there to find."""

import tempfile
import unittest
from pathlib import Path

import layering


class Layering(unittest.TestCase):
    def faults(self, path: str, text: str, below: dict[str, set[str]]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / path
            file.parent.mkdir(parents=True)
            file.write_text(text, encoding="utf-8")
            part = next(name for name in below if f"/{name}/" in f"/{path}")
            return list(layering.faults_of(Path(folder), part, below[part] | {part}))

    def test_lower_parts_and_own_headers_are_allowed(self) -> None:
        text = '#include <vector>\n#include "own.hpp"\n#include "titrant/core/sum.hpp"\n#include "titrant/trial/trial.hpp"\n'
        self.assertEqual(self.faults("src/trial/a.cpp", text, {"trial": {"core", "pkpd"}}), [])

    def test_higher_part_is_named_with_its_line(self) -> None:
        text = '#include <vector>\n\n#  include "titrant/dose/search.hpp"\n'
        faults = self.faults("include/titrant/pkpd/a.hpp", text, {"pkpd": {"core"}})
        self.assertEqual(len(faults), 1)
        self.assertTrue(faults[0].startswith("include/titrant/pkpd/a.hpp:3: pkpd must not include titrant/dose/search.hpp"))

    def test_part_beside_is_a_fault(self) -> None:
        self.assertEqual(len(self.faults("src/quantum/a.cpp", '#include "titrant/pkpd/dosing.hpp"\n', {"quantum": {"core"}})), 1)

    def test_mpi_and_hdf5_have_owners(self) -> None:
        text = "#include <mpi.h>\n#include <hdf5.h>\n#include <H5Ppublic.h>\n"
        self.assertEqual(len(self.faults("src/nlme/a.cpp", text, {"nlme": {"core"}})), 3)
        self.assertEqual(len(self.faults("src/parallel/a.cpp", text, {"parallel": {"core"}})), 2)
        self.assertEqual(self.faults("src/store/a.cpp", text, {"store": {"core"}}), [])

    def test_reaching_into_another_folder_is_a_fault(self) -> None:
        self.assertEqual(len(self.faults("src/nlme/a.cpp", '#include "../core/yaml_values.hpp"\n', {"nlme": {"core"}})), 1)

    def test_public_headers_stand_on_public_ones(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder)
            for name, text in (("include/titrant/core/a.hpp", '#include "titrant/core/b.hpp"\n#include "titrant/core/c.hpp"\n'),
                               ("include/titrant/core/b.hpp", ""), ("src/include/titrant/core/c.hpp", "")):
                (project / name).parent.mkdir(parents=True, exist_ok=True)
                (project / name).write_text(text, encoding="utf-8")
            faults = list(layering.not_installed(project))
            self.assertEqual(faults, ["include/titrant/core/a.hpp: is public and must not include titrant/core/c.hpp, which is not"])

    def test_part_that_no_list_names_is_a_fault(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "include" / "titrant" / "attic").mkdir(parents=True)
            self.assertEqual(len(list(layering.unlisted(Path(folder), {"core"}))), 1)


if __name__ == "__main__":
    unittest.main()
