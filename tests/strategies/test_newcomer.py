from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from radtui.strategies.base import StrategyRefused
from radtui.strategies.catalogue import load
from radtui.strategies.newcomer import class_of, files_of
from radtui.strategies.proving import prove
from tests.strategies.test_sketch import code

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in files_of("night_owl_2").items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_what_is_written_flies_under_its_own_name(folder: Path) -> None:
    factory = load(f"{folder / 'night_owl_2.py'}:{class_of('night_owl_2')}")
    assert factory.name == "night_owl_2"
    assert prove(factory) == []


def test_nothing_of_the_sketch_is_left_and_it_has_its_twenty_lines() -> None:
    written = files_of("dip")["dip.py"]
    assert "sketch" not in written.lower()
    assert "class Dip:" in written
    assert "class DipParameters(Parameters):" in written
    assert len(code(written)) <= 20


def test_its_own_test_passes(folder: Path) -> None:
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_night_owl_2.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_a_slip_in_it_would_be_found(folder: Path) -> None:
    strategy = folder / "night_owl_2.py"
    strategy.write_text(strategy.read_text("utf-8").replace("(-2, 4)", "(2, 4)"), "utf-8")
    wrong = [f"a stop on the wrong side of a {side}" for side in ("buy", "sell")]
    assert sorted(prove(load(f"{strategy}:NightOwl2"))) == wrong


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Night", "small letters"),
        ("night-owl", "small letters"),
        ("nächte", "small letters"),
        ("2night", "small letters"),
        ("_night", "small letters"),
        ("../night", "small letters"),
        ("night owl", "small letters"),
        ("", "small letters"),
        ("class", "a word of Python's own"),
        ("match", "a word of Python's own"),
        ("rsi", "a strategy is called rsi already"),
        ("random", "in the way of the module random"),
        ("numpy", "in the way of the module numpy"),
        ("radtui", "in the way of the module radtui"),
        ("test_night", "in the way of the module test_night"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(name: str, told: str) -> None:
    with pytest.raises(StrategyRefused, match=told):
        files_of(name)
