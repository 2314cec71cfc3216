"""The first journal."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.Integer()
LONG = sa.BigInteger()
REAL = sa.Float()
YES_NO = sa.Boolean()
TEXT = sa.Text()


def upgrade() -> None:
    """Lay out every table."""
    _operator_tables()
    _trading_tables()
    _account_tables()
    _incident_tables()
    _single_tables()


def _said(name: str, path: str, kind: TypeEngine[Any] = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, sa.Computed(f"json_extract(body, '$.{path}')", persisted=False))


def _envelope() -> list[sa.Column[Any]]:
    utc = sa.Computed("datetime(json_extract(body, '$.at') / 1000000000, 'unixepoch')", persisted=False)
    return [
        _said("version", "version", NUMBER),
        _said("bot", "bot"),
        _said("at", "at", LONG),
        sa.Column("utc", TEXT, utc),
        _said("who", "who"),
    ]


def _body() -> sa.Column[Any]:
    return sa.Column("body", TEXT, nullable=False)


def _facts(name: str, *words: sa.Column[Any], once: tuple[str, ...] = ()) -> None:
    alone = [sa.UniqueConstraint(*once)] if once else []
    sequence = sa.Column("sequence", NUMBER, primary_key=True, autoincrement=False)
    op.create_table(name, sequence, *_envelope(), *words, _body(), *alone)


def _latest(name: str, *words: sa.Column[Any], of: tuple[str, ...]) -> None:
    sequence = sa.Column("sequence", NUMBER, nullable=False)
    op.create_table(name, sequence, *_envelope(), *words, _body(), sa.UniqueConstraint(*of))
    op.create_index(f"ix_{name}_sequence", name, ["sequence"])


def _single(name: str, *columns: sa.Column[Any]) -> None:
    only = sa.Column("id", NUMBER, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False)
    op.create_table(name, only, *columns)


def _operator_tables() -> None:
    _facts(
        "transitions",
        _said("origin", "fact.move.origin"),
        _said("target", "fact.move.target"),
        _said("verb", "fact.move.verb"),
        _said("why", "fact.move.why"),
    )
    _facts(
        "instructions",
        _said("instruction_id", "fact.instruction.id"),
        _said("ask", "fact.instruction.ask"),
        _said("asked_by", "fact.instruction.who"),
        _said("why", "fact.instruction.why"),
        _said("exits", "fact.instruction.exits"),
    )
    _facts(
        "receipts",
        _said("instruction_id", "fact.receipt.id"),
        _said("ask", "fact.receipt.ask"),
        _said("asked_by", "fact.receipt.who"),
        _said("success", "fact.receipt.success", YES_NO),
        _said("refused", "fact.receipt.refused", YES_NO),
        _said("message", "fact.receipt.message"),
        _said("status", "fact.receipt.status"),
    )
    _facts(
        "cycles",
        _said("number", "fact.number", NUMBER),
        _said("ok", "fact.ok", YES_NO),
        _said("seconds", "fact.seconds", REAL),
        _said("error", "fact.error"),
    )
    _facts("resets", _said("asked_by", "fact.who"))


def _trading_tables() -> None:
    _orders()
    _fills()
    _positions()
    _evaluations()


def _orders() -> None:
    _latest(
        "orders",
        _said("client_id", "fact.order.request.client_id"),
        _said("order_id", "fact.order.order_id"),
        _said("symbol", "fact.order.request.symbol"),
        _said("side", "fact.order.request.side"),
        _said("purpose", "fact.order.purpose"),
        _said("state", "fact.order.state"),
        _said("order_type", "fact.order.request.type"),
        _said("lots", "fact.order.request.lots", NUMBER),
        _said("filled_lots", "fact.order.filled_lots", NUMBER),
        _said("price", "fact.order.request.price"),
        _said("stop_price", "fact.order.request.stop.price"),
        _said("filled_value", "fact.order.filled_value"),
        _said("intended_at", "fact.order.intended_at", LONG),
        _said("why", "fact.order.why"),
        _said("error", "fact.order.error"),
        of=("client_id",),
    )
    op.create_index("ix_orders_state", "orders", ["state"])


def _fills() -> None:
    _facts(
        "fills",
        _said("trade_id", "fact.fill.trade_id"),
        _said("client_id", "fact.fill.client_id"),
        _said("order_id", "fact.fill.order_id"),
        _said("symbol", "fact.fill.symbol"),
        _said("side", "fact.fill.side"),
        _said("lots", "fact.fill.lots", NUMBER),
        _said("price", "fact.fill.price"),
        _said("fee", "fact.fill.fee"),
        _said("realised", "fact.realised"),
        _said("maker", "fact.fill.maker", YES_NO),
        _said("kind", "fact.fill.kind"),
        _said("market_at", "fact.fill.at", LONG),
        once=("symbol", "trade_id", "market_at"),
    )


def _positions() -> None:
    _facts(
        "positions",
        _said("symbol", "fact.position.symbol"),
        _said("lots", "fact.position.lots", NUMBER),
        _said("entry", "fact.position.entry"),
        _said("mark", "fact.position.mark"),
        _said("margin", "fact.position.margin"),
        _said("leverage", "fact.position.leverage", NUMBER),
        _said("liquidation", "fact.position.liquidation"),
        _said("unrealised", "fact.position.unrealised"),
        _said("why", "fact.why"),
    )


def _evaluations() -> None:
    _facts(
        "evaluations",
        _said("symbol", "fact.why.symbol"),
        _said("market_at", "fact.why.at", LONG),
        _said("action", "fact.why.action"),
        _said("confidence", "fact.why.confidence", REAL),
        _said("outcome", "fact.why.outcome"),
        _said("reason", "fact.why.reason"),
    )


def _account_tables() -> None:
    _facts(
        "funding",
        _said("symbol", "fact.symbol"),
        _said("rate", "fact.rate"),
        _said("amount", "fact.amount"),
        _said("market_at", "fact.at", LONG),
    )
    _facts(
        "equity",
        _said("market_at", "fact.market_at", LONG),
        _said("currency", "fact.account.currency"),
        _said("equity", "fact.account.equity"),
        _said("wallet", "fact.account.wallet"),
        _said("available", "fact.account.available"),
        _said("unrealised", "fact.account.unrealised"),
        _said("realised", "fact.realised"),
        _said("fees", "fact.fees"),
        _said("funding", "fact.funding"),
    )


def _incident_tables() -> None:
    _latest(
        "errors",
        _said("kind", "fact.kind"),
        _said("severity", "fact.severity"),
        _said("message", "fact.message"),
        _said("place", "fact.where"),
        sa.Column("count", NUMBER, nullable=False, server_default="1"),
        sa.Column("first_at", LONG),
        of=("kind", "severity", "message", "place"),
    )
    _facts(
        "findings",
        _said("subject", "fact.subject"),
        _said("difference", "fact.difference"),
        _said("done", "fact.done"),
    )


def _single_tables() -> None:
    _single("bot_state", _said("desired", "desired"), _said("who", "who"), _said("since", "since", LONG), _body())
    _single("paper_state", _said("source", "source"), _body())
    keys: list[tuple[str, TypeEngine[Any]]] = [("symbol", TEXT), ("span", LONG), ("opened_at", LONG)]
    op.create_table(
        "paper_candles",
        *(sa.Column(name, kind, primary_key=True) for name, kind in keys),
        *(sa.Column(name, TEXT, nullable=False) for name in ("open", "high", "low", "close", "volume")),
    )
    _single(
        "meta",
        sa.Column("clean", YES_NO, nullable=False),
        sa.Column("since", LONG, nullable=False),
        sa.Column("sequence", LONG, nullable=False, server_default="0"),
    )
