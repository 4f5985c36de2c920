"""Names as they are compared, however they were written."""

import unicodedata

_ALIKE = str.maketrans({"ø": "o", "æ": "a", "ð": "d", "đ": "d", "ł": "l", "ß": "s"})
"""Letters that Unicode does not take apart, so that "Odegard" finds Ødegård."""


def compared(text: str) -> str:
    """The text without accents and capitals: nobody should have to know how a name is written."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(_ALIKE)
