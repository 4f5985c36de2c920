"""The commands that the README tells operators to type, as they stand there."""

import re

from tests.house.house import ROOT

_BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def commands_below(heading: str) -> list[str]:
    """Each block of commands in the section that begins with this heading, as one script."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = re.split(r"^#+ ", text.partition(f"\n### {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    found = [(indent, block) for indent, block in _BLOCK.findall(section)]
    return ["\n".join(line.removeprefix(indent) for line in block.splitlines()) for indent, block in found]
