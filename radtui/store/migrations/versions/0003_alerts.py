"""Alerts are kept: the latest of each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.Integer()
LONG = sa.BigInteger()
TEXT = sa.Text()


def upgrade() -> None:
    """Add the table of alerts."""
    utc = sa.Computed("datetime(json_extract(body, '$.at') / 1000000000, 'unixepoch')", persisted=False)
    op.create_table(
        "alerts",
        sa.Column("sequence", NUMBER, nullable=False),
        _said("version", "version", NUMBER),
        _said("bot", "bot"),
        _said("at", "at", LONG),
        sa.Column("utc", TEXT, utc),
        _said("who", "who"),
        _said("alert_id", "fact.alert.id"),
        _said("rule", "fact.alert.rule"),
        _said("subject", "fact.alert.subject"),
        _said("severity", "fact.alert.severity"),
        _said("phase", "fact.alert.phase"),
        _said("message", "fact.alert.text"),
        _said("since", "fact.alert.since", LONG),
        _said("resolved_at", "fact.alert.resolved_at", LONG),
        _said("acknowledged_by", "fact.alert.by"),
        sa.Column("body", TEXT, nullable=False),
        sa.UniqueConstraint("alert_id"),
    )
    op.create_index("ix_alerts_sequence", "alerts", ["sequence"])


def _said(name: str, path: str, kind: TypeEngine[Any] = TEXT) -> sa.Column[Any]:
    return sa.Column(name, kind, sa.Computed(f"json_extract(body, '$.{path}')", persisted=False))
