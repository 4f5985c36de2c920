"""Files as citizens send them: whole and small, each made here so that nothing in them is anybody's."""

import io
import zipfile

from PIL import Image

from forms_app.files.kinds import Kind

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every virus scanner finds and nobody is harmed by. In two parts, so that none finds this file."""
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)
PLACE = (59.0, 54.0, 45.0)
"""Where the sample photo was taken."""
_GPS, _ORIENTATION, _CAMERA = 0x8825, 0x0112, 0x010F

_DOCX_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>{more}</Types>'
)
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_RELATION = (
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}" TargetMode="{}"/>'
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)
_CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"><office:scripts>{}</office:scripts>'
    "</office:document-content>"
)


def pdf(words: bytes = b"Et brev", *, root: bytes = b"", objects: tuple[bytes, ...] = ()) -> bytes:
    """A PDF of one page that shows the words; `root` joins the catalogue, `objects` are numbered from 6."""
    stream = b"BT /F1 12 Tf 72 720 Td <" + words.hex().encode() + b"> Tj ET"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + root + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    ]
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def pdf_with(content: bytes) -> bytes:
    """A PDF that carries these bytes in a stream that nothing shows."""
    return pdf(objects=(b"<< /Length %10d >>\nstream\n%b\nendstream" % (len(content), content),))


def large_pdf(size: int) -> bytes:
    """A PDF of exactly so many bytes."""
    empty = len(pdf_with(b""))
    # The place of the table has more digits in a large file.
    for length in range(size - empty, size - empty - 20, -1):
        made = pdf_with(bytes(length))
        if len(made) == size:
            return made
    raise AssertionError(size)


def photo(*, width: int = 60, height: int = 40, orientation: int = 6, format: str = "JPEG") -> bytes:
    """A photo that tells where and with what it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[_ORIENTATION], exif[_CAMERA] = orientation, "Telefon"
    exif.get_ifd(_GPS).update({1: "N", 2: PLACE, 3: "E", 4: PLACE})
    return picture(width=width, height=height, format=format, exif=exif)


def picture(*, width: int = 60, height: int = 40, format: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    """A picture of soft colours in which every corner is another."""
    shade = Image.linear_gradient("L")
    drawn = Image.merge("RGB", (shade, shade.rotate(90), Image.new("L", shade.size, 90)))
    target = io.BytesIO()
    drawn.resize((width, height)).convert(mode).save(target, format, **options)
    return target.getvalue()


def docx(*, relation: tuple[str, str, str] | None = None, types: str = "", **parts: bytes) -> bytes:
    """A Word file; more parts are named with two underscores for the slash, and "_dot_" for the dot."""
    relations = _RELATION.format(*relation) if relation else ""
    return zipped(
        {
            "[Content_Types].xml": _DOCX_TYPES.format(more=types).encode(),
            "word/document.xml": b"<document/>",
            "word/_rels/document.xml.rels": _RELATIONS.format(relations).encode(),
            **_named(parts),
        }
    )


def odt(*, entries: str = "", scripts: str = "", mimetype: str = Kind.ODT, **parts: bytes) -> bytes:
    """An OpenDocument text; parts as in `docx`."""
    return zipped(
        {
            "mimetype": mimetype.encode(),
            "META-INF/manifest.xml": _MANIFEST.format(entries).encode(),
            "content.xml": _CONTENT.format(scripts).encode(),
            **_named(parts),
        }
    )


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _named(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace("_dot_", ".").replace("__", "/"): content for name, content in parts.items()}
