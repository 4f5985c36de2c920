"""What a citizen does, as Locust runs it: reads a page of guidance, fills in a form with a file, and sends it."""

import re
import time

from locust import FastHttpUser, between, events, task

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.sample_files import pdf_with

PAGES = ("/nb/", "/nn/", "/da/")
LETTER = ("brev.pdf", pdf_with(b"x" * 1_000_000))
"""A photographed letter has about this size."""


class Measured(HTTPCitizen):
    """Tells Locust how long each answer took, by what it is and not by its address. Nobody reads as fast as a machine:
    what this asks in a second, people ask in ten minutes.
    """

    def _once(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, str | None, str]:
        began, failure, size = time.perf_counter(), None, 0
        try:
            status, location, html = super()._once(method, path, body, kind)
            size = len(html)
            if status >= 400:
                failure = RuntimeError(str(status))
            return status, location, html
        except OSError as error:
            failure = error
            raise
        finally:
            events.request.fire(
                request_type=method,
                name=self._name(method, path, body),
                response_time=(time.perf_counter() - began) * 1000,
                response_length=size,
                exception=failure,
                context={},
            )

    def _name(self, method: str, path: str, body: bytes | None) -> str:
        if method == "GET":
            return "a page of the form"
        if path.endswith(self.journey.review.rpartition("/")[2]):
            return "send"
        return "save a step with a file" if body and len(body) > len(LETTER[1]) else "save a step"


class Citizen(FastHttpUser):
    """One person after the other; they pause between two forms only, so that few of them are many people."""

    wait_time = between(0, 1)

    @task
    def whole_journey(self) -> None:
        """From the front page to the receipt."""
        port = int(re.search(r":(\d+)", self.host or "").group(1))  # type: ignore[union-attr]
        for page in PAGES:
            self.client.get(page, name="a page of guidance")
        language = list(Language)[int(time.time()) % len(Language)]
        citizen = Measured(port, journey(FormKey.APPLICATION, language))
        began = time.perf_counter()
        answer = citizen.send([LETTER])
        failure = None if answer.receipt_reference else RuntimeError(f"no receipt: {answer.status}")
        events.request.fire(
            request_type="",
            name="whole journey",
            response_time=(time.perf_counter() - began) * 1000,
            response_length=0,
            exception=failure,
            context={},
        )
