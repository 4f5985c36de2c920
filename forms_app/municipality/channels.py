"""The kinds of channel there are, and what `portal.toml` says of each.

A new one is an entry here and a file of its name in `delivery/channels`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ChannelKind:
    """What the table of such a channel holds besides `kind`, `forms` and `opened`.

    `must` names what has to stand there with its type; `may` what is usual where nothing does. A list is one of texts.
    """

    must: Mapping[str, type] = field(default_factory=dict)
    may: Mapping[str, Any] = field(default_factory=dict)
    can_be_opened: bool = True
    """Whether it may carry clear text."""
    hands_over: bool = True
    """Whether it is enough for a form to go there; word that something has come in is not."""


CHANNEL_KINDS: dict[str, ChannelKind] = {
    "folder": ChannelKind(),
    "sftp": ChannelKind(
        must={"host": str, "user": str, "host_keys": list, "key": str}, may={"port": 22, "folder": "."}
    ),
    "webhook": ChannelKind(must={"url": str, "secret": str}, may={"ca": "", "acknowledged_by": ()}),
    "mail": ChannelKind(must={"to": str}, can_be_opened=False),
    "notice": ChannelKind(must={"to": str}, can_be_opened=False, hands_over=False),
}
"""By the name that stands in `portal.toml` and with each delivery: never change one."""


@dataclass(frozen=True, kw_only=True)
class ChannelSettings:
    """Where submissions are handed over. `opened` means in clear text: the receiver's own systems then protect it.

    In a municipality each form goes once through each kind: a delivery is known by its kind and its submission.
    """

    kind: str
    """One of CHANNEL_KINDS."""
    forms: tuple[str, ...] = ()
    """The keys of the forms that go there; without any, all do."""
    opened: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the kind's `must` and `may` name."""

    def takes(self, form: str) -> bool:
        """Whether such a form goes there."""
        return not self.forms or form in self.forms
