"""A signed receipt as a file of its own: JSON with the answers beside it, which whoever has the municipality's public
key can check years later without this portal.

The pages of a PDF are not signed, only the JSON inside it: what counts is what `read` returns.
"""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf

from forms_app.errors import PortalError
from forms_app.language import Language
from forms_app.sealing.canonical import NotCanonical, canonical_json, read_moment
from forms_app.sealing.signature import ReceiptFacts, verify
from forms_app.sealing.submission import FileFacts, content_hash

FILE_NAME = "kvittering.json"
"""The same word in all three languages."""

_FORMAT = 1
_WHAT = "signed receipt"
_NAMES = {"format", "what", "receipt", "signature"}
_OF_THE_ANSWERS = {"salt", "answers"}


class NotAReceipt(PortalError):
    """The file is no receipt of this portal, or it has been changed so that it cannot be read as one."""


@dataclass(frozen=True, kw_only=True)
class SignedReceipt:
    """What the municipality has signed, and what the hash in it was made of; `salt` and `answers` are None where the
    sender keeps no copy of the answers.
    """

    facts: ReceiptFacts
    signature: str
    salt: str | None
    answers: Mapping[str, Mapping[str, Any]] | None

    def to_json(self) -> bytes:
        """The file."""
        document = {
            "format": _FORMAT,
            "what": _WHAT,
            "receipt": json.loads(self.facts.canonical),
            "signature": self.signature,
        }
        if self.answers is not None:
            document |= {"salt": self.salt, "answers": self.answers}
        return json.dumps(document, ensure_ascii=False, indent=2).encode()

    def signer(self, public_keys: Iterable[str]) -> str | None:
        """The key among `public_keys` (base64) that signed the facts; a key that a file names itself proves nothing."""
        return next((key for key in public_keys if verify(self.facts, self.signature, key)), None)

    @property
    def has_its_answers(self) -> bool:
        """Whether the answers are here, and are those whose hash was signed."""
        if self.salt is None or self.answers is None:
            return False
        try:
            return content_hash(self.salt, self.answers) == self.facts.content_hash
        except (ValueError, NotCanonical):
            return False


def read(file: bytes) -> SignedReceipt:
    """The signed receipt in a JSON file or attached to a PDF. Raises NotAReceipt."""
    document = _document(_attached_to(file) if file.startswith(b"%PDF-") else file)
    has_answers = not _OF_THE_ANSWERS.isdisjoint(document)
    try:
        receipt = SignedReceipt(
            facts=_facts(document["receipt"]),
            signature=_text(document["signature"]),
            salt=_text(document["salt"]) if has_answers else None,
            answers=_answers(document["answers"]) if has_answers else None,
        )
        # A field that is not signed must not stand beside those that are.
        is_exact = canonical_json(document["receipt"]) == receipt.facts.canonical
    except (KeyError, TypeError, ValueError, AttributeError, NotCanonical):
        raise NotAReceipt("fields") from None
    if not is_exact or set(document) != _NAMES | (_OF_THE_ANSWERS if has_answers else set()):
        raise NotAReceipt("fields")
    return receipt


def _attached_to(file: bytes) -> bytes:
    """The one JSON file in a PDF: with two, people could be shown another than the one that is checked."""
    try:
        with pikepdf.open(io.BytesIO(file)) as pdf:
            contents = [pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments]
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, KeyError):
        raise NotAReceipt("not a PDF that can be read") from None
    if len(contents) != 1:
        raise NotAReceipt(f"{len(contents)} attachments")
    return contents[0]


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content.decode(), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        raise NotAReceipt("not JSON") from None
    if not isinstance(document, dict) or (document.get("what"), document.get("format")) != (_WHAT, _FORMAT):
        raise NotAReceipt("not a signed receipt")
    return document


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice may be read one way here and another way elsewhere."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError
    return dict(pairs)


def _facts(given: Mapping[str, Any]) -> ReceiptFacts:
    return ReceiptFacts(
        version=int(given["version"]),
        key_id=_text(given["key_id"]),
        reference=_text(given["reference"]),
        municipality=_text(given["municipality"]),
        form=_text(given["form"]),
        form_version=int(given["form_version"]),
        language=Language(given["language"]),
        accepted_at=read_moment(given["accepted_at"]),
        files=tuple(FileFacts(**one) for one in given["files"]),
        content_hash=_text(given["content_hash"]),
    )


def _answers(given: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(given, dict) or not all(isinstance(step, dict) for step in given.values()):
        raise TypeError
    return given


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
