"""What answers look like, for the schema: values of the types themselves, so that they cannot be out of date."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from radtui.api.market_views import Candles, CandleView, Context, DataQuality, OrderBook, Ticker, Trades
from radtui.api.portfolio_views import (
    Allocation,
    Allotted,
    Decision,
    Decisions,
    LivePrice,
    LiveSnapshot,
    PortfolioStatus,
    Rebalancing,
    TradeCheck,
)
from radtui.api.strategy_views import ParameterView, Strategies, StrategyInfo, StrategyWeight, StrategyWeights
from radtui.api.views import Answer, Balance, Balances, Orders, Positions, Refusal, Validation
from radtui.core.allocation import Rebalance
from radtui.core.book import Level, Trade
from radtui.core.instruction import Ask, Receipt
from radtui.core.money_view import MoneyView
from radtui.core.order import Side
from radtui.core.order_view import FillView, OrderView
from radtui.core.portfolio_view import PerformanceView, WeightView
from radtui.core.position_view import PositionView
from radtui.core.risk import RiskAssessment, RiskLevel, RiskScore, ScoreLevel
from radtui.core.scan_view import CandidateView, ScanView, ScorePart
from radtui.core.why_day import GateCount, WhyDay
from radtui.core.why_view import GateView, WhyView
from radtui.core.window_view import WindowView
from radtui.engine.inquiries import CacheView, Weighed

_AT: Final = 1_795_255_200_000_000_000
_XBT: Final = "XBTUSDTM"
_D: Final = Decimal
_RECEIPT: Final = Receipt(
    id="1795255195492475165-h1", ask=Ask.PAUSE, success=True, status="paused", at=_AT, who="api:alice",
    message="Bot paused: no entries; open positions stay protected",
)  # fmt: skip
_ORDER: Final = OrderView(
    client_id="radtui-mwq8pnkd-9", order_id="77", symbol=_XBT, side=Side.SELL, purpose="stop", type="market",
    state="working", lots=12, filled_lots=0, price=None, trigger=_D("63401.0"), cross=None, average=None, at=_AT,
    price_decimals=1, why="protects the long",
)  # fmt: skip
_FILL: Final = FillView(
    trade_id="4711", client_id="radtui-mwq8pnkd-8", symbol=_XBT, side=Side.BUY, purpose="entry", lots=12,
    price=_D("64210.1"), fee=_D("0.46231"), maker=False, at=_AT, price_decimals=1,
)  # fmt: skip
_POSITION: Final = PositionView(
    symbol=_XBT, base="XBT", side="long", lots=12, coins=_D("0.012"), entry=_D("64210.1"), mark=_D("64388.4"),
    pnl=_D("2.1396"), pnl_pct=1.67, margin=_D("154.10"), maintenance=_D("3.09"), leverage=5, margin_mode="ISOLATED",
    liquidation=_D("51930.2"), stop=_D("63401.0"), stop_resting=True, target=None, bare_seconds=0.4, opened_at=_AT,
    price_decimals=1, coin_decimals=3,
)  # fmt: skip
_GATE: Final = GateView(gate="confidence", value="0.71", limit="≥ 0.60", passed=True)
_WEIGHED: Final = Weighed(
    symbol=_XBT, side="buy", lots=31, price=_D("63225.7"), stop=_D("60064.5"), leverage=3, notional=_D("1959.9967"),
    margin=_D("655.684229373333"), gates=(_GATE,),
)  # fmt: skip
_BOOK: Final = ((Level(_D("62937.8"), 397),), (Level(_D("63000.8"), 397),))
_CANDLE: Final = CandleView(
    at=_AT, open=_D("62903.7"), high=_D("62978.2"), low=_D("62825.8"), close=_D("62934.2"), volume=_D(143711)
)
_RISK: Final = RiskAssessment(
    total_exposure=_D("772.6608"), position_count=1, symbol_count=1, concentration_risk=_D(1),
    daily_pnl=_D("14.38"), daily_pnl_pct=_D("0.1438"), positions_vs_max=_D("0.2"), points=(2, 0, 0),
    risk_level=RiskLevel.MODERATE,
)  # fmt: skip
_MOVE: Final = Rebalance(
    symbol=_XBT, current=_D("0.0772"), target=_D("0.4"), action="buy", value=_D("3233.0912")
)  # fmt: skip
_WINDOW: Final = WindowView(hours="08–20 UTC", trades=2, limit=5, changes_at=_AT, resets_at=_AT)
_STRATEGY: Final = StrategyInfo(
    name="ema_cross", description="Follows the crossing of two exponential moving averages.", explanation="",
    origin="built in", active=True, fault="",
    parameters=(ParameterView(name="fast", default="12", meaning="candles of the fast average", least=1.0),),
)  # fmt: skip
_CANDIDATE: Final = CandidateView(
    symbol=_XBT, action="buy", score=71.5, confidence=0.71, parts=(ScorePart("trend", 31.0, "3 of 4"),),
    reason="trend and momentum agree", price=_D("64210.1"), stop=_D("62604.8"), target=_D("67420.6"),
    turnover=_D("1200000000"), at=_AT, traded=True,
)  # fmt: skip
_EXAMPLES: Final = (
    Allocation(
        stance="moderate", share=_D("0.6"), allocations=(Allotted(symbol=_XBT, share=_D("0.6"), value=_D("6008.628")),)
    ),
    Answer(success=True, message=_RECEIPT.message, status="paused", id=_RECEIPT.id, receipt=_RECEIPT),
    Balances(
        balances=(Balance(currency="USDT", available=_D("9860.28"), reserved=_D("154.10"), total=_D("10014.38")),),
        money=MoneyView(equity=_D("10014.38"), available=_D("9860.28"), reserved=_D("154.10")),
    ),
    CacheView(entries=2, hits=49, misses=3, seconds=1.0),
    Candles(symbol=_XBT, timeframe="5m", candles=(_CANDLE,)),
    Context(
        symbol=_XBT, timeframe="5m", price=_D("62931.7"), change=_D("118.2"), change_pct=_D("0.1882"),
        high=_D("63235.5"), low=_D("62431.4"), volume=_D(2479591), volatility_pct=0.1357, bid=_BOOK[0][0].price,
        ask=_BOOK[1][0].price, spread_pct=_D("0.1000"),
        quality=DataQuality(candles=100, levels=40, age=0.04, book=""),
    ),
    Decisions(
        decisions=(
            Decision(
                symbol=_XBT, action="buy", buy=0.8, sell=0.1, hold=0.1, confidence=0.71,
                reason="buy: ema_cross buy 0.71", should_execute=True, refused_by=(), order=_WEIGHED,
            ),
        ),
        left_out=(),
    ),
    LiveSnapshot(
        at=_AT, equity=_D("10014.38"), available=_D("9860.28"), currency="USDT", positions=(_POSITION,),
        prices=(LivePrice(symbol=_XBT, price=_D("64388.4"), age=0.04),),
    ),
    OrderBook(symbol=_XBT, at=_AT, bids=_BOOK[0], asks=_BOOK[1]),
    Orders(orders=(_ORDER,), fills=(_FILL,)),
    _ORDER,
    PerformanceView(name="24h", covered=86_400_000_000_000, gain=0.14, volatility=12.5, sharpe=1.8, drawdown=-0.4),
    PortfolioStatus(
        total_value=_D("10014.38"), currency="USDT", positions=(_POSITION,), position_count=1, total_pnl=_D("2.1396"),
        pnl_percentage=_D("0.0214"), risk_summary=_RISK, active_strategies=(WeightView("ema_cross", 1.0, 0.0),),
        stance="conservative", share=_D("0.4"), moves=(_MOVE,), window=_WINDOW,
    ),
    Positions(positions=(_POSITION,)),
    Rebalancing(portfolio_value=_D("10014.38"), least_change=_D("0.05"), actions=(_MOVE,)),
    _RECEIPT,
    Refusal(error="not found", message="no such order is listed", todo="GET /api/orders lists them"),
    _RISK,
    RiskScore(risk_score=0.29, risk_level=ScoreLevel.LOW),
    ScanView(
        on=True, picks=True, at=_AT, finished_at=_AT, seconds=11.2, listed=300, liquid=142, least=_D(1000000),
        stale_after=180.0, completed=9, mean_seconds=11.9, candidates=(_CANDIDATE,),
    ),
    Strategies(strategies=(_STRATEGY,)),
    _STRATEGY,
    StrategyWeights(
        combined=True, total_strategies=1, enabled_strategies=1,
        strategy_weights=(
            StrategyWeight(strategy_name="ema_cross", weight=0.45, min_confidence=0.6, enabled=True),
        ),
    ),
    Ticker(symbol=_XBT, price=_D("62969.3"), at=_AT, age=0.04, bid=_BOOK[0][0].price, ask=_BOOK[1][0].price),
    TradeCheck(
        is_valid=True, message="10 lots could be entered now", available_balance=_D("9860.28"),
        required_balance=_D("211.511"), max_trade_size=31, at=_AT, order=_WEIGHED,
    ),
    Trades(symbol=_XBT, at=_AT, trades=(Trade(_XBT, Side.BUY, 3, _D("62969.3"), _AT),)),
    Validation(valid=True, refused_by=(), order=_WEIGHED, risk_score=0.29, risk_level=ScoreLevel.LOW),
    WhyDay(
        day="2026-01-31", signals=7, entries=1, refused=4, holds=2,
        gates=(GateCount(gate="spread", blocked=3, alone=2), GateCount(gate="size", blocked=2, alone=1)),
    ),
    _WINDOW,
    WhyView(
        symbol=_XBT, at=_AT, action="buy", confidence=0.71, reason="fast over slow", outcome="enters 31 lots",
        gates=(_GATE,),
    ),
)  # fmt: skip


def examples() -> dict[str, Any]:
    """Return an example of each schema that has one, by the schema's name."""
    return {type(each).__name__: msgspec.to_builtins(each) for each in _EXAMPLES}
