"""`python -m guidance`: the content gate. One line a finding, then how readable each page is; status 1 if it stops."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from guidance import overview
from guidance.findings import Weight, stopping
from guidance.gate import check_all, check_written
from guidance.pages import read_pages
from guidance.report import readability


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found; the exit status for `make`."""
    options = _options(arguments)
    pages = read_pages(options.docs)
    found = (
        check_written(pages, docs=options.docs, today=options.today)
        if options.only_written
        else check_all(pages, docs=options.docs, site=options.site, root=options.root, today=options.today)
    )
    sys.stdout.writelines(f"{one}\n" for one in found)
    sys.stdout.writelines(f"{line}\n" for line in readability(pages))
    if options.overview:
        overview.write(options.overview, pages, options.today)
    counts = ", ".join(f"{sum(one.weight is weight for one in found)} {weight}" for weight in Weight)
    sys.stdout.write(f"{len(pages)} sider: {counts}\n")
    return 1 if stopping(found) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m guidance", description=__doc__)
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the Markdown pages")
    parser.add_argument("--site", type=Path, default=Path("build/site"), help="the built site")
    parser.add_argument("--only-written", action="store_true", help="neither the built site nor the catalogues")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout with the code and its catalogues")
    parser.add_argument("--overview", type=Path, help="write the overview for staff into this folder")
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="as if it were this day")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
