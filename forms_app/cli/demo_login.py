"""The demonstration's OpenID provider: whoever comes chooses who to be. `python -m forms_app.cli.demo_login PORT`."""

import logging
import sys
import warnings

import authlib.deprecate
from werkzeug.serving import make_server

from forms_app.cli.demo_staff import HOST, PEOPLE


def serve(port: int) -> None:
    """Answer on this machine only, until the process is ended."""
    # The provider uses what Authlib will take away one day, and Authlib says so on every start.
    warnings.simplefilter("ignore", authlib.deprecate.AuthlibDeprecationWarning)
    # Comes with the extra "demo", which a real deployment does not install.
    from oidc_provider_mock import User, app

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.getLogger("oidc_provider_mock").setLevel(logging.ERROR)
    people = [User(sub=subject, claims={"name": name}) for subject, (name, unused_roles) in PEOPLE.items()]
    make_server(HOST, port, app(user_claims=people), threaded=True).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
