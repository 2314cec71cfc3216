"""A study is found again under its name, and what cannot be opened is told in words, without secrets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from optuna.samplers import RandomSampler

from radtui.backtest.search.storage import (
    BadStorage,
    StorageLost,
    address,
    answering,
    create,
    is_address,
    load,
    secrets,
    shown,
)


def test_it_is_made_once_and_found_again(tmp_path: Path) -> None:
    file = str(tmp_path / "new" / "study.journal")
    create(file, "x").enqueue_trial({})
    assert len(create(file, "x").get_trials()) == 1
    assert len(load(file, "x", RandomSampler()).get_trials()) == 1
    with pytest.raises(StorageLost):
        load(file, "y", RandomSampler())


def test_a_file_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageLost, match=r"the study's file .*x\.journal does not answer: (NotADirectory|FileExists)"):
        create(str(tmp_path / "file" / "x.journal"), "x")


def test_a_driver_that_is_not_there_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StorageLost, match=r"does not answer|pip install 'radtui\[research\]'"):
        create("postgresql://me:secret-secret@127.0.0.1:1/x", "x")


def test_secrets_in_what_libraries_say_are_masked() -> None:
    with pytest.raises(StorageLost) as lost, answering("postgresql://x"):
        raise RuntimeError("no way to postgresql://me:secret-secret@host/x\nmore")
    assert "secret-secret" not in str(lost.value)
    assert "more" not in str(lost.value)


def test_an_address_is_no_file() -> None:
    assert is_address("postgresql://host/x")
    assert not is_address("/tmp/x.journal")


def test_an_address_is_shown_without_what_is_secret_in_it() -> None:
    whole = "postgresql://me:p%40ss-word@[::1]:5433/studies?sslpassword=hidden1"
    assert shown(whole) == "postgresql://[::1]:5433/studies"
    assert secrets(whole) == {"p%40ss-word", "p@ss-word", "hidden1"}
    assert (shown("/tmp/x.journal"), secrets("postgresql://host/x")) == ("/tmp/x.journal", set())


def test_postgresql_has_two_names_and_no_other_database_any() -> None:
    assert address("postgres://host/x") == address("postgresql://host/x") == "postgresql://host/x"
    with pytest.raises(BadStorage, match="mysql://… is none: give a file, or postgresql://HOST/DATABASE"):
        address("mysql://me:secret-secret@host/x")
