"""Photos lose what they tell and keep how they look; what is no whole picture is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageChops, ImageOps
from sample_files import photo, picture

from forms_app.files.facts import FileFlag
from forms_app.files.inspecting import inspect
from forms_app.files.refusals import Broken, TooBigUnpacked

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>Kari</dc:creator></x:xmpmeta>"


def opened(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


def cleaned(name: str, sent: bytes) -> bytes:
    copy = inspect(name, sent).cleaned
    assert copy
    return copy


def looks_the_same(one: Image.Image, other: Image.Image) -> bool:
    """Whether no point differs more than writing a JPEG anew makes it."""
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return one.size == other.size and max(most for unused_least, most in difference.getextrema()) < 30


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_are_gone_and_the_picture_stands_as_it_was_shown(orientation: int, format: str) -> None:
    sent = photo(orientation=orientation, format=format)
    copy = opened(cleaned(f"bilde.{format.lower()}", sent))
    assert not copy.getexif()
    assert not copy.getexif().get_ifd(0x8825)
    assert looks_the_same(copy, ImageOps.exif_transpose(opened(sent)))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_words_in_xmp_are_gone(format: str) -> None:
    options = {"xmp": XMP} if format != "PNG" else {"pnginfo": _with_text()}
    sent = picture(format=format, **options)
    assert b"Kari" in sent
    copy = cleaned(f"bilde.{format.lower()}", sent)
    assert b"Kari" not in copy
    assert inspect(f"bilde.{format.lower()}", copy).cleaned is None


def _with_text() -> object:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return info


@pytest.mark.parametrize(("format", "option"), [("JPEG", "comment"), ("GIF", "comment")])
def test_comments_are_gone(format: str, option: str) -> None:
    copy = cleaned(f"bilde.{format.lower()}", picture(format=format, **{option: b"Kari"}))
    assert b"Kari" not in copy


def test_a_picture_that_tells_nothing_needs_no_copy() -> None:
    profile = Image.open(io.BytesIO(picture(format="JPEG"))).info.get("icc_profile", b"profile")
    for format in ("JPEG", "PNG", "GIF", "WEBP"):
        assert inspect(f"bilde.{format.lower()}", picture(format=format)).cleaned is None
    assert inspect("bilde.jpg", picture(format="JPEG", icc_profile=profile, dpi=(300, 300))).cleaned is None


def test_colours_and_sharpness_are_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Telefon"
    sent = picture(format="JPEG", exif=exif, icc_profile=b"profile", dpi=(300, 300), quality=97)
    copy = opened(cleaned("bilde.jpg", sent))
    assert copy.info["icc_profile"] == b"profile"
    assert copy.info["dpi"] == (300, 300)
    assert copy.quantization == opened(sent).quantization  # type: ignore[attr-defined]
    grey = picture(format="JPEG", mode="L", exif=exif)
    assert opened(cleaned("bilde.jpg", grey)).mode == "L"
    print_colours = picture(format="JPEG", mode="CMYK", exif=exif)
    assert looks_the_same(opened(cleaned("bilde.jpg", print_colours)), opened(print_colours))
    clear = picture(mode="P", transparency=0, exif=exif)
    assert opened(cleaned("bilde.png", clear)).info["transparency"] == 0


def test_facts_that_are_damaged_do_not_cost_the_photo() -> None:
    damages = [
        (b"Exif\x00\x00MM\x00*", b"Exif\x00\x00MM\x00*\xff\xff"),
        (b"Exif\x00\x00MM\x00*", b"Exif\x00\x00XX\x00*"),
        # A word in place of the number that says how the telephone was held.
        (b"\x01\x12\x00\x03", b"\x01\x12\x00\x02"),
    ]
    for whole, damaged in damages:
        sent = photo().replace(whole, damaged, 1)
        assert damaged in sent
        copy = cleaned("bilde.jpg", sent)
        assert b"Telefon" not in copy
        assert looks_the_same(opened(copy), opened(picture(format="JPEG")))


def test_only_the_first_of_the_pictures_in_one_photo_is_copied() -> None:
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")])
    copy = opened(cleaned("bilde.jpg", target.getvalue()))
    assert copy.format == "JPEG"
    assert looks_the_same(copy, Image.new("RGB", (8, 8), "red"))


def test_a_picture_that_moves_is_taken_and_marked() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    for format in ("GIF", "WEBP", "PNG"):
        target = io.BytesIO()
        frames[0].save(target, format, save_all=True, append_images=frames[1:])
        found = inspect(f"bilde.{format.lower()}", target.getvalue())
        assert (found.cleaned, found.flags) == (None, {FileFlag.UNCHECKED})


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_cut_is_broken(format: str) -> None:
    whole = picture(width=300, height=300, format=format)
    for length in (12, 30, len(whole) // 2, len(whole) - 20):
        with pytest.raises(Broken):
            inspect(f"bilde.{format.lower()}", whole[:length])


def test_a_page_of_html_behind_the_first_bytes_of_a_photo_is_broken() -> None:
    with pytest.raises(Broken):
        inspect("bilde.jpg", b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>")


def test_a_changed_byte_in_a_png_is_noticed() -> None:
    sent = bytearray(picture())
    sent[45] ^= 1
    with pytest.raises(Broken):
        inspect("bilde.png", bytes(sent))


@pytest.mark.parametrize(("width", "height"), [(8001, 8000), (12_000, 10_000), (60_000, 60_000)])
def test_a_small_file_that_says_it_is_an_enormous_picture_is_refused_unopened(width: int, height: int) -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack("!L", len(content)) + name + content + struct.pack("!L", zlib.crc32(name + content))

    header = chunk(b"IHDR", struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    with pytest.raises(TooBigUnpacked):
        inspect("bilde.png", bomb)
