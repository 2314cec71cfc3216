"""What around the bot must be right before it enters: both feeds, the journal, the clock, the exchange itself."""

from __future__ import annotations

from collections.abc import Callable

from radtui.core import skew
from radtui.core.desk import Desk
from radtui.core.events import ClockSeen, ExchangeShown, FeedChanged, JournalChanged, ReadFailed
from radtui.core.market import SECOND

_BACK = "it is back, what was missed is being read"


class Conditions:
    """Notes each, and tells of what went wrong.

    Args:
        read: have the exchange read, and what was missed with it.

    Attributes:
        feeds_lost: feeds that are not heard, or of which what was missed is still being read, and why.
        exchange_closed: why the exchange takes nothing; empty where it does, as far as is known.
    """

    def __init__(self, desk: Desk, read: Callable[[], None]) -> None:
        self._desk = desk
        self._read = read
        self._back: dict[str, int] = {}
        self.feeds_lost: dict[str, str] = {}
        self.exchange_closed = ""

    def shown(self, event: ExchangeShown) -> None:
        """The exchange answers; a whole reading that began after a feed was back holds what it had missed."""
        self.exchange_closed = ""
        for feed in [feed for feed, back_at in self._back.items() if event.whole and event.begun >= back_at]:
            del self._back[feed], self.feeds_lost[feed]

    def read_failed(self, event: ReadFailed) -> None:
        """The exchange does not answer; what it says of itself holds until a reading succeeds."""
        if event.closed:
            self.exchange_closed = event.reason

    def feed_changed(self, event: FeedChanged) -> None:
        """A feed was lost or is back."""
        if event.lost:
            self.feeds_lost[event.feed] = event.lost
            self._back.pop(event.feed, None)
            text = f"{event.feed}: {event.lost}; no entries, positions keep their stops"
            self._desk.trouble("feed lost", text, event.feed, "warning")
        elif event.feed in self.feeds_lost:
            self.feeds_lost[event.feed] = _BACK
            self._back[event.feed] = event.at
            self._read()

    def journal_changed(self, event: JournalChanged) -> None:
        """The journal cannot be written, or can again."""
        self._desk.unwritten = event.failing
        if event.failing:
            self._desk.trouble("journal", event.failing, "journal", "alarm")

    def clock_seen(self, event: ClockSeen) -> None:
        """This machine's clock was looked at."""
        was_right = not skew.beyond(self._desk.skew)
        self._desk.skew = event.skew
        self._desk.shifted += event.shift
        if event.step:
            text = f"this machine's clock jumped by {event.step / SECOND:+.1f} s: it was set, or the machine slept"
            self._desk.trouble("clock jumped", text, "clock", "warning")
        if was_right and (wrong := skew.beyond(event.skew)):
            text = f"{wrong}: no entries until it is set right; exits and stops go on"
            self._desk.trouble("clock skew", text, "clock", "warning")
