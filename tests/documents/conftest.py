"""The made-up citizens of the forms' tests fill in what is shown here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "forms"))
