"""Measures how long each answer took."""

import time
from typing import Any

from flask import Flask, Response, g, request

from forms_app import metrics


def time_requests(app: Flask) -> None:
    """To be called before anything else is hung in: then it begins first and ends last."""

    # Before any before_request: an address can be refused while its parts are read.
    @app.url_value_preprocessor
    def begin(unused_endpoint: str | None, unused_values: dict[str, Any] | None) -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else metrics.NO_ROUTE
        metrics.observe_request(route, request.method, response.status_code, time.perf_counter() - g.began)
        return response
