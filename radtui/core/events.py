"""What comes in. Time is an event too: each one carries the wall clock, nanoseconds UTC, as `at`."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.account import AccountReport, FundingPaid, PositionReport, Transfer
from radtui.core.book import BookShown
from radtui.core.instruction import Instruction
from radtui.core.instrument import Instrument
from radtui.core.measures import Measures
from radtui.core.money_view import EquityPoint
from radtui.core.order import Fill, OrderReport
from radtui.core.orders import Order
from radtui.core.picks import Picks
from radtui.core.signal import Signal
from radtui.core.tuning import Tuning


class Event(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Anything that core is told."""

    at: int


class Passed(Event, frozen=True, tag=True):
    """Time went by; `market_at` is the market clock."""

    market_at: int


class ClockSeen(Event, frozen=True, tag=True):
    """This machine's clock was looked at, and something has changed.

    Attributes:
        skew: nanoseconds by which the exchange's clock is ahead of this machine's; None where there is but one clock.
        step: by how much this machine's clock was set since the last look, back where negative; 0 where it was not.
        shift: how much of it our own wall clock followed, which never goes back.
    """

    skew: int | None
    step: int = 0
    shift: int = 0


class Restored(Event, frozen=True, tag=True):
    """What the journal knew, told once before anything else; `receipted` are ids of answered instructions."""

    desired: str = "stopped"
    who: str = ""
    since: int = 0
    clean: bool = True
    memory: bytes = b""
    open_orders: tuple[Order, ...] = ()
    done_orders: tuple[Order, ...] = ()
    equity: tuple[EquityPoint, ...] = ()
    receipted: tuple[str, ...] = ()
    hours: tuple[EquityPoint, ...] = ()


class Listed(Event, frozen=True, tag=True):
    """The contracts that can be traded."""

    instruments: tuple[Instrument, ...]


class Told(Event, frozen=True, tag=True):
    """An operator asks for something."""

    instruction: Instruction


class Configured(Event, frozen=True, tag=True):
    """The bot is told anew what of its configuration may change, all of it at once."""

    tuning: Tuning


class CycleBegan(Event, frozen=True, tag=True):
    """A pass of the trading loop began."""


class CycleFinished(Event, frozen=True, tag=True):
    """It ended. `jitter` in [-1, 1] is drawn by the rim and scales the ±25 % of a retry's delay."""

    seconds: float
    error: str = ""
    jitter: float = 0.0


class PriceMoved(Event, frozen=True, tag=True, gc=False):
    """A symbol traded at `price`, at `market_at` of the market clock.

    Attributes:
        bid, ask: the best ones; None where the exchange does not tell them.
    """

    symbol: str
    price: Decimal
    market_at: int
    bid: Decimal | None = None
    ask: Decimal | None = None


class Measured(Event, frozen=True, tag=True, gc=False):
    """How a symbol moves was measured anew, at the close of a candle."""

    symbol: str
    measures: Measures


class SignalGiven(Event, frozen=True, tag=True):
    """A strategy decided at the close of a candle that closed at `closed_at` of the market clock.

    Attributes:
        newest: when the newest candle of the symbol closed: a rehearsal's candles may run ahead of the market clock.
    """

    symbol: str
    signal: Signal
    price: Decimal
    closed_at: int
    newest: int = 0


class OrderSent(Event, frozen=True, tag=True):
    """The request is about to leave: from here on the exchange may have it."""

    client_id: str


class OrderAccepted(Event, frozen=True, tag=True):
    """The exchange has it."""

    client_id: str
    order_id: str


class OrderRefused(Event, frozen=True, tag=True):
    """It definitely does not exist on the exchange."""

    client_id: str
    reason: str


class OrderUnclear(Event, frozen=True, tag=True):
    """No definite answer: it may exist."""

    client_id: str
    reason: str


class OrderSought(Event, frozen=True, tag=True):
    """The exchange was asked by client id; None says that it knows no such order now."""

    client_id: str
    report: OrderReport | None


class OrderReported(Event, frozen=True, tag=True):
    """The exchange says where an order stands."""

    report: OrderReport


class FillReported(Event, frozen=True, tag=True):
    """The exchange says that something was executed."""

    fill: Fill


class PositionReported(Event, frozen=True, tag=True):
    """The exchange says what a position is; 0 lots says that it is closed."""

    position: PositionReport


class AccountReported(Event, frozen=True, tag=True):
    """The exchange says what the account is worth."""

    account: AccountReport


class FundingReported(Event, frozen=True, tag=True):
    """Funding was settled."""

    funding: FundingPaid


class ExchangeShown(Event, frozen=True, tag=True):
    """Everything the exchange shows of the account, read after `begun` (wall clock).

    Orders and positions are always there: without them nothing is shown. Of the rest, None is what could not be read.

    Attributes:
        transfers: None also where nobody asked for them.
    """

    begun: int
    orders: tuple[OrderReport, ...]
    fills: tuple[Fill, ...] | None
    positions: tuple[PositionReport, ...]
    account: AccountReport | None
    funding: tuple[FundingPaid, ...] | None = ()
    transfers: tuple[Transfer, ...] | None = None

    @property
    def whole(self) -> bool:
        """Whether it tells why positions are what they are: without fills they cannot be compared with ours."""
        return self.fills is not None


class ReadFailed(Event, frozen=True, tag=True):
    """The exchange could not be read; `closed`: because it says that it is closed."""

    reason: str
    closed: bool = False


class Described(Event, frozen=True, tag=True):
    """The rules that `Describe` asked for; None where there are none to be had, and `why`.

    Attributes:
        unlisted: the exchange says that it has no such contract: asking again is of no use.
    """

    symbol: str
    instrument: Instrument | None
    why: str = ""
    unlisted: bool = False


class BooksShown(Event, frozen=True, tag=True):
    """The books that a `Survey` asked for; of what could not be read it says why."""

    id: str
    books: tuple[BookShown, ...]


class FeedChanged(Event, frozen=True, tag=True):
    """The market or account feed was lost (with the reason) or is back (empty)."""

    feed: str
    lost: str


class JournalChanged(Event, frozen=True, tag=True):
    """The journal can no longer be written (with the reason) or can again (empty)."""

    failing: str


class Scanned(Event, frozen=True, tag=True):
    """The market was scanned, or could not be as a whole."""

    picks: Picks
