"""The house itself: style, types, direction of imports, dependencies, and what no tracked file may hold."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def _tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what is tracked is not known")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_ruff_finds_nothing() -> None:
    _run(str(BIN / "ruff"), "check", ".")


def test_everything_is_formatted() -> None:
    _run(str(BIN / "ruff"), "format", "--check", ".")


@pytest.mark.timeout(300)
def test_the_types_are_right() -> None:
    _run(str(BIN / "mypy"))


def test_imports_run_downwards() -> None:
    _run(str(BIN / "lint-imports"))


def test_every_import_is_declared_and_every_dependency_used() -> None:
    _run(str(BIN / "deptry"), ".")


def test_no_tracked_file_names_a_registry_or_a_machine() -> None:
    marks = ("pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "/ro" + "ot/", "/ho" + "me/")
    words = re.compile("|".join(map(re.escape, marks)))
    texts = ((path, path.read_text(encoding="utf-8", errors="ignore")) for path in _tracked())
    found = [str(path.relative_to(ROOT)) for path, text in texts if words.search(text)]
    assert not found, f"these name an address or a machine's path: {found}"


def test_no_lock_file_with_addresses_is_tracked() -> None:
    names = {path.name for path in _tracked()}
    assert not names & {"uv.lock", "pylock.toml"}


def test_every_requirement_is_pinned() -> None:
    pinned = (ROOT / "constraints.txt").read_text().splitlines()
    assert all("==" in line and "://" not in line for line in pinned)


@pytest.mark.timeout(300)
def test_the_wheel_carries_themes_migrations_and_styles(tmp_path: Path) -> None:
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "radtui/themes/radtui-dark.toml" in names
    assert "radtui/tui/cockpit.tcss" in names
    assert any(name.startswith("radtui/store/migrations/versions/") for name in names)
    assert "radtui/py.typed" in names
    assert wheel.stat().st_size < 2_000_000
