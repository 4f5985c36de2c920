"""What a check has to say: where, and what to write instead.

The messages are in Bokmål, which the editors of all three languages read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """What a finding stops."""

    ERROR = "feil"
    """The site build and the gate: the page cannot be shown, or would mislead."""
    FLAW = "mangel"
    """The gate (`make content`) but not the site build, so that an urgent correction is never held up by it."""
    NOTE = "merk"
    """Nothing: someone should look at it."""


class Rule(StrEnum):
    """Every rule of the content gate. A test seeds a fault against each."""

    FRONT_MATTER_UNREADABLE = "front-matter-unreadable"
    KEY_MISSING = "key-missing"
    KEY_UNKNOWN = "key-unknown"
    KEY_WRONG = "key-wrong"
    MAIN_HEADING = "main-heading"
    BOX_TITLE = "box-title"
    REFERENCE = "reference"
    PAGE_LINK = "page-link"
    UNPUBLISHED_LINK = "unpublished-link"
    ANCHOR = "anchor"
    PAGE_ADDRESS = "page-address"
    COUNTERPART_MISSING = "counterpart-missing"
    COUNTERPART_COUNTRY = "counterpart-country"
    MENU = "menu"

    RAW_ADDRESS = "raw-address"
    NUMBER = "number"
    BODY_NAME = "body-name"
    COUNTERPART_STALE = "counterpart-stale"
    PURITY = "purity"
    LIX = "lix"
    LIX_MEDIAN = "lix-median"

    MESSAGE_MISSING = "message-missing"
    MESSAGE_FUZZY = "message-fuzzy"
    MESSAGE_PLACEHOLDERS = "message-placeholders"
    MESSAGE_OBSOLETE = "message-obsolete"
    MESSAGE_PURITY = "message-purity"
    TEMPLATE_STALE = "template-stale"

    SITE_NOT_BUILT = "site-not-built"
    SITE_LANGUAGE = "site-language"
    SITE_TITLE = "site-title"
    SITE_HEADING = "site-heading"
    SITE_ID = "site-id"
    SITE_CODE = "site-code"
    SITE_PICTURE = "site-picture"
    SITE_REQUEST = "site-request"
    SITE_LINK = "site-link"
    SITE_ANCHOR = "site-anchor"

    REVIEW_DUE = "review-due"
    FACT_DUE = "fact-due"

    @property
    def weight(self) -> Weight:
        """What a fault against it stops, when it is about something people are shown."""
        if self in _NOTED:
            return Weight.NOTE
        return Weight.FLAW if self in _FOR_THE_GATE else Weight.ERROR


# The built site is only seen by the gate, so its rules are errors like those the build itself knows.
_FOR_THE_GATE = frozenset(
    {
        Rule.RAW_ADDRESS,
        Rule.NUMBER,
        Rule.BODY_NAME,
        Rule.COUNTERPART_STALE,
        Rule.PURITY,
        Rule.LIX,
        Rule.LIX_MEDIAN,
        Rule.MESSAGE_MISSING,
        Rule.MESSAGE_FUZZY,
        Rule.MESSAGE_PLACEHOLDERS,
        Rule.MESSAGE_OBSOLETE,
        Rule.MESSAGE_PURITY,
        Rule.TEMPLATE_STALE,
    }
)
_NOTED = frozenset({Rule.REVIEW_DUE, Rule.FACT_DUE})


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing for an editor to look at."""

    rule: Rule
    where: str
    """The file as the editor knows it: "docs/nb/klage.md", "translations/nb/LC_MESSAGES/messages.po"."""
    line: int
    """Counted from 1; 0 where the finding is about the whole file."""
    message: str
    is_unpublished: bool = False
    """About a page that nobody is shown yet: an editor may leave a draft half-finished, so it stops nothing."""

    @property
    def weight(self) -> Weight:
        """What it stops."""
        return Weight.NOTE if self.is_unpublished else self.rule.weight

    def __str__(self) -> str:
        """As compilers write it, so that editors jump to the line."""
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.weight}: {self.message}"


def errors(found: Iterable[Finding]) -> list[Finding]:
    """Those that stop the site build."""
    return [one for one in found if one.weight is Weight.ERROR]


def stopping(found: Iterable[Finding]) -> list[Finding]:
    """Those that stop the gate."""
    return [one for one in found if one.weight is not Weight.NOTE]
