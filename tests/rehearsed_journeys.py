"""Forms that are sent where sending is not what is tested: what has been filled in once is not filled in again."""

from collections.abc import Mapping
from dataclasses import dataclass

from checked_client import Page
from form_journeys import Journey

from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.intake import drafts, uploads
from forms_app.intake.saved_step import SavedStep
from forms_app.sealing.codes import Code
from forms_app.web.citizen.cookie import Kept
from forms_app.web.portal import Portal

_saved: dict[str, Mapping[str, SavedStep]] = {}
"""What stood in the draft of a journey when it had come to the review."""


@dataclass
class Rehearsed(Journey):
    """A citizen who begins, looks over and sends like every other, and whose pages in between are stored just as they
    were when somebody in this process filled them in the same way, page by page, the first time.
    """

    def on(self, page: Page, slug: str) -> Page:
        """From the first page to the review in one step; anything else as everybody."""
        if slug != self.review_slug:
            return super().on(page, slug)
        code = self._code()
        saved = _saved.get(self._way)
        if saved is None:
            review = super().on(page, slug)
            draft = drafts.read(self._services.desk.engine, code)
            assert draft
            _saved[self._way] = draft.steps
            return review
        self._store(code, saved)
        return self._see(self.browser.get(self.start + self.review_slug))

    @property
    def _services(self) -> Portal:
        return self.browser.app.extensions["portal"]

    @property
    def _way(self) -> str:
        answers, places = sorted(self.answers.items()), self._services.deployment.municipalities
        return repr((self.language, self.form, self.words, answers, places))

    def _code(self) -> Code:
        name = f"{Kept.DRAFT}-{self.form}"
        cookie = self.browser.cookie(name) or self.browser.cookie(f"__Host-{name}")
        assert cookie
        return Code.parse(cookie)

    def _store(self, code: Code, saved: Mapping[str, SavedStep]) -> None:
        desk = self._services.desk
        for step, one in saved.items():
            drafts.save_step(
                desk.engine,
                code,
                step,
                one.typed,
                told=one.told,
                is_finished=one.is_finished,
                read_revision=0,
                now=desk.clock(),
            )
        takes_files = any(step.takes_files for step in FORMS[FormKey(self.form)].steps)
        for file in self.files if takes_files else ():
            uploads.keep(
                desk.engine,
                code,
                name=file.name,
                content=file.content,
                now=desk.clock(),
                scanner=self._services.scanner,
            )
