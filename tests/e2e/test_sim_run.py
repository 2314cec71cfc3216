"""The fault explorer as people start it: a process with processes of its own, and the same hash as alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from programs import DEADLINE, RADTUI, environment


@pytest.mark.long
def test_side_by_side_and_alone_come_to_the_same(tmp_path: Path) -> None:
    alone, together = (_run(tmp_path, "--jobs", jobs) for jobs in ("1", "2"))
    assert alone["clean"] == together["clean"] == 2
    assert alone["digest"] == together["digest"]


def _run(home: Path, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [*RADTUI, "sim", "run", "--seeds", "2", "--minutes", "2", "--json", *arguments],
        capture_output=True, text=True, env=environment(home), cwd=home, timeout=DEADLINE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
