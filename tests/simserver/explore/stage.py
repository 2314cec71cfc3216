"""A scene for checks: a true venue in which a test trades by hand."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.market import MINUTE, SECOND
from radtui.core.order import Cross, OrderReport, OrderRequest, OrderType, Side, Trigger
from radtui.simserver.explore.clocks import EPOCH
from radtui.simserver.explore.disk import Disk
from radtui.simserver.explore.outcome import Exposure
from radtui.simserver.explore.patience import Patience
from radtui.venue.model import SeededMarket
from radtui.venue.venue import Venue

SYMBOL = "XBTUSDTM"


class Stage:
    """Implements `radtui.simserver.explore.checks.Scene`, and remembers what was reported."""

    def __init__(self) -> None:
        self.venue = Venue(SeededMarket((SYMBOL,), 1, EPOCH), balance=Decimal(10_000), spans=(MINUTE,), warmup=5)
        self.disk, self.passed, self.exposure = Disk(), 0, Exposure()
        self.patience = Patience(lambda: self.passed)
        self.strangers: dict[str, str] = {}
        self.reported: list[tuple[str, str]] = []
        self._ids = 0

    def report(self, name: str, what: str) -> None:
        """Remember it."""
        self.reported.append((name, what))

    def wait(self, seconds: float = 1.0) -> None:
        """Let time pass, for the market too."""
        self.passed += round(seconds * SECOND)
        self.venue.advance(EPOCH + self.passed)

    def enter(self, side: Side = Side.BUY) -> OrderReport:
        """Open a position."""
        report = self._place(side, lots=10, leverage=3)
        self.wait()
        return report

    def protect(self, side: Side = Side.SELL) -> OrderReport:
        """Let a stop rest that a market of an hour does not meet."""
        last = self.venue.prices(SYMBOL).last
        down = side is Side.SELL
        price = (last * (Decimal("0.5") if down else Decimal("1.5"))).quantize(Decimal(1))
        return self._place(side, stop=Trigger(Cross.DOWN if down else Cross.UP, price), close_order=True)

    def _place(self, side: Side, **told: object) -> OrderReport:
        self._ids += 1
        request = OrderRequest(client_id=f"x-{self._ids}", symbol=SYMBOL, side=side, type=OrderType.MARKET, **told)  # type: ignore[arg-type]
        return self.venue.place(request)
