"""portal.toml says who is served; what is wrong in it is told all at once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from forms_app.countries import Country, Unit
from forms_app.language import Language
from forms_app.municipality import BadDeployment, Contact, Deployment, ProcessingTime, load_deployment

Read = Callable[[str], Deployment]
SHIPPED = Path(__file__).parents[2] / "portal.toml"
UNITS = 'coordinating_unit = { nb = "eining", nn = "eining", da = "enhed" }'
WHOLE = f"""
[[municipality]]
key = "fjordvik"
name = "Fjordvik"
country = "norway"
default_language = "nn"
{UNITS}
channels = [{{ kind = "folder", opened = true }}]
recipients = ["age1a", "age1b"]
[municipality.contact]
phone = "32 12 34 56"
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Loads a portal.toml with this text."""

    def load(text: str) -> Deployment:
        path = tmp_path / "portal.toml"
        path.write_text(text, "utf-8")
        return load_deployment(path)

    return load


def test_the_shipped_example_is_a_demonstration_of_four_places() -> None:
    deployment = load_deployment(SHIPPED)
    assert deployment.demo
    assert [one.name for one in deployment.municipalities] == ["Arendal", "Kristiansand", "Bjørnafjorden", "Rudersdal"]
    assert [one.key for one in deployment.of_country(Country.DENMARK)] == ["rudersdal"]
    assert len(deployment.of_country(Country.NORWAY)) == 3
    assert not any(one.contact.is_known for one in deployment.municipalities)


@pytest.mark.parametrize(
    ("language", "country"),
    [(Language.NB, Country.NORWAY), (Language.NN, Country.NORWAY), (Language.DA, Country.DENMARK)],
)
def test_a_reader_most_likely_lives_where_their_language_is_used(language: Language, country: Country) -> None:
    assert load_deployment(SHIPPED).usual_country(language) is country


def test_where_nobody_uses_the_language_the_first_place_decides(read: Read) -> None:
    assert read(WHOLE).usual_country(Language.DA) is Country.NORWAY


def test_everything_that_is_said_is_read(read: Read) -> None:
    deployment = read(WHOLE)
    assert deployment.demo is False
    one = deployment.municipality("fjordvik")
    assert (one.name, one.country, one.default_language) == ("Fjordvik", Country.NORWAY, Language.NN)
    assert one.coordinating_unit[Language.DA] == "enhed"
    assert one.contact == Contact(phone="32 12 34 56")
    assert one.contact.is_known
    assert one.channels[0].kind == "folder"
    assert one.channels[0].opened
    assert one.recipients == ("age1a", "age1b")


LOGIN = 'user = "p", key = "k"'
CHANNELS = f"""[
  {{ kind = "sftp", {LOGIN}, host = "a.example", host_keys = ["ssh-ed25519 A"], forms = ["application"] }},
  {{ kind = "sftp", {LOGIN}, host = "b.example", host_keys = ["ssh-ed25519 B", "ssh-rsa C"], port = 2222, """
CHANNELS += """forms = ["complaint", "power_of_attorney"], opened = true },
  { kind = "notice", to = "unit@example.org", forms = ["complaint"] },
]"""


def test_each_form_has_its_channels(read: Read) -> None:
    one = read(WHOLE.replace('[{ kind = "folder", opened = true }]', CHANNELS)).municipality("fjordvik")
    assert [channel.kind for channel in one.channels_for("application")] == ["sftp"]
    assert [channel.kind for channel in one.channels_for("complaint")] == ["sftp", "notice"]
    first, second = one.channel("sftp", "application"), one.channel("sftp", "complaint")
    assert first
    assert second
    assert (first.options["host"], first.options["port"], first.options["folder"], first.opened) == (
        "a.example",
        22,
        ".",
        False,
    )
    assert (second.options["port"], second.options["host_keys"], second.opened) == (
        2222,
        ("ssh-ed25519 B", "ssh-rsa C"),
        True,
    )
    assert one.channel("notice", "application") is None


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ('["complaint", "power_of_attorney"]', '["complaint", "application"]', "kind 'sftp' for application, but"),
        ("port = 2222", 'port = "2222"', "channels: 'port' must be a whole number"),
        ("port = 2222", "port = 0", "channels: 'port' must be a whole number above 0"),
        ('["ssh-ed25519 A"]', "[]", "channels: 'host_keys' is missing or empty"),
        ('["ssh-ed25519 A"]', '"ssh-ed25519 A"', "channels: 'host_keys' must be a list"),
        ('to = "unit@example.org", ', "", "channels: 'to' is missing or empty"),
    ],
)
def test_a_wrong_channel_is_told(read: Read, written: str, instead: str, fault: str) -> None:
    assert written in CHANNELS
    with pytest.raises(BadDeployment) as refused:
        read(WHOLE.replace('[{ kind = "folder", opened = true }]', CHANNELS.replace(written, instead)))
    assert fault in str(refused.value)


def test_a_municipality_that_is_not_served_is_named(read: Read) -> None:
    with pytest.raises(BadDeployment, match="oslo"):
        read(WHOLE).municipality("oslo")


def test_all_faults_are_told_at_once(read: Read) -> None:
    text = "\n".join(
        [
            WHOLE,
            WHOLE,
            WHOLE.replace("fjordvik", "atlantis").replace('"norway"', '"atlantis"'),
            WHOLE.replace("fjordvik", "nameless").replace('name = "Fjordvik"', ""),
            WHOLE.replace("fjordvik", "faxed").replace("phone =", "fax ="),
            WHOLE.replace("fjordvik", "mute").replace('"nn"', '"en"'),
            '[[municipality]]\nname = "No key"',
        ]
    )
    with pytest.raises(BadDeployment) as refused:
        read(text)
    told = str(refused.value)
    assert "portal.toml" in told
    for fault in [
        "fjordvik: the key is used twice",
        "municipality atlantis",
        "municipality nameless: 'name' is missing",
        "municipality faxed",
        "fax",
        "municipality mute",
        "municipality ?: 'key' is missing",
    ]:
        assert fault in told


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("opened = true", 'opened = "false"', "channels: 'opened' must be true or false, without quotes"),
        ('"folder"', '"foldr"', "channels: 'kind' must be one of folder, mail, notice, sftp, webhook"),
        ("opened = true", 'forms = ["applicaton"]', "channels: each of 'forms' must be one of application"),
        ("opened = true", 'forms = "application"', "channels: 'forms' must be a list"),
        ("opened = true", 'host = "x"', "channels: nothing is called 'host' here"),
        ("opened = true", 'forms = ["application"]', "no channel hands over power_of_attorney, complaint"),
        ('"folder", opened = true', '"notice", to = "a@example.org"', "no channel hands over application, power_of"),
        ('"folder", opened', '"mail", to = "a@example.org", opened', "channels: 'mail' is never opened"),
        ('"folder", opened = true', '"webhook", url = "https://x.no"', "channels: 'secret' is missing or empty"),
        ('kind = "folder"', "kind = 3", "channels: 'kind' must be text in quotes"),
        ('kind = "folder", ', "", "channels: 'kind' is missing"),
        ('[{ kind = "folder", opened = true }]', "[]", "'channels' is missing or empty"),
        ('[{ kind = "folder", opened = true }]', '"folder"', "'channels' must be a list"),
        ('[{ kind = "folder", opened = true }]', '["folder"]', "each 'channels' must be a table"),
        ("channels = [{", 'channels = [{ kind = "folder" }, {', "two channels are of the kind 'folder'"),
        ('"fjordvik"', '"../fjordvik"', "'key' may hold a to z"),
        ('"fjordvik"', '"Fjordvik\\n"', "'key' may hold a to z"),
        ('"fjordvik"', "['fjordvik']", "'key' must be text in quotes"),
        ('"Fjordvik"', "5", "'name' must be text in quotes"),
        ('"Fjordvik"', '""', "'name' is missing or empty"),
        ('"norway"', '"sweden"', "'country' must be one of norway, denmark"),
        ('"nn"', "true", "'default_language' must be text in quotes"),
        ('nb = "eining"', "nb = 1", "coordinating_unit: 'nb' must be text in quotes"),
        ('da = "enhed"', 'da = "enhed", se = "x"', "coordinating_unit: nothing is called 'se' here"),
        ('"32 12 34 56"', "32123456", "contact: 'phone' must be text in quotes"),
        ('"age1b"', "2", "each of 'recipients' must be text in quotes"),
        ('["age1a", "age1b"]', '"age1a"', "'recipients' must be a list"),
        ("recipients =", "receivers =", "nothing is called 'receivers' here"),
        ("[[municipality]]", 'demo = "no"\n[[municipality]]', "'demo' must be true or false, without quotes"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_once(read: Read, written: str, instead: str, fault: str) -> None:
    assert written in WHOLE
    with pytest.raises(BadDeployment) as refused:
        read(WHOLE.replace(written, instead, 1))
    unused_path, *faults = str(refused.value).split("; ")
    assert [fault in told for told in faults] == [True]


def test_contact_facts_that_are_left_empty_are_not_known(read: Read) -> None:
    assert not read(WHOLE.replace("32 12 34 56", "")).municipality("fjordvik").contact.is_known
    assert not read(WHOLE.replace('phone = "32 12 34 56"', "")).municipality("fjordvik").contact.is_known


@pytest.mark.parametrize("missing", ["country", "default_language", "coordinating_unit", "channels"])
def test_what_is_missing_is_named(read: Read, missing: str) -> None:
    text = "\n".join(line for line in WHOLE.splitlines() if not line.startswith(f"{missing} ="))
    with pytest.raises(BadDeployment, match=f"fjordvik.*{missing}.*is missing"):
        read(text)


def test_a_language_without_a_word_for_the_unit_is_named(read: Read) -> None:
    with pytest.raises(BadDeployment, match="fjordvik.*da"):
        read(WHOLE.replace(', da = "enhed"', ""))


@pytest.mark.parametrize("text", ["", "demo = true", "municipality = []"])
def test_a_deployment_without_municipalities_is_refused(read: Read, text: str) -> None:
    with pytest.raises(BadDeployment, match="municipality"):
        read(text)


@pytest.mark.parametrize("text", ["[municipality]\nkey = 'x'", "municipality = 3", "municipality = ['x']"])
def test_municipalities_written_as_something_else_are_refused_in_words(read: Read, text: str) -> None:
    with pytest.raises(BadDeployment, match="municipality"):
        read(text)


def test_a_file_that_is_not_toml_is_named(read: Read) -> None:
    with pytest.raises(BadDeployment, match=r"portal\.toml"):
        read("demo = maybe")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDeployment, match=r"absent\.toml"):
        load_deployment(tmp_path / "absent.toml")


DANISH = f"""
[[municipality]]
key = "sund"
name = "Sund"
country = "denmark"
default_language = "da"
{UNITS}
channels = [{{ kind = "folder", opened = true }}]
recipients = ["age1a", "age1b"]
review_by = 2027-05-21
[municipality.processing_times]
action_plan = {{ value = 12, unit = "weeks" }}
"""


def test_a_municipality_gives_its_own_processing_times_and_when_to_look_at_them_again(read: Read) -> None:
    [municipality] = read(DANISH).municipalities
    assert municipality.processing_times == {"action_plan": ProcessingTime(number=12, unit=Unit.WEEKS)}
    assert municipality.review_by == date(2027, 5, 21)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("action_plan", "action_plans", "nothing is called 'action_plans' here"),
        ("action_plan", "child_plan", "nothing is called 'child_plan' here"),
        ("value = 12", "value = 0", "must be a whole number above 0"),
        ("value = 12", "value = true", "must be a whole number above 0"),
        ("value = 12", 'value = "12"', "'value' must be a whole number"),
        ("value = 12, ", "", "'value' is missing or empty"),
        ('"weeks"', '"fortnights"', "'unit' must be one of"),
        ('unit = "weeks"', 'unit = "weeks", law = "x"', "nothing is called 'law' here"),
        ("2027-05-21", '"2027-05-21"', "'review_by' must be a day, without quotes"),
    ],
)
def test_a_wrong_processing_time_or_review_day_is_told(read: Read, old: str, new: str, message: str) -> None:
    assert old in DANISH
    with pytest.raises(BadDeployment, match=message):
        read(DANISH.replace(old, new, 1))


def test_a_norwegian_municipality_has_no_processing_times_of_its_own(read: Read) -> None:
    with pytest.raises(BadDeployment, match="nothing is called 'action_plan' here"):
        read(DANISH.replace('"denmark"', '"norway"'))


def test_citizens_keep_a_copy_for_a_year_unless_the_municipality_says_otherwise(read: Read) -> None:
    [usual] = read(DANISH).municipalities
    assert (usual.own_copy, usual.own_copy_days) == (True, 365)
    [other] = read(DANISH.replace("review_by", "own_copy = false\nown_copy_days = 30\nreview_by")).municipalities
    assert (other.own_copy, other.own_copy_days) == (False, 30)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('own_copy = "no"', "'own_copy' must be true or false, without quotes"),
        ("own_copy_days = 0", "'own_copy_days' must be a whole number above 0"),
        ("own_copy_days = true", "'own_copy_days' must be a whole number above 0"),
    ],
)
def test_a_wrong_own_copy_is_told(read: Read, line: str, message: str) -> None:
    with pytest.raises(BadDeployment, match=message):
        read(DANISH.replace("review_by", f"{line}\nreview_by"))


TARGET = 'complaint_target = { value = 6, unit = "weeks" }'


def test_where_no_law_sets_a_time_for_complaints_a_municipality_can_set_itself_a_target(read: Read) -> None:
    assert read(WHOLE).municipality("fjordvik").complaint_target is None
    deployment = read(WHOLE.replace("recipients", f"{TARGET}\nrecipients"))
    assert deployment.municipality("fjordvik").complaint_target == ProcessingTime(number=6, unit=Unit.WEEKS)


def test_where_the_law_sets_it_the_target_is_refused_with_the_law(read: Read) -> None:
    with pytest.raises(BadDeployment, match="sund: 'complaint_target' is for .* here RSBEK § 11"):
        read(DANISH.replace("review_by", f"{TARGET}\nreview_by"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{ value = 6", "{ value = 0", "complaint_target: 'value' must be a whole number above 0"),
        ('"weeks"', '"age"', "complaint_target: 'unit' must be one of days, working_days, weeks, months"),
        ("value = 6, ", "", "complaint_target: 'value' is missing"),
        ('{ value = 6, unit = "weeks" }', "30", "'complaint_target' must be a table"),
    ],
)
def test_a_wrong_target_is_told(read: Read, old: str, new: str, message: str) -> None:
    assert old in TARGET
    with pytest.raises(BadDeployment, match=message):
        read(WHOLE.replace("recipients", f"{TARGET.replace(old, new)}\nrecipients"))
