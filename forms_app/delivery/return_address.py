"""Where mail comes back to that nobody took: an address for each delivery, so that a report tells by itself of which.

The address holds the submission's id and an HMAC over the delivery's key under the portal's secret key: whoever has not
got our mail cannot make one up, and so cannot have a delivery marked as failed.
"""

import base64
import binascii
import hmac
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

_LABEL = b"portal return address v1\0"
_ID_BYTES, _MAC_BYTES = 16, 10
_TAG = r"([a-z2-7]{42})"


@dataclass(frozen=True, kw_only=True)
class ReturnAddresses:
    """`pattern` is an address with one `*` where the tag of a delivery goes: `bounces+*@example.org`."""

    pattern: str
    secret_key: str = field(repr=False)

    def of(self, key: str) -> str:
        """The address of the delivery with this key."""
        return self.pattern.replace("*", self.tag(key))

    def tag(self, key: str) -> str:
        """What stands for the delivery: letters and digits, and the same whether they are written small or not."""
        id = uuid.UUID(key.rpartition(":")[2]).bytes
        return base64.b32encode(id + self._mac(key)).decode().rstrip("=").lower()

    def key_in(self, text: str, kinds: Iterable[str]) -> str | None:
        """The key of the delivery of one of these kinds that an address, or any text with one in it, belongs to."""
        before, after = (re.escape(part) for part in self.pattern.split("*"))
        for tag in re.findall(f"{before}{_TAG}{after}", text, re.IGNORECASE):
            if key := self.key_of(tag, kinds):
                return key
        return None

    def key_of(self, tag: str, kinds: Iterable[str]) -> str | None:
        """The key of the delivery of one of these kinds that has this tag."""
        try:
            raw = base64.b32decode(tag.upper() + "=" * (-len(tag) % 8))
        except binascii.Error:
            return None
        id, mac = raw[:_ID_BYTES], raw[_ID_BYTES:]
        keys = [f"{kind}:{uuid.UUID(bytes=id)}" for kind in kinds] if len(raw) == _ID_BYTES + _MAC_BYTES else []
        return next((key for key in keys if hmac.compare_digest(self._mac(key), mac)), None)

    def _mac(self, key: str) -> bytes:
        return hmac.new(self.secret_key.encode(), _LABEL + key.encode(), sha256).digest()[:_MAC_BYTES]
