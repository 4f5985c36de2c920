"""`make proof-units`: the README's recipe for a machine, followed on a Debian that boots; written down in
`proofs/units.md`.
"""

import sys

from forms_app.settings import REPOSITORY
from tests import proving

RESULT = REPOSITORY / "proofs" / "units.md"
_HEAD = """# Units: the README's recipe for a machine of its own, typed into one that boots

Written by `make proof-units`, newest last. systemd, PostgreSQL and nginx are Debian's, in namespaces of their own.
"""


def main() -> int:
    """0 only if everything passed."""
    done = proving.run("tests/deploy/booted_units.py")
    named = (f"- {one.name.removeprefix('test_').replace('_', ' ')}" for one in done.having("passed"))
    return proving.write_down(RESULT, _HEAD, done, ["", *named])


if __name__ == "__main__":
    sys.exit(main())
