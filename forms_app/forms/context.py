"""What a form must know of the world to ask its questions: whose law applies, who can receive it, and what was said
so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forms_app.countries import Country, CountryRules
from forms_app.municipality import Municipality


@dataclass(frozen=True, kw_only=True)
class Context:
    """Passed to every step; holds values only.

    `answers` is flat (question name to JSON value) and holds the steps answered so far; `today` is the citizen's
    own day. A demonstration takes the made-up identity numbers of the population registers' test populations
    without asking twice.
    """

    rules: CountryRules
    municipalities: tuple[Municipality, ...]
    today: date
    takes_test_numbers: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def country(self) -> Country:
        """Whose law applies."""
        return self.rules.country

    @property
    def municipality(self) -> Municipality | None:
        """The receiver, once it is chosen."""
        chosen = self.answers.get("municipality")
        return next((one for one in self.municipalities if one.key == chosen), None)
