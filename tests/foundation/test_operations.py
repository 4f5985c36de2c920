"""The settings of those who run the portal: where they are told, and where they look."""

import logging
import os
import stat
import sys
from pathlib import Path

import pytest

from forms_app.settings import Address, SettingsMissing, from_environ, share_measurements

MAIL = {"PORTAL_SMTP_HOST": "mail.example.org", "PORTAL_MAIL_FROM": "portal@example.org"}


def test_nothing_of_it_must_be_given(environ: dict[str, str]) -> None:
    found = from_environ(environ).operations
    assert (found.journals, found.alarm_mail, found.metrics, found.certificate) == ((), "", None, None)
    assert found.log_level == logging.INFO


def test_journals_of_other_hosts_are_read_besides_ones_own(environ: dict[str, str]) -> None:
    settings = from_environ(environ | {"PORTAL_JOURNALS": "/var/log/portal:/mnt/web2/issued.jsonl"})
    assert settings.journals == (
        settings.data / "journal",
        Path("/var/log/portal"),
        Path("/mnt/web2/issued.jsonl"),
    )


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("127.0.0.1:9464", Address(host="127.0.0.1", port=9464)),
        ("[::1]:9464", Address(host="::1", port=9464)),
        ("metrics.internal:80", Address(host="metrics.internal", port=80)),
    ],
)
def test_metrics_are_served_where_somebody_says(environ: dict[str, str], given: str, address: Address) -> None:
    assert from_environ(environ | {"PORTAL_METRICS_ADDRESS": given}).operations.metrics == address


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORTAL_METRICS_ADDRESS", "9464", "like 127.0.0.1:9464"),
        ("PORTAL_METRICS_ADDRESS", "127.0.0.1", "like 127.0.0.1:9464"),
        ("PORTAL_METRICS_ADDRESS", "127.0.0.1:99999", "like 127.0.0.1:9464"),
        ("PORTAL_METRICS_ADDRESS", "[::1:9464", "like 127.0.0.1:9464"),
        ("PORTAL_METRICS_ADDRESS", "user@127.0.0.1:9464", "like 127.0.0.1:9464"),
        ("PORTAL_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("PORTAL_ALARM_MAIL", "drift", "an e-mail address"),
    ],
)
def test_what_cannot_be_is_told(environ: dict[str, str], name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsMissing, match=f"{name} must be {told}"):
        from_environ(environ | MAIL | {name: value})


def test_alarms_are_mailed_through_the_server_that_there_is(environ: dict[str, str]) -> None:
    asked = {"PORTAL_ALARM_MAIL": "drift@example.org"}
    assert from_environ(environ | MAIL | asked).operations.alarm_mail == "drift@example.org"
    with pytest.raises(SettingsMissing, match="there is no mail server"):
        from_environ(environ | asked)


def test_the_level_of_the_log_can_be_set(environ: dict[str, str]) -> None:
    assert from_environ(environ | {"PORTAL_LOG_LEVEL": "Warning"}).operations.log_level == logging.WARNING


def test_it_is_known_which_files_hold_secrets(environ: dict[str, str], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40)
    assert from_environ(environ | {"PORTAL_SECRET_KEY_FILE": str(secret)}).operations.secret_files == (secret,)
    assert from_environ(environ | {"PORTAL_SECRET_KEY": "s" * 40}).operations.secret_files == ()


# The package has a function of that name.
MODULE = sys.modules["forms_app.settings.operations"]
METRICS = {"PORTAL_METRICS_ADDRESS": "127.0.0.1:9464"}


def test_nothing_is_shared_where_nobody_asks(environ: dict[str, str]) -> None:
    share_measurements(environ)
    assert "PROMETHEUS_MULTIPROC_DIR" not in environ


def test_the_processes_of_a_host_share_one_folder_in_memory(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, "_MEMORY", tmp_path)
    asked = environ | METRICS
    folder = from_environ(asked).operations.measurements
    assert folder.parent == tmp_path
    share_measurements(asked)
    assert asked["PROMETHEUS_MULTIPROC_DIR"] == str(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert MODULE.measurements(METRICS, tmp_path / "other") != folder


def test_a_folder_that_another_user_has_put_there_is_not_used(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, "_MEMORY", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    asked = environ | METRICS
    from_environ(asked).operations.measurements.mkdir()
    with pytest.raises(PermissionError, match="PROMETHEUS_MULTIPROC_DIR"):
        share_measurements(asked)


def test_where_there_is_no_memory_for_files_they_are_with_the_data(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, "_MEMORY", tmp_path / "none")
    share_measurements(asked := environ | METRICS)
    assert asked["PROMETHEUS_MULTIPROC_DIR"] == str(Path(environ["PORTAL_DATA"]) / "measurements")


def test_another_folder_can_be_chosen(environ: dict[str, str], tmp_path: Path) -> None:
    environ["PROMETHEUS_MULTIPROC_DIR"] = str(tmp_path / "run" / "portal")
    share_measurements(environ)
    assert (tmp_path / "run" / "portal").is_dir()
    assert from_environ(environ).operations.measurements == tmp_path / "run" / "portal"
