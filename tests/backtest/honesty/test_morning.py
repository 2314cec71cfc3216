"""A replay begins where the bot was flat, with what it remembered there; where it never was, nothing is made up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from radtui.backtest.honesty.morning import CoreBreaks, Morning, morning
from radtui.core.core import Core
from radtui.core.events import Event, Passed, SignalGiven
from radtui.core.market import DAY, MINUTE
from radtui.core.memory import unpack
from radtui.core.signal import HOLD
from radtui.store.checkpoint import NoCheckpoint
from tests.core.makers import ETH, NOW, XBT, account
from tests.store.recordings import recorded, story


def word(minute: int, symbol: str = XBT.symbol) -> SignalGiven:
    """Return that nothing is wanted at the close of a minute."""
    at = NOW + minute * MINUTE
    return SignalGiven(at, symbol, HOLD, Decimal(60_000), at)


def told(folder: Path, events: Sequence[Event], **how: bool | int) -> list[Path]:
    contents = recorded(events, **how)  # type: ignore[arg-type]
    paths = [folder / f"{number:04}.radrec" for number in range(1, len(contents) + 1)]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def found(paths: list[Path], minute: int, symbol: str = XBT.symbol) -> Morning | None:
    return morning(paths, symbol, NOW + minute * MINUTE)


@pytest.mark.parametrize("how", [{}, {"segment": 1, "each": True}])
def test_it_is_the_last_flat_decision_up_to_the_first_of_the_day(tmp_path: Path, how: dict[str, bool | int]) -> None:
    """The bot enters at minute 0 and holds from then on."""
    events = story(6)
    flat = [*events[:4], word(-2), word(-1, ETH.symbol), word(-1)]
    paths = told(tmp_path, [*flat, *events[4:], word(1), word(2)], **how)
    entered = found(paths, 2)
    assert entered is not None
    assert (entered.closed_at, entered.equity) == (NOW, account().wallet)
    assert unpack(entered.past.memory).sums.start == account().wallet
    assert not unpack(entered.past.memory).positions
    earlier = [found(paths, minute) for minute in (-1, -2)]
    assert [each and each.closed_at for each in earlier] == [NOW - MINUTE, NOW - 2 * MINUTE]
    assert found(paths, -3) is None
    other = found(paths, 2, ETH.symbol)
    assert other is not None
    assert other.closed_at == NOW - MINUTE


def test_counts_and_streaks_are_remembered(tmp_path: Path) -> None:
    """What was entered counts against the day, also for a symbol that is flat."""
    paths = told(tmp_path, [*story(6), word(1, ETH.symbol)])
    later = found(paths, 1, ETH.symbol)
    assert later is not None
    memory = unpack(later.past.memory)
    assert (memory.window.count, len(memory.breakers.entered)) == (1, 1)


def test_a_bot_that_held_all_the_day_before_is_not_followed_further_back(tmp_path: Path) -> None:
    days = [Passed(NOW + DAY * 2, NOW + DAY * 2), word(2 * 1440)]
    paths = told(tmp_path, [*story(6), *days], segment=1, each=True)
    assert found(paths, 2 * 1440) is None


def test_what_core_as_it_is_now_cannot_take_up_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = told(tmp_path, [*story(6), word(1, ETH.symbol)], segment=1, each=True)
    assert found(paths, 1, ETH.symbol) is not None

    def broken(*_: object) -> None:
        raise NoCheckpoint("another version")

    with monkeypatch.context() as changed:
        changed.setattr("radtui.backtest.honesty.morning.restore", broken)
        assert found(paths, 1, ETH.symbol) is None
    with monkeypatch.context() as changed:
        changed.setattr(Core, "handle", lambda core, event: 1 // 0)
        with pytest.raises(CoreBreaks, match="breaks on what the bot was told then: ZeroDivisionError"):
            found(paths, 1, ETH.symbol)
