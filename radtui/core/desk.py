"""What the parts of core share: the clock of the present event, the contracts, and the tray of commands going out."""

from __future__ import annotations

from typing import Final

from radtui.core.candle_clock import CandleClock
from radtui.core.commands import Command, End, Remember, Say, Schedule
from radtui.core.config import CoreConfig
from radtui.core.facts import AnyFact, Trouble
from radtui.core.ids import ClientIds
from radtui.core.instrument import Instrument
from radtui.core.measures import Measures

MISSING: Final = "is configured, and the exchange does not trade it now: nothing is entered there, what is open is kept"


class Desk:
    """One bot's desk.

    Attributes:
        at: wall clock of the event in hand. market_at: market clock, 0 before the first tick.
        candles: tells when the next one closes. measures: how each contract moves, by symbol, as it was measured last.
        instruments: by symbol. missing: configured symbols that the exchange does not trade now.
        next_cycle_at: wall clock; None while none is due.
        unwritten: why the journal cannot be written; empty where it can.
        skew: nanoseconds by which the exchange's clock is ahead of this machine's; None where there is but one clock.
        shifted: nanoseconds by which the wall clock was put forward since the start.
    """

    def __init__(self, config: CoreConfig) -> None:
        self.config = config
        self.ids = ClientIds(config.bot, config.boot)
        self.instruments: dict[str, Instrument] = {}
        self.missing: tuple[str, ...] = ()
        self.at = config.boot
        self.market_at = 0
        self.candles = CandleClock()
        self.measures: dict[str, Measures] = {}
        self.next_cycle_at: int | None = None
        self.unwritten = ""
        self.skew: int | None = None
        self.shifted = 0
        self._tray: list[Command] = []
        self._last: dict[type[Command], Command] = {}

    def order(self, command: Command) -> None:
        """Put a command on the tray."""
        if isinstance(command, Remember | End):
            self._last.setdefault(type(command), command)
        else:
            self._tray.append(command)

    def say(self, fact: AnyFact, who: str = "core") -> None:
        """Publish a fact."""
        self._tray.append(Say(fact, who))

    def trouble(self, kind: str, message: str, where: str, severity: str = "error") -> None:
        """Publish that something went wrong."""
        self.say(Trouble(kind, message, where, severity))

    def schedule(self, at: int | None) -> None:
        """Have the next cycle run at the wall clock `at`, or none."""
        self.next_cycle_at = at
        self.order(Schedule(at))

    def clear(self) -> list[Command]:
        """Take what is on the tray, in order; the memory is kept once, after all that was said, and the end is last."""
        tray, self._tray = self._tray, []
        if self._last:
            tray += [last for kind in (Remember, End) if (last := self._last.get(kind)) is not None]
            self._last.clear()
        return tray
