"""Python-Markdown extension that fills in facts, blocks and form links, whichever site builder is used."""

import re
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from forms_app.municipality import Deployment
from guidance.blocks import block
from guidance.pages import Page
from guidance.references import REFERENCE, UnknownReference, address, blocks, phrase

# Before Markdown looks for HTML and blocks, but after it has cleaned up line ends.
_FILL_PRIORITY = 28
# After the site builder has resolved links between pages; it leaves unknown schemes such as `form:` alone.
_LINK_PRIORITY = -10


class GuidanceMarkup(Extension):
    """Renders one page at a time: set `page` before each.

    While a page is being written a reference that nothing answers to is `forgiving`ly shown where it stands; otherwise
    it raises UnknownReference.
    """

    def __init__(self, deployment: Deployment, *, forgiving: bool = False) -> None:
        super().__init__()
        self.deployment = deployment
        self.forgiving = forgiving
        self.page: Page | None = None

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Python-Markdown."""
        md.preprocessors.register(_Fill(md, self), "guidance-fill", _FILL_PRIORITY)
        md.treeprocessors.register(_Links(md, self), "guidance-links", _LINK_PRIORITY)
        md.treeprocessors.register(_Tables(md), "guidance-tables", _LINK_PRIORITY - 1)

    @property
    def current(self) -> Page:
        """The page being rendered."""
        if self.page is None:
            raise UnknownReference("no page was set before rendering")
        return self.page


def filled(text: str, page: Page, *, forgiving: bool = False) -> str:
    """`text` with every fact in it written out. Raises UnknownReference naming the file, unless `forgiving`."""

    def fill(match: re.Match[str]) -> str:
        try:
            return phrase(match["name"], page)
        except UnknownReference as error:
            if forgiving:
                return f"⚠ {match['name']}"
            raise UnknownReference(f"{page.where}: {error}") from None

    return REFERENCE.sub(fill, text)


class _Fill(Preprocessor):
    def __init__(self, md: Markdown, markup: GuidanceMarkup) -> None:
        super().__init__(md)
        self.markup = markup

    def run(self, lines: list[str]) -> list[str]:
        """Write out the blocks, then the facts inside sentences."""
        page = self.markup.current
        parts, end, text = [], 0, "\n".join(lines)
        for match in blocks(text):
            made = block(match["name"], page, self.markup.deployment)
            # HTML is put aside, so that Markdown leaves it alone; tables are Markdown.
            kept = self.md.htmlStash.store(made) if made.startswith("<") else made
            parts += [text[end : match.start()], f"\n{kept}\n"]
            end = match.end()
        return filled("".join([*parts, text[end:]]), page, forgiving=self.markup.forgiving).split("\n")


class _Links(Treeprocessor):
    def __init__(self, md: Markdown, markup: GuidanceMarkup) -> None:
        super().__init__(md)
        self.markup = markup

    def run(self, root: Element) -> None:
        """Point `form:`, `law:` and `site:` links at what they name."""
        page = self.markup.current
        for link in root.iter("a"):
            scheme, colon, key = link.get("href", "").partition(":")
            if colon and scheme in ("form", "law", "site"):
                try:
                    link.set("href", address(scheme, key, page))
                except UnknownReference as error:
                    if self.markup.forgiving:
                        link.set("href", "#")
                        continue
                    raise UnknownReference(f"{page.where}: {error}") from None


class _Tables(Treeprocessor):
    def run(self, root: Element) -> None:
        """Prepare tables for narrow screens, where each row becomes a card and each cell carries its heading.

        The roles keep them tables for assistive technology when the stylesheet no longer lays them out so.
        """
        for table in root.iter("table"):
            table.set("role", "table")
            headings = ["".join(cell.itertext()) for cell in table.iter("th")]
            for row in table.iter("tr"):
                row.set("role", "row")
                for heading, cell in zip(headings, row, strict=False):
                    if cell.tag == "th":
                        cell.set("role", "columnheader")
                    else:
                        cell.set("role", "cell")
                        cell.set("data-label", heading)
            for part in table:
                part.set("role", "rowgroup")
