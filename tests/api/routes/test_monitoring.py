"""The engine's own doings, as the snapshot has them."""

from __future__ import annotations

import msgspec

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.health_view import ApiView, WorkerView
from radtui.core.link_view import BreakerView, ConnectionView, LinkView, PoolView
from tests.api.callers import Caller, Scripted
from tests.api.routes.test_looking import show

LINK = LinkView(
    pools=(PoolView(name="futures", limit=2000, remaining=1500, reserve=200),),
    connections=(ConnectionView(name="public 1", state="open"),),
    skew=0.01,
    breakers=(BreakerView(name="futures", state="closed"),),
)


def test_calls_budgets_feeds_and_breakers(caller: Caller, scripted: Scripted) -> None:
    tripped = TradingBreakerView(name="drawdown", value="6 %", limit="5 %", share=100.0, tripped=True)
    workers = [WorkerView(name=name, age=0.1, limit=30.0, healthy=True) for name in ("market feed", "journal")]
    show(
        scripted,
        link=LINK,
        api=ApiView(total=7, rate_limited=2, oldest_topic=0.5, reconnects=3),
        workers=tuple(workers),
        breakers=(tripped,),
    )
    assert caller.get("/api/monitoring/requests").body["total"] == 7
    limits = caller.get("/api/monitoring/limits").body
    assert (limits["pools"][0]["remaining"], limits["rate_limited"], limits["skew"]) == (1500, 2, 0.01)
    feeds = caller.get("/api/monitoring/feeds").body
    assert [each["name"] for each in feeds["workers"]] == ["market feed"]
    assert (feeds["connections"][0]["state"], feeds["oldest_topic"], feeds["reconnects"]) == ("open", 0.5, 3)
    breakers = caller.get("/api/monitoring/breakers").body
    assert (breakers["calls"][0]["state"], breakers["trading"][0]["tripped"]) == ("closed", True)


def test_what_was_read_once_for_many(engine: Caller) -> None:
    assert engine.get("/api/monitoring/cache").body == {"entries": 0, "hits": 0, "misses": 0, "seconds": 1.0}


def test_what_it_may_not_do(caller: Caller, scripted: Scripted) -> None:
    status = msgspec.structs.replace(scripted.seen.status, reasons=("the bot is stopped",))
    show(scripted, status=status, exchange="paper")
    told = caller.get("/api/trading-limitations").body
    assert told["is_paper_trading"] is True
    assert "no entries now: the bot is stopped" in told["limitations"]
    show(scripted, status=msgspec.structs.replace(status, mode="live"))
    live = caller.get("/api/trading-limitations").body
    assert live["is_paper_trading"] is False
    assert not any("no real money" in each for each in live["limitations"])
