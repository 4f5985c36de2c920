"""Words, dates and numbers in Bokmål, Nynorsk and Danish.

Message ids are English and never shown: a test demands that every one of them is translated in all three
catalogues. The language of the work at hand is a context variable, set by `use(language)`, so that domain code
needs no web framework.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, Translations


class Language(StrEnum):
    """The written forms we publish in; the value is the first segment of every URL and the `lang` of every page."""

    NB = "nb"
    NN = "nn"
    DA = "da"

    @property
    def own_name(self) -> str:
        """What its readers call it."""
        return {"nb": "Bokmål", "nn": "Nynorsk", "da": "Dansk"}[self.value]

    @property
    def locale(self) -> str:
        """Babel's name for the language with its usual country."""
        return {"nb": "nb_NO", "nn": "nn_NO", "da": "da_DK"}[self.value]


_current: ContextVar[Language] = ContextVar("language", default=Language.NB)


def current() -> Language:
    """The language of the work at hand."""
    return _current.get()


@contextmanager
def use(language: Language) -> Iterator[None]:
    """Speak `language` inside the block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def set_current(language: Language) -> None:
    """Speak `language` until the end of the present context (a request)."""
    _current.set(language)


def catalogue_folder() -> Path:
    """Where the .po files are: inside an installed package, or at the top of a checkout."""
    packaged = Path(__file__).parent / "translations"
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "translations"


@lru_cache
def catalogue(language: Language, domain: str = "messages") -> Translations:
    """The translations of one language, compiled in memory so that no stale compiled file can exist."""
    path = catalogue_folder() / language / "LC_MESSAGES" / f"{domain}.po"
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language.locale))
    compiled.seek(0)
    return Translations(compiled, domain=domain)


def gettext(message: str, **values: Any) -> str:
    """The message in the current language, with `%(name)s` filled in."""
    words: str = catalogue(current()).ugettext(message)
    return words % values if values else words


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The form of the message that fits `num`; `%(num)d` is filled in."""
    words: str = catalogue(current()).ungettext(one, many, num)
    return words % {"num": num, **values}


def pgettext(context: str, message: str, **values: Any) -> str:
    """As `gettext`, where one English word has two meanings."""
    words: str = catalogue(current()).upgettext(context, message)
    return words % values if values else words


def lazy_gettext(message: str, **values: Any) -> Any:
    """For definitions made at import time: looked up anew each time it is shown."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


def format_date(day: date) -> str:
    """ "22. november 2026", as people write it."""
    return dates.format_date(day, "long", locale=current().locale)


def format_month(day: date) -> str:
    """ "november 2026"."""
    return dates.format_date(day, "LLLL y", locale=current().locale)


def format_weekday(day: date) -> str:
    """ "mandag 30. november 2026"."""
    return dates.format_date(day, "full", locale=current().locale)


def format_moment(moment: datetime, zone: str) -> str:
    """Date and time of day in the citizen's own zone ("Europe/Oslo")."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return gettext("%(date)s at %(time)s", date=format_date(day), time=format_time_of_day(moment, zone))


def format_time_of_day(moment: datetime, zone: str) -> str:
    """The time of day in the citizen's own zone: "14:05", in Danish "14.05"."""
    local = moment.astimezone(ZoneInfo(zone))
    separator = "." if current() is Language.DA else ":"
    return f"{local:%H}{separator}{local:%M}"


def format_size(size: int) -> str:
    """A file's size in kB or MB (thousands, as phones show it)."""
    kilobytes = max(1, round(size / 1000))
    if kilobytes < 1000:
        return f"{kilobytes} kB"
    return f"{numbers.format_decimal(round(size / 1_000_000, 1), locale=current().locale)} MB"
