"""What the engine tells the world: facts get their envelope, are kept by the journal, listed, logged and handed on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

import structlog

from radtui.core.facts import (
    AnyFact,
    CycleEnded,
    Envelope,
    Executed,
    Instructed,
    OrderChanged,
    Receipted,
    StateChanged,
    Trouble,
)
from radtui.core.instruction import Receipt
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.resilience.redaction import named
from radtui.store.port import Journal

KEPT: Final = 2000
_RECEIPTS: Final = 200
_LEVELS: Final = {"warning": "warning", "error": "error", "alarm": "critical"}

Observer = Callable[[Envelope], None]


class Bulletin:
    """The one place where a fact gets its sequence. Observers are called in turn and may read the engine's status."""

    def __init__(self, bot: str, clock: Clock, journal: Journal, health: HealthMonitor, sequence: int) -> None:
        self._bot = bot
        self._clock = clock
        self._journal = journal
        self._health = health
        self._log = structlog.get_logger("radtui.engine")
        self._kept: deque[Envelope] = deque(maxlen=KEPT)
        self._observers: list[Observer] = []
        self.sequence = sequence
        self.receipts: dict[str, Receipt] = {}

    def watch(self, observer: Observer) -> None:
        """Hand every envelope on to `observer`, on the engine's thread."""
        self._observers.append(observer)

    def publish(self, fact: AnyFact, who: str) -> Envelope:
        """Put a fact into its envelope and pass it on."""
        self.sequence += 1
        envelope = Envelope(sequence=self.sequence, bot=self._bot, at=self._clock.now(), who=who, fact=fact)
        self._journal.keep((envelope,))
        self._kept.append(envelope)
        if isinstance(fact, Trouble):
            self._health.trouble(fact.kind, fact.message, fact.where, fact.severity)
        self._write(fact, who)
        for observer in tuple(self._observers):
            self._tell(observer, envelope)
        if isinstance(fact, Receipted):
            self._file(fact.receipt)
        return envelope

    def answer(self, receipt: Receipt) -> None:
        """File a receipt of something that changed nothing, for whoever waits for it; it is not kept."""
        self._file(receipt)

    def restore(self, receipts: Iterable[Receipt]) -> None:
        """Have the receipts of earlier runs, so that who waited over a restart finds theirs."""
        for receipt in receipts:
            self._file(receipt)

    def after(self, sequence: int) -> list[Envelope]:
        """Return the kept envelopes above `sequence`, oldest first. Safe from any thread."""
        kept = tuple(self._kept)
        newer = kept[-1].sequence - sequence if kept else 0
        return list(islice(kept, max(0, len(kept) - newer), None)) if newer > 0 else []

    def _tell(self, observer: Observer, envelope: Envelope) -> None:
        try:
            observer(envelope)
        except Exception as error:  # supervision point: an observer's fault is its own, and is recorded
            self._health.trouble("observer", named(error), "bulletin")

    def _file(self, receipt: Receipt) -> None:
        self.receipts[receipt.id] = receipt
        if len(self.receipts) > _RECEIPTS:
            del self.receipts[next(iter(self.receipts))]

    def _write(self, fact: AnyFact, who: str) -> None:
        log = self._log.bind(bot=self._bot, who=who)
        match fact:
            case StateChanged(move):
                log.info("state", origin=move.origin, target=move.target, verb=move.verb, why=move.why)
            case Instructed(instruction):
                log.info("instruction", ask=instruction.ask, id=instruction.id)
            case Receipted(receipt):
                log.info("receipt", ask=receipt.ask, success=receipt.success, message=receipt.message, id=receipt.id)
            case CycleEnded(number, ok, seconds, error):
                log.info("cycle", number=number, ok=ok, seconds=round(seconds, 4), error=error)
            case OrderChanged(order):
                log.info("order", symbol=order.symbol, purpose=order.purpose, state=order.state, id=order.client_id)
            case Executed(fill, _):
                log.info("fill", symbol=fill.symbol, side=fill.side, lots=fill.lots, price=str(fill.price))
            case Trouble(kind, message, where, severity):
                getattr(log, _LEVELS.get(severity, "error"))("trouble", kind=kind, message=message, where=where)
            case _:
                log.debug("fact", kind=type(fact).__name__)
