"""`portal check --production` refuses what is unsafe, each with a sentence and what to do, and is content otherwise."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from command import Command

from forms_app.books.canaries import Confirmer
from forms_app.cli.finding import Finding
from forms_app.cli.production.machine import machine
from forms_app.cli.production.side import Side
from forms_app.intake.canaries import Canaries
from forms_app.sealing.keys import load_identities
from forms_app.settings import Settings, from_environ
from forms_app.storage import beats, canaries
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.roles import DatabaseRole, grant
from tests.mail_servers import certificate
from tests.postgres import Server

Told = dict[str, tuple[str, str]]
"""What was looked at, with ok, WARN or FAULT, and the sentence."""
SECRET = "4b1kE9s0Zq8vLwTn2yXc7RmP5dGhJ3fU6aVe"


def told(printed: str) -> Told:
    """Only what --production adds."""
    found: Told = {}
    for line in printed[printed.index("checked as") - 7 :].splitlines():
        if match := re.fullmatch(r"(ok|WARN|FAULT) +(.*)", line):
            word, subject = match.groups()
            found[subject] = (word, "")
        elif not line.startswith("       mend: "):
            found[subject] = (found[subject][0], line.strip())
    return found


@dataclass
class Deployment:
    """A portal that is no demonstration, as its operator set it up."""

    environ: dict[str, str]
    portal: Command

    def check(self, side: str, *, exit_code: int, **changed: str) -> Told:
        return told(
            self.portal("check", "--production", "--side", side, exit_code=exit_code, **self.environ | changed).stdout
        )

    def faults(self, side: str, **changed: str) -> dict[str, str]:
        found = self.check(side, exit_code=1, **changed)
        return {subject: sentence for subject, (word, sentence) in found.items() if word == "FAULT"}


@pytest.fixture
def real(portal: Command, environ: dict[str, str], tmp_path: Path) -> Deployment:
    """All of its own: keys, secrets, a folder for nobody else."""
    own = tmp_path / "own"
    own.mkdir(mode=0o700)
    halves = [portal("keys", "new", str(own / name)).stdout.strip() for name in ("opening.txt", "recovery.txt")]
    for name in ("receipts.pem", "trail.pem"):
        portal("keys", "new", "--signing", str(own / name))
    (own / "secret").write_text(SECRET)
    (own / "secret").chmod(0o600)
    (own / "recovery.txt").rename(tmp_path / "in a safe")
    quoted = ", ".join(f'"{half}"' for half in halves)
    config = own / "portal.toml"
    text = Path(environ["PORTAL_CONFIG"]).read_text("utf-8").replace("demo = true", "demo = false")
    config.write_text(text.replace("\nchannels = ", f"\nrecipients = [{quoted}]\nchannels = "), "utf-8")
    data = own / "data"
    data.mkdir(mode=0o700)
    (data / "outbox").mkdir()
    given = {
        "PORTAL_CONFIG": str(config),
        "PORTAL_DATA": str(data),
        "PORTAL_SECRET_KEY_FILE": str(own / "secret"),
        "PORTAL_SIGNING_KEY_FILE": str(own / "receipts.pem"),
        "PORTAL_SITE_ADDRESS": "https://portal.example.org",
        "PORTAL_TRUSTED_PROXIES": "1",
    }
    deployment = Deployment(environ=given, portal=portal)
    portal("migrate", **given)
    return deployment


@pytest.fixture
def as_worker(real: Deployment) -> dict[str, str]:
    """What its worker has besides."""
    own = Path(real.environ["PORTAL_CONFIG"]).parent
    return {
        "PORTAL_OPENING_KEYS_FILE": str(own / "opening.txt"),
        "PORTAL_AUDIT_KEY_FILE": str(own / "trail.pem"),
    }


def settings_of(real: Deployment, environ: dict[str, str], **changed: str) -> Settings:
    return from_environ(environ | real.environ | changed)


def set_going(url: str, settings: Settings) -> None:
    """The citizens' process has sealed a canary, a worker has opened it, and is there."""
    engine = make_engine(url)
    clock = lambda: datetime.now(UTC)  # noqa: E731
    asked = Canaries(
        engine=engine, clock=clock, secret_key=settings.secret_key, recipients=settings.recipients, demanded=True
    )
    asked.unconfirmed()
    assert settings.opening_keys
    Confirmer(engine=engine, clock=clock, identities=load_identities(settings.opening_keys)).run_once()
    with engine.begin() as connection:
        beats.say(connection, uuid.uuid4(), host="one", process=1)
    engine.dispose()


@pytest.fixture
def server(durable_postgres: Server) -> Callable[[DatabaseRole | None], str]:
    """A migrated database on a server that forgets nothing, for whoever is in a role, or for its owner."""
    name = durable_postgres.create()
    engine = make_engine(durable_postgres.url(name))
    migrate(engine, Schema.PORTAL)
    with engine.begin() as connection:
        grant(connection, Schema.PORTAL)
    engine.dispose()

    def url(role: DatabaseRole | None) -> str:
        return durable_postgres.url(
            name, durable_postgres.add_login(f"{role}_{uuid.uuid4().hex}", role) if role else "postgres"
        )

    return url


def test_the_demonstration_is_refused(portal: Command) -> None:
    found = told(portal("check", "--production", exit_code=1).stdout)
    assert found["demonstration"][0] == "FAULT"
    assert found["checked as staff: say --side if this is another process"] == ("ok", "")
    assert all(sentence for word, sentence in found.values() if word != "ok")


def test_whatever_is_refused_says_what_to_do(portal: Command) -> None:
    printed = portal("check", "--production", exit_code=1).stdout
    assert printed.count("\n       mend: ") == len(re.findall(r"^(?:WARN|FAULT) ", printed, re.MULTILINE))


def test_a_worker_that_is_set_up_well_on_postgresql_is_not_refused(
    real: Deployment, as_worker: dict[str, str], environ: dict[str, str], server: Callable[..., str]
) -> None:
    given = as_worker | {"DATABASE_URL": server(DatabaseRole.WORKER)}
    set_going(server(None), settings_of(real, environ, **given))
    found = real.check("worker", exit_code=0, **given, PORTAL_METRICS_ADDRESS="127.0.0.1:9464")
    assert "FAULT" not in {word for word, unused in found.values()}
    assert found["canaries"] == found["workers"] == found["recovery keys"] == ("ok", "")
    assert any(subject.startswith("database login portal_worker") for subject in found)
    assert found["PostgreSQL, standby"][0] == found["certificate of the site"][0] == found["alarms"][0] == "WARN"


def test_the_citizens_process_has_its_own_role_and_no_opening_key(
    real: Deployment, as_worker: dict[str, str], environ: dict[str, str], server: Callable[..., str], tmp_path: Path
) -> None:
    set_going(server(None), settings_of(real, environ, **as_worker))
    given = {"DATABASE_URL": server(DatabaseRole.CITIZEN)}
    assert real.check("citizen", exit_code=0, **given)["opening key"] == ("ok", "")
    (fault,) = real.faults("citizen", **given, **as_worker).items()
    assert fault == ("opening key", "the citizens' process could open what was sent before a break-in")


@pytest.mark.parametrize("role", [None, DatabaseRole.STAFF, DatabaseRole.WORKER])
def test_a_login_that_may_do_more_than_its_process_needs_is_refused(
    real: Deployment, server: Callable[..., str], role: DatabaseRole | None
) -> None:
    found = real.faults("citizen", DATABASE_URL=server(role))
    (sentence,) = (sentence for subject, sentence in found.items() if subject.startswith("database login"))
    expected = {
        None: "may do everything on the server",
        DatabaseRole.STAFF: "SELECT on case_notes",
        DatabaseRole.WORKER: "UPDATE on deliveries",
    }
    assert expected[role] in sentence


def test_whoever_owns_the_tables_is_refused(
    real: Deployment, server: Callable[..., str], durable_postgres: Server
) -> None:
    owner = server(DatabaseRole.CITIZEN)
    engine = make_engine(server(None))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE limits OWNER TO {sa.make_url(owner).username}")
    engine.dispose()
    found = real.faults("citizen", DATABASE_URL=owner)
    assert "owns the tables, so it can change and drop them" in found.values()


def test_a_server_that_forgets_is_refused(real: Deployment, postgres: Server, templates: dict[Schema, str]) -> None:
    url = postgres.url(postgres.create(templates[Schema.PORTAL]))
    found = real.check("staff", exit_code=1, DATABASE_URL=url)
    assert found["PostgreSQL, fsync"][0] == found["PostgreSQL, full_page_writes"][0] == "FAULT"
    assert "what citizens have receipts for may be gone" in found["PostgreSQL, fsync"][1]
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = sa.make_url(url).database
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    engine.dispose()
    assert real.check("staff", exit_code=1, DATABASE_URL=url)["PostgreSQL, synchronous_commit"][0] == "WARN"


def test_sqlite_is_for_one_host(real: Deployment, environ: dict[str, str]) -> None:
    found = real.check("worker", exit_code=1)
    assert found["SQLite"][0] == "WARN"
    assert found["workers"][0] == found["canaries"][0] == "FAULT"
    engine = make_engine(settings_of(real, environ).database_url)
    with engine.begin() as connection:
        for host in ("one", "two"):
            beats.say(connection, uuid.uuid4(), host=host, process=1)
    engine.dispose()
    printed = real.portal("check", "--production", exit_code=1, **real.environ).stdout
    assert "workers of 2 hosts have written into one SQLite file" in printed


def test_a_database_that_cannot_be_asked_is_told_once(real: Deployment, tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()
    found = real.faults("citizen", DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert found["database"] == "could not be asked (OperationalError)"


@pytest.mark.parametrize(
    ("changed", "subject", "word", "sentence"),
    [
        (
            {"PORTAL_SITE_ADDRESS": "http://portal.example.org"},
            "site address",
            "FAULT",
            "codes would be typed in clear",
        ),
        ({"PORTAL_SITE_ADDRESS": ""}, "site address", "WARN", "mails have no link"),
        ({"PORTAL_SECRET_KEY": "a" * 40}, "secret key", "FAULT", "can be guessed"),
        ({"PORTAL_SECRET_KEY": "Please-change-me-0123456789-abcdefghij"}, "secret key", "FAULT", "can be guessed"),
        ({"PORTAL_TRUSTED_PROXIES": "0"}, "trusted proxies", "FAULT", "speaks no https"),
        ({"HOST": "0.0.0.0"}, "listening", "WARN", "can choose their address"),
        ({"PORTAL_METRICS_ADDRESS": "0.0.0.0:9464"}, "metrics", "FAULT", "how much is sent and when"),
        ({"PORTAL_METRICS_ADDRESS": "[::]:9464"}, "metrics", "FAULT", "how much is sent and when"),
        ({}, "mail", "WARN", "no alarm leaves by mail"),
        ({}, "virus scanner", "WARN", "nobody has looked at"),
        ({"PORTAL_LOG_LEVEL": "error"}, "log level", "WARN", "warnings are not written"),
        ({"PORTAL_LOG_LEVEL": "debug"}, "log level", "WARN", "more is written"),
    ],
)
def test_an_unsafe_setting_is_told(
    real: Deployment, changed: dict[str, str], subject: str, word: str, sentence: str
) -> None:
    found = real.check("citizen", exit_code=1, **changed)
    assert found[subject][0] == word
    assert sentence in found[subject][1]


def test_a_worker_that_can_tell_nobody_is_refused(real: Deployment, as_worker: dict[str, str]) -> None:
    mail = {"PORTAL_SMTP_HOST": "127.0.0.1", "PORTAL_SMTP_PORT": "1", "PORTAL_MAIL_FROM": "a@example.org"}
    assert "stand in the log only" in real.faults("worker", **as_worker)["alarms"]
    with_mail = real.check("worker", exit_code=1, **as_worker, **mail, PORTAL_ALARM_MAIL="b@example.org")
    assert with_mail["alarms"] == ("ok", "")
    assert "mail" not in with_mail


def test_a_worker_should_not_sign_with_a_key_that_others_have(real: Deployment, as_worker: dict[str, str]) -> None:
    shared = {"PORTAL_OPENING_KEYS_FILE": as_worker["PORTAL_OPENING_KEYS_FILE"]}
    found = real.check("worker", exit_code=1, **shared)
    assert found["key of the audit trail"][0] == "WARN"


def test_a_recovery_key_that_lies_beside_the_other_is_none(
    real: Deployment, as_worker: dict[str, str], tmp_path: Path
) -> None:
    assert real.check("worker", exit_code=1, **as_worker)["recovery keys"] == ("ok", "")
    ring = Path(as_worker["PORTAL_OPENING_KEYS_FILE"])
    ring.write_text(ring.read_text() + (tmp_path / "in a safe").read_text())
    assert "none would be left" in real.faults("worker", **as_worker)["recovery keys"]
    ring.write_text("no key at all")
    assert "recovery keys" not in real.faults("worker", **as_worker)


def test_what_a_demonstration_made_is_not_taken_over(real: Deployment, environ: dict[str, str]) -> None:
    """Whoever only sets demo = false keeps its folder."""
    keys = Path(environ["PORTAL_DATA"]) / "keys"
    config = Path(real.environ["PORTAL_CONFIG"])
    made = (keys / "recipients.txt").read_text().split()
    text = re.sub(r"recipients = \[.*\]", f'recipients = ["{made[0]}", "{made[1]}"]', config.read_text("utf-8"))
    config.write_text(text, "utf-8")
    found = real.faults(
        "citizen", PORTAL_DATA=environ["PORTAL_DATA"], PORTAL_SECRET_KEY_FILE=str(keys / "session.secret")
    )
    assert "a demonstration made for itself" in found["secret key"]
    assert "could open what was sent" in found["opening key"]
    staff = real.faults("worker", PORTAL_DATA=environ["PORTAL_DATA"])
    assert "a demonstration made a key" in staff["recipients"]


@pytest.mark.parametrize(
    ("mode", "sentence"), [(0o644, "every user of this machine can read it"), (0o660, "exchange it")]
)
def test_a_secret_that_others_reach_is_refused(
    real: Deployment, as_worker: dict[str, str], mode: int, sentence: str, tmp_path: Path
) -> None:
    secrets = tmp_path / "own" / "channels"
    secrets.mkdir(mode=0o700)
    (secrets / "sftp").write_text("key")
    given = as_worker | {"PORTAL_CHANNEL_SECRETS": str(secrets)}
    paths = [
        Path(as_worker["PORTAL_OPENING_KEYS_FILE"]),
        Path(as_worker["PORTAL_AUDIT_KEY_FILE"]),
        Path(real.environ["PORTAL_SIGNING_KEY_FILE"]),
        Path(real.environ["PORTAL_SECRET_KEY_FILE"]),
        secrets / "sftp",
    ]
    for path in paths:
        path.chmod(mode)
    found = real.faults("worker", **given)
    assert {subject for subject in found if subject.startswith("secret /")} == {f"secret {path}" for path in paths}
    assert all(sentence in found[f"secret {path}"] for path in paths)


def test_a_folder_that_others_look_into_is_refused(real: Deployment) -> None:
    data = Path(real.environ["PORTAL_DATA"])
    data.chmod(0o755)
    assert "every user of this machine can look into it" in real.faults("citizen")[f"folder {data}"]


def test_the_journal_beside_the_database_and_one_that_is_not_there(
    real: Deployment, as_worker: dict[str, str], tmp_path: Path
) -> None:
    (Path(real.environ["PORTAL_DATA"]) / "journal").mkdir(exist_ok=True)
    found = real.check("worker", exit_code=1, **as_worker, PORTAL_JOURNALS=str(tmp_path / "gone"))
    (beside,) = (value for subject, value in found.items() if subject.startswith("issue journal in "))
    assert beside[0] == "WARN"
    assert "nobody can tell what is lost" in beside[1]
    assert found["issue journals"][0] == "FAULT"


def test_a_certificate_is_looked_at(real: Deployment, as_worker: dict[str, str], tmp_path: Path) -> None:
    path = certificate(tmp_path, "portal.example.org")
    assert real.faults("worker", **as_worker, PORTAL_TLS_CERTIFICATE=str(path))["certificate of the site"].startswith(
        "ends in "
    )
    missing = real.faults("worker", **as_worker, PORTAL_TLS_CERTIFICATE=str(tmp_path / "none"))
    assert "cannot be read" in missing["certificate of the site"]


def test_a_certificate_is_a_warning_before_it_is_a_fault(
    real: Deployment, environ: dict[str, str], tmp_path: Path
) -> None:
    path = certificate(tmp_path, "portal.example.org")
    settings = settings_of(real, environ, PORTAL_TLS_CERTIFICATE=str(path))
    words = {}
    for days in (0, 10, 30):
        found = machine(settings, Side.CITIZEN, datetime.now(UTC) - timedelta(days=days))
        (one,) = (one for one in found if one.subject == "certificate of the site")
        words[days] = one.word
    assert words == {0: "FAULT", 10: "WARN", 30: "ok"}


def test_facts_that_nobody_has_looked_at_are_refused(real: Deployment) -> None:
    config = Path(real.environ["PORTAL_CONFIG"])
    config.write_text(config.read_text("utf-8").replace('name = "Arendal"', 'name = "Arendal"\nreview_by = 2020-01-01'))
    assert "arendal" in real.faults("citizen")["facts of municipalities"]


def test_a_canary_of_a_list_that_nobody_opened_is_refused(
    real: Deployment, as_worker: dict[str, str], environ: dict[str, str]
) -> None:
    settings = settings_of(real, environ, **as_worker)
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        for one in {recipients.fingerprint for recipients in settings.recipients.values()}:
            canaries.put(connection, one, b"sealed", now=datetime.now(UTC))
    assert "arendal, bjornafjorden, kristiansand, rudersdal" in real.faults("citizen")["canaries"]
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM canaries")
    engine.dispose()
    set_going(settings.database_url, settings)
    assert (
        "canaries" not in real.check("citizen", exit_code=0)
        or real.check("citizen", exit_code=0)["canaries"][0] == "ok"
    )


def test_the_side_is_told_from_the_settings(real: Deployment, as_worker: dict[str, str]) -> None:
    for given, side in ((as_worker, "worker"), ({}, "citizen")):
        printed = real.portal("check", "--production", exit_code=1, **real.environ | given).stdout
        assert f"checked as {side}" in printed


def test_the_plain_check_tells_of_alarms_and_of_a_worker_that_is_missing(portal: Command, database: sa.Engine) -> None:
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO alarms (kind, subject, count, began_at, told_at, told_count) VALUES "
                "('books_gap', 'arendal', 2, '2026-11-22 10:00:00.000000', '2026-11-22 10:00:00.000000', 2)"
            )
        )
    printed = portal("check").stdout
    assert "WARN   alarm books_gap, arendal: 2 since 2026-11-22 10:00 UTC\n       The books do not close" in printed


def test_a_word_for_each_finding() -> None:
    assert [one.word for one in (Finding("a"), Finding("a", "b", "c"), Finding("a", "b", "c", is_warning=True))] == [
        "ok",
        "FAULT",
        "WARN",
    ]
