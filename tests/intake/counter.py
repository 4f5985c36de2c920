"""A desk that accepts, and a complaint that is ready to be sent."""

from dataclasses import dataclass

import sqlalchemy as sa
from people import CITIZEN
from sample_files import pdf, photo

from forms_app.forms.answers import FilledForm, fill, new_context
from forms_app.forms.complaint import COMPLAINT
from forms_app.forms.definition import Typed
from forms_app.intake import drafts, uploads
from forms_app.intake.drafts import Draft
from forms_app.intake.receipts import Receipt
from forms_app.intake.submit import Desk, review_hash, submit
from forms_app.language import Language
from forms_app.sealing.codes import Code
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.tables import metadata

FILES = {"brev æ.pdf": pdf(b"brevet"), "bilde.jpg": photo(), "notat.txt": "blåbær".encode()}
"""The second has a cleaned copy."""
TYPED: dict[str, Typed] = {
    "municipality": {"municipality": ["rudersdal"]},
    "role": {"role": ["myself"]},
    "myself": {
        "name_of_person": [CITIZEN.name],
        "birth_date-day": ["17"],
        "birth_date-month": ["5"],
        "birth_date-year": ["1961"],
        "address": [CITIZEN.address.replace("\n", "\r\n")],
    },
    "service": {"service": ["social_dk"]},
    "decision": {
        "decision": ["Nei"],
        "received_date-day": ["16"],
        "received_date-month": ["11"],
        "received_date-year": ["2026"],
    },
    "change": {"why": ["Fordi «det»\r\n\r\n& <b>\t🙂"]},
    "deadline": {},
    "attachments": {},
    "reach": {"phone": [CITIZEN.phone]},
}


@dataclass(frozen=True, kw_only=True)
class Counter:
    """What a citizen who sends a form stands before."""

    desk: Desk
    settings: Settings

    def begin(self) -> Code:
        """A draft with every answer and file in it."""
        now = self.desk.clock()
        code = drafts.begin(self.desk.engine, COMPLAINT, now)
        for step, typed in TYPED.items():
            drafts.save_step(self.desk.engine, code, step, typed, read_revision=0, now=now)
        for name, content in FILES.items():
            uploads.keep(self.desk.engine, code, name=name, content=content, now=now)
        return code

    def look(self, code: Code) -> tuple[Draft, FilledForm]:
        """The draft as the review shows it."""
        draft = drafts.read(self.desk.engine, code)
        assert draft
        deployment = self.settings.deployment
        context = new_context(deployment.municipalities, deployment.usual_country(Language.NN), self.desk.clock())
        return draft, fill(COMPLAINT, draft.typed, context)

    def send(self, code: Code, *, reviewed: str | None = None) -> Receipt:
        """Send it as it stands."""
        draft, filled = self.look(code)
        municipality = filled.context.municipality or self.settings.deployment.municipalities[0]
        return submit(
            self.desk,
            draft,
            filled,
            reviewed=reviewed or review_hash(filled, [file.facts for file in draft.files], Language.NN),
            municipality=municipality,
            recipients=self.settings.recipients[municipality.key],
            language=Language.NN,
        )


def rows(database: sa.Engine) -> dict[str, int]:
    """How many rows each table has."""
    with reading(database) as connection:
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
