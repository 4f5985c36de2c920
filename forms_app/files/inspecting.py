"""Opens a file with its real parser: what cannot be opened, or could do something by itself, is refused by name."""

from collections.abc import Callable, Mapping

from forms_app.files.facts import FileFlag, Inspected, Opened
from forms_app.files.kinds import UNOPENED, Kind, fitting_name, recognise
from forms_app.files.office import open_office
from forms_app.files.pdf import open_pdf
from forms_app.files.pictures import open_picture
from forms_app.files.refusals import Broken, TooBigUnpacked, UploadRefused


def inspect(name: str, content: bytes) -> Inspected:
    """What the file is, with a cleaned copy where it needs one. Raises a kind of UploadRefused and nothing else."""
    kind = recognise(name, content)
    try:
        opened = _open(kind, content)
    except UploadRefused:
        raise
    except MemoryError:
        raise TooBigUnpacked from None
    except Exception:
        # A parser that meets hostile bytes may raise anything at all. Its words could hold some of the content.
        raise Broken from None
    return Inspected(
        name=fitting_name(name, opened.kind),
        media_type=opened.kind.value,
        cleaned=opened.cleaned,
        flags=opened.flags,
    )


def _open(kind: Kind, content: bytes) -> Opened:
    if kind in UNOPENED:
        return Opened(kind=kind, flags=frozenset({FileFlag.UNCHECKED}))
    parser = _PARSERS.get(kind)
    return parser(content) if parser else Opened(kind=kind)


_PARSERS: Mapping[Kind, Callable[[bytes], Opened]] = {
    Kind.PDF: open_pdf,
    Kind.ZIP: open_office,
    **dict.fromkeys((Kind.JPEG, Kind.PNG, Kind.GIF, Kind.WEBP), open_picture),
}
