"""What a process was started with is checked as a whole, and whatever is wrong is told at once."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from forms_app.cli import demo
from forms_app.sealing.keys import new_identity_file
from forms_app.sealing.signature import new_signing_key
from forms_app.settings import (
    REPOSITORY,
    Settings,
    SettingsMissing,
    Surface,
    data_folder,
    deployment_of,
    from_environ,
)

Environ = dict[str, str]


@pytest.fixture
def environ(tmp_path: Path) -> Environ:
    """A demonstration with the shipped portal.toml and a folder of its own."""
    demo.prepare(tmp_path / "var")
    return {"PORTAL_DATA": str(tmp_path / "var")}


@pytest.fixture
def real(tmp_path: Path) -> Environ:
    """Everything that a deployment outside the demonstration needs."""
    keys = [new_identity_file(tmp_path / f"{name}.txt") for name in ("working", "recovery")]
    new_signing_key(tmp_path / "receipts.pem")
    (tmp_path / "session.secret").write_text(secrets.token_urlsafe(48) + "\n", "utf-8")
    shipped = (REPOSITORY / "portal.toml").read_text("utf-8").replace("demo = true", "demo = false")
    listed = f"\nrecipients = {list(keys)}\nchannels = "
    (tmp_path / "portal.toml").write_text(shipped.replace("\nchannels = ", listed), "utf-8")
    return {
        "PORTAL_DATA": str(tmp_path / "var"),
        "PORTAL_CONFIG": str(tmp_path / "portal.toml"),
        "PORTAL_SECRET_KEY_FILE": str(tmp_path / "session.secret"),
        "PORTAL_SIGNING_KEY_FILE": str(tmp_path / "receipts.pem"),
        "PORTAL_TRUSTED_PROXIES": "1",
    }


def told(environ: Mapping[str, str]) -> str:
    with pytest.raises(SettingsMissing) as refused:
        from_environ(environ)
    return str(refused.value)


def test_a_demonstration_needs_no_settings_but_its_own_keys(environ: Environ, tmp_path: Path) -> None:
    settings = from_environ(environ)
    data = tmp_path / "var"
    assert settings.demo
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data == data
    assert settings.database_url == f"sqlite:///{data / 'portal.sqlite'}"
    assert settings.site == REPOSITORY / "build" / "site"
    assert settings.assets == REPOSITORY / "build" / "assets"
    assert settings.journal.is_relative_to(data)
    assert settings.outbox.is_relative_to(data)
    assert len(settings.secret_key) >= 32
    assert settings.opening_keys
    assert settings.opening_keys.is_file()
    assert set(settings.recipients) == {one.key for one in settings.deployment.municipalities}


def test_a_demonstration_keeps_its_keys(environ: Environ, tmp_path: Path) -> None:
    before = from_environ(environ)
    demo.prepare(tmp_path / "var")
    after = from_environ(environ)
    assert before == after


def test_data_is_kept_in_the_checkout_unless_told_otherwise() -> None:
    assert data_folder({}) == (REPOSITORY / "var").resolve()
    assert data_folder({"PORTAL_DATA": ""}) == (REPOSITORY / "var").resolve()
    assert deployment_of({}).demo


def test_what_is_given_is_taken(environ: Environ) -> None:
    settings = from_environ(
        environ
        | {
            "DATABASE_URL": "postgresql+psycopg://portal@db/portal",
            "PORT": "8123",
            "PORTAL_SITE": "/srv/site",
            "PORTAL_ASSETS": "/srv/assets",
            "PORTAL_PAPER": "/srv/paper",
            "PORTAL_OPENING_KEYS_FILE": "/srv/opening.txt",
            "PORTAL_SECRET_KEY": "s" * 32,
        }
    )
    assert settings.database_url == "postgresql+psycopg://portal@db/portal"
    assert settings.port == 8123
    assert [settings.site, settings.assets, settings.paper] == [
        Path(f"/srv/{name}") for name in ("site", "assets", "paper")
    ]
    assert settings.opening_keys == Path("/srv/opening.txt")
    assert settings.secret_key == "s" * 32


@pytest.mark.parametrize("address", ["/run/clamav/clamd.ctl", "127.0.0.1:3310", "[::1]:3310"])
def test_a_virus_scanner_is_asked_where_it_is_said_to_be(environ: Environ, address: str) -> None:
    assert from_environ(environ | {"PORTAL_VIRUS_SCANNER": address}).virus_scanner
    assert from_environ(environ | {"PORTAL_VIRUS_SCANNER": ""}).virus_scanner is None


def test_a_virus_scanner_nowhere_is_a_fault(environ: Environ) -> None:
    assert "PORTAL_VIRUS_SCANNER must be like" in told(environ | {"PORTAL_VIRUS_SCANNER": "clamd"})


def test_a_real_deployment_starts_when_everything_is_there(real: Environ, tmp_path: Path) -> None:
    settings = from_environ(real | {"HOST": "0.0.0.0"})
    assert not settings.demo
    assert settings.host == "0.0.0.0"
    assert settings.opening_keys is None
    assert settings.secret_key == (tmp_path / "session.secret").read_text("utf-8").strip()
    assert all(len(one.keys) == 2 for one in settings.recipients.values())


def test_a_real_deployment_refuses_to_start_with_every_fault_listed(tmp_path: Path) -> None:
    shipped = (REPOSITORY / "portal.toml").read_text("utf-8")
    config = tmp_path / "portal.toml"
    config.write_text(shipped.replace("demo = true", "demo = false"), "utf-8")
    faults = told({"PORTAL_CONFIG": str(config), "PORTAL_DATA": str(tmp_path), "PORT": "eighty"})
    assert "PORTAL_SECRET_KEY" in faults
    assert "PORTAL_SIGNING_KEY_FILE" in faults
    assert "PORT must be" in faults
    for key in ("arendal", "kristiansand", "bjornafjorden", "rudersdal"):
        assert f"municipality {key}" in faults


def test_the_keys_of_a_demonstration_are_never_used_outside_it(environ: Environ, tmp_path: Path) -> None:
    shipped = (REPOSITORY / "portal.toml").read_text("utf-8")
    config = tmp_path / "portal.toml"
    config.write_text(shipped.replace("demo = true", "demo = false"), "utf-8")
    faults = told(environ | {"PORTAL_CONFIG": str(config)})
    assert faults.count("municipality ") == 4
    assert "PORTAL_SECRET_KEY" in faults


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "portal.example.org"])
def test_a_demonstration_listens_on_this_machine_only(environ: Environ, host: str) -> None:
    assert "HOST" in told(environ | {"HOST": host})


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "http", "80.5"])
def test_a_port_that_is_none_is_refused(environ: Environ, port: str) -> None:
    assert "PORT" in told(environ | {"PORT": port})


def test_a_recipient_that_is_no_key_is_told_by_municipality(real: Environ) -> None:
    path = Path(real["PORTAL_CONFIG"])
    path.write_text(path.read_text("utf-8").replace("age1", "agf1", 1), "utf-8")
    faults = told(real)
    assert "municipality arendal" in faults
    assert "rudersdal" not in faults


def test_one_recipient_is_too_few(real: Environ) -> None:
    path = Path(real["PORTAL_CONFIG"])
    lines = path.read_text("utf-8").splitlines()
    alone = [line.partition(",")[0] + "]" if line.startswith("recipients = ") else line for line in lines]
    path.write_text("\n".join(alone), "utf-8")
    assert told(real).count("municipality ") == 4


Spoil = Callable[[Path], Mapping[str, str]]


def _short(folder: Path) -> Mapping[str, str]:
    (folder / "short").write_text("hush\n", "utf-8")
    return {"PORTAL_SECRET_KEY_FILE": str(folder / "short")}


@pytest.mark.parametrize(
    "spoil",
    [
        _short,
        lambda folder: {"PORTAL_SECRET_KEY_FILE": str(folder / "absent")},
        lambda unused_folder: {"PORTAL_SECRET_KEY": "hush"},
        lambda unused_folder: {"PORTAL_SECRET_KEY_FILE": ""},
    ],
    ids=["a short file", "no such file", "short", "empty"],
)
def test_a_secret_that_is_missing_or_easily_guessed_is_refused(real: Environ, tmp_path: Path, spoil: Spoil) -> None:
    faults = told({**real, **spoil(tmp_path)})
    assert "PORTAL_SECRET_KEY" in faults
    assert "hush" not in faults


def test_a_deployment_that_cannot_be_read_is_one_of_the_faults(real: Environ, tmp_path: Path) -> None:
    faults = told({**real, "PORTAL_CONFIG": str(tmp_path / "absent.toml"), "PORT": "x"})
    assert "absent.toml" in faults
    assert "PORT must be" in faults


def test_where_mail_comes_back_to_and_where_secrets_lie_is_taken_as_given(environ: Environ) -> None:
    usual = from_environ(environ | MAIL)
    assert usual.mail
    assert (usual.mail.returns_to, usual.channel_secrets) == ("", None)
    told_so = {"PORTAL_BOUNCES_TO": f"{'b' * 22}*@example.org", "PORTAL_CHANNEL_SECRETS": "/run/secrets"}
    settings = from_environ(environ | MAIL | told_so)
    assert settings.mail
    assert settings.mail.returns_to == told_so["PORTAL_BOUNCES_TO"]
    assert settings.channel_secrets == Path("/run/secrets")


MAIL = {"PORTAL_SMTP_HOST": "smtp.example.org", "PORTAL_MAIL_FROM": "portal@example.org"}


def test_without_a_mail_server_there_is_no_mail(environ: Environ) -> None:
    settings = from_environ(environ | {"PORTAL_MAIL_FROM": "nobody", "PORTAL_SMTP_HOST": "", "PORTAL_SMTP_TLS": "?"})
    assert settings.mail is None
    assert settings.site_address == ""


@pytest.mark.parametrize(
    ("tls", "port"), [("", 587), ("starttls", 587), ("implicit", 465), ("none", 25)], ids=lambda one: str(one)
)
def test_a_mail_server_is_expected_where_such_servers_listen(environ: Environ, tls: str, port: int) -> None:
    mail = from_environ(environ | MAIL | {"PORTAL_SMTP_TLS": tls}).mail
    assert mail
    assert (mail.host, mail.port, mail.tls) == ("smtp.example.org", port, tls or "starttls")
    assert (mail.sender, mail.user, mail.ca_file) == ("portal@example.org", None, None)
    elsewhere = from_environ(environ | MAIL | {"PORTAL_SMTP_TLS": tls, "PORTAL_SMTP_PORT": "2525"}).mail
    assert elsewhere
    assert elsewhere.port == 2525


@pytest.mark.parametrize("in_a_file", [True, False])
def test_the_password_of_the_mail_server_is_never_printed(environ: Environ, tmp_path: Path, in_a_file: bool) -> None:
    (tmp_path / "mail.secret").write_text("hush\n", "utf-8")
    given = (
        {"PORTAL_SMTP_PASSWORD_FILE": str(tmp_path / "mail.secret")} if in_a_file else {"PORTAL_SMTP_PASSWORD": "hush"}
    )
    settings = from_environ(environ | MAIL | given | {"PORTAL_SMTP_USER": "portal"})
    assert settings.mail
    assert (settings.mail.user, settings.mail.password) == ("portal", "hush")
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("wrong", "told_of"),
    [
        ({"PORTAL_MAIL_FROM": ""}, "PORTAL_MAIL_FROM must be"),
        ({"PORTAL_MAIL_FROM": "Arendal <portal@example.org>"}, "PORTAL_MAIL_FROM must be"),
        ({"PORTAL_MAIL_FROM": "pørtal@example.org"}, "PORTAL_MAIL_FROM must be"),
        ({"PORTAL_SMTP_PORT": "smtp"}, "PORTAL_SMTP_PORT must be"),
        ({"PORTAL_BOUNCES_TO": "bounces@example.org"}, "PORTAL_BOUNCES_TO must be an address with one *"),
        ({"PORTAL_BOUNCES_TO": "bounces@*.example.org"}, "PORTAL_BOUNCES_TO must be an address with one *"),
        ({"PORTAL_BOUNCES_TO": "b*@*.example.org"}, "PORTAL_BOUNCES_TO must be an address with one *"),
        ({"PORTAL_BOUNCES_TO": "bounces+*"}, "PORTAL_BOUNCES_TO must be an address with one *"),
        ({"PORTAL_BOUNCES_TO": "bøx+*@example.org"}, "PORTAL_BOUNCES_TO must be an address with one *"),
        ({"PORTAL_BOUNCES_TO": f"{'b' * 23}*@example.org"}, "and at most 23 characters there"),
        ({"PORTAL_SMTP_TLS": "yes"}, "PORTAL_SMTP_TLS must be one of starttls, implicit, none"),
        ({"PORTAL_SMTP_USER": "portal"}, "PORTAL_SMTP_PASSWORD is missing"),
        ({"PORTAL_SMTP_USER": "p", "PORTAL_SMTP_PASSWORD": "hush", "PORTAL_SMTP_TLS": "none"}, "PORTAL_SMTP_USER: a"),
        ({"PORTAL_SMTP_CA_FILE": "absent.pem"}, "PORTAL_SMTP_CA_FILE: no such file"),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_told(environ: Environ, wrong: Environ, told_of: str) -> None:
    faults = told(environ | MAIL | wrong)
    assert told_of in faults
    assert ";" not in faults
    assert "hush" not in faults


def test_links_in_mails_begin_with_the_address_of_the_site(environ: Environ) -> None:
    settings = from_environ(environ | {"PORTAL_SITE_ADDRESS": "https://portal.example.org/"})
    assert settings.site_address == "https://portal.example.org"
    for wrong in ("portal.example.org", "ftp://portal.example.org", "https://", "https://portal.example.org/nb?x"):
        assert "PORTAL_SITE_ADDRESS" in told(environ | {"PORTAL_SITE_ADDRESS": wrong})


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("PORTAL_CODES_PER_HOUR", 1, 1_000_000),
        ("PORTAL_DRAFTS_PER_HOUR", 1, 1_000_000),
        ("PORTAL_SUBMISSIONS_PER_HOUR", 1, 1_000_000),
        ("PORTAL_UPLOADS_PER_HOUR", 1, 1_000_000),
        ("PORTAL_INVITATIONS_PER_HOUR", 1, 1_000_000),
        ("PORTAL_CODES_ALARM", 1, 1_000_000),
        ("PORTAL_FASTEST_SECONDS", 0, 60),
        ("PORTAL_TRUSTED_PROXIES", 0, 10),
    ],
)
def test_a_limit_is_a_number_that_makes_sense(environ: Environ, name: str, least: int, most: int) -> None:
    for right in (least, most):
        assert from_environ(environ | {name: str(right)})
    for wrong in (str(least - 1), str(most + 1), "many", "2.5", " "):
        assert told(environ | {name: wrong}) == f"{name} must be a number from {least} to {most}"


def test_outside_the_demonstration_the_proxies_must_be_named(real: Environ) -> None:
    assert from_environ(real).trusted_proxies == 1
    assert from_environ(real | {"PORTAL_TRUSTED_PROXIES": "0"}).trusted_proxies == 0
    assert "PORTAL_TRUSTED_PROXIES is not set" in told({**real, "PORTAL_TRUSTED_PROXIES": ""})


def test_the_settings_are_values(environ: Environ) -> None:
    settings = from_environ(environ)
    assert isinstance(settings, Settings)
    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize(("given", "days"), [("", 30), ("1", 1), ("365", 365)])
def test_drafts_are_kept_for_thirty_days_or_as_long_as_is_said(environ: Environ, given: str, days: int) -> None:
    assert from_environ(environ | {"PORTAL_DRAFT_DAYS": given}).draft_days == days


@pytest.mark.parametrize("given", ["0", "-1", "366", "30 days", "³"])
def test_an_impossible_number_of_days_is_refused(environ: Environ, given: str) -> None:
    with pytest.raises(SettingsMissing, match="PORTAL_DRAFT_DAYS must be a number from 1 to 365"):
        from_environ(environ | {"PORTAL_DRAFT_DAYS": given})


STAFF = {
    "PORTAL_SURFACES": "staff",
    "PORTAL_OIDC_ISSUER": "https://login.example.org/",
    "PORTAL_OIDC_SECRET": "s",
    "PORTAL_OIDC_LEVELS": "high, substantial",
    "PORTAL_STAFF_ADDRESS": "https://staff.example.org",
}


def test_outside_the_demonstration_a_process_serves_citizens_unless_told_otherwise(
    real: Environ, tmp_path: Path
) -> None:
    settings = from_environ(real)
    assert settings.surfaces == {Surface.CITIZEN}
    assert settings.login is None
    served = from_environ(real | STAFF | {"PORTAL_OPENING_KEYS_FILE": str(tmp_path / "working.txt")})
    assert served.surfaces == {Surface.STAFF}
    assert served.login
    assert served.login.issuer == "https://login.example.org"
    assert served.login.levels == ("high", "substantial")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"PORTAL_SURFACES": "staff,citizen"}, "each surface is a process of its own"),
        ({"PORTAL_SURFACES": "everybody"}, "PORTAL_SURFACES must be one of"),
        ({"PORTAL_OIDC_ISSUER": ""}, "PORTAL_OIDC_ISSUER"),
        ({"PORTAL_OIDC_ISSUER": "http://login.example.org"}, "PORTAL_OIDC_ISSUER"),
        ({"PORTAL_OIDC_LEVELS": ""}, "PORTAL_OIDC_LEVELS"),
        ({"PORTAL_STAFF_ADDRESS": ""}, "PORTAL_STAFF_ADDRESS"),
        ({"PORTAL_OPENING_KEYS_FILE": ""}, "PORTAL_OPENING_KEYS_FILE"),
    ],
)
def test_staff_are_not_served_half_safely(real: Environ, tmp_path: Path, changed: Environ, fault: str) -> None:
    whole = real | STAFF | {"PORTAL_OPENING_KEYS_FILE": str(tmp_path / "working.txt")}
    assert fault in told(whole | changed)


def test_a_demonstration_serves_both_and_starts_a_login_of_its_own(environ: Environ) -> None:
    settings = from_environ(environ)
    assert settings.surfaces == set(Surface)
    assert settings.login is None
    assert settings.staff_database_url != settings.database_url
