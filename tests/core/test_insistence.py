"""Asking again and again, at a pace; and getting louder."""

from __future__ import annotations

from radtui.core.commands import Read
from radtui.core.facts import Trouble
from radtui.core.insistence import Insistence
from radtui.core.market import SECOND
from tests.core.makers import NOW, desk, facts


def test_it_asks_five_times_a_second_and_after_five_seconds_once() -> None:
    tray = desk()
    tray.at = NOW
    insistence = Insistence(tray, "stop")
    asked = []
    for tick in range(150):
        tray.at = NOW + tick * SECOND // 10
        insistence.look(5)
        asked += [tick for command in tray.clear() if command == Read(5)]
    assert asked == [*range(0, 50, 2), *range(58, 150, 10)]
    insistence.look_now(6)
    assert tray.clear() == [Read(6)], "whatever was asked a moment before"


def test_it_complains_after_ten_seconds_and_then_each_minute_with_what_is_in_the_way() -> None:
    tray = desk()
    insistence = Insistence(tray, "stop")
    told = []
    for second in range(140):
        tray.at = NOW + second * SECOND
        insistence.complain([f"line {number}" for number in range(9)])
        told += [(second, trouble) for trouble in facts(tray.clear(), Trouble)]
    assert [second for second, _ in told] == [10, 70, 130]
    first = told[0][1]
    assert (first.kind, first.severity) == ("stop not verified", "alarm")
    assert first.message == ("stop: not done after 10 s, and it goes on trying: line 0; line 1; line 2; line 3; line 4")


def test_it_says_that_the_exchange_cannot_be_read_as_long_as_it_cannot() -> None:
    tray = desk()
    insistence = Insistence(tray, "stop")
    insistence.failed("no answer")
    tray.at += 10 * SECOND
    insistence.complain([])
    insistence.heard()
    tray.at += 60 * SECOND
    insistence.complain([])
    first, second = facts(tray.clear(), Trouble)
    assert first.message.endswith("the exchange cannot be read: no answer")
    assert second.message.endswith("waiting for the exchange")


def test_fills_are_waited_for_twenty_seconds_from_when_all_else_was_fine() -> None:
    tray = desk()
    insistence = Insistence(tray, "stop")
    assert insistence.counted(fine=True, uncounted=False)
    assert not insistence.counted(fine=False, uncounted=False)
    assert not insistence.counted(fine=True, uncounted=True)
    tray.at += 19 * SECOND
    assert not insistence.counted(fine=True, uncounted=True)
    assert not insistence.counted(fine=False, uncounted=True), "then it begins anew"
    tray.at += SECOND
    assert not insistence.counted(fine=True, uncounted=True)
    tray.at += 20 * SECOND
    assert insistence.counted(fine=True, uncounted=True)
