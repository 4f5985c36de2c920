"""Makes Alembic work inside the transaction it is handed, so that a schema changes wholly or not at all."""

from alembic import context

from forms_app.storage import alarm_tables, casework_tables, tables, worker_tables

metadata = tables.metadata
# Importing them is what makes them known.
for others in (alarm_tables.alarms, casework_tables.canaries, worker_tables.turns):
    assert others.metadata is metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place: a batch rebuilds the table.
    render_as_batch=True,
    transaction_per_migration=False,
)

with context.begin_transaction():
    context.run_migrations()
