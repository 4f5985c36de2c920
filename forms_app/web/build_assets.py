"""Builds the stylesheets, icons and font that pages load, from the npm packages that package-lock.json pins.

Run as `python -m forms_app.web.build_assets` after `npm ci`. Nothing is fetched. The same inputs give the
same result; it is swapped in whole, and left alone when no input has changed.
"""

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

from forms_app.errors import PortalError

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "build" / "assets"
ICONS_URL = "/static/assets/icons"

# The layer each piece belongs to and their order are those of the package's own index.css.
BASE = ("base", "heading", "label", "paragraph", "validation-message")
COMPONENTS = (
    "link", "data-size-workaround", "button", "input", "field", "fieldset", "file-upload", "alert",
    "skip-link", "details", "list", "card", "divider", "tag", "error-summary", "table", "breadcrumbs",
)  # fmt: skip

# What a page of the forms loads: one stylesheet, and one script if any, because each request costs a slow phone a
# journey there and back. Names without a folder are made here.
STYLESHEET: tuple[str, ...] = (
    "theme.css", "designsystemet.css", "forms_app/web/shared/css/tokens.css", "forms_app/web/shared/css/chrome.css",
    "forms_app/web/static/forms.css",
)  # fmt: skip
STAFF_STYLESHEET = (*STYLESHEET, "forms_app/web/static/staff.css")
SCRIPTS = {
    "staff.js": ("forms_app/web/static/staff.js",),
    "step.js": ("forms_app/web/static/language.js",),
    "upload.js": ("forms_app/web/static/upload.js",),
    "step-with-files.js": ("forms_app/web/static/language.js", "forms_app/web/static/upload.js"),
}

FONT_LIMIT = 40_000
# The keyboard's letters, Latin-1 and the typography our texts use, as @font-face in chrome.css says.
# Other letters, Sami ones among them, come from the reader's own font.
FONT_RANGES = ((0x20, 0x7E), (0xA0, 0xFF))
FONT_EXTRA = "Œœ–—‘’‚“”„•…‹›€↑↓−"
SUBSET_SCRIPT = """
import {readFileSync, writeFileSync} from "node:fs";
import subset from "subset-font";
const [source, target, letters] = process.argv.slice(1);
const options = {targetFormat: "woff2", variationAxes: {wght: {min: 400, max: 700, default: 400}}};
writeFileSync(target, await subset(readFileSync(source), letters, options));
"""


class AssetsNotBuilt(PortalError):
    """The look of the pages could not be built: it needs Node 20.20 or newer, and `npm ci` run first."""


def main() -> None:
    """Build into build/assets, or say that it is up to date."""
    built = build(ROOT, TARGET)
    sys.stdout.write(f"assets: {'built' if built else 'up to date'} in {TARGET.relative_to(ROOT)}\n")


def build(root: Path, target: Path) -> bool:
    """Build the assets of the checkout `root` into `target`; False when up to date. Raises AssetsNotBuilt."""
    stamp = fingerprint(root)
    stamp_file = target / ".stamp"
    if stamp_file.is_file() and stamp_file.read_text("ascii") == stamp:
        stamp_file.touch()  # make compares times
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".assets-") as scratch:
        fresh = Path(scratch) / "fresh"
        (fresh / "icons").mkdir(parents=True)
        _write_stylesheet(root, fresh)
        _write_theme(root, fresh / "theme.css", Path(scratch))
        _write_font(root, fresh / "inter.woff2")
        _write_bundles(root, fresh)
        (fresh / ".stamp").write_text(stamp, "ascii")
        if target.exists():
            target.rename(Path(scratch) / "old")
        fresh.rename(target)
    return True


def fingerprint(root: Path) -> str:
    """SHA-256 over everything the result depends on; the lock file stands for the packages."""
    digest = hashlib.sha256()
    bundled = sorted({root / path for path in (*STAFF_STYLESHEET, *sum(SCRIPTS.values(), ())) if "/" in path})
    for path in (root / "package-lock.json", root / "designsystemet.config.json", Path(__file__), *bundled):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cut_stylesheet(pieces: Path) -> str:
    """The design system's stylesheet with only the pieces we use."""

    def layer(name: str, stems: tuple[str, ...]) -> str:
        rules = "\n".join((pieces / f"{stem}.css").read_text("utf-8") for stem in stems)
        return f"@layer ds.{name}{{\n{rules}}}\n"

    order = "@layer ds.theme, ds.base, ds.components;\n"
    return order + layer("base", BASE) + layer("components", COMPONENTS)


def move_icons(css: str, folder: Path) -> str:
    """Write each inline SVG to a file named by its content, because our policy allows no `data:` address."""

    def to_file(match: re.Match[str]) -> str:
        drawing = unquote(match["address"].split(",", 1)[1])
        name = hashlib.sha256(drawing.encode()).hexdigest()[:12] + ".svg"
        (folder / name).write_text(drawing, "utf-8")
        return f'url("{ICONS_URL}/{name}")'

    return re.sub(r"""url\((?P<quote>['"])(?P<address>data:image/svg\+xml.*?)(?P=quote)\)""", to_file, css)


def _write_stylesheet(root: Path, target: Path) -> None:
    pieces = root / "node_modules" / "@digdir" / "designsystemet-css" / "dist" / "src"
    if not pieces.is_dir():
        raise AssetsNotBuilt("node_modules lacks @digdir/designsystemet-css")
    css = move_icons(cut_stylesheet(pieces), target / "icons")
    if "data:" in css:
        raise AssetsNotBuilt("an inline image was left in designsystemet.css")
    (target / "designsystemet.css").write_text(css, "utf-8")


def _write_theme(root: Path, target: Path, scratch: Path) -> None:
    command = root / "node_modules" / "@digdir" / "designsystemet" / "dist" / "bin" / "designsystemet.js"
    config = ("--config", str(root / "designsystemet.config.json"))
    _node(scratch, str(command), "tokens", "create", *config)
    _node(scratch, str(command), "tokens", "build", *config, "-t", "design-tokens", "-o", "theme")
    shutil.copyfile(scratch / "theme" / "portal.css", target)


def _write_font(root: Path, target: Path) -> None:
    files = root / "node_modules" / "@fontsource-variable" / "inter" / "files"
    letters = "".join(chr(code) for first, last in FONT_RANGES for code in range(first, last + 1))
    source = str(files / "inter-latin-wght-normal.woff2")
    _node(root, "--input-type=module", "-e", SUBSET_SCRIPT, source, str(target), letters + FONT_EXTRA)
    size = target.stat().st_size
    if size > FONT_LIMIT:
        raise AssetsNotBuilt(f"inter.woff2 is {size} bytes, the limit is {FONT_LIMIT}")


def _write_bundles(root: Path, target: Path) -> None:
    """Also compressed, as the web server of the portal only compresses what lies there compressed."""
    (target / "forms").mkdir()
    for name, parts in (("forms.css", STYLESHEET), ("staff.css", STAFF_STYLESHEET)):
        css = "".join((root / path if "/" in path else target / path).read_text("utf-8") for path in parts)
        _write_compressed(target / "forms" / name, css)
    for name, parts in SCRIPTS.items():
        # In a block each keeps its names to itself.
        js = "".join(f"{{\n{(root / path).read_text('utf-8')}}}\n" for path in parts)
        _write_compressed(target / "forms" / name, js)


def _write_compressed(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def _node(folder: Path, *arguments: str) -> None:
    node = shutil.which("node")
    if node is None:
        raise AssetsNotBuilt("no node on the path")
    # The arguments are our own constants and paths, never anything a visitor sent.
    done = subprocess.run([node, *arguments], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise AssetsNotBuilt(done.stderr.strip()[-2000:])


if __name__ == "__main__":
    main()
