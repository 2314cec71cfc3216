"""A command line becomes a plan: the same one for the same words and the same code, and another one for others."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from radtui.backtest.search.plan import Plan, Sampler
from radtui.backtest.search.space import space
from radtui.backtest.search.storage import BadStorage
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.history import source
from radtui.cli.opening import opened
from radtui.cli.searching import asked, kept_in, planned, within
from radtui.resilience.redaction import redact
from tests.backtest.search.studies import csv


def plan(folder: Path, knobs: str = "fast=2:9,slow=6:12:2", strategy: str = "ema_cross", **given: str) -> Plan:
    settings = opened(Flags(strategy=strategy)).settings
    where = source(settings, csv(folder), None)
    return planned(settings, space(knobs), given, where, "1m", 2)


def test_the_study_goes_by_what_is_searched_and_by_the_code_that_is_flown(
    tmp_path: Path, own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = plan(tmp_path)
    assert plan(tmp_path).study == first.study
    others = [plan(tmp_path, "fast=2:8,slow=6:12:2"), plan(tmp_path, reward="3"), replace(first, seed=2)]
    assert len({first.study, *(other.study for other in others)}) == 4
    changed = replace(first, code="another file")
    assert changed.study != first.study


def test_what_cannot_be_counted_is_usage() -> None:
    within(1, 1, 1)
    for counts in ((0, 1, 1), (1, 513, 1), (1, 1, 101)):
        with pytest.raises(Failure) as refused:
            within(*counts)
        assert refused.value.code is Exit.USAGE


def test_a_grid_has_no_more_tasks_than_points(tmp_path: Path, own_folders: Path) -> None:
    grid = replace(plan(tmp_path), sampler=Sampler.GRID)
    assert (asked(grid, 5), asked(grid, 500)) == (5, 32)
    assert asked(plan(tmp_path), 500) == 500


def test_a_study_is_kept_with_the_bots_state_or_where_it_was_asked_for(
    tmp_path: Path, own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings, made = opened(Flags()).settings, plan(tmp_path)
    assert kept_in(settings, None, made) == str(own_folders / "state" / "radtui" / "sweeps" / f"{made.study}.journal")
    assert kept_in(settings, "mine.journal", made) == str(tmp_path / "mine.journal")
    assert kept_in(settings, "postgres://db/x", made) == "postgresql://db/x"
    with pytest.raises(BadStorage, match=r"give a file, or postgresql://"):
        kept_in(settings, "redis://db", made)


def test_no_secret_of_an_address_is_shown_from_then_on(tmp_path: Path, own_folders: Path) -> None:
    kept_in(
        opened(Flags()).settings,
        "postgresql://me:one%2Fsecret@db/x?password=another1&sslpassword=third1",
        plan(tmp_path),
    )
    said = redact("one/secret, one%2Fsecret, another1 and third1")
    assert not any(secret in said for secret in ("secret", "another1", "third1"))
