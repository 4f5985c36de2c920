"""How gunicorn starts us, as a configuration of its own kind: `--config python:forms_app.web_server`."""

from forms_app.settings import share_measurements


def on_starting(unused_server: object) -> None:
    """Read the code once, before the web processes fork: they start in a moment, and share most of their memory.

    Each still makes an application of its own, so that nothing open is shared between them.
    """
    share_measurements()
    import forms_app.app  # noqa: F401
