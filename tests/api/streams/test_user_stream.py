"""What one reader of ``/ws/user`` is told: orders, fills, positions and receipts, all of it first, then what is new."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from radtui.api.streams.frames import TOPICS
from radtui.api.streams.news import News
from radtui.api.streams.user import UserStream
from radtui.core.facts import Receipted
from tests.api.callers import Scripted
from tests.engine.pictures import pictures


@pytest.fixture
def scripted() -> Scripted:
    found = Scripted()
    found.seen = pictures()[0][0]
    return found


@pytest.fixture
def stream(scripted: Scripted) -> UserStream:
    return UserStream(News(scripted))


def said(frames: Any) -> list[dict[str, Any]]:
    return [json.loads(each) for each in frames]


def ask(stream: UserStream, kind: str, *topics: str) -> None:
    stream.heard(json.dumps({"type": kind, "topics": topics}))


def test_nothing_is_said_before_it_is_asked_for(stream: UserStream) -> None:
    assert said(stream.greeting()) == said(stream.due()) == []


def test_all_of_it_comes_first(stream: UserStream) -> None:
    ask(stream, "Subscribe", *TOPICS)
    frames = said(stream.due())
    assert [each["type"] for each in frames] == ["Orders", "Fills", "Positions", "Receipts"]
    assert [each.get("whole") for each in frames[:3]] == [True] * 3
    assert said(stream.due()) == []


def test_whoever_keeps_the_changes_has_what_the_engine_has(scripted: Scripted, stream: UserStream) -> None:
    ask(stream, "Subscribe", "orders", "fills", "positions")
    orders: dict[str, Any] = {}
    fills: dict[str, Any] = {}
    positions: dict[str, Any] = {}
    for shown in pictures()[0]:
        scripted.seen = shown
        for frame in said(stream.due()):
            match frame["type"]:
                case "Orders":
                    orders |= {each["client_id"]: each for each in frame["orders"]}
                case "Fills":
                    fills |= {each["trade_id"]: each for each in frame["fills"]}
                case "Positions":
                    positions |= {each["symbol"]: each for each in frame["positions"]}
                    for symbol in frame.get("gone", ()):
                        del positions[symbol]
        assert {each["symbol"]: each for each in _plain(shown.positions)} == positions
        assert {each["client_id"]: each for each in _plain(shown.orders)}.items() <= orders.items()
        assert {each["trade_id"]: each for each in _plain(shown.fills)}.items() <= fills.items()
    assert orders
    assert fills


def test_receipts_come_as_they_are_written_and_a_gap_is_said(scripted: Scripted, stream: UserStream) -> None:
    facts = pictures()[1]
    written = [each.fact.receipt.id for each in facts if isinstance(each.fact, Receipted)]
    scripted.seen = msgspec.structs.replace(scripted.seen, sequence=0, receipt=None)
    ask(stream, "Subscribe", "receipts")
    assert said(stream.due()) == [{"type": "Receipts", "receipts": []}]
    scripted.facts = list(facts)
    heard = [each["id"] for frame in said(stream.due()) for each in frame["receipts"]]
    assert heard == written
    assert len(heard) >= 4
    scripted.facts = [msgspec.structs.replace(facts[-1], sequence=facts[-1].sequence + 5)]
    assert [each.get("missed") for each in said(stream.due())] == [True]


def test_what_is_unsubscribed_is_silent(scripted: Scripted, stream: UserStream) -> None:
    ask(stream, "Subscribe", "orders", "fills")
    ask(stream, "Unsubscribe", "orders")
    assert [each["type"] for each in said(stream.due())] == ["Fills"]
    scripted.seen = pictures()[0][-1]
    assert {each["type"] for each in said(stream.due())} == {"Fills"}


@pytest.mark.parametrize("text", ["", '{"type":"Subscribe","topics":["secrets"]}', '{"type":"Tell"}'])
def test_what_is_no_frame_of_it_is_refused(stream: UserStream, text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        stream.heard(text)


def _plain(views: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(views))
