"""A day is read out of a recording with its decisions, its configuration and its money; another day says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from radtui.backtest.honesty.flown import NothingFlown, Run, flown
from radtui.core.events import Event, SignalGiven
from radtui.core.market import DAY, HOUR
from radtui.core.orders import Purpose
from radtui.store.recording import NotARecording
from tests.core.makers import NOW, XBT, account
from tests.store.recordings import CONFIG, recorded, story

BEGIN = NOW - NOW % DAY


@pytest.fixture
def boot(tmp_path: Path) -> list[Path]:
    return written(tmp_path, recorded(story(30), segment=1, each=True))


def written(folder: Path, contents: Sequence[bytes]) -> list[Path]:
    paths = [folder / f"{number:04}.radrec" for number in range(1, len(contents) + 1)]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def test_a_decision_is_there_with_what_came_of_it(boot: list[Path]) -> None:
    day = flown([boot], BEGIN, BEGIN + DAY)
    ((key, said),) = day.decisions.items()
    assert key == (NOW, XBT.symbol)
    assert said.outcome.startswith("enters")
    assert not said.refused
    assert said.gates
    assert said.done[Purpose.ENTRY].lots > 0
    assert (day.config, day.equity, day.runs) == (CONFIG, account().equity, (Run(NOW, NOW),))
    assert sum(map(len, day.segments)) == 1
    assert day.notes == []


def test_another_day_says_which_one_was_flown(boot: list[Path]) -> None:
    with pytest.raises(NothingFlown) as nothing:
        flown([boot], BEGIN + DAY, BEGIN + 2 * DAY)
    assert (nothing.value.first, nothing.value.last) == (NOW, NOW)
    with pytest.raises(NothingFlown) as silent:
        flown([], BEGIN, BEGIN + DAY)
    assert silent.value.last == 0


def test_two_starts_are_two_runs_and_another_configuration_is_noted(tmp_path: Path, boot: list[Path]) -> None:
    def later(event: Event) -> Event:
        moved = msgspec.structs.replace(event, at=event.at + HOUR)
        return msgspec.structs.replace(moved, closed_at=NOW + HOUR) if isinstance(moved, SignalGiven) else moved

    folder = tmp_path / "second"
    folder.mkdir()
    second = written(folder, recorded([later(event) for event in story(10)]))
    day = flown([boot, second], BEGIN, BEGIN + DAY)
    assert day.runs == (Run(NOW, NOW), Run(NOW + HOUR, NOW + HOUR))
    assert len(day.decisions) == 2


def test_a_torn_end_is_noted(tmp_path: Path) -> None:
    (content,) = recorded(story(30))
    (path,) = written(tmp_path, [content + b"\x01\x02"])
    day = flown([[path]], BEGIN, BEGIN + DAY)
    assert any("ends within a frame" in note for note in day.notes)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (path,) = written(tmp_path, [b"something else"])
    with pytest.raises(NotARecording):
        flown([[path]], BEGIN, BEGIN + DAY)
