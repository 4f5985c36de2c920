"""What is typed is what the receipt lists, what the case worker opens and what the JSON says: for every form, language,
country and way through the questions. Here a small sample that is the same each time; `make proof-journeys` draws more.
"""

from collections.abc import Iterator

import hypothesis
import pytest
import structlog
from agreement import Town, demand_agreement
from drawn_plans import Plan, Way, plans, ways
from drawn_walk import Walk
from hypothesis import Phase, given
from plain_browser import PlainBrowser

from forms_app.countries import Country
from forms_app.forms.definition import FormKey
from forms_app.language import Language


def sample() -> list[Way]:
    """Every way through each form in each country, in one language or another; every form in each language."""
    taken = []
    for form in FormKey:
        for country in Country:
            all_ways = [ways(form, language, country) for language in Language]
            longest = max(len(all_ways[0]), len(all_ways))
            taken += [all_ways[i % 3][i % len(all_ways[0])] for i in range(longest)]
    return taken


def _name(way: Way) -> str:
    return "-".join([way.form, way.country, way.language, *way.path.values()])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    founded = Town.found(tmp_path_factory.mktemp("town"))
    yield founded
    founded.close()
    structlog.reset_defaults()


@pytest.mark.parametrize("way", sample(), ids=_name)
def test_what_is_typed_is_what_everybody_reads(town: Town, way: Way) -> None:
    @hypothesis.settings(max_examples=2, phases=[Phase.generate])
    @given(plan=plans(way))
    def go(plan: Plan) -> None:
        walk = Walk(PlainBrowser(town.app), plan)
        demand_agreement(town, walk, walk.to_review())

    go()
