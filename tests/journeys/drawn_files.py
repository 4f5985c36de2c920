"""Files as people add them, under the names they have."""

import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from hypothesis import strategies as st
from sample_files import HEIC, docx, odt, pdf, photo, picture

_STEMS = (
    *(
        "vedtak",
        "Vedtak frå kommunen (2)",
        "IMG_0001",
        "A\u030arsmelding",
        "تقرير",
        "报告",
        "👨\u200d👩\u200d👧 skole",
        "a" * 120,
    ),
    *("fil;navn=1", "<b>", "100%", "it’s", "CON", ".skjult", "brev.pdf", "to  blanke", "&amp;", "{{x}}", "\u202efdp"),
)
_WHOLE = {
    "pdf": pdf(),
    "jpg": photo(),
    "png": picture(),
    "docx": docx(),
    "odt": odt(),
    "heic": HEIC,
}
"""The second tells where it was taken, so that a cleaned copy is made of it."""


@dataclass(frozen=True, kw_only=True)
class DrawnFile:
    """One file; `name` is what it is called on the telephone or computer."""

    name: str
    content: bytes

    @property
    def shown(self) -> str:
        """What it must be called everywhere: no sign in it is lost, but what steers a terminal or turns the words."""
        kept = (one for one in unicodedata.normalize("NFC", self.name) if unicodedata.category(one)[0] != "C")
        return "".join(kept).strip()

    @property
    def sha256(self) -> str:
        """Of what was sent."""
        return sha256(self.content).hexdigest()


def files(*, most: int) -> st.SearchStrategy[tuple[DrawnFile, ...]]:
    """Some files, often none; two may have the same name."""
    written = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=200)
    notes = st.builds(_named, st.sampled_from(_STEMS), st.just("txt"), written.map(str.encode))
    whole = st.builds(_named, st.sampled_from(_STEMS), st.sampled_from(list(_WHOLE)), st.none())
    return st.lists(st.one_of(notes, whole), max_size=most).map(tuple)


def _named(stem: str, ending: str, content: bytes | None) -> DrawnFile:
    return DrawnFile(name=f"{stem}.{ending}", content=_WHOLE[ending] if content is None else content)
