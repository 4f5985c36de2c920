"""What people type into a field: names from everywhere, drafts pasted from elsewhere, slips of the finger, and things
that programs stumble over."""

import re
import unicodedata
from datetime import date, timedelta

from hypothesis import strategies as st

from forms_app.countries import Country

WORDS = (
    *("Åse", "Ødegård", "Sæther-Øyen", "O’Brien", "Čáhppe", "Ŋuorjju", "Nuuk-mi", "Đặng", "Zażółć", "Þóra", "ß"),
    *(
        "Ωμέγα",
        "Юлия",
        "محمد",
        "علی\u200cرضا",
        "שָׁלוֹם",
        "王秀英",
        "김",
        "काठमाडौँ",
        "ไทย",
        "A\u030ase",
        "e\u0301",
        "ﬁn",
        "½",
    ),
    *("🙂", "👨\u200d👩\u200d👧\u200d👦", "🇳🇴", "👩🏽\u200d🦽", "&", "&amp;", "&#60;", "<b>fet</b>", "</textarea>"),
    *("<script>alert(1)</script>", "{{ 7*7 }}", "{% raw %}", "%(name)s", "%s", "%", "\\n", "\\u0041", '"', "'"),
    *("''; DROP TABLE", "--", "=1+1", "@", "#", "#let x = 1", "$ x $", "*stjerner*", "_under_", "`kode`", "«sitat»"),
    *(
        "NULL",
        "None",
        "null",
        "0",
        "-1",
        "true",
        "...",
        "…",
        "€",
        "\u00ad",
        "a\u200bb",
        "a\ufeffb",
        "\u202egnirts\u202c",
    ),
    *("\u2066isolert\u2069", "\x00", "\x07", "\x1b[31m", "\x85", "\uffff", "\ue000", "\U000e0001", "\u2800"),
    *("https://example.org/?a=1&b=2", "40 50 16 00", "Vi får ikke sove.", "Kommunen sa nei"),
)
BLANKS = (" ", "  ", "\t", "\xa0", "\u2009", "\u3000")
LINE_ENDS = ("\r\n", "\r\n\r\n", "\r\n \r\n", "\u2028")
_ABROAD = ("+46 8-123 456 78", "+1 (212) 555-0100")
PHONES = {
    Country.NORWAY: ("40501600", " 40 50 16 00 ", "+47 405 01 600", "0047 40501600", "+45 32 32 32 32", *_ABROAD),
    Country.DENMARK: ("32323232", "32 32 32 32", "+45 32323232", "0045 3232 3232", "+47 40 50 16 00", *_ABROAD),
}
EMAILS = (
    "ase@example.org", "ASE.Odegard+klage@Example.ORG", " pal@example.org ", "o'brien@example.com", "x@sub.example.no",
    "åse@example.org", "post@blåbærsyltetøy.no", "_@example.dk",
)  # fmt: skip
NATIONAL_IDS = (
    "01011550084", "010115 50084", "0101010000", "070761-4285", "41018012345", "12345", "har ikke fått", "٠١٠١٠١",
    "<ukjent>",
)  # fmt: skip
"""Right and wrong ones: a wrong one is asked about once, and so is a wrong reference."""
REFERENCES = ("K7M2-9QXA", " k7m29qxa ", "K7M2-9QXK", "husker ikke", "K7M2")
FAR_DAYS = (date(1850, 1, 1), date(1900, 2, 28), date(2000, 2, 29), date(2024, 2, 29))

_ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), min_size=1, max_size=8)
_LONG_WORD = st.builds(lambda one, times: one * times, st.sampled_from("aÅ王W👨ـ"), st.integers(40, 200))
_WORD = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), _ANY)
_WORD_OR_LONGER = st.one_of(_WORD, _LONG_WORD)
_SEEN = st.sampled_from([word for word in WORDS if word[0].isalpha()])


def one_line(*, is_required: bool = False, longest: int = 300) -> st.SearchStrategy[str]:
    """What stands in a field of one line; where something must stand there, something is seen."""
    return _joined(BLANKS, most=6, is_required=is_required).map(lambda text: text[:longest])


def paragraphs(*, is_required: bool = False) -> st.SearchStrategy[str]:
    """What stands in a field of several lines, its lines ended as browsers end them."""
    return _joined(BLANKS + LINE_ENDS, most=10, is_required=is_required, words_of=_WORD_OR_LONGER)


@st.composite
def _joined(
    draw: st.DrawFn,
    between: tuple[str, ...],
    *,
    most: int,
    is_required: bool,
    words_of: st.SearchStrategy[str] = _WORD,
) -> str:
    words = draw(st.lists(words_of, max_size=most))
    if is_required:
        words.insert(0, draw(_SEEN))
    blanks = [draw(st.sampled_from(between)) for unused_word in words]
    edges = draw(st.sampled_from(("", " ", "\t ", *between[-1:])))
    text = edges + "".join(word + blank for word, blank in zip(words, blanks, strict=True))
    return re.sub("\r\n|[\r\n]", "\r\n", text) if "\r\n" in between else re.sub("[\r\n]", "", text)


def days(*, latest: date) -> st.SearchStrategy[date]:
    """Likely days, and some that are not."""
    return st.one_of(st.dates(latest - timedelta(days=36_500), latest), st.sampled_from((*FAR_DAYS, latest)))


def parts_of(day: date) -> st.SearchStrategy[tuple[str, str, str]]:
    """Day, month and year as people write them."""
    written = st.sampled_from(("{}", "{:02}", " {} ", "{:03}"))
    return st.tuples(written, written, st.sampled_from(("{}", " {}"))).map(
        lambda how: (how[0].format(day.day), how[1].format(day.month), how[2].format(day.year))
    )


def seen(text: str) -> list[str]:
    """The characters of a text that leave ink, in order: whatever is done to what was typed, these must stay."""
    return [
        one for one in text if unicodedata.category(one)[0] not in "CZ" and one not in "\u115f\u1160\u2800\u3164\uffa0"
    ]
