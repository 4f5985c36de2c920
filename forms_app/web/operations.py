"""What machines ask."""

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue

from forms_app.storage.closing import is_closed
from forms_app.storage.engine import DatabaseBusy
from forms_app.storage.migrate import standing
from forms_app.web.portal import portal

blueprint = Blueprint("operations", __name__)


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """200 while this process can read its database and work on its schema; otherwise 503, with `migrate` where the
    database must be migrated, and `outdated` where a later version than this has migrated it too far.
    """
    found = standing(portal().desk.engine)
    return {"status": "ok"} if found.is_usable else ({"status": found}, 503)


@blueprint.get("/ready")
def ready() -> ResponseReturnValue:
    """200 when citizens can send; otherwise 503, with what is missing.

    `unconfirmed` are the municipalities of whose recipients nobody has shown yet that they can open: the worker does it
    within a minute, if it runs with the right key. The others can be sent to. `moving` is a database that was closed
    to be copied to another place.
    """
    services = portal()
    try:
        found = standing(services.desk.engine)
        if not found.is_usable:
            return {"status": found}, 503
        if is_closed(services.desk.engine):
            return {"status": "moving"}, 503
        missing = sorted(services.canaries.unconfirmed())
    except (sa.exc.DBAPIError, DatabaseBusy):
        return {"status": "no database"}, 503
    return ({"status": "unconfirmed", "unconfirmed": missing}, 503) if missing else {"status": "ready"}
