"""The part of the cockpit that asks: keys that start, pause, stop and leave, and what comes back (row L2)."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Final

from textual.message import Message
from textual.screen import Screen

from radtui.core.instruction import Ask, ExitPolicy, Receipt
from radtui.tui.keys import possible, refusal
from radtui.tui.panes.view import View
from radtui.tui.reach import unheard_of
from radtui.tui.screens.asks import Saying
from radtui.tui.screens.backtest_lines import ended
from radtui.tui.screens.breakers import BreakersPage, BreakersSheet
from radtui.tui.screens.configuration import ChangeSheet, ConfigurationPage
from radtui.tui.screens.confirm import ResetSheet, ShutdownSheet
from radtui.tui.screens.emergency import EmergencySheet
from radtui.tui.screens.leave import Leave, LeaveSheet, leaves_at_once
from radtui.tui.screens.receipt import ReceiptSheet
from radtui.tui.screens.sheet import Sheet
from radtui.tui.screens.takeover import TakeOverSheet
from radtui.tui.screens.turns import turns
from radtui.tui.screens.why_day import WhyDaySheet
from radtui.tui.station import Station
from radtui.tui.themes import Palette
from radtui.tui.widgets.tone import Tone

_log = logging.getLogger("radtui.cockpit")
_WAITS: Final = "the line is down: it goes out if it is back soon, and you are told if not"
_READ_ALOUD: Final = frozenset({Ask.SHUTDOWN, Ask.EMERGENCY_STOP})
"""Instructions whose receipt stays on the screen until it is read, whoever asked."""


class AskingScreen(Screen[None]):
    """Turns keys into instructions, says at once that they were heard, and shows what came of them."""

    class Ended(Message):
        """The engine was shut down from here, and its receipt was read."""

    def __init__(
        self,
        station: Station,
        *,
        keymap: Mapping[str, str],
        themes: Mapping[str, Palette],
        clock: Callable[[], int],
        classes: str = "",
    ) -> None:
        super().__init__(classes=classes)
        self.station = station
        self.view = station.view
        self.keymap = keymap
        self.themes = themes
        self._asks = station.asks
        self._clock = clock

    @abstractmethod
    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show one line in the message bar."""

    def ask(self, ask: Ask, exits: ExitPolicy | None = None, subject: str = "") -> None:
        """Hand an instruction to the engine and say so, or why it would come to nothing."""
        if hindered := self.view.hindered(ask):
            self._tell(Saying(hindered, Tone.WARN))
        elif self.view.reach.through:
            self._tell(self._asks.send(ask, self._clock(), exits, subject))
        else:
            asked = self._asks.send(ask, self._clock(), exits, subject)
            self._tell(Saying(f"{asked.text} {_WAITS}", Tone.WARN))

    def follow(self, view: View) -> None:
        """Go on to the next moment: say what changed on the line and at the helm, and what came of what was asked."""
        before, self.view = self.view, view
        for saying in turns(before.reach, view.reach, view.key("control")):
            _log.info("%s: %s", view.bot, saying.text)
            self._tell(saying)
        for saying in ended(before.snapshot.backtests, view.snapshot.backtests):
            self._tell(saying)
        self._hear()

    def _hear(self) -> None:
        """Say what came of what was asked, and show the receipts that must be read."""
        for receipt, saying in self._asks.answers():
            self._tell(saying)
            self._present(receipt)
        if self.view.snapshot.receipt is not None:
            self._present(self.view.snapshot.receipt)

    @property
    def shutting_down(self) -> bool:
        """Whether the engine was asked to end, so that its end is no fault."""
        return self._asks.asked(Ask.SHUTDOWN)

    def action_ask(self, name: str) -> None:
        """Ask for a change of state, or say why it would do nothing."""
        ask = Ask(name)
        if hindered := self.view.hindered(ask):
            self.say(hindered, Tone.WARN)
        elif self.view.silent:
            self.say("the engine does not answer: nothing was asked; ! asks for an emergency stop anyway", Tone.WARN)
        elif possible(ask, self.view.snapshot.status.state) or self._asks.waiting:
            # While an answer is awaited the state shown is old: the engine decides, and its receipt says why not.
            self.ask(ask)
        else:
            self.say(refusal(ask, self.view.snapshot.status.state, self.keymap), Tone.WARN)

    def action_shutdown(self) -> None:
        """Show what a graceful shutdown would do, and ask once."""
        if self._asks.asked(Ask.SHUTDOWN):
            self.ask(Ask.SHUTDOWN)
        elif self._may(Ask.SHUTDOWN):
            self.app.push_screen(ShutdownSheet(self.view, self._asks.survey()), self._shut_down)

    def action_reset(self) -> None:
        """Ask whether the cycle metrics shall go to zero."""
        if self._may(Ask.RESET_METRICS):
            self.app.push_screen(ResetSheet(self.view), self._reset)

    def action_breakers(self) -> None:
        """Show every breaker, and go on to the question where the person wants them reset."""
        self.app.push_screen(BreakersPage(self.view), self._breakers_seen)

    def action_configuration(self) -> None:
        """Show the settings, and go on to the question where the person wants others."""
        comparison = self._asks.comparison()

        def seen(ask: Ask | None) -> None:
            if ask is not None:
                self.app.push_screen(ChangeSheet(self.view, ask, comparison), lambda sure: self._configure(ask, sure))

        self.app.push_screen(ConfigurationPage(self.view, comparison), seen)

    def action_why_day(self) -> None:
        """Show what kept the bot from trading on a day."""
        self.app.push_screen(WhyDaySheet(self.view, self._asks.ledger()))

    def action_receipt(self) -> None:
        """Show the last receipt again."""
        receipt = self.view.snapshot.receipt
        if receipt is None:
            self.say("no receipt since the engine started")
        else:
            self.app.push_screen(ReceiptSheet(receipt, self.view))

    def action_reset_breakers(self, name: str = "") -> None:
        """Ask whether the tripped breaker `name`, or every one, shall count anew."""
        if self._may(Ask.RESET_BREAKERS):
            self.app.push_screen(BreakersSheet(self.view, name), lambda sure: self._reset_breakers(name, sure))

    def action_emergency(self) -> None:
        """Show what an emergency stop would do, and wait for the word."""
        self.app.push_screen(EmergencySheet(self.view, self._asks.survey()), self._stop_all)

    def action_control(self) -> None:
        """Ask whether control shall be taken from whoever has it; where nobody else has, say so."""
        reach = self.view.reach
        if not reach.controls or not reach.through:
            self.say(self.view.hindered(Ask.PAUSE), Tone.WARN)
        elif reach.watching:
            self.app.push_screen(TakeOverSheet(self.view), self._take_over)
        elif reach.helm.yours:
            self.say("you hold control")
        else:
            self.say("nobody else holds control: every key works")

    def action_leave(self) -> None:
        """Leave at once where nothing can be lost, else ask. An engine elsewhere loses nothing."""
        if self.view.reach.attached:
            self.app.exit(Leave.LEFT)
        elif leaves_at_once(self.view):
            self.app.exit(Leave.SHUTDOWN)
        else:
            self.app.push_screen(LeaveSheet(self.view, self._asks.survey()), self._leave)

    def _may(self, ask: Ask) -> bool:
        """Return whether an instruction is worth a question; where it is not, say why."""
        hindered = self.view.hindered(ask)
        if hindered:
            self.say(hindered, Tone.WARN)
        return not hindered

    def _take_over(self, sure: bool | None) -> None:
        if sure:
            self.station.door.take_over()
            self.say("control asked for …")
        else:
            self.say(f"{self.view.reach.holder} keeps control")

    def _shut_down(self, exits: ExitPolicy | None) -> None:
        if exits is None:
            self.say("no shutdown: nothing was changed")
        else:
            self.ask(Ask.SHUTDOWN, exits)

    def _reset(self, sure: bool | None) -> None:
        if sure:
            self.ask(Ask.RESET_METRICS)
        else:
            self.say("no reset: nothing was changed")

    def _breakers_seen(self, name: str | None) -> None:
        if name is not None:
            self.action_reset_breakers(name)

    def _reset_breakers(self, name: str, sure: bool | None) -> None:
        if sure:
            self.ask(Ask.RESET_BREAKERS, subject=name)
        else:
            self.say("no reset: nothing was changed")

    def _configure(self, ask: Ask, sure: bool | None) -> None:
        if sure:
            self.ask(ask)
        else:
            self.say("no other settings: nothing was changed")

    def _stop_all(self, sure: bool | None) -> None:
        if sure:
            self.ask(Ask.EMERGENCY_STOP)
        else:
            self.say("no emergency stop: nothing was changed")

    def _leave(self, leave: Leave | None) -> None:
        if leave is not None:
            self.app.exit(leave)

    def _present(self, receipt: Receipt) -> None:
        if receipt.ask not in _READ_ALOUD or receipt.id in self.station.read:
            return
        self.station.read.add(receipt.id)
        ended = receipt.ask is Ask.SHUTDOWN and not receipt.refused and not unheard_of(receipt)
        self.app.push_screen(ReceiptSheet(receipt, self.view), self._receipt_read if ended else None)

    def _receipt_read(self, _: None) -> None:
        self.post_message(self.Ended())

    def _tell(self, saying: Saying) -> None:
        self.say(saying.text, saying.tone)
        above = self.app.screen
        if isinstance(above, Sheet):
            above.say(saying.text, saying.tone)
