"""The twin in memory and the journal on disk know the same after the same facts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from radtui.core.facts import Alerted, Envelope, Executed, OrderChanged, Trouble
from radtui.core.market import MINUTE, Candle
from radtui.core.order import Fill, Side
from radtui.core.orders import Order
from radtui.store import kept as twin
from radtui.store.batch import Batch
from radtui.store.kept import Forget, Kept
from radtui.store.opening import create, engine_of
from radtui.store.port import BotState, PaperMemory
from radtui.store.reading import read_known, read_paper
from radtui.store.schema import METADATA
from radtui.store.writing import note, put

names = st.sampled_from("abc")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with engine_of(tmp_path / "journal.db").connect() as connection:
        with connection.begin():
            create(connection)
        yield connection


def write(connection: Connection, batch: Batch) -> None:
    with connection.begin():
        put(connection, batch)


def renamed(envelope: Envelope, name: str) -> Envelope:
    """Return `envelope` with its keys drawn from few names, so that the same come again."""
    return msgspec.structs.replace(envelope, fact=_renamed(envelope.fact, name))


def _renamed(fact: Any, name: str) -> Any:
    replace = msgspec.structs.replace
    match fact:
        case OrderChanged(order=Order(request=request) as order):
            return OrderChanged(replace(order, request=replace(request, client_id=name)))
        case Executed(fill=Fill() as fill):
            return replace(fact, fill=replace(fill, symbol="X", trade_id=name))
        case Trouble():
            return Trouble(kind="k", message=name, where="w")
        case Alerted(alert):
            return Alerted(replace(alert, id=name))
    return fact


candles = st.builds(
    Candle,
    names,
    st.integers(0, 5).map(lambda n: n * MINUTE),
    st.just(MINUTE),
    *[st.decimals(places=20, allow_nan=False, allow_infinity=False, min_value=0, max_value=9)] * 5,
)
states = st.builds(BotState, desired=names, who=names, since=st.integers(0, 9), memory=st.binary(max_size=5))
papers = st.builds(
    PaperMemory,
    source=names,
    state=st.binary(max_size=5),
    candles=st.lists(candles, max_size=4, unique_by=lambda c: (c.symbol, c.opened_at)).map(tuple),
)


def queued(writings: list[Any]) -> Batch:
    batch = Batch()
    for writing in writings:
        match writing:
            case Envelope():
                batch.add([writing])
            case BotState():
                batch.set_state(writing)
            case PaperMemory(source=source, state=state, candles=closed):
                batch.set_paper(source, state, closed)
            case Forget():
                batch.forget_paper()
    return batch


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_twin_knows_what_the_disk_knows(
    connection: Connection, any_envelope: st.SearchStrategy[Envelope], data: st.DataObject
) -> None:
    facts = st.builds(renamed, any_envelope, names)
    drawn = data.draw(st.lists(facts | states | papers | st.just(Forget()), max_size=12))
    writings = [
        msgspec.structs.replace(writing, sequence=number) if isinstance(writing, Envelope) else writing
        for number, writing in enumerate(in_time(drawn), 1)
    ]
    with connection.begin():
        for table in METADATA.sorted_tables:
            connection.execute(table.delete())
        note(connection, clean=True, at=0)
    split = data.draw(st.integers(0, len(writings)))
    memory = Kept()
    for part in (writings[:split], writings[split:]):
        write(connection, queued(part))
        for writing in part:
            memory.take(writing)
    with connection.begin():
        assert memory.known() == read_known(connection)
        assert memory.paper() == read_paper(connection)


def test_what_changed_last_comes_last(connection: Connection, full_facts: list[Any]) -> None:
    kinds = [fact for fact in full_facts if isinstance(fact, OrderChanged | Trouble)]
    memory = Kept()
    facts = [_renamed(fact, name) for name in "abca" for fact in kinds]
    for number, fact in enumerate(facts, 1):
        envelope = Envelope(sequence=number, bot="b", at=number, who="w", fact=fact)
        memory.take(envelope)
        write(connection, queued([envelope]))
    known = memory.known()
    assert [order.client_id for order in known.orders] == [error.message for error in known.errors] == ["b", "c", "a"]
    with connection.begin():
        assert read_known(connection) == known


def test_one_of_each_kind_of_fact_twice_is_known_alike(connection: Connection, full_facts: list[Any]) -> None:
    memory = Kept()
    for number, fact in enumerate(full_facts * 2, 1):
        envelope = Envelope(sequence=number, bot="b", at=number, who="w", fact=fact)
        memory.take(envelope)
        write(connection, queued([envelope]))
    known = memory.known()
    assert (len(known.equity), len(known.receipts), known.sequence) == (2, 2, 2 * len(full_facts))
    assert known.start_equity == known.equity[0].equity
    with connection.begin():
        assert read_known(connection) == known


def in_time(drawn: list[Any]) -> list[Any]:
    """Return the writings with the candles of all papers in the order in which a market closes them."""
    closed = sorted(
        (candle for writing in drawn if isinstance(writing, PaperMemory) for candle in writing.candles),
        key=lambda candle: candle.opened_at,
    )
    source = iter(closed)
    return [
        msgspec.structs.replace(writing, candles=tuple(next(source) for _ in writing.candles))
        if isinstance(writing, PaperMemory)
        else writing
        for writing in drawn
    ]


def test_a_long_run_keeps_only_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin, "FACTS_KEPT", 10)
    memory = Kept()
    for number in range(1, 1001):
        fact = Trouble(kind="k", message=str(number), where="w")
        memory.take(Envelope(sequence=number, bot="b", at=number, who="w", fact=fact))
    bars = tuple(Candle("X", n * MINUTE, MINUTE, *[Decimal(1)] * 5) for n in range(700))
    memory.take(PaperMemory(source="seed:1", state=b"", candles=bars))
    paper = memory.paper()
    assert [envelope.sequence for envelope in memory.facts] == list(range(991, 1001))
    assert [error.message for error in memory.known().errors] == [str(n) for n in range(901, 1001)]
    assert paper is not None
    assert paper.candles == bars[100:]


def executed(sequence: int, trade_id: str, price: int, at: int) -> Envelope:
    fill = Fill(
        trade_id=trade_id,
        order_id="1",
        client_id=f"alpha-{at}-1",
        symbol="XBTUSDTM",
        side=Side.BUY,
        lots=1,
        price=Decimal(price),
        fee=Decimal(1),
        maker=False,
        at=at,
    )
    return Envelope(sequence=sequence, bot="alpha", at=sequence, who="core", fact=Executed(fill))


def test_the_trade_ids_of_a_new_account_are_not_those_of_the_old_one(connection: Connection) -> None:
    memory = Kept()
    old, repeated, new = executed(1, "1", 60_000, 1), executed(2, "1", 60_000, 1), executed(3, "1", 70_000, 2)
    for writings in ([old], [repeated, Forget()], [new]):
        write(connection, queued(writings))
        for writing in writings:
            memory.take(writing)
    with connection.begin():
        on_disk = read_known(connection)
    for known in (memory.known(), on_disk):
        assert [(each.fill.trade_id, each.fill.price) for each in known.fills] == [("1", 60_000), ("1", 70_000)]


def test_a_run_that_did_not_end_by_a_shutdown_is_known_as_such() -> None:
    memory = Kept()
    memory.clean = False
    assert not memory.known().clean
