"""Compiled templates that outlive the application they were compiled for."""

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class TemplatesKept(BytecodeCache):
    """Keeps what was compiled until the process ends; a template that has changed is another."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was compiled from the same file when it was the same."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has just been compiled."""
        if bucket.code:
            self.kept[bucket.key, bucket.checksum] = bucket.code
