"""What machines ask."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from forms_app.storage.engine import reading
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
