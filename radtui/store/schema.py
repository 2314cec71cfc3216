"""The tables of the journal: one a kind of fact, readable with nothing but ``sqlite3``.

A fact is written once, as the JSON of its envelope, in `body`. The columns in words beside it are computed from it by
the database, so what a person reads and what the bot reads cannot differ. Money is TEXT: SQLite's numbers are floats.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from radtui.core.facts import (
    Alerted,
    BreakerMoved,
    CycleEnded,
    EquityRead,
    Evaluated,
    Executed,
    Fact,
    Found,
    FundingSettled,
    Instructed,
    MetricsReset,
    OrderChanged,
    PositionChanged,
    Receipted,
    Reconciled,
    StateChanged,
    Trouble,
)

HEAD: Final = "0003"
"""The schema revision this code writes; a migration of that name exists."""

METADATA: Final = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})


class Money(TypeDecorator[Decimal]):
    """A `Decimal` kept digit by digit, as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Return the text that is stored."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Return the amount that was stored."""
        return None if value is None else Decimal(value)


def _said(name: str, path: str, kind: TypeEngine[Any] | type[TypeEngine[Any]] = Text) -> Column[Any]:
    """Return a column that reads `path` out of the row's JSON."""
    return Column(name, kind, Computed(f"json_extract(body, '$.{path}')", persisted=False))


def _envelope() -> list[Column[Any]]:
    return [
        _said("version", "version", Integer),
        _said("bot", "bot"),
        _said("at", "at", BigInteger),
        Column(
            "utc", Text, Computed("datetime(json_extract(body, '$.at') / 1000000000, 'unixepoch')", persisted=False)
        ),
        _said("who", "who"),
    ]


def _facts(name: str, *words: Column[Any], once: tuple[str, ...] = ()) -> Table:
    """Return the table of a kind of fact that is kept each time it is said, or one for each value of `once`."""
    alone = [UniqueConstraint(*once)] if once else []
    body = Column("body", Text, nullable=False)
    sequence = Column("sequence", Integer, primary_key=True, autoincrement=False)
    return Table(name, METADATA, sequence, *_envelope(), *words, body, *alone)


def _latest(name: str, *words: Column[Any], of: tuple[str, ...]) -> Table:
    """Return the table of a kind of fact of which only the latest for each value of `of` is kept."""
    body = Column("body", Text, nullable=False)
    sequence = Column("sequence", Integer, nullable=False, index=True)
    return Table(name, METADATA, sequence, *_envelope(), *words, body, UniqueConstraint(*of))


TRANSITIONS: Final = _facts(
    "transitions",
    _said("origin", "fact.move.origin"),
    _said("target", "fact.move.target"),
    _said("verb", "fact.move.verb"),
    _said("why", "fact.move.why"),
)
INSTRUCTIONS: Final = _facts(
    "instructions",
    _said("instruction_id", "fact.instruction.id"),
    _said("ask", "fact.instruction.ask"),
    _said("asked_by", "fact.instruction.who"),
    _said("why", "fact.instruction.why"),
    _said("exits", "fact.instruction.exits"),
)
RECEIPTS: Final = _facts(
    "receipts",
    _said("instruction_id", "fact.receipt.id"),
    _said("ask", "fact.receipt.ask"),
    _said("asked_by", "fact.receipt.who"),
    _said("success", "fact.receipt.success", Boolean),
    _said("refused", "fact.receipt.refused", Boolean),
    _said("message", "fact.receipt.message"),
    _said("status", "fact.receipt.status"),
)
CYCLES: Final = _facts(
    "cycles",
    _said("number", "fact.number", Integer),
    _said("ok", "fact.ok", Boolean),
    _said("seconds", "fact.seconds", Float),
    _said("error", "fact.error"),
)
ORDERS: Final = _latest(
    "orders",
    _said("client_id", "fact.order.request.client_id"),
    _said("order_id", "fact.order.order_id"),
    _said("symbol", "fact.order.request.symbol"),
    _said("side", "fact.order.request.side"),
    _said("purpose", "fact.order.purpose"),
    _said("state", "fact.order.state"),
    _said("order_type", "fact.order.request.type"),
    _said("lots", "fact.order.request.lots", Integer),
    _said("filled_lots", "fact.order.filled_lots", Integer),
    _said("price", "fact.order.request.price", Money),
    _said("stop_price", "fact.order.request.stop.price", Money),
    _said("filled_value", "fact.order.filled_value", Money),
    _said("intended_at", "fact.order.intended_at", BigInteger),
    _said("why", "fact.order.why"),
    _said("error", "fact.order.error"),
    of=("client_id",),
)
Index(None, ORDERS.c.state)
FILLS: Final = _facts(
    "fills",
    _said("trade_id", "fact.fill.trade_id"),
    _said("client_id", "fact.fill.client_id"),
    _said("order_id", "fact.fill.order_id"),
    _said("symbol", "fact.fill.symbol"),
    _said("side", "fact.fill.side"),
    _said("lots", "fact.fill.lots", Integer),
    _said("price", "fact.fill.price", Money),
    _said("fee", "fact.fill.fee", Money),
    _said("realised", "fact.realised", Money),
    _said("maker", "fact.fill.maker", Boolean),
    _said("kind", "fact.fill.kind"),
    _said("market_at", "fact.fill.at", BigInteger),
    once=("symbol", "trade_id", "market_at"),
)
POSITIONS: Final = _facts(
    "positions",
    _said("symbol", "fact.position.symbol"),
    _said("lots", "fact.position.lots", Integer),
    _said("entry", "fact.position.entry", Money),
    _said("mark", "fact.position.mark", Money),
    _said("margin", "fact.position.margin", Money),
    _said("leverage", "fact.position.leverage", Integer),
    _said("liquidation", "fact.position.liquidation", Money),
    _said("unrealised", "fact.position.unrealised", Money),
    _said("why", "fact.why"),
)
FUNDING: Final = _facts(
    "funding",
    _said("symbol", "fact.symbol"),
    _said("rate", "fact.rate", Money),
    _said("amount", "fact.amount", Money),
    _said("market_at", "fact.at", BigInteger),
)
EQUITY: Final = _facts(
    "equity",
    _said("market_at", "fact.market_at", BigInteger),
    _said("currency", "fact.account.currency"),
    _said("equity", "fact.account.equity", Money),
    _said("wallet", "fact.account.wallet", Money),
    _said("available", "fact.account.available", Money),
    _said("unrealised", "fact.account.unrealised", Money),
    _said("realised", "fact.realised", Money),
    _said("fees", "fact.fees", Money),
    _said("funding", "fact.funding", Money),
)
EVALUATIONS: Final = _facts(
    "evaluations",
    _said("symbol", "fact.why.symbol"),
    _said("market_at", "fact.why.at", BigInteger),
    _said("action", "fact.why.action"),
    _said("confidence", "fact.why.confidence", Float),
    _said("outcome", "fact.why.outcome"),
    _said("reason", "fact.why.reason"),
)
RESETS: Final = _facts("resets", _said("asked_by", "fact.who"))
BREAKERS: Final = _facts(
    "breakers",
    _said("name", "fact.breaker.name"),
    _said("tripped", "fact.breaker.tripped", Boolean),
    _said("value", "fact.breaker.value"),
    _said("trip_limit", "fact.breaker.limit"),
    _said("since", "fact.breaker.since", BigInteger),
    _said("resets_at", "fact.breaker.resets_at", BigInteger),
    _said("why", "fact.why"),
)
ERRORS: Final = _latest(
    "errors",
    _said("kind", "fact.kind"),
    _said("severity", "fact.severity"),
    _said("message", "fact.message"),
    _said("place", "fact.where"),
    Column("count", Integer, nullable=False, server_default="1"),
    Column("first_at", BigInteger, comment="of the first one, where it came more than once"),
    of=("kind", "severity", "message", "place"),
)
ALERTS: Final = _latest(
    "alerts",
    _said("alert_id", "fact.alert.id"),
    _said("rule", "fact.alert.rule"),
    _said("subject", "fact.alert.subject"),
    _said("severity", "fact.alert.severity"),
    _said("phase", "fact.alert.phase"),
    _said("message", "fact.alert.text"),
    _said("since", "fact.alert.since", BigInteger),
    _said("resolved_at", "fact.alert.resolved_at", BigInteger),
    _said("acknowledged_by", "fact.alert.by"),
    of=("alert_id",),
)
FINDINGS: Final = _facts(
    "findings",
    _said("subject", "fact.subject"),
    _said("difference", "fact.difference"),
    _said("done", "fact.done"),
)

RECOVERIES: Final = _facts(
    "recoveries",
    _said("began_at", "fact.report.began_at", BigInteger),
    _said("ended_at", "fact.report.ended_at", BigInteger),
    _said("last_run", "fact.report.last_run"),
    _said("away", "fact.report.away", Float),
)

TABLE_OF: Final[dict[type[Fact], Table]] = {
    StateChanged: TRANSITIONS,
    Instructed: INSTRUCTIONS,
    Receipted: RECEIPTS,
    CycleEnded: CYCLES,
    OrderChanged: ORDERS,
    Executed: FILLS,
    PositionChanged: POSITIONS,
    FundingSettled: FUNDING,
    EquityRead: EQUITY,
    Evaluated: EVALUATIONS,
    MetricsReset: RESETS,
    BreakerMoved: BREAKERS,
    Trouble: ERRORS,
    Alerted: ALERTS,
    Found: FINDINGS,
    Reconciled: RECOVERIES,
}
"""Where each kind of fact is kept."""


def _single(name: str, *columns: Column[Any]) -> Table:
    """Return a table of one row."""
    only = Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False)
    return Table(name, METADATA, only, *columns)


BOT_STATE: Final = _single(
    "bot_state",
    _said("desired", "desired"),
    _said("who", "who"),
    _said("since", "since", BigInteger),
    Column("body", Text, nullable=False),
)
PAPER_STATE: Final = _single("paper_state", _said("source", "source"), Column("body", Text, nullable=False))
PAPER_CANDLES: Final = Table(
    "paper_candles",
    METADATA,
    Column("symbol", Text, primary_key=True),
    Column("span", BigInteger, primary_key=True),
    Column("opened_at", BigInteger, primary_key=True),
    *(Column(name, Money, nullable=False) for name in ("open", "high", "low", "close", "volume")),
)
META: Final = _single(
    "meta",
    Column("clean", Boolean, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False, server_default="0"),
)
"""How the last run stands, since when, and the highest sequence ever kept, which the facts may no longer show."""
LEASE: Final = _single(
    "lease",
    Column("lease", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("how", Text, nullable=False),
    Column("birth", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("renewed_at", BigInteger, nullable=False),
)
"""Who writes this journal; see `radtui.store.lease`."""
REVISION: Final = Table(
    "alembic_version",
    METADATA,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""The schema revision, under the names that alembic gives it."""
