"""`make proof-acceptance`: every test of real processes on both databases, with one worker and with three, and with
each form; what came of it is written down in `proofs/acceptance.md`.
"""

import re
import sys
from collections import Counter

from forms_app.settings import REPOSITORY
from tests import proving

RESULT = REPOSITORY / "proofs" / "acceptance.md"
_HEAD = """# Acceptance: the tests of real processes, in every combination

Written by `make proof-acceptance`, newest last. `make test` runs each of these tests once, and takes turns.
"""
_PARAMETERS = re.compile(r"\[(?P<kind>sqlite|postgresql)(?:-(?P<workers>[13])\b|-[^]-]*)*\]")


def main() -> int:
    """0 only if everything passed."""
    done = proving.run("-n", "2", "--dist", "loadgroup", "--every-combination", "tests/acceptance")
    passed = Counter(_combination(one.name) for one in done.having("passed"))
    table = (f"| {kind} | {workers} | {number} |" for (kind, workers), number in sorted(passed.items()))
    return proving.write_down(RESULT, _HEAD, done, ["\n| database | workers | passed |", "|---|---|---|", *table])


def _combination(name: str) -> tuple[str, str]:
    found = _PARAMETERS.search(name)
    return (found["kind"], found["workers"] or "1") if found else ("of one kind only", "1")


if __name__ == "__main__":
    sys.exit(main())
