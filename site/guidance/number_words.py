"""Numbers in words, and the units of time and age they are read with, in each language a page may be in."""

import re
from collections.abc import Mapping

from forms_app.countries import Unit


def _counted(in_order: str, thirty: str) -> Mapping[str, int]:
    """The words from one to twenty as keys; a slash divides two words for one number."""
    words = {word: number for number, words in enumerate(in_order.split(), start=1) for word in words.split("/")}
    return {**words, thirty: 30}


# "En", "ei", "et" and "eit" are left out: without an accent they are mostly articles ("en dag ringte de").
WORDS: Mapping[str, Mapping[str, int]] = {
    "nb": _counted(
        "én/ett to tre fire fem seks sju/syv åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"
        " tjue",
        "tretti",
    ),
    "nn": _counted(
        "éin/éi/eitt to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"
        " tjue",
        "tretti",
    ),
    "da": _counted(
        "én/ét to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tyve",
        "tredive",
    ),
    "en": _counted(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen twenty",
        "thirty",
    ),
}

# How the unit begins in any of the languages; an ending follows. The longer names come first.
_STEMS: Mapping[str, tuple[Unit, ...]] = {
    r"(?:virke|yrke|kvar|hver|arbeids|arbejds)dag|working day": (Unit.WORKING_DAYS,),
    r"dag|døgn|døger|day": (Unit.DAYS, Unit.WORKING_DAYS),
    r"uke|veke|uge|week": (Unit.WEEKS,),
    r"måned|månad|mnd|month": (Unit.MONTHS,),
    r"år|year": (Unit.YEARS, Unit.AGE),
    r"time|timar|hour": (Unit.HOURS,),
    r"minut": (),
}
_ENDING = r"[aenrst]{0,5}(?!\w)"

UNIT = rf"(?:{'|'.join(_STEMS)}){_ENDING}"
"""A unit with its ending, as a whole word."""
COMPOUND = rf"-?(?:{'|'.join(_STEMS)})\w*"
"""A unit grown together with its number: "sekstenåring", "treukersfristen"."""


def units_of(text: str) -> tuple[Unit, ...]:
    """What is counted in "uker", "-åring", "virkedager"; empty when no fact counts it."""
    for stems, units in _STEMS.items():
        if re.match(rf"(?:{stems})", text.strip(" -\n\N{NO-BREAK SPACE}"), re.IGNORECASE):
            return units
    return ()
