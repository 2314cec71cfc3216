"""Scans and portfolios, as a cockpit is told of them."""

from __future__ import annotations

from decimal import Decimal

import scenes
from msgspec.structs import replace
from pieces import NOW

from radtui.core.allocation import Rebalance
from radtui.core.market import DAY, HOUR, SECOND
from radtui.core.portfolio_view import PerformanceView, PortfolioView, WeightView
from radtui.core.risk import RiskAssessment, RiskLevel
from radtui.core.scan_view import CandidateView, ScanView, ScorePart
from radtui.core.snapshot import Snapshot
from radtui.core.window_view import WindowView
from radtui.tui.screens.scan import PARTS

FIGURES = {"momentum": "-1.0 %"}
POINTS = (92.4, 18.0, 10.0, -8.0, 0.0, 12.0, 15.0, 8.0)


def candidate(symbol: str, score: float, action: str = "buy") -> CandidateView:
    parts = (ScorePart(name, points, FIGURES.get(name, "1.0×")) for name, points in zip(PARTS, POINTS, strict=True))
    return CandidateView(
        symbol=symbol, action=action, score=score, confidence=0.77, parts=tuple(parts),
        reason="trending: averages, MACD buy, RSI sell", price=Decimal(100), stop=Decimal(97), target=Decimal(106),
        turnover=Decimal(12_345_678), at=NOW, traded=symbol == "XBTUSDTM",
    )  # fmt: skip


DONE = ScanView(
    on=True, picks=True, at=NOW - 40 * SECOND, finished_at=NOW - 35 * SECOND, seconds=5.2, listed=300, liquid=280,
    least=Decimal(1_000_000), unfit=3, stale_after=180.0, completed=12, errors=1, mean_seconds=4.8, top=1,
    candidates=(candidate("XBTUSDTM", 147.4), candidate("SHIBUSDTM", 90.1, "sell")),
)  # fmt: skip


WINDOW = WindowView(
    open=True, hours="Mon–Fri 08–17 Europe/Berlin", zone="Europe/Berlin", trades=3, limit=5,
    changes_at=NOW + 2 * HOUR, resets_at=NOW + 5 * HOUR,
)  # fmt: skip
PORTFOLIO = PortfolioView(
    at=NOW,
    stance="conservative",
    share=Decimal("0.40"),
    strategies=(WeightView("ema_cross", 0.45, 0.6), WeightView("rsi", 0.35, 0.5)),
    moves=(
        Rebalance(
            symbol="XBTUSDTM", current=Decimal("0.1"), target=Decimal("0.3"), action="buy", value=Decimal(2000), lots=31
        ),
        Rebalance(symbol="ETHUSDTM", current=Decimal("-0.1"), target=Decimal("-0.1"), action="hold", value=Decimal(0)),
    ),
    performance=(
        PerformanceView(name="1h", covered=HOUR, gain=1.25, volatility=40.0, sharpe=-1.5, drawdown=-0.75),
        PerformanceView(name="30d", covered=3 * DAY, gain=-2.0),
    ),
)


RISK = RiskAssessment(
    total_exposure=Decimal(4321), position_count=3, symbol_count=3, concentration_risk=Decimal("0.6"),
    daily_pnl=Decimal(1), daily_pnl_pct=Decimal("0.01"), positions_vs_max=Decimal("0.6"), points=(2, 1, 0),
    risk_level=RiskLevel.HIGH,
)  # fmt: skip


def scanned() -> Snapshot:
    """Return a bot that follows a whole scan."""
    others = tuple(candidate(f"C{number:02}USDTM", 88.0 - number, "sell") for number in range(12))
    return replace(scenes.running(), scan=replace(DONE, top=3, candidates=(*DONE.candidates, *others)))


def half_scanned() -> Snapshot:
    """Return a bot whose scan could not read everything, while the next one is on its way."""
    why = "3 of 280 contracts could not be scored (C07USDTM: the exchange did not answer)"
    return replace(scenes.running(), scan=replace(DONE, failed=3, partial=why, done=70, total=280))


def shared_out() -> Snapshot:
    """Return a bot whose equity is shared out among contracts."""
    return replace(scenes.running(), window=WINDOW, portfolio=replace(PORTFOLIO, risk=RISK), market_at=NOW)
