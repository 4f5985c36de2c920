"""Keeps what a version leaves behind, so that every later one can be tried on it: `make keep-version`.

A portal is served, three citizens send a form, one has not come to the end, and then everything ends at once. Its
folder is packed, with keys that nobody uses for anything else, and what was promised to whom.
"""

import json
import os
import signal
import sys
import tarfile
import tempfile
from pathlib import Path

from alembic.script import ScriptDirectory

from forms_app.clock import utc_now
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.storage.migrate import Schema, alembic_config
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.sample_files import pdf

KEPT = Path(__file__).parent / "versions"
SENT = (
    (FormKey.APPLICATION, Language.NB),
    (FormKey.POWER_OF_ATTORNEY, Language.NN),
    (FormKey.COMPLAINT, Language.DA),
)
BEGUN = (FormKey.APPLICATION, Language.NN)
LETTER = ("Brev på ø.pdf", pdf(b"Et brev som ble sendt med en eldre utgave."))
DELIVERED = "outbox/*/*/manifest.json"
_LEFT_OUT = frozenset({"tmp"})


def keep(folder: Path) -> Path:
    """Make such a portal in this folder, and return the file it was packed into."""
    portal = RunningPortal(folder).start()
    sent: list[dict[str, str | None]] = []
    for form, language in SENT:
        if form is SENT[-1][0]:
            wait_for(lambda: len(list(portal.data.glob(DELIVERED))) == len(sent), "what was sent before is delivered")
            for worker in portal.delivery_worker():
                os.kill(worker, signal.SIGSTOP)
        citizen = HTTPCitizen(portal.port, journey(form, language))
        review = citizen.fill_in([LETTER])
        code = citizen.code
        reference = citizen.answer(review).receipt_reference
        sent.append({"form": form, "language": language, "reference": reference, "code": code})
    begun = HTTPCitizen(portal.port, journey(*BEGUN))
    begun.fill_in([LETTER])
    portal.end()
    promised = {"at": utc_now().isoformat(), "sent": sent, "draft": begun.cookies}
    (portal.data / "promised.json").write_text(json.dumps(promised, indent=1, ensure_ascii=False), "utf-8")
    head = ScriptDirectory.from_config(alembic_config(schema=Schema.PORTAL)).get_current_head()
    packed = KEPT / f"{head}.tar.xz"
    with tarfile.open(packed, "w:xz") as archive:
        archive.add(portal.data, "data", filter=lambda one: None if one.name.split("/")[-1] in _LEFT_OUT else one)
    return packed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(f"{keep(Path(place))}\n")
