"""Measures how long each answer took."""

import time

from flask import Flask, Response, g, request

from forms_app import metrics


def time_requests(app: Flask) -> None:
    """To be called before anything else is hung in: then it begins first and ends last."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else metrics.NO_ROUTE
        metrics.observe_request(route, request.method, response.status_code, time.perf_counter() - g.began)
        return response
