"""`python -m guidance`: checks the guidance and the built site; a finding a line, status 1 if any is a fault."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from guidance.checks import check_site
from guidance.findings import errors
from guidance.pages import read_pages
from guidance.rules import check_facts, check_pages


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found; the exit status for `make`."""
    parser = argparse.ArgumentParser(prog="python -m guidance", description=__doc__)
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the Markdown pages")
    parser.add_argument("--site", type=Path, default=Path("build/site"), help="the built site")
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="as if it were this day")
    options = parser.parse_args(arguments)
    pages = read_pages(options.docs)
    found = check_pages(pages, today=options.today)
    found += check_facts(today=options.today)
    found += check_site(options.site)
    sys.stdout.writelines(f"{one}\n" for one in found)
    wrong = len(errors(found))
    sys.stdout.write(f"{len(pages)} sider, {wrong} feil, {len(found) - wrong} til gjennomgang\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
