"""One transaction: exact, in order, and the same when it is repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from radtui.core.facts import CycleEnded, Envelope, Executed, OrderChanged, Trouble
from radtui.core.market import MINUTE, Candle
from radtui.core.order import Fill, OrderRequest, OrderType, Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.store.batch import Batch, json_of
from radtui.store.limits import CANDLES_KEPT
from radtui.store.opening import create, engine_of
from radtui.store.port import BotState
from radtui.store.reading import history, read_known, read_paper
from radtui.store.schema import FILLS, METADATA, ORDERS, TABLE_OF
from radtui.store.writing import note, put

Said = Callable[..., Envelope]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with engine_of(tmp_path / "journal.db").connect() as connection:
        with connection.begin():
            create(connection)
        yield connection


def write(connection: Connection, batch: Batch) -> None:
    with connection.begin():
        put(connection, batch)


def batch_of(*envelopes: Envelope) -> Batch:
    batch = Batch()
    batch.add(envelopes)
    return batch


def an_order(client_id: str, state: OrderState) -> Order:
    request = OrderRequest(client_id=client_id, symbol="XBTUSDTM", side=Side.BUY, type=OrderType.MARKET, lots=1)
    return Order(request=request, purpose=Purpose.ENTRY, state=state, why="test", intended_at=1)


def a_fill(trade_id: str, symbol: str = "XBTUSDTM") -> Fill:
    return Fill(
        trade_id=trade_id,
        order_id="o",
        client_id="c",
        symbol=symbol,
        side=Side.SELL,
        lots=3,
        price=Decimal("0.1"),
        fee=Decimal(0),
        maker=False,
        at=1,
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_fact_comes_back_from_its_table(
    connection: Connection, any_envelope: st.SearchStrategy[Envelope], data: st.DataObject
) -> None:
    envelope = data.draw(any_envelope)
    table = TABLE_OF[type(envelope.fact)]
    with connection.begin():
        connection.execute(table.delete())
    write(connection, batch_of(envelope))
    with connection.begin():
        assert history(connection, table) == [envelope]
        assert connection.scalar(select(table.c.body)) == json_of(envelope)


def test_writing_again_what_was_written_changes_nothing(
    connection: Connection, full_facts: list[Any], said: Said
) -> None:
    batch = batch_of(*(said(number, fact) for number, fact in enumerate(full_facts, 1)))
    batch.set_paper("seed:1", b"state", [candle(1)])
    write(connection, batch)
    once = dump(connection)
    write(connection, batch)
    assert dump(connection) == once


def dump(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    with connection.begin():
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in METADATA.sorted_tables
        }


def test_an_order_is_kept_once_as_it_was_last_and_never_goes_back(connection: Connection, said: Said) -> None:
    states = [OrderState.INTENT, OrderState.SENT, OrderState.FILLED]
    write(connection, batch_of(*(said(n, OrderChanged(an_order("a", state))) for n, state in enumerate(states, 1))))
    write(connection, batch_of(said(2, OrderChanged(an_order("a", OrderState.SENT)))))
    with connection.begin():
        assert connection.execute(select(ORDERS.c.sequence, ORDERS.c.state)).all() == [(3, "filled")]


def test_a_trade_is_kept_once_a_symbol(connection: Connection, said: Said) -> None:
    fills = [a_fill("1"), a_fill("1"), a_fill("1", "ETHUSDTM"), a_fill("2")]
    write(connection, batch_of(*(said(n, Executed(fill)) for n, fill in enumerate(fills, 1))))
    with connection.begin():
        assert connection.scalars(select(FILLS.c.sequence).order_by(FILLS.c.sequence)).all() == [1, 3, 4]


def test_the_highest_sequence_is_known_also_where_its_fact_was_a_repeat(connection: Connection, said: Said) -> None:
    write(connection, batch_of(said(1, Executed(a_fill("1"))), said(2, Executed(a_fill("1")))))
    write(connection, batch_of(said(1, Executed(a_fill("1")))))
    with connection.begin():
        assert read_known(connection).sequence == 2


def test_a_repeated_error_is_counted_with_its_first_and_last_time(connection: Connection, said: Said) -> None:
    trouble = Trouble(kind="transient", message="timeout", where="orders.place")
    write(connection, batch_of(said(1, trouble, at=100), said(2, trouble, at=200)))
    write(connection, batch_of(said(3, trouble, at=300), said(4, Trouble(kind="x", message="y", where="z"), at=400)))
    with connection.begin():
        repeated, single = read_known(connection).errors
    assert (repeated.count, repeated.first_at, repeated.at) == (3, 100, 300)
    assert (single.count, single.first_at, single.at) == (1, 400, 400)


def candle(number: int, symbol: str = "XBTUSDTM") -> Candle:
    price = Decimal(number) + Decimal("0.123456789012345678")
    return Candle(symbol, number * MINUTE, MINUTE, price, price, price, price, Decimal("1E+3"))


def test_the_latest_candles_of_each_series_are_kept_exactly(connection: Connection) -> None:
    batch = Batch()
    series = [candle(n) for n in range(CANDLES_KEPT + 50)]
    batch.set_paper("seed:7", b"\x00\xff", [*series, candle(0, "ETHUSDTM")])
    write(connection, batch)
    with connection.begin():
        paper = read_paper(connection)
    assert paper is not None
    assert (paper.source, paper.state) == ("seed:7", b"\x00\xff")
    assert [c for c in paper.candles if c.symbol == "XBTUSDTM"] == series[50:]
    assert candle(0, "ETHUSDTM") in paper.candles


def test_a_forgotten_paper_venue_is_gone_and_the_next_one_stands_alone(connection: Connection) -> None:
    first, forget = Batch(), Batch()
    first.set_paper("seed:7", b"old", [candle(1)])
    write(connection, first)
    forget.forget_paper()
    forget.set_paper("seed:8", b"new", [candle(2)])
    write(connection, forget)
    with connection.begin():
        paper = read_paper(connection)
    assert paper is not None
    assert (paper.source, paper.candles) == ("seed:8", (candle(2),))


def test_a_failed_transaction_leaves_nothing_of_itself(connection: Connection, said: Said) -> None:
    batch = batch_of(said(1, CycleEnded(number=1, ok=True, seconds=1.0)))
    batch.rows["fills"] = [(2, "{")]
    with pytest.raises(Exception, match="malformed JSON"):
        write(connection, batch)
    with connection.begin():
        assert read_known(connection).sequence == 0


def test_the_end_of_a_run_is_noted(connection: Connection) -> None:
    for clean in (False, True, False):
        with connection.begin():
            note(connection, clean=clean, at=1)
            assert read_known(connection).clean is clean
            assert connection.scalar(select(func.count()).select_from(METADATA.tables["meta"])) == 1


def test_the_bot_state_is_rewritten_as_a_whole(connection: Connection) -> None:
    states = [BotState(desired=desired, who="key:alice", since=5, memory=bytes(range(256))) for desired in ("a", "b")]
    for state in states:
        batch = Batch()
        batch.set_state(state)
        write(connection, batch)
    with connection.begin():
        assert read_known(connection).state == states[-1]
