"""The case file on paper: what was sent, what was sent later, the legal dates, and what was said of the case.

Internal notes are not in it: whoever has a right to see the papers of a case gets this.
"""

from collections.abc import Iterable, Iterator

from forms_app.casework.bodies import bodies_of_case
from forms_app.casework.opening import OpenedCase
from forms_app.documents.blocks import Heading, PrintedBlock, Table
from forms_app.documents.follow_up import follow_up_file
from forms_app.documents.submission import case_file
from forms_app.language import gettext as _
from forms_app.municipality import Deployment


def printed_case(
    case: OpenedCase,
    deployment: Deployment,
    *,
    dates: Iterable[tuple[str, ...]] = (),
    happened: Iterable[tuple[str, ...]] = (),
) -> Iterator[PrintedBlock]:
    """In the current language. `dates` are what is due, when, and by which law; `happened` when and what."""
    yield from case_file(case.submission, deployment)
    bodies = bodies_of_case(case, deployment)
    if bodies:
        yield Heading(_("Places that help"))
        yield bodies
    for one in case.later:
        yield from follow_up_file(one.submission, deployment)
    if rows := tuple(dates):
        yield Heading(_("Dates"))
        yield Table((_("What is due"), _("When"), _("By which law")), rows)
    if rows := tuple(happened):
        yield Heading(_("What has happened"))
        yield Table((_("When"), _("What")), rows)
