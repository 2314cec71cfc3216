"""The whole simulated KuCoin Futures without a wire: requests and connections in, answers and frames out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from radtui.core.money import ZERO
from radtui.simserver.access import Access, ApiKey
from radtui.simserver.floor import Floor, Status
from radtui.simserver.http import Request, Response
from radtui.simserver.limits import Limits
from radtui.simserver.publisher import Publisher
from radtui.simserver.server import Server
from radtui.simserver.session import Session
from radtui.simserver.sessions import Sessions
from radtui.simserver.topics import SPANS
from radtui.simserver.wirefaults import WireFaults
from radtui.venue.history import RecordedMarket
from radtui.venue.market import Market
from radtui.venue.marks import SeededMarks
from radtui.venue.venue import Venue

BALANCES: Final[Mapping[str, Decimal]] = MappingProxyType({"USDT": Decimal(10_000)})
_HALF_SPREAD: Final = Decimal("0.0001")
"""Share of the price between the last price and the best offers."""
REHEARSED: Final = 50
"""Bars of a recorded market that trade before anyone looks: a tape of some hundred trades is there at once."""
_KEPT: Final = 10_000
"""Done orders, fills and ledger rows the venue keeps."""

_STATES = (Status.OPEN, Status.CANCEL_ONLY, Status.CLOSE)


class SimExchange:
    """One account on one floor, behind KuCoin's protocol.

    Attributes:
        faults: what goes wrong on the wire; whoever carries the bytes asks it.
    """

    def __init__(self, floor: Floor, keys: Iterable[ApiKey], faults: WireFaults) -> None:
        self.floor = floor
        self.faults = faults
        self.sessions = Sessions(floor.tokens, floor.instruments)
        self._publisher = Publisher(floor, self.sessions)
        self._server = Server(floor, Access(keys), Limits())
        floor.status = _STATES[faults.maintenance]
        floor.tokens.stale = faults.expires

    def now(self) -> int:
        """Return the exchange's clock, nanoseconds UTC."""
        return self.floor.now()

    def handle(self, request: Request) -> Response:
        """Return the answer to a request; its `at` should be `now()`."""
        return self._server.handle(request)

    def connect(self, token: str, connect_id: str) -> Session:
        """Return a new connection; one that is refused is closing already."""
        return self.sessions.open(token, connect_id, self.now())

    def look(self) -> None:
        """Move the market to the present, and say what happened and what is due."""
        self._publisher.look()


def open_exchange(
    market: Market,
    keys: Iterable[ApiKey],
    *,
    now: Callable[[], int],
    speed: float = 1.0,
    seed: int = 0,
    balances: Mapping[str, Decimal] = BALANCES,
    warmup: int = 500,
    faults: WireFaults | None = None,
) -> SimExchange:
    """Return an exchange on a market.

    Args:
        now: wall clock, nanoseconds UTC; the exchange's own clock is that and the skew of `faults`.
        keys: the account's keys.
        speed: market seconds in a wall second.
        seed: of ids, tokens, and mark prices.
        balances: of the account at the start, by currency; USDT is 0 where it is not named.
        warmup: closed candles of each span that are there at once.
    """
    plan = faults or WireFaults(seed)
    skew = plan.skew
    venue = _venue(market, seed, balances, warmup)
    if market.source.startswith("seed"):
        venue.advance(now() + skew)  # it begins at the full hour: let it come to the present before anyone looks
    elif isinstance(market, RecordedMarket):
        venue.advance(venue.now + REHEARSED * market.step_span)
    return SimExchange(Floor(venue, now=lambda: now() + skew, speed=speed, seed=seed), keys, plan)


def _venue(market: Market, seed: int, balances: Mapping[str, Decimal], warmup: int) -> Venue:
    return Venue(
        market,
        balance=balances.get("USDT", ZERO),
        balances={currency: amount for currency, amount in balances.items() if currency != "USDT"},
        spans=tuple(span for span in SPANS.values() if span % market.step_span == 0),
        warmup=warmup,
        slippage=_HALF_SPREAD,
        marks=SeededMarks(seed) if market.source.startswith("seed") else None,
        tape=True,
        risk=True,
        kept=_KEPT,
    )
