"""All that is not done stays in memory; of what is done the latest; nothing that came to nothing drives those out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from unittest.mock import patch

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core import kept_orders
from radtui.core.kept_orders import KEPT, KeptOrders
from radtui.core.orders import DONE, Order, OrderState, Purpose
from tests.core.makers import order, request

FEW = 3
SYMBOLS = ("XBTUSDTM", "ETHUSDTM")
ORDERS = st.builds(
    lambda number, state, purpose, symbol, filled, seen: order(
        state,
        purpose,
        request=request(f"t-1-{number}", symbol=symbol),
        filled_lots=filled,
        filled_value=Decimal(filled),
        seen_lots=min(seen, filled),
    ),
    st.integers(0, 7),
    st.one_of(st.sampled_from(OrderState), st.sampled_from([OrderState.FILLED, OrderState.REJECTED])),
    st.sampled_from(Purpose),
    st.sampled_from(SYMBOLS),
    st.integers(0, 2),
    st.integers(0, 2),
)


def names(orders: Iterable[Order]) -> list[str]:
    return [each.client_id for each in orders]


@settings(max_examples=200)
@given(st.lists(ORDERS, min_size=10, max_size=60))
def test_each_order_is_kept_as_it_was_last_until_it_is_long_done(orders: list[Order]) -> None:
    kept, latest = KeptOrders(), dict[str, Order]()
    ended: dict[bool, list[str]] = {True: [], False: []}
    with patch.object(kept_orders, "KEPT", FEW):
        for each in orders:
            name, nothing = each.client_id, each.state is OrderState.REJECTED
            kept.put(each)
            latest[name] = each
            if each.state not in DONE:
                ended = {void: [one for one in those if one != name] for void, those in ended.items()}
                continue
            ended[not nothing] = [one for one in ended[not nothing] if one != name]
            ended[nothing] = [*ended[nothing], *([] if name in ended[nothing] else [name])]
            for gone in ended[nothing][:-FEW]:
                del latest[gone]
            ended[nothing] = ended[nothing][-FEW:]
    assert {each.client_id: each for each in kept.all()} == latest
    assert {name: kept.get(name) for name in latest} == latest
    live = {name for name, each in latest.items() if not each.done}
    assert set(names(kept.live())) == live == {name for name in latest if kept.undone(name) is not None}
    assert all(kept.undone(name) in {None, latest[name]} for name in latest)
    behind = {name for name, each in latest.items() if each.seen_lots < each.filled_lots}
    assert set(names(kept.untold())) == behind - live
    assert kept.uncounted() == bool(behind)
    for symbol in SYMBOLS:
        assert kept.uncounted(symbol) == any(latest[name].symbol == symbol for name in behind)
        for purpose in Purpose:
            wanted = {n for n in live if (latest[n].symbol, latest[n].purpose) == (symbol, purpose)}
            assert set(names(kept.live(purpose, symbol))) == wanted


def test_what_came_to_nothing_drives_out_no_close_that_a_receipt_tells_of() -> None:
    kept = KeptOrders()
    kept.put(order(OrderState.FILLED, Purpose.EXIT, request=request("t-1-close")))
    for number in range(2 * KEPT):
        kept.put(order(OrderState.REJECTED, request=request(f"t-1-{number}")))
    assert kept.get("t-1-close") is not None
    assert len(list(kept.all())) == KEPT + 1


def test_one_that_turns_out_to_exist_after_all_is_live_again_and_not_forgotten_with_the_others() -> None:
    kept, first = KeptOrders(), order(OrderState.REJECTED, request=request("t-1-first"))
    kept.put(first)
    kept.put(msgspec.structs.replace(first, state=OrderState.WORKING))
    for number in range(2 * KEPT):
        kept.put(order(OrderState.REJECTED, request=request(f"t-1-{number}")))
    assert kept.undone("t-1-first") is not None
    assert names(kept.live()) == ["t-1-first"]
