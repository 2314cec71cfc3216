"""``radtui sweep``: what a person types and reads, and that no password is shown."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from radtui.backtest.search.work import Bench
from radtui.cli.app import answer
from radtui.cli.failures import Exit, Failure
from radtui.resilience.redaction import redact
from tests.backtest.search.studies import csv

SPACE = ("--space", "fast=2:9,slow=6:12:2", "--timeframe", "1m", "--folds", "2", "--by", "profit")
PASSWORD = "correct-horse-battery"


@pytest.fixture(scope="module")
def candles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return csv(tmp_path_factory.mktemp("sweep"))


def swept(capsys: pytest.CaptureFixture[str], candles: Path, *arguments: object) -> tuple[int, str, str]:
    code = answer(["sweep", "--data", str(candles), *SPACE, *map(str, arguments)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_report_puts_out_of_sample_beside_in_sample_and_says_how_far_to_believe_it(
    candles: Path, capsys: pytest.CaptureFixture[str], own_folders: Path
) -> None:
    code, text, heading = swept(capsys, candles, "--trials", 3)
    assert code == Exit.DONE
    assert heading.startswith("ema_cross 1m on XBTUSDTM: fast, slow\n2022-01-03 08:20 to 2022-01-03 10:20 UTC")
    (study,) = (own_folders / "state" / "radtui" / "sweeps").glob("ema_cross-1m-random-*.journal")
    assert f"kept in {study}" in heading
    assert "3 trials: 2 flown, 1 refused\n  1 × it never traded in-sample" in text
    assert "in-sample" in text
    assert "was seen by no choice" in text
    assert "probability of overfitting" in text
    assert "Bailey" in text
    assert "radtui backtest --strategy ema_cross --timeframe 1m --set fast=" in text


def test_the_same_command_goes_on_and_flies_nothing_twice(
    candles: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ("--trials", 3, "--sampler", "grid", "--storage", tmp_path / "mine.journal", "--json")
    _, first, heading = swept(capsys, candles, *told)
    assert heading == ""
    with monkeypatch.context() as cut:
        cut.delattr(Bench, "fly")
        assert swept(capsys, candles, *told)[1] == first
    document = json.loads(first)
    assert (document["tasks"], document["flown"], document["by"], document["sampler"]) == (3, 3, "profit", "grid")
    assert set(document["best"][0]) == {"task", "parameters", "score", "last"}
    assert document["overfitting"]["ways"] == 12_870


def test_a_grid_has_no_more_trials_than_points(candles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "sweep",
        "--data",
        str(candles),
        "--space",
        "fast=2:3",
        "--space",
        "slow=8:9",
        "--timeframe",
        "1m",
        "--folds",
        "1",
    ]
    assert answer([*arguments, "--trials", "99", "--sampler", "grid"]) == Exit.DONE
    assert "4 trials: 4 flown" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--trials", "0"], "--trials 0 cannot be"),
        (["--jobs", "0"], "--jobs 0 cannot be"),
        (["--folds", "9"], "are too few for 9 folds"),
        (["--set", "fast=3"], "fast is searched, and set"),
        (["--set", "fast"], "is not NAME=VALUE"),
        (["--space", "fst=2:9"], r"has no parameter fst \(did you mean fast\?\)"),
        (["--set", "slw=3"], r"has no parameter slw \(did you mean slow\?\)"),
        (["--space", "timeframe=1m|5m"], "has no parameter timeframe"),
        (["--space", "fast"], "is not NAME=VALUES"),
        (["--space", "fast=2.0:9.5", "--sampler", "grid"], "a grid needs a step"),
        (["--timeframe", "7m"], "no timeframe is called 7m"),
        (["--strategy", "nope"], "no strategy is called 'nope'"),
        (["--symbol", "NOPE"], "no contract is called NOPE"),
        (["--storage", "mysql://me:correct-horse@db/x"], "--storage mysql://… is none: give a file, or postgresql://"),
        (["--cluster", "tcp://127.0.0.1:8786"], "this search needs dask, which is not installed"),
    ],
)
def test_what_cannot_be_searched_is_usage_before_anything_is_flown(
    arguments: list[str], what: str, candles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radtui.backtest.search.crew.find_spec", lambda name: None)
    given = dict(zip(SPACE[::2], SPACE[1::2], strict=True)) | {"--data": str(candles)}
    given |= dict(zip(arguments[::2], arguments[1::2], strict=True))
    with pytest.raises(Failure, match=what) as refused:
        answer(["sweep", *(word for pair in given.items() for word in pair)])
    assert refused.value.code is Exit.USAGE


def test_an_interrupt_says_that_it_goes_on(
    candles: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Bench, "fly", interrupted)
    with pytest.raises(SystemExit, match="130"):
        swept(capsys, candles, "--trials", 3)
    assert "the same command goes on where it stopped" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_told_without_its_password(
    candles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"postgresql://me:{PASSWORD}@127.0.0.1:{nobody.getsockname()[1]}/sweeps"
        with pytest.raises(Failure, match="does not answer") as refused:
            swept(capsys, candles, "--trials", 3, "--storage", address)
    said = refused.value.text() + capsys.readouterr().err
    assert "the same command goes on" in said
    assert re.search(r"kept in postgresql://127.0.0.1:\d+/sweeps\n", said)
    assert PASSWORD not in said
    assert PASSWORD not in redact(f"whatever says {PASSWORD}")


def test_a_file_of_something_else_stays_as_it_is(
    candles: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for number, content in enumerate((b"notes, and a last line without an end", b'{"mine": 1}', b"[1]\n")):
        mine = tmp_path / f"{number}.txt"
        mine.write_bytes(content)
        with pytest.raises(Failure, match="is no study, and stays as it is"):
            swept(capsys, candles, "--trials", 1, "--storage", mine)
        assert mine.read_bytes() == content


@pytest.fixture
def database() -> Iterator[str]:
    """Start a PostgreSQL of its own, as the user that its package made: it refuses to run as root."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed here: apt install postgresql")
    programs = found[-1].parent
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with TemporaryDirectory(prefix="radtui-pg-") as folder:  # pytest's own folders are closed to that user
        if who:
            shutil.chown(folder, **who)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]

        def run(program: str, *arguments: str) -> None:
            subprocess.run([programs / program, *arguments], check=True, capture_output=True, cwd=folder, **who)

        data, log = f"{folder}/data", f"{folder}/log"
        run("initdb", "-D", data, "-A", "trust", "-U", "radtui", "--no-sync", "--no-instructions")
        options = f"-k {folder} -h 127.0.0.1 -p {port} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            yield f"postgresql://radtui:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.mark.long
def test_a_study_in_postgresql_finds_what_one_in_a_file_finds(
    candles: Path, capsys: pytest.CaptureFixture[str], database: str, tmp_path: Path
) -> None:
    told = ("--trials", 3, "--sampler", "tpe", "--json")
    _, in_file, _ = swept(capsys, candles, *told, "--storage", tmp_path / "file.journal")
    code, in_database, said = swept(capsys, candles, *told, "--storage", database)
    assert code == Exit.DONE
    assert in_database == in_file
    assert swept(capsys, candles, *told, "--storage", database)[1] == in_file
    assert PASSWORD not in in_database + said
