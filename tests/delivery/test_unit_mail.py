"""Mail to the municipality's unit: a notice that tells nothing about anybody, or the sealed parcel."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from mail_servers import Postbox, mail_server

from forms_app.delivery.channels import Channel, ChannelNotReady, PermanentFailure, TemporaryFailure
from forms_app.delivery.channels.mail import MailChannel, NotSealed
from forms_app.delivery.channels.notice import NoticeChannel
from forms_app.delivery.means import Means
from forms_app.delivery.parcel import Label, Parcel, sealed_parcel
from forms_app.delivery.return_address import ReturnAddresses
from forms_app.delivery.routing import make_channel
from forms_app.delivery.smtp import MailPostponed, MailRefused, MailServerFailed, MailTooLarge
from forms_app.language import Language
from forms_app.municipality import ChannelSettings, Municipality, load_deployment
from forms_app.sealing.attached import SealedFile

WHOLE = load_deployment(Path(__file__).parents[2] / "portal.toml")
UNIT = "koordinator@arendal.example"
RETURNS = ReturnAddresses(pattern="bounces+*@example.org", secret_key="k" * 32)
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server(offers=("DSN",)) as postbox:
        yield postbox


@pytest.fixture
def known(label: Label) -> Label:
    return replace(label, key=f"mail:{ID}", title="Klag på et vedtak", due_on=date(2026, 12, 28))


@pytest.fixture
def sealed(known: Label) -> Parcel:
    return sealed_parcel(known, answers=b"age-1", attachments=[SealedFile(original=b"age-2", cleaned=b"age-3")])


def channel(
    kind: str, postbox: Postbox, *, municipality: str = "arendal", returns: ReturnAddresses | None = RETURNS
) -> Channel:
    settings = ChannelSettings(kind=kind, options={"to": UNIT})
    means = Means(
        outbox=Path(),
        mail=postbox.server,
        returns=returns,
        clock=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC),
    )
    return make_channel(settings, WHOLE.municipality(municipality), means)


def speaking(language: Language) -> str:
    return next(one.key for one in WHOLE.municipalities if one.default_language is language)


def test_a_notice_says_what_came_and_when_it_is_due_and_nothing_of_it(postbox: Postbox, sealed: Parcel) -> None:
    notice = channel("notice", postbox)
    assert isinstance(notice, NoticeChannel)
    assert notice.deliver(sealed) is None
    (mail,) = postbox.mails
    assert postbox.recipients == [mail["To"]] == [UNIT]
    assert mail["From"] == "Arendal <portal@example.org>"
    assert mail["Subject"] == "Nytt i portalen: Klag på et vedtak, referanse ABCD2345"
    assert mail["Message-ID"] == f"<mail.{ID}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert not mail.is_multipart()
    assert mail.get_content().replace("\r\n", "\n") == (
        "Referanse: ABCD2345\n"
        "Dette har kommet inn: Klag på et vedtak\n"
        "Mottatt: 23. november 2026 kl. 13:00\n"
        "Neste frist etter loven: 28. desember 2026\n"
        "\n"
        "Åpne det i innboksen i portalen. Denne e-posten inneholder ingenting av det som ble sendt.\n"
        "\n"
        "Denne e-posten er sendt automatisk. Ikke send private opplysninger på e-post.\n"
    )


@pytest.mark.parametrize(
    ("language", "subject"),
    [(Language.NN, "Nytt i portalen: Klag på"), (Language.DA, "Nyt i portalen: Klag på")],
)
def test_a_notice_speaks_the_language_of_the_municipality(
    postbox: Postbox, sealed: Parcel, language: Language, subject: str
) -> None:
    channel("notice", postbox, municipality=speaking(language)).deliver(sealed)
    (mail,) = postbox.mails
    assert mail["Subject"].startswith(subject)
    assert mail["Content-Language"] == language


def test_without_a_date_none_is_told_and_a_demonstration_says_that_it_is_one(postbox: Postbox, sealed: Parcel) -> None:
    notice = channel("notice", postbox)
    assert isinstance(notice, NoticeChannel)
    demo = NoticeChannel(replace(notice.unit, is_demo=True))
    demo.deliver(replace(sealed, label=replace(sealed.label, due_on=None)))
    text = postbox.mails[0].get_content()
    assert text.startswith("Demo.")
    assert "frist" not in text


def test_the_sealed_parcel_is_attached_file_by_file(postbox: Postbox, sealed: Parcel) -> None:
    assert channel("mail", postbox).deliver(sealed) is None
    (mail,) = postbox.mails
    body, *attached = mail.iter_parts()
    assert "forseglet" in body.get_content()
    assert {one.get_filename(): one.get_payload(decode=True) for one in attached} == {
        "answers.age": b"age-1",
        "attachments-01.age": b"age-2",
        "cleaned-01.age": b"age-3",
        "manifest.json": sealed.manifest(),
    }
    assert [one.get_content_type() for one in attached][-1] == "application/json"
    assert body["Content-Language"] == "nb"


def test_what_is_opened_is_never_mailed(postbox: Postbox, parcel: Parcel) -> None:
    with pytest.raises(NotSealed) as caught:
        channel("mail", postbox).deliver(parcel)
    assert isinstance(caught.value, PermanentFailure)
    assert postbox.mails == []


@pytest.mark.parametrize("kind", ["mail", "notice"])
def test_a_server_that_knows_how_is_asked_to_report_failure_and_delay(
    postbox: Postbox, sealed: Parcel, kind: str
) -> None:
    channel(kind, postbox).deliver(sealed)
    tag = RETURNS.tag(sealed.label.key)
    assert postbox.senders == [f"bounces+{tag}@example.org"]
    # aiosmtpd writes what is asked of it in capitals.
    assert {"RET=HDRS", f"ENVID={tag.upper()}", "NOTIFY=FAILURE,DELAY"} <= postbox.options[0]


def test_where_nothing_reads_reports_they_go_to_the_sender(postbox: Postbox, sealed: Parcel) -> None:
    channel("notice", postbox, returns=None).deliver(sealed)
    assert postbox.senders == ["portal@example.org"]
    assert {"RET=HDRS", "NOTIFY=FAILURE,DELAY"} <= postbox.options[0]
    assert not [option for option in postbox.options[0] if option.startswith("ENVID")]


def test_a_server_that_does_not_know_how_is_not_asked(sealed: Parcel) -> None:
    with mail_server() as postbox:
        channel("notice", postbox).deliver(sealed)
    assert not [one for one in postbox.options[0] if one.startswith(("RET", "NOTIFY", "ENVID"))]
    assert postbox.senders[0].startswith("bounces+")


def test_a_parcel_that_is_larger_than_the_server_takes_is_for_staff_to_look_at(known: Label) -> None:
    large = sealed_parcel(known, answers=b"a" * 30_000, attachments=[])
    with mail_server(data_size_limit=20_000) as postbox:
        with pytest.raises(MailTooLarge) as caught:
            channel("mail", postbox).deliver(large)
        assert isinstance(caught.value, PermanentFailure)
        channel("notice", postbox).deliver(large)
    with mail_server(data_size_limit=0) as postbox:
        channel("mail", postbox).deliver(large)
    assert len(postbox.mails) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [("450 4.2.2 mailbox full", MailPostponed), ("550 5.1.1 unknown", MailRefused)],
)
def test_what_the_server_says_of_the_unit_is_heard(
    postbox: Postbox, sealed: Parcel, answer: str, error: type[Exception]
) -> None:
    postbox.answers = {"RCPT": [answer]}
    with pytest.raises(error):
        channel("mail", postbox).deliver(sealed)


def test_a_mail_server_that_is_gone_is_waited_for(sealed: Parcel) -> None:
    with mail_server() as postbox:
        gone = channel("mail", postbox)
        assert isinstance(gone, MailChannel)
        gone.greet()
        channel("notice", postbox).greet()
    with pytest.raises(MailServerFailed) as caught:
        gone.deliver(sealed)
    assert isinstance(caught.value, TemporaryFailure)
    with pytest.raises(MailServerFailed):
        gone.greet()


@pytest.mark.parametrize("to", ["unit", "", "två@bläck.example", "a@b, c@d"])
def test_who_has_no_address_is_named(postbox: Postbox, to: str) -> None:
    means = Means(outbox=Path(), mail=postbox.server)
    arendal: Municipality = WHOLE.municipality("arendal")
    with pytest.raises(ChannelNotReady, match="to"):
        make_channel(ChannelSettings(kind="mail", options={"to": to}), arendal, means)
    with pytest.raises(ChannelNotReady, match="PORTAL_SMTP_HOST"):
        make_channel(ChannelSettings(kind="notice", options={"to": UNIT}), arendal, replace(means, mail=None))
