"""What alembic runs: it migrates on the connection it is given, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from radtui.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
