"""Run by Alembic: migrates the connection that `storage.migrations.upgrade` hands over, and no other."""

from __future__ import annotations

from alembic import context

from storage.sql.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,  # SQLite alters a table by rebuilding it
)
with context.begin_transaction():
    context.run_migrations()
