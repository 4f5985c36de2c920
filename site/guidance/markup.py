"""Python-Markdown extension that fills in facts, blocks and form links, whichever site builder is used."""

from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from forms_app.municipality import Deployment
from guidance.blocks import contact_cards, statute_table
from guidance.pages import Page
from guidance.references import BLOCK, REFERENCE, UnknownReference, form_address, phrase

# Before Markdown looks for HTML and blocks, but after it has cleaned up line ends.
_FILL_PRIORITY = 28
# After the site builder has resolved links between pages; it leaves unknown schemes such as `form:` alone.
_LINK_PRIORITY = -10


class GuidanceMarkup(Extension):
    """Renders one page at a time: set `page` before each."""

    def __init__(self, deployment: Deployment) -> None:
        super().__init__()
        self.deployment = deployment
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


def filled(text: str, page: Page) -> str:
    """`text` with every fact in it written out. Raises UnknownReference naming the file."""
    try:
        return REFERENCE.sub(lambda match: phrase(match["name"], page), text)
    except UnknownReference as error:
        raise UnknownReference(f"{page.where}: {error}") from None


class _Fill(Preprocessor):
    def __init__(self, md: Markdown, markup: GuidanceMarkup) -> None:
        super().__init__(md)
        self.markup = markup

    def run(self, lines: list[str]) -> list[str]:
        """Write out blocks first, then the facts inside sentences."""
        text = BLOCK.sub(lambda match: f"\n{self._block(match['name'])}\n", "\n".join(lines))
        return filled(text, self.markup.current).split("\n")

    def _block(self, name: str) -> str:
        page = self.markup.current
        if name == "sources":
            return statute_table(page.countries, page.language)
        cards = contact_cards(self.markup.deployment, page.countries, page.language)
        return str(self.md.htmlStash.store(cards))


class _Links(Treeprocessor):
    def __init__(self, md: Markdown, markup: GuidanceMarkup) -> None:
        super().__init__(md)
        self.markup = markup

    def run(self, root: Element) -> None:
        """Point `form:` links at the form in the page's language."""
        page = self.markup.current
        for link in root.iter("a"):
            address = link.get("href", "")
            if address.startswith("form:"):
                try:
                    link.set("href", form_address(address.removeprefix("form:"), page.language))
                except UnknownReference as error:
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
