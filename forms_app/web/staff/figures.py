"""The leader's figures as a page with plots, each beside its table, and as a file. Nobody is named in them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Response, make_response, request

from forms_app.casework.figures import Figures, Month, figures_of
from forms_app.countries import rules_for
from forms_app.documents.spreadsheet import to_csv
from forms_app.forms.registry import FORMS
from forms_app.language import format_month, gettext
from forms_app.language import lazy_gettext as _
from forms_app.web.staff.doors import LEADERS, staff_page, visitor
from forms_app.web.staff.frame import MENU, page
from forms_app.web.staff.office import office
from forms_app.web.staff.words import FORM_NAMES

_WIDTH = 640
_HEADS = (
    _("Month"), _("Form"), _("Received"), _("Opened"), _("Answered"), _("Half waited at most, days"),
    _("Nine of ten waited at most, days"), _("Over a legal date"),
)  # fmt: skip
"""Of the table, on the page and in the file."""
MENU.append(("/staff/figures", _("Figures"), LEADERS))


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of a plot: its two lengths in pixels, and what it says in words."""

    label: str
    length: int
    marked: int
    words: str


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A horizontal bar for each month, at most `width` long; the darker part is `marked`."""

    title: str
    bars: tuple[Bar, ...]
    width: int


@staff_page("/figures", any_of=LEADERS)
def figures() -> Response:
    """By month and form, with what stands today above."""
    chosen, found = _found()
    return page(
        "figures.html",
        title=gettext("Figures"),
        chosen=chosen,
        forms=_form_names(),
        today=found.today,
        heads=_HEADS,
        rows=[(format_month(one.first), _form_names()[one.form], one) for one in found.months],
        plots=_plots(found),
    )


@staff_page("/figures.csv", any_of=LEADERS)
def figures_csv() -> Response:
    """The same table for a spreadsheet."""
    unused_chosen, found = _found()
    response = make_response(to_csv([[str(one) for one in _HEADS], *(_row(one) for one in found.months)]))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{visitor().municipality}.csv"'
    return response


def _row(one: Month) -> list[str]:
    counted = (one.received, one.opened, one.answered, one.median_days, one.p90_days, one.overdue)
    numbers = ["" if number is None else str(number) for number in counted]
    return [f"{one.first:%Y-%m}", _form_names()[one.form], *numbers]


def _found() -> tuple[str, Figures]:
    chosen = request.args.get("form", "")
    place = office().deployment.municipality(visitor().municipality)
    zone = rules_for(place.country).time_zone
    form = chosen if chosen in set(FORMS) else ""
    return form, figures_of(office().engine, place.key, zone=zone, now=office().clock(), form=form)


def _form_names() -> dict[str, str]:
    return {key: str(name) for key, name in FORM_NAMES.items()}


def _plots(found: Figures) -> list[Plot]:
    answered = [one for one in found.months if one.p90_days is not None]
    plots = [
        _plot(
            gettext("Received (the whole bar), and answered of those (the dark part)"),
            found.months,
            whole=lambda one: one.received,
            part=lambda one: one.answered,
            words=lambda one: gettext("%(answered)s of %(received)s", answered=one.answered, received=one.received),
        ),
        _plot(
            gettext("Days to the answer: nine of ten within the whole bar, half within the dark part"),
            answered,
            whole=lambda one: one.p90_days or 0,
            part=lambda one: one.median_days or 0,
            words=lambda one: gettext(
                "nine of ten: %(p90)s, half: %(median)s", p90=one.p90_days, median=one.median_days
            ),
        ),
    ]
    return [plot for plot in plots if plot.bars]


def _plot(
    title: str,
    months: Iterable[Month],
    *,
    whole: Callable[[Month], int],
    part: Callable[[Month], int],
    words: Callable[[Month], str],
) -> Plot:
    shown: Sequence[Month] = list(months)
    longest = max((whole(one) for one in shown), default=0) or 1
    bars = tuple(
        Bar(
            label=f"{format_month(one.first)}, {_form_names()[one.form]}",
            length=round(_WIDTH * whole(one) / longest),
            marked=round(_WIDTH * part(one) / longest),
            words=words(one),
        )
        for one in shown
    )
    return Plot(title=title, bars=bars, width=_WIDTH)
