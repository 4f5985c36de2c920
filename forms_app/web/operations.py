"""What machines ask."""

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue

from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.migrate import is_current
from forms_app.web.portal import portal

blueprint = Blueprint("operations", __name__)


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """200 while this process can read its database and the schema is the one it was written for."""
    engine = portal().desk.engine
    with reading(engine) as connection:
        connection.exec_driver_sql("SELECT 1")
    return {"status": "ok"} if is_current(engine) else ({"status": "migrate"}, 503)


@blueprint.get("/ready")
def ready() -> ResponseReturnValue:
    """200 when citizens can send; otherwise 503, with what is missing.

    `unconfirmed` are the municipalities of whose recipients nobody has shown yet that they can open: the worker does it
    within a minute, if it runs with the right key. The others can be sent to.
    """
    services = portal()
    try:
        if not is_current(services.desk.engine):
            return {"status": "migrate"}, 503
        missing = sorted(services.canaries.unconfirmed())
    except (sa.exc.DBAPIError, DatabaseBusy):
        return {"status": "no database"}, 503
    return ({"status": "unconfirmed", "unconfirmed": missing}, 503) if missing else {"status": "ready"}
