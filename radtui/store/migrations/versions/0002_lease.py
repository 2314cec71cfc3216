"""Who writes the journal stands in it; trading breakers and recoveries are kept."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.Integer()
LONG = sa.BigInteger()
REAL = sa.Float()
YES_NO = sa.Boolean()
TEXT = sa.Text()


def upgrade() -> None:
    """Add the lease, which nobody holds yet, the moves of the trading breakers, and the reports of recoveries."""
    _facts(
        "breakers",
        _said("name", "fact.breaker.name"),
        _said("tripped", "fact.breaker.tripped", YES_NO),
        _said("value", "fact.breaker.value"),
        _said("trip_limit", "fact.breaker.limit"),
        _said("since", "fact.breaker.since", LONG),
        _said("resets_at", "fact.breaker.resets_at", LONG),
        _said("why", "fact.why"),
    )
    _facts(
        "recoveries",
        _said("began_at", "fact.report.began_at", LONG),
        _said("ended_at", "fact.report.ended_at", LONG),
        _said("last_run", "fact.report.last_run"),
        _said("away", "fact.report.away", REAL),
    )
    _lease()


def _lease() -> None:
    words = ("how", "birth", "host", "machine")
    kinds: dict[str, TypeEngine[Any]] = {"lease": TEXT, "pid": NUMBER, "since": LONG, **dict.fromkeys(words, TEXT)}
    op.create_table(
        "lease",
        sa.Column("id", NUMBER, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in kinds.items()),
        sa.Column("renewed_at", LONG, nullable=False),
    )


def _facts(name: str, *words: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("sequence", NUMBER, primary_key=True, autoincrement=False),
        _said("version", "version", NUMBER),
        _said("bot", "bot"),
        _said("at", "at", LONG),
        sa.Column(
            "utc", TEXT, sa.Computed("datetime(json_extract(body, '$.at') / 1000000000, 'unixepoch')", persisted=False)
        ),
        _said("who", "who"),
        *words,
        sa.Column("body", TEXT, nullable=False),
    )


def _said(name: str, path: str, kind: TypeEngine[Any] = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, sa.Computed(f"json_extract(body, '$.{path}')", persisted=False))
