"""PDF: every object read, and copied without anything that acts by itself, reaches out, or carries other files."""

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, explicit_conversion
from pikepdf.settings import set_qpdf_limits

from forms_app.files.facts import FileFlag, Opened
from forms_app.files.kinds import Kind
from forms_app.files.refusals import Broken, Encrypted

# Only tables of objects are unpacked here, never what pages show.
_MOST_UNPACKED = 50_000_000
set_qpdf_limits(
    flate_max_memory=_MOST_UNPACKED,
    run_length_max_memory=_MOST_UNPACKED,
    png_max_memory=_MOST_UNPACKED,
    tiff_max_memory=_MOST_UNPACKED,
)

# Links to pages and to the web stay: a reader must press them.
_ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/RichMediaExecute",
    "/Movie", "/Sound", "/GoTo3DView",
})  # fmt: skip
_MEDIA = frozenset({"/RichMedia", "/3D", "/Screen", "/Movie", "/Sound", "/FileAttachment"})
_MEDIA_KEYS = frozenset({"/RichMediaContent", "/RichMediaSettings", "/3DD", "/Movie", "/Sound", "/FS"})
_NAME_TREES = frozenset({"/JavaScript", "/EmbeddedFiles", "/Renditions"})
_EMBEDDED = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
# Searching an object's bytes is a hundred times faster than asking it for each key. Names are written out here, also
# those that the file disguises as /J#61vaScript.
_WORTH_A_LOOK = re.compile(
    b"|".join(re.escape(name.encode()) for name in sorted(_ACTIONS | _MEDIA | _MEDIA_KEYS | _NAME_TREES))
    + rb"|/AA|/EF|/OpenAction|/XFA"
)
_END_IS_WITHIN = 2048


def open_pdf(content: bytes) -> Opened:
    """Raises Encrypted and Broken, and whatever pikepdf raises for bytes that are no PDF."""
    is_mended = False
    try:
        pdf = _document(content, mend=False)
    except pikepdf.PdfError:
        # Mail gateways add bytes behind the end. Where the end is missing, so are pages, and mending would hide it.
        if b"%%EOF" not in content[-_END_IS_WITHIN:]:
            raise Broken from None
        pdf, is_mended = _document(content, mend=True), True
    with pdf:
        if not pdf.pages:
            raise Broken
        is_active = _deactivate(pdf)
        if not (is_active or is_mended):
            return Opened(kind=Kind.PDF)
        cleaned = _written(pdf)
    with _document(cleaned, mend=False) as copy:
        if _deactivate(copy):
            raise Broken
    return Opened(kind=Kind.PDF, cleaned=cleaned, flags=frozenset({FileFlag.ACTIVE} if is_active else ()))


def _document(content: bytes, *, mend: bool) -> Pdf:
    try:
        return pikepdf.open(io.BytesIO(content), attempt_recovery=mend)
    except pikepdf.PasswordError:
        raise Encrypted from None
    except pikepdf.PdfError as error:
        if "encrypt" in str(error).lower():  # With certificates instead of a password.
            raise Encrypted from None
        raise


def _written(pdf: Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return target.getvalue()


def _deactivate(pdf: Pdf) -> bool:
    """Take out what acts by itself, and tell whether there was anything. Any value may be of a type it should not."""
    found = False
    with explicit_conversion():
        for one in pdf.objects:
            outer = one.stream_dict if isinstance(one, pikepdf.Stream) else one
            if _WORTH_A_LOOK.search(outer.unparse(resolved=True)):
                for inner in _with_direct_parts(outer):
                    for key in list(_active_keys(inner)):
                        del inner[key]
                        found = True
    return found


def _with_direct_parts(outer: Object) -> Iterator[Dictionary]:
    """Each dictionary written inside this object; objects that it only refers to are visited by themselves."""
    waiting = [outer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Dictionary):
            yield one
            waiting += [value for value in one.as_dict().values() if not value.is_indirect]
        elif isinstance(one, Array):
            waiting += [value for value in one if not value.is_indirect]


def _active_keys(one: Dictionary) -> Iterator[str]:
    if _name(one, "/S") in _ACTIONS:
        yield from one.keys()
        return
    is_media = _name(one, "/Subtype") in _MEDIA
    for key, value in one.as_dict().items():
        if (
            (key == "/AA" and _holds_actions(value))
            or (key == "/OpenAction" and isinstance(value, Dictionary) and _name(value, "/S") != "/GoTo")
            or (key == "/XFA" and "/Fields" in one)
            or (key == "/EF" and isinstance(value, Dictionary) and any(one in value for one in _EMBEDDED))
            or (key in _NAME_TREES and isinstance(value, Dictionary) and ("/Names" in value or "/Kids" in value))
            or (key in _MEDIA_KEYS and is_media)
        ):
            yield key


def _holds_actions(value: Object) -> bool:
    """Whether this is a dictionary of actions, and not a font or picture that happens to have the name AA."""
    return isinstance(value, Dictionary) and any(
        isinstance(one, Dictionary) and "/S" in one for one in value.as_dict().values()
    )


def _name(one: Dictionary, key: str) -> str:
    value = one.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
