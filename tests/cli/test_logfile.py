"""The log's file: bounded in size and age, compressed, its owner's alone, and never in the way of a tool or a disk."""

from __future__ import annotations

import gzip
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.cli.logfile import LogFile

DAY = 86_400.0


def say(file: LogFile, *texts: str) -> None:
    for text in texts:
        file.emit(logging.LogRecord("any", logging.INFO, "", 0, text, None, None))


def written(path: Path) -> list[str]:
    """Return all lines that are kept, oldest first."""
    parts = sorted(path.parent.glob(f"{path.name}.*.gz"), key=lambda part: -int(part.name.split(".")[-2]))
    text = b"".join([gzip.decompress(part.read_bytes()) for part in parts]) + path.read_bytes()
    return text.decode().splitlines()


def opened(path: Path, **told: Any) -> LogFile:
    return LogFile(path, **{"size": 200, "parts": 3, **told})


def test_former_parts_are_compressed_bounded_and_its_owners_alone(tmp_path: Path) -> None:
    file = opened(tmp_path / "x.log")
    lines = [f"line {number:03}" for number in range(200)]
    say(file, *lines)
    file.close()
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names == ["x.log", "x.log.1.gz", "x.log.2.gz", "x.log.3.gz"]
    assert all(each.stat().st_mode & 0o077 == 0 for each in tmp_path.iterdir())
    assert all(len(gzip.decompress(each.read_bytes())) <= 200 for each in tmp_path.glob("*.gz"))
    kept = written(tmp_path / "x.log")
    assert kept == lines[-len(kept) :]
    assert len(kept) > 60


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=300), max_size=30))
def test_no_line_is_lost_or_cut_while_there_are_parts_enough(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("log") / "x.log"
    file = opened(path, parts=40)
    say(file, *lines)
    file.close()
    assert written(path) == lines


def test_a_file_that_was_taken_away_is_begun_anew_without_a_signal(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    file = opened(path)
    say(file, "one")
    path.rename(tmp_path / "taken")
    say(file, "two")
    path.unlink()
    say(file, "three")
    file.close()
    assert (tmp_path / "taken").read_text() == "one\n"
    assert path.read_text() == "three\n"


def test_a_file_that_was_emptied_in_place_goes_on_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    file = opened(path)
    say(file, "one")
    os.truncate(path, 0)
    say(file, "two")
    file.close()
    assert path.read_text() == "two\n"


def test_old_parts_go_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    for name in ("x.log.1.gz", "x.log.2.gz", "x.log.9.gz", "x.log.old.gz", "y.log.1.gz"):
        (tmp_path / name).write_bytes(gzip.compress(b""))
    os.utime(tmp_path / "x.log.2.gz", (DAY, DAY))
    opened(path, seconds=30 * DAY, now=lambda: (tmp_path / "x.log.1.gz").stat().st_mtime + DAY).close()
    assert {each.name for each in tmp_path.iterdir()} == {"x.log", "x.log.1.gz", "x.log.old.gz", "y.log.1.gz"}


def test_a_part_that_a_dead_process_left_is_compressed_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    (tmp_path / "x.log.1").write_text("left\n")
    (tmp_path / "x.log.1.gz.new").write_bytes(b"half")
    opened(path).close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.log", "x.log.1.gz"]
    assert written(path) == ["left"]


def test_where_no_part_can_be_made_the_lines_go_on(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    (tmp_path / "x.log.1" / "in the way").mkdir(parents=True)
    file = opened(path)
    say(file, *(["x" * 50] * 10))
    file.close()
    assert path.read_text().count("\n") == 10


def test_a_line_longer_than_a_file_is_written_whole(tmp_path: Path) -> None:
    file = opened(tmp_path / "x.log")
    say(file, "a", "x" * 500, "b")
    file.close()
    assert written(tmp_path / "x.log") == ["a", "x" * 500, "b"]
