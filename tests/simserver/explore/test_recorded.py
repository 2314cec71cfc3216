"""A life on record: what a fresh core answers otherwise is named."""

from __future__ import annotations

import pytest

from radtui.core.core import Core
from radtui.core.events import Event
from radtui.engine.tap import Tap
from radtui.simserver.explore import recorded
from radtui.simserver.explore.explore import explore
from radtui.simserver.explore.outcome import Plan
from radtui.simserver.explore.selection import parse
from tests.store.recordings import CONFIG, story


def on_record() -> recorded.Recorded:
    """Return the record of a short story."""
    record = recorded.Recorded()
    tap = Tap(Core(CONFIG), record.recorder, lambda *_: None)
    for event in story(20):
        tap.handle(event)
    return record


def test_a_core_that_answers_the_same_does_not_differ() -> None:
    assert not on_record().differs()


def test_one_that_answers_otherwise_does_and_the_event_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    record = on_record()

    def silent(_: Core, __: Event) -> list[object]:
        return []

    monkeypatch.setattr(Core, "handle", silent)
    assert record.differs().startswith("event ")


def test_every_life_of_a_storm_can_be_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "SHARE", 1.0)
    outcome = explore(Plan(seed=18, minutes=4.0, selection=parse("crash,lost,operator")))
    assert outcome.violation is None
    assert outcome.tally.lives > 1
