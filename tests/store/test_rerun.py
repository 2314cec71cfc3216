"""A replay: the same where nothing was changed, and the very event where something was."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from radtui.core.core import Core
from radtui.core.events import FillReported, OrderAccepted, PriceMoved, SignalGiven
from radtui.core.trading import Trading
from radtui.engine.tap import Tap
from radtui.store.checkpoint import NoCheckpoint
from radtui.store.recorder import InlineRecorder
from radtui.store.recording import Segment
from radtui.store.rerun import Outcome, differences, rerun
from radtui.store.shelf import MemoryShelf
from tests.store.recordings import CONFIG, price, recorded, story


def replayed(*contents: bytes) -> Outcome:
    return rerun([Segment(content, f"{number}") for number, content in enumerate(contents, 1)])


def test_an_unchanged_core_answers_the_same() -> None:
    events = story(200)
    outcome = replayed(*recorded(events))
    assert outcome.diverged is None
    assert outcome.events == outcome.replayed == len(events)
    assert outcome.kinds["PriceMoved"] == 200
    assert outcome.commands["Place"] >= 2  # the entry and its stop
    assert outcome.facts["Executed"] == 1
    assert outcome.receipts == ["start: Bot started"]
    assert outcome.notes == []
    assert outcome.snapshot is not None
    assert len(outcome.snapshot.positions) == 1


def test_a_changed_core_is_found_at_the_event_where_it_answers_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    events = story(50)
    contents = recorded(events)
    original = Trading.take_fill

    def talkative(self: Trading, fill: Any) -> None:
        original(self, fill)
        self.desk.trouble("changed", "on purpose", "test")

    monkeypatch.setattr(Trading, "take_fill", talkative)
    found = replayed(*contents).diverged
    assert found is not None
    assert isinstance(events[found.sequence - 1], FillReported)
    assert found.event["type"] == "FillReported"
    assert any("recorded nothing" in line and "changed" in line for line in found.differences)
    assert len(found.now) == len(found.recorded) + 1
    assert found.snapshot.positions


def test_another_configuration_is_found_at_the_signal() -> None:
    events = story(5)
    segment = Segment(recorded(events)[0])
    limits = msgspec.structs.replace(segment.head.config.limits, leverage=2)
    config = msgspec.structs.replace(segment.head.config, limits=limits)
    segment.head = msgspec.structs.replace(segment.head, config=config)
    found = rerun([segment]).diverged
    assert found is not None
    assert isinstance(events[found.sequence - 1], SignalGiven)
    assert any("leverage: recorded 3, now 2" in difference for difference in found.differences)


def test_a_core_that_breaks_now_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    events = story(50)
    contents = recorded(events)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(Trading, "accepted", broken)
    found = replayed(*contents).diverged
    assert found is not None
    assert isinstance(events[found.sequence - 1], OrderAccepted)
    assert found.differences == ("core breaks now: ZeroDivisionError: on purpose",)


def test_a_core_that_broke_then_breaks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Trading.price_moved

    def moody(self: Trading, event: PriceMoved) -> None:
        if event.at == price(7).at:
            self.desk.trouble("half", "done", "test")
            raise ZeroDivisionError
        original(self, event)

    monkeypatch.setattr(Trading, "price_moved", moody)
    contents = recorded_through(story(20))
    outcome = replayed(*contents)
    assert outcome.diverged is None
    assert any("core broke on event" in note for note in outcome.notes)
    monkeypatch.setattr(Trading, "price_moved", original)
    mended = replayed(*contents).diverged
    assert mended is not None
    assert mended.recorded is None


def recorded_through(events: list[Any]) -> list[bytes]:
    """Record as the engine does, whose workers outlive a broken core."""
    shelf = MemoryShelf()
    tap = Tap(Core(CONFIG), InlineRecorder(shelf), lambda *_: None)
    for event in events:
        try:
            tap.handle(event)
        except ZeroDivisionError:
            continue
    tap.close()
    return [bytes(content) for content in shelf.segments]


def test_each_segment_can_be_replayed_alone() -> None:
    contents = recorded(story(400), segment=1, each=True)
    assert len(contents) > 100
    assert replayed(*contents).diverged is None
    for content in contents:
        outcome = replayed(content)
        assert outcome.diverged is None
        assert outcome.replayed == outcome.events


def test_over_a_gap_it_goes_on_from_the_state() -> None:
    contents = recorded(story(400), segment=1, each=True)
    del contents[5:50]
    outcome = replayed(*contents)
    assert outcome.diverged is None
    assert outcome.replayed == outcome.events


def test_without_a_state_it_says_that_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radtui.engine.tap.take", _impossible)
    contents = recorded(story(30), segment=1, each=True)
    whole = replayed(*contents)
    assert whole.diverged is None
    assert whole.replayed == whole.events == len(story(30)), "one core goes on from segment to segment"
    alone = replayed(contents[-1])
    assert alone.replayed == 0
    assert alone.snapshot is None
    assert any("cannot be replayed alone" in note for note in alone.notes)


def _impossible(core: Core) -> bytes:
    raise NoCheckpoint("on purpose")


def test_it_ends_where_it_is_told() -> None:
    contents = recorded(story(30))
    outcome = rerun([Segment(contents[0])], lambda sequence, _: sequence > 12)
    assert outcome.events == 12
    assert rerun([Segment(contents[0])], lambda _, at: at > price(3).at).until == price(3).at


def test_segments_after_its_end_are_not_read() -> None:
    contents = recorded(story(30), segment=1, each=True)
    outcome = rerun([Segment(content) for content in contents], lambda sequence, _: sequence > 12)
    assert outcome.events == 12
    assert len(outcome.heads) == outcome.heads[-1].number < len(contents)


def test_events_that_were_lost_are_told() -> None:
    contents = recorded(story(30), segment=1, each=True)
    segments = [Segment(content) for content in contents]
    segments[3].head = msgspec.structs.replace(segments[3].head, lost=7, why="the disk was full")
    outcome = rerun(segments)
    assert outcome.notes == ["segment 4: 7 events before it are lost: the disk was full"]
    assert outcome.diverged is None


def test_a_torn_recording_is_replayed_up_to_the_tear() -> None:
    (content,) = recorded(story(30), each=True)
    outcome = replayed(content[:-3])
    assert outcome.diverged is None
    assert outcome.events == len(story(30)) - 1
    assert any("lost" in note for note in outcome.notes)


@pytest.mark.parametrize(
    ("recorded_answer", "now", "words"),
    [
        ([], [{"type": "End"}], 'commands[0]: recorded nothing, now {"type":"End"}'),
        ([{"type": "A", "x": 1}], [{"type": "A", "x": 2}], "commands[0].x: recorded 1, now 2"),
        ([{"type": "A"}], [{"type": "B"}], 'commands[0]: recorded {"type":"A"}, now {"type":"B"}'),
        ([{"type": "A", "x": [1, 2]}], [{"type": "A", "x": [1]}], "commands[0].x[1]: recorded 2, now nothing"),
        ([1, 2, 3], [1, 3], "commands[1]: recorded 2, now nothing"),
        ([1, 3], [1, 2, 3], "commands[1]: recorded nothing, now 2"),
        (None, [], "core broke on it when it was recorded, and does not now"),
    ],
)  # fmt: skip
def test_differences_are_said_in_words(recorded_answer: Any, now: Any, words: str) -> None:
    assert differences(recorded_answer, now) == (words,)


def test_many_differences_are_cut_short() -> None:
    assert len(differences([1] * 50, [2] * 50)) == 12
    assert len(differences(["x" * 999], ["y"])[0]) < 300
