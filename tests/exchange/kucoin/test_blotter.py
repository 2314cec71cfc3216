from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.order import Cross, OrderReport, OrderRequest, OrderType, Side, Trigger
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.wire.feed import OrderChange, StopChange


def change(**told: Any) -> OrderChange:
    usual: dict[str, Any] = {
        "order_id": "7", "symbol": "XBTUSDTM", "type": "open", "status": "open", "side": "buy", "size": 5,
        "client_oid": "b-1", "order_type": "limit", "price": Decimal(10), "ts": 1,
    }  # fmt: skip
    return OrderChange(**{**usual, **told})


def stop_change(kind: str, **told: Any) -> StopChange:
    return StopChange(order_id="9", symbol="XBTUSDTM", type=kind, side="sell", ts=5, **told)


def request(stop: Trigger | None = None) -> OrderRequest:
    return OrderRequest(
        client_id="b-2", symbol="XBTUSDTM", side=Side.SELL, type=OrderType.MARKET, close_order=True, stop=stop
    )


def report(**told: Any) -> OrderReport:
    usual: dict[str, Any] = {
        "order_id": "7", "client_id": "b-1", "symbol": "XBTUSDTM", "side": Side.BUY, "type": OrderType.LIMIT,
        "lots": 5, "price": Decimal(10),
    }  # fmt: skip
    return OrderReport(**{**usual, **told})


def test_a_push_keeps_what_it_does_not_tell():
    blotter = Blotter()
    blotter.placed(request(Trigger(Cross.DOWN, Decimal(9))), "9", 1)
    fired = blotter.stop_changed(stop_change("triggered", trigger_success=True))
    assert fired is not None
    assert fired.client_id == "b-2", "a stop's push names no client id"
    assert (fired.close_order, fired.triggered, fired.active) == (True, True, True)


def test_a_stop_whose_order_was_refused_is_over_and_says_why():
    blotter = Blotter()
    blotter.placed(request(Trigger(Cross.DOWN, Decimal(9))), "9", 1)
    failed = blotter.stop_changed(
        stop_change("triggered", trigger_success=False, error="error.createOrder.accountBalanceInsufficient")
    )
    assert failed is not None
    assert not failed.active
    assert failed.cancelled
    assert "accountBalanceInsufficient" in failed.reason


def test_what_nobody_knows_has_to_be_read():
    blotter = Blotter()
    assert blotter.stop_changed(stop_change("cancel")) is None
    assert blotter.changed(change(client_oid=None)) is None


def test_a_push_before_the_answer_to_placing_stands():
    blotter = Blotter()
    blotter.changed(change(order_id="9", client_oid="b-2", type="filled", status="done", size=5, filled_size=5))
    blotter.placed(request(), "9", 1)
    found = blotter.find("b-2")
    assert found is not None
    assert not found.active
    assert found.filled_lots == 5


def test_it_is_bounded_and_forgets_the_oldest():
    blotter = Blotter(kept=3)
    for number in range(10):
        blotter.listed(report(order_id=str(number), client_id=f"b-{number}"))
        blotter.nameless(f"x{number}")
    assert len(blotter) == 3
    assert blotter.find("b-0") is None
    assert blotter.client_id("0") is None
    assert blotter.client_id("x9") == ""
    assert blotter.client_id("x0") is None
    assert blotter.find("b-9") is not None


LIFE = [
    change(ts=1),
    change(type="match", status="match", filled_size=2, match_size=2, ts=2),
    change(type="match", status="match", filled_size=4, match_size=2, ts=3),
]
SHOWN = [report(), report(filled_lots=2), report(filled_lots=4)]
ENDS = [
    (change(type="filled", status="done", filled_size=5, ts=4), report(filled_lots=5, active=False)),
    (
        change(type="canceled", status="done", filled_size=4, canceled_size=1, ts=4),
        report(filled_lots=4, active=False, cancelled=True),
    ),
]


@given(st.data())
def test_in_whatever_order_words_arrive_the_last_report_is_the_truth(data: st.DataObject) -> None:
    end, shown = data.draw(st.sampled_from(ENDS))
    words = [*LIFE, *SHOWN, data.draw(st.sampled_from([end, shown]))]
    words += data.draw(st.lists(st.sampled_from(words), max_size=5))
    blotter = Blotter()
    for word in data.draw(st.permutations(words)):
        blotter.changed(word) if isinstance(word, OrderChange) else blotter.listed(word)
    found = blotter.find("b-1")
    assert found is not None
    truth = (shown.filled_lots, shown.active, shown.cancelled)
    assert (found.filled_lots, found.active, found.cancelled) == truth
