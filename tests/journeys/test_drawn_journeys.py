"""What is typed is what the receipt lists, what the case worker opens and what the JSON says: for every form, language,
country and way through the questions. Here a small sample that is the same each time; `make proof-journeys` draws more.
"""

from collections.abc import Iterator

import hypothesis
import pytest
import structlog
from agreement import Town, demand_agreement
from drawn_plans import plans
from drawn_walk import Walk
from drawn_ways import Plan, Way, ways
from hypothesis import Phase, given
from hypothesis import strategies as st
from plain_browser import PlainBrowser
from reached import combination, combinations, everything, path, reached

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


def test_the_sample_has_every_combination_and_every_way() -> None:
    gone = {(way.form, way.country, path(way)) for way in sample()}
    assert {combination(way) for way in sample()} == set(combinations())
    for form in FormKey:
        for country in Country:
            assert {(form, country, path(way)) for way in ways(form, Language.NB, country)} <= gone


def test_all_that_is_counted_can_be_come_to() -> None:
    """Else the proof could never be finished; and a new question is counted without a word about it here."""
    places = everything()
    assert {place.split()[0] for place in places} == set(FormKey)
    assert "complaint denmark service service = committee" in places
    assert "complaint norway service service = committee" not in places
    assert "application norway bodies bodies kind = nav" in places
    assert "application norway authority authority = given_here" in places
    assert "power_of_attorney norway reach phone left" in places


@hypothesis.settings(max_examples=20, phases=[Phase.generate])
@given(data=st.data())
def test_what_is_drawn_is_among_what_is_counted(data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(sample()))
    assert reached(data.draw(plans(way))) <= everything()


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
