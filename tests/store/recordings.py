"""Recordings made in memory, and cores to record."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from radtui.core.commands import Place
from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.events import (
    Event,
    ExchangeShown,
    FillReported,
    Listed,
    OrderAccepted,
    OrderReported,
    OrderSent,
    Passed,
    PriceMoved,
    Restored,
    SignalGiven,
    Told,
)
from radtui.core.instruction import Ask, Instruction
from radtui.core.market import SECOND
from radtui.engine.tap import Tap
from radtui.store.masking import OPEN, Redaction
from radtui.store.recorder import SEGMENT, InlineRecorder
from radtui.store.recording import Record, Segment
from radtui.store.shelf import MemoryShelf
from tests.core.makers import ETH, NOW, XBT, account, fill, report, signal

CONFIG = CoreConfig(bot="t", boot=NOW)


def price(number: int) -> PriceMoved:
    """Return the tick of one second."""
    at = NOW + number * SECOND
    return PriceMoved(at, XBT.symbol, Decimal(60_000 + number % 7), at)


def story(prices: int = 20) -> list[Event]:
    """Return the events of a small flight: it recovers, enters, is filled, is protected, and prices move."""
    told: list[Event] = [
        Restored(NOW),
        Listed(NOW, (XBT, ETH)),
        Told(NOW, Instruction(id="i1", ask=Ask.START, who="test")),
        ExchangeShown(NOW, NOW, (), (), (), account()),
        price(0),
        SignalGiven(NOW, XBT.symbol, signal(), Decimal(60_000), NOW),
    ]
    core = Core(CONFIG)
    for event in told:
        commands = core.handle(event)
    entry = next(command.request for command in commands if isinstance(command, Place))
    filled = fill(1, entry.lots, client_id=entry.client_id)
    told += [
        OrderSent(NOW, entry.client_id),
        OrderAccepted(NOW, entry.client_id, "x1"),
        FillReported(NOW, filled),
        OrderReported(NOW, report(entry, entry.lots, active=False)),
    ]
    return [*told, *(event for n in range(1, prices) for event in (price(n), Passed(price(n).at, price(n).at)))]


def recorded(
    events: Iterable[Event],
    *,
    redaction: Redaction = OPEN,
    segment: int = SEGMENT,
    each: bool = False,
) -> list[bytes]:
    """Return the segments of a recording of a core that is told `events`.

    Args:
        each: write after each event, so that there are many blocks.
    """
    shelf = MemoryShelf()
    recorder = InlineRecorder(shelf, redaction, segment=segment, batch=0 if each else 64_000)
    tap = Tap(Core(CONFIG), recorder, lambda *_: None)
    for event in events:
        tap.handle(event)
    tap.close()
    return [bytes(content) for content in shelf.segments]


def records(*contents: bytes) -> list[Record]:
    """Return all records of segments."""
    return [record for content in contents for record in Segment(content).records()]
