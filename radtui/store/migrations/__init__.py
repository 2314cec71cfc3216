"""From an older journal to this one. Imported only where the revisions differ, for alembic is slow to import."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def knows(revision: str | None) -> bool:
    """Return whether there is a way from `revision` (None: before the first) to the head."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return revision is None or revision in known


def upgrade(connection: Connection) -> None:
    """Migrate to the head inside the transaction that `connection` holds."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    # The parser behind it reads a percent sign as the start of a name.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
