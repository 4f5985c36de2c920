"""Photos and scans: decoded whole, and copied without the place, the camera and the words that hide in them."""

import io
import warnings

from PIL import Image, JpegImagePlugin

from forms_app.files.facts import FileFlag, Opened
from forms_app.files.kinds import Kind
from forms_app.files.refusals import TooBigUnpacked

MOST_PIXELS = 64_000_000
"""What the sharpest common telephones take; 200 MB when decoded."""

_FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.GIF: "GIF", Kind.WEBP: "WEBP"}
_BY_FORMAT = {"MPO": Kind.JPEG, **{format: kind for kind, format in _FORMATS.items()}}
"""MPO is a JPEG with more pictures behind the first, such as the depth of the scene; the copy has the first only."""

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What changes how a picture looks; the copy keeps it.
_LOOKS = frozenset({"icc_profile", "transparency", "gamma", "background", "dpi"})
# What says nothing about anyone. Whatever else a file holds makes it one to be copied without.
_HARMLESS = _LOOKS | {
    "jfif", "jfif_version", "jfif_unit", "jfif_density", "adobe", "adobe_transform", "progressive", "progression",
    "srgb", "chromaticity", "interlace", "aspect", "version", "duration", "loop", "timestamp",
}  # fmt: skip
_HARMLESS_SEGMENTS = frozenset({"APP0", "APP2", "APP14"})


def open_picture(content: bytes) -> Opened:
    """Decode every pixel. Raises TooBigUnpacked, and whatever Pillow raises for a picture that is broken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _opened(content)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise TooBigUnpacked from None


def _opened(content: bytes) -> Opened:
    formats = list(_FORMATS.values())
    with Image.open(io.BytesIO(content), formats=formats) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise TooBigUnpacked
        picture.verify()
    with Image.open(io.BytesIO(content), formats=formats) as picture:
        kind = _BY_FORMAT[picture.format or ""]
        picture.load()
        if kind is not Kind.JPEG and getattr(picture, "n_frames", 1) > 1:
            return Opened(kind=kind, flags=frozenset({FileFlag.UNCHECKED}))
        return Opened(kind=kind, cleaned=_copy(picture, kind) if _tells_more(picture) else None)


def _tells_more(picture: Image.Image) -> bool:
    """Whether the file holds anything but the picture."""
    segments = {name for name, unused_content in getattr(picture, "applist", ())}
    return bool(set(picture.info) - _HARMLESS or segments - _HARMLESS_SEGMENTS or picture.format == "MPO")


def _copy(picture: Image.Image, kind: Kind) -> bytes:
    """The picture alone, upright, and as sharp as it was."""
    turn = _UPRIGHT.get(_orientation(picture))
    bare = picture.copy() if turn is None else picture.transpose(turn)
    looks = {name: value for name, value in picture.info.items() if name in _LOOKS}
    bare.info = {}
    target = io.BytesIO()
    bare.save(target, _FORMATS[kind], **looks, **_quality(picture, kind))
    return target.getvalue()


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # Facts about a photo are often damaged; the photo is not the worse for it.
        return 1


def _quality(picture: Image.Image, kind: Kind) -> dict[str, object]:
    """A photo is written as finely as it was, so that the copy looks the same and is not much larger."""
    if kind is Kind.WEBP:
        return {"quality": 90}
    if kind is not Kind.JPEG:
        return {}
    tables = getattr(picture, "quantization", {})
    if not tables or max(max(table) for table in tables.values()) > 255:
        return {"quality": 90}
    return {"qtables": tables, "subsampling": JpegImagePlugin.get_sampling(picture)}
