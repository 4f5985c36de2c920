"""What a page says while nothing can be sent to a municipality, because nobody has shown yet that it can open it.

A view names the municipalities that its page is about; the sentence is added to whatever page that is, before anybody
fills anything in.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask, g

from forms_app.masthead import contact_url
from forms_app.municipality import Municipality
from forms_app.web.portal import portal


def closed_of(municipalities: Iterable[Municipality]) -> list[Municipality]:
    """Those that nothing can be sent to now. The page that is answered names them."""
    keys = portal().canaries.unconfirmed()
    found = [one for one in municipalities if one.key in keys]
    if found:
        g.closed = found
    return found


def is_closed(municipality: Municipality | None) -> bool:
    """Whether nothing can be sent to it now; where none is chosen yet, nobody can tell."""
    return bool(municipality and closed_of([municipality]))


def tell(app: Flask) -> None:
    """Let every page say which municipalities cannot receive, and whom to call instead."""

    @app.context_processor
    def closed() -> dict[str, Any]:
        found: list[Municipality] = g.get("closed", [])
        return {"closed": found, "closed_contact": contact_url(g.language) if found else ""}
