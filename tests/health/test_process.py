from __future__ import annotations

import os
from pathlib import Path

from radtui.health.process import resident_megabytes


def test_resident_memory_is_that_of_a_python_process() -> None:
    assert 5 < resident_megabytes() < 4_000


def test_pages_become_megabytes(tmp_path: Path) -> None:
    statm = tmp_path / "statm"
    statm.write_text("99999 1000 300 1 0 200 0\n", "ascii")
    assert resident_megabytes(statm) == 1000 * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_without_proc_the_largest_size_so_far_is_given(tmp_path: Path) -> None:
    now = resident_megabytes()
    largest = resident_megabytes(tmp_path / "none")
    # nothing bounds how far a process has shrunk since, but a wrong unit is a factor of a thousand
    assert 0.9 * now < largest < 100 * now
