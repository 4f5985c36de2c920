"""One family, one list: every place that helps, with the cases that name it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from forms_app.casework.bodies import bodies_of_case
from forms_app.casework.opening import OpenedCase
from forms_app.documents.blocks import Heading, Paragraph, PrintedBlock, Table
from forms_app.language import gettext as _
from forms_app.municipality import Deployment

Named = tuple[str, OpenedCase | None]
"""What a case is called in the list, and the case; None where it cannot be shown."""


def places(cases: Iterable[Named], deployment: Deployment) -> Table:
    """What is said alike in several cases is one row. In the current language; without rows where none names any."""
    columns: tuple[str, ...] = ()
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, case in cases:
        table = bodies_of_case(case, deployment) if case else None
        if table:
            columns = table.columns
            for row in table.rows:
                found[row].append(name)
    rows = sorted(found.items(), key=lambda one: [cell.casefold() for cell in one[0]])
    return Table((*columns, _("Case")), tuple((*row, ", ".join(names)) for row, names in rows))


def printed_family(title: str, cases: Table, places: Table, remarks: Iterable[str]) -> Iterator[PrintedBlock]:
    """The cases, then the places, then what is missing."""
    yield Heading(title)
    yield cases
    yield Heading(_("Places that help"))
    if places.rows:
        yield places
    else:
        yield Paragraph(_("None of the cases names a place that helps."))
    yield from (Paragraph(one) for one in remarks)
