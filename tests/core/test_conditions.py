"""What must be right around the bot, noted one by one, and told of once."""

from __future__ import annotations

import pytest

from radtui.core.commands import Command, Say
from radtui.core.conditions import Conditions
from radtui.core.config import CoreConfig
from radtui.core.desk import Desk
from radtui.core.events import ClockSeen, ExchangeShown, FeedChanged, JournalChanged, ReadFailed
from radtui.core.facts import Trouble
from radtui.core.market import SECOND

FEED = "market feed"


class Around:
    """Conditions that are told one thing after the other."""

    def __init__(self) -> None:
        self.desk = Desk(CoreConfig(bot="t", boot=1))
        self.reads = 0
        self.conditions = Conditions(self.desk, self._read)

    def _read(self) -> None:
        self.reads += 1

    def troubles(self) -> list[tuple[str, str]]:
        """Return kind and severity of what was told since the last look."""
        told: list[Command] = self.desk.clear()
        return [(c.fact.kind, c.fact.severity) for c in told if isinstance(c, Say) and isinstance(c.fact, Trouble)]


@pytest.fixture
def around() -> Around:
    return Around()


def shown(begun: int, *, whole: bool = True) -> ExchangeShown:
    return ExchangeShown(begun + 5, begun, (), () if whole else None, (), None)


@pytest.mark.parametrize(("begun", "whole", "heard"), [(19, True, False), (20, False, False), (20, True, True)])
def test_a_feed_is_heard_again_after_a_whole_reading_that_began_since(
    around: Around, begun: int, whole: bool, heard: bool
) -> None:
    around.conditions.feed_changed(FeedChanged(10, FEED, "cut"))
    assert (around.conditions.feeds_lost, around.troubles()) == ({FEED: "cut"}, [("feed lost", "warning")])
    around.conditions.feed_changed(FeedChanged(20, FEED, ""))
    assert around.reads == 1
    around.conditions.shown(shown(begun, whole=whole))
    assert (FEED not in around.conditions.feeds_lost) is heard


def test_a_feed_that_was_never_lost_is_not_read_for(around: Around) -> None:
    around.conditions.feed_changed(FeedChanged(10, FEED, ""))
    assert (around.reads, around.conditions.feeds_lost) == (0, {})


def test_a_feed_that_is_lost_again_waits_anew(around: Around) -> None:
    for at, lost in ((10, "cut"), (20, ""), (30, "cut again")):
        around.conditions.feed_changed(FeedChanged(at, FEED, lost))
    around.conditions.shown(shown(40))
    assert around.conditions.feeds_lost == {FEED: "cut again"}


def test_a_closed_exchange_is_closed_until_it_answers_and_a_bad_line_says_nothing_of_it(around: Around) -> None:
    around.conditions.read_failed(ReadFailed(1, "no line"))
    assert around.conditions.exchange_closed == ""
    around.conditions.read_failed(ReadFailed(2, "maintenance", closed=True))
    around.conditions.read_failed(ReadFailed(3, "no line"))
    assert around.conditions.exchange_closed == "maintenance"
    around.conditions.shown(shown(4))
    assert around.conditions.exchange_closed == ""


def test_a_journal_that_fails_alarms_and_one_that_is_well_again_does_not(around: Around) -> None:
    around.conditions.journal_changed(JournalChanged(1, "disk full"))
    assert (around.desk.unwritten, around.troubles()) == ("disk full", [("journal", "alarm")])
    around.conditions.journal_changed(JournalChanged(2, ""))
    assert (around.desk.unwritten, around.troubles()) == ("", [])


def test_a_wrong_clock_is_told_of_once_and_a_jump_each_time(around: Around) -> None:
    for skew in (SECOND, 3 * SECOND, 4 * SECOND, 0, -3 * SECOND):
        around.conditions.clock_seen(ClockSeen(1, skew))
    assert around.troubles() == [("clock skew", "warning")] * 2
    around.conditions.clock_seen(ClockSeen(1, None, step=-5 * SECOND, shift=2))
    assert (around.desk.skew, around.desk.shifted, around.troubles()) == (None, 2, [("clock jumped", "warning")])
