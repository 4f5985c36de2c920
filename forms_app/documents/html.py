"""Blocks as one HTML file that needs nothing else, for the receiver's folder."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from forms_app.documents.blocks import Answered, Block, Heading, Paragraph
from forms_app.language import current
from forms_app.language import gettext as _

_STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem }
dt { font-weight: 600; margin-top: 0.75rem }
"""


def to_html(title: str, blocks: Iterable[Block]) -> str:
    """A complete page in the current language."""
    body = Markup("\n").join(_elements(blocks))
    return str(
        Markup(
            '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n<title>{}</title>\n'
            "<style>{}</style>\n</head>\n<body>\n{}\n</body>\n</html>\n"
        ).format(current(), title, Markup(_STYLE), body)  # noqa: S704 - a constant of ours
    )


def _elements(blocks: Iterable[Block]) -> Iterator[Markup]:
    level = 1
    for block in blocks:
        match block:
            case Heading(text):
                yield Markup("<h{0}>{1}</h{0}>").format(level, text)
                level = 2
            case Paragraph(text):
                yield Markup("<p>{}</p>").format(text)
            case Answered(question, lines):
                shown = Markup("<br>").join(escape(line) for line in lines or (_("Not answered"),))
                yield Markup("<dl><dt>{}</dt><dd>{}</dd></dl>").format(question, shown)
