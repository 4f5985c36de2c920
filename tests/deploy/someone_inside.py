"""Run in a booted system: people who send forms through its nginx until they are told to stop, on one line of JSON."""

import http.client
import json
import os
import socket
import ssl
import sys
import time
from pathlib import Path

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.sample_files import large_pdf

_NAME, _CERTIFICATE = "portal.example.org", Path("/etc/portal/tls/portal.pem")


class _Connection(http.client.HTTPSConnection):
    def connect(self) -> None:
        context = ssl.create_default_context(cafile=_CERTIFICATE)
        self.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", 443), 120), server_hostname=_NAME)


class _Someone(HTTPCitizen):
    def connect(self) -> http.client.HTTPConnection:
        return _Connection(_NAME, 443, timeout=120)


def main(until: Path) -> None:
    """Send one form in each language, the first with a large file, and go on until the file is there."""
    references, failed = [], []
    number = 0
    while number < len(Language) or not until.exists():
        language = list(Language)[number % len(Language)]
        someone = _Someone(443, journey(FormKey.APPLICATION, language))
        files = [("stort.pdf", large_pdf(10_000_000))] if number == 0 else []
        number += 1
        try:
            answered = someone.send(files)
            # Who is as quick as a program is asked to press once more.
            receipt = answered if answered.receipt_reference else someone.answer(answered)
            references.append(receipt.receipt_reference)
        except (OSError, http.client.HTTPException, AssertionError) as error:
            failed.append(repr(error)[:500])
            time.sleep(1)
    print(json.dumps({"references": references, "failed": failed, "process": os.getpid()}))


main(Path(sys.argv[1]))
