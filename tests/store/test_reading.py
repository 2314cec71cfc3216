"""What a start gets back: the latest of everything, oldest first, and all that is still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

from radtui.core.account import AccountReport
from radtui.core.alert_view import AlertView, Phase, Severity
from radtui.core.facts import Alerted, Envelope, EquityRead, Executed, OrderChanged, Trouble
from radtui.core.money_view import EquityPoint
from radtui.core.order import Fill, OrderRequest, OrderType, Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.store.batch import Batch
from radtui.store.limits import ALERTS_KNOWN
from radtui.store.opening import create, engine_of
from radtui.store.port import Known
from radtui.store.reading import read_known, read_paper
from radtui.store.writing import put


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with engine_of(tmp_path / "journal.db").connect() as connection:
        with connection.begin():
            create(connection)
        yield connection


def write(connection: Connection, batch: Batch) -> None:
    with connection.begin():
        put(connection, batch)


def known(connection: Connection) -> Known:
    with connection.begin():
        return read_known(connection)


def test_a_new_journal_knows_nothing(connection: Connection) -> None:
    assert known(connection) == Known()
    with connection.begin():
        assert read_paper(connection) is None


def order(number: int, state: OrderState) -> OrderChanged:
    request = OrderRequest(client_id=str(number), symbol="X", side=Side.BUY, type=OrderType.MARKET, lots=1)
    return OrderChanged(Order(request=request, purpose=Purpose.ENTRY, state=state, why="", intended_at=1))


def fill(number: int) -> Executed:
    return Executed(
        Fill(
            trade_id=str(number),
            order_id="o",
            client_id="c",
            symbol="X",
            side=Side.BUY,
            lots=1,
            price=Decimal(1),
            fee=Decimal(0),
            maker=True,
            at=number,
        )
    )


def equity(number: int) -> EquityRead:
    amount = Decimal(f"{number}.000000000000000001")
    return EquityRead(number, AccountReport(currency="USDT", equity=amount, wallet=amount, available=amount))


def trouble(number: int) -> Trouble:
    return Trouble(kind="k", message=str(number), where="w", severity="warning")


@pytest.fixture
def full(connection: Connection, said: Callable[..., Envelope]) -> Connection:
    """A journal with 400 of each, where the oldest orders are the open ones."""
    facts: list[Any] = []
    for number in range(1, 401):
        state = list(OrderState)[number % 8] if number <= 16 else OrderState.CANCELLED
        facts += [order(number, state), fill(number), equity(number), trouble(number)]
    batch = Batch()
    batch.add(said(sequence, fact) for sequence, fact in enumerate(facts, 1))
    write(connection, batch)
    return connection


def test_the_latest_come_back_oldest_first(full: Connection) -> None:
    now = known(full)
    assert now.sequence == 1600
    assert [o.client_id for o in now.orders] == [str(n) for n in range(201, 401)]
    assert [f.fill.trade_id for f in now.fills] == [str(n) for n in range(201, 401)]
    assert [(e.message, e.severity, e.where) for e in now.errors] == [(str(n), "warning", "w") for n in range(301, 401)]
    assert now.equity == tuple(EquityPoint(n, Decimal(f"{n}.000000000000000001")) for n in range(101, 401))
    assert now.start_equity == Decimal("1.000000000000000001")


def test_every_open_order_comes_back_however_old(full: Connection) -> None:
    expected = [n for n in range(1, 17) if list(OrderState)[n % 8] not in {"filled", "cancelled", "rejected"}]
    assert [o.client_id for o in known(full).open_orders] == [str(n) for n in expected]
    assert len(expected) == 10


def test_an_alert_that_goes_on_comes_back_however_old_and_of_the_others_the_latest(connection: Connection) -> None:
    def alerted(number: int, phase: Phase) -> Envelope:
        alert = AlertView(
            id=str(number), rule="r", subject="X", severity=Severity.ALARM, text="t", todo="d", since=1, fired_at=1,
            phase=phase,
        )  # fmt: skip
        return Envelope(sequence=number, bot="a", at=number, who="alerts", fact=Alerted(alert))

    phases = [Phase.ACKNOWLEDGED, *[Phase.RESOLVED] * (ALERTS_KNOWN + 10), Phase.FIRING]
    with connection.begin():
        batch = Batch()
        batch.add([alerted(number, phase) for number, phase in enumerate(phases, 1)])
        batch.add([msgspec.structs.replace(alerted(len(phases), Phase.ACKNOWLEDGED), sequence=len(phases) + 1)])
        put(connection, batch)
        known = read_known(connection).alerts
    assert [each.id for each in known if each.open] == ["1", str(len(phases))]
    assert [each.id for each in known if not each.open] == [str(number) for number in range(13, len(phases))]
    assert known[1].phase is Phase.ACKNOWLEDGED, "only the latest of each is kept"
