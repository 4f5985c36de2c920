"""`make proof-load`: what it costs to have up to a million cases; each row is written into `proofs/load.md` when it is
measured.

Which rows were measured is kept in `build/`, so that a run that was stopped goes on with the next one. They count for
the code they were measured with.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256

import growth

from forms_app.settings import REPOSITORY

PROGRESS = REPOSITORY / "build" / "proofs" / "load.json"
RESULT = REPOSITORY / "proofs" / "load.md"
CASES = (1_000, 10_000, 100_000, 1_000_000)
_HEAD = """# Load: what it costs to have many cases

Written by `make proof-load`, newest last. Median / 99th percentile. All cases are open and belong to one municipality,
which is worse than anything real.
"""


def main() -> None:
    """Measure what was not measured yet."""
    measured = _measured()
    missing = [(kind, cases) for cases in CASES for kind in growth.KINDS if f"{kind} {cases}" not in measured]
    if missing:
        _write(f"\n## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {growth.machine()}\n\n{growth.HEAD}")
    for kind, cases in missing:
        _write(growth.measure(kind, cases))
        measured.append(f"{kind} {cases}")
        PROGRESS.parent.mkdir(parents=True, exist_ok=True)
        PROGRESS.write_text(json.dumps({"code": _code(), "measured": measured}), "utf-8")


def _write(text: str) -> None:
    print(text, flush=True)
    before = RESULT.read_text("utf-8") if RESULT.exists() else _HEAD
    RESULT.write_text(f"{before}{text}\n", "utf-8")


def _measured() -> list[str]:
    if not PROGRESS.exists() or (kept := json.loads(PROGRESS.read_text("utf-8")))["code"] != _code():
        return []
    return list(kept["measured"])


def _code() -> str:
    digest = sha256()
    for folder in ("forms_app", "bench"):
        for file in sorted((REPOSITORY / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    main()
