"""What the mail to the citizen says, and what nobody can learn from it or do with it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forms_app.delivery.confirmation import confirmation
from forms_app.delivery.letters import Letter, compose
from forms_app.delivery.mail import NoUsableAddress, usable_address
from forms_app.forms.registry import FORMS
from forms_app.language import Language
from forms_app.municipality import Contact, Municipality
from forms_app.sealing.submission import Binding
from forms_app.settings import deployment_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SITE = "https://portal.example.org"
PLACES = {one.key: one for one in deployment_of({}).municipalities}
RECEIVER = {Language.NB: "arendal", Language.NN: "bjornafjorden", Language.DA: "rudersdal"}

NB = """\
Hei.

Vi har fått det du sendte.

Referanse: K7M2-9QXK
Mottatt: 23. november 2026 kl. 13:00
Kommune: Arendal

På kvitteringen står det hva som skjer videre. For å se den igjen trenger du koden som står på den.

Skriv koden her:
https://portal.example.org/nb/skjema/status

Vi sender aldri koden på e-post, og ingen kan gi deg den hvis du mister den.

Har du spørsmål? Kontakt kommunen og oppgi referansen. Referansen alene åpner ingenting.

Har du ikke sendt oss noe? Da har noen skrevet adressen din ved en feil. Du trenger ikke gjøre noe, og du kan \
slette denne e-posten.

Denne e-posten er sendt automatisk. Ikke send private opplysninger på e-post.
"""
NN = """\
Hei.

Vi har fått det du sende.

Referanse: K7M2-9QXK
Motteke: 23. november 2026 kl. 13:00
Kommune: Bjørnafjorden

På kvitteringa står det kva som skjer vidare. For å sjå ho att treng du koden som står på ho.

Skriv koden her:
https://portal.example.org/nn/skjema/status

Vi sender aldri koden på e-post, og ingen kan gi deg han om du mistar han.

Har du spørsmål? Kontakt kommunen og oppgi referansen. Referansen åleine opnar ingenting.

Har du ikkje sendt oss noko? Då har nokon skrive adressa di ved ein feil. Du treng ikkje gjere noko, og du kan \
slette denne e-posten.

Denne e-posten er send automatisk. Ikkje send private opplysningar på e-post.
"""
DA = """\
Hej.

Vi har fået det, du sendte.

Reference: K7M2-9QXK
Modtaget: 23. november 2026 kl. 13.00
Kommune: Rudersdal

På kvitteringen står der, hvad der nu sker. For at se den igen skal du bruge den kode, der står på den.

Skriv koden her:
https://portal.example.org/da/skema/status

Vi sender aldrig koden i en e-mail, og ingen kan give dig den, hvis du mister den.

Har du spørgsmål? Kontakt kommunen, og oplys referencen. Den kan ikke åbne noget i sig selv.

Har du ikke sendt os noget? Så har nogen skrevet din adresse ved en fejl. Du behøver ikke at gøre noget, og du kan \
slette denne e-mail.

Denne e-mail er sendt automatisk. Send ikke private oplysninger i en e-mail.
"""
TEXTS = {Language.NB: NB, Language.NN: NN, Language.DA: DA}
SUBJECTS = {
    Language.NB: "Vi har fått det du sendte – referanse K7M2-9QXK",
    Language.NN: "Vi har fått det du sende – referanse K7M2-9QXK",
    Language.DA: "Vi har fået det, du sendte – reference K7M2-9QXK",
}


def binding(language: Language = Language.NB, form: str = "complaint") -> Binding:
    return Binding(
        submission_id="0f8fad5b-d9cb-469f-a165-70867728950e",
        reference="K7M2-9QXK",
        municipality=RECEIVER[language],
        form=form,
        form_version=1,
        language=language,
        accepted_at=NOON,
    )


def place(language: Language = Language.NB, **contact: str) -> Municipality:
    return replace(PLACES[RECEIVER[language]], contact=Contact(**contact))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("form", list(FORMS))
def test_it_is_the_same_whatever_was_sent_in_the_language_it_was_sent_in(language: Language, form: str) -> None:
    words = confirmation(binding(language, form), place(language), site=SITE, demo=False)
    assert words == Letter(language=language, subject=SUBJECTS[language], text=TEXTS[language])


@pytest.mark.parametrize("language", list(Language))
def test_without_the_address_of_the_site_its_page_is_named(language: Language) -> None:
    text = confirmation(binding(language), place(language), site="", demo=False).text
    assert "://" not in text
    assert {
        Language.NB: "Velg «Det du har sendt» på nettstedet og skriv koden der.",
        Language.NN: "Vel «Det du har sendt» på nettstaden og skriv koden der.",
        Language.DA: "Vælg »Det, du har sendt« på hjemmesiden, og skriv koden der.",
    }[language] in text


def test_it_says_how_to_reach_the_municipality_as_far_as_that_is_known() -> None:
    text = confirmation(binding(), place(phone="37 01 30 00"), site=SITE, demo=False).text
    assert "Referansen alene åpner ingenting.\nTelefon: 37 01 30 00\n\n" in text
    text = confirmation(binding(), place(phone="1", email="post@example.org"), site=SITE, demo=False).text
    assert "\nTelefon: 1\nE-post: post@example.org\n\n" in text


def test_a_demonstration_says_so_first() -> None:
    assert confirmation(binding(), place(), site="", demo=True).text.startswith("Demo. Dette er ikke en offentlig")


def composed(recipient: str) -> EmailMessage:
    """The mail as it is read at the other end."""
    words = confirmation(binding(), place(), site=SITE, demo=False)
    sender = Address("Bjørnafjorden", addr_spec="portal@example.org")
    made = compose(words, key="confirmation_mail:0f8fad5b", sender=sender, recipient=recipient, now=NOON)
    read = message_from_bytes(made.as_bytes(policy=made.policy.clone(utf8=True)), policy=default)
    assert isinstance(read, EmailMessage)
    return read


HEADERS = {
    "From": "Bjørnafjorden <portal@example.org>",
    "Subject": SUBJECTS[Language.NB],
    "Date": "Mon, 23 Nov 2026 12:00:00 +0000",
    "Message-ID": "<confirmation_mail.0f8fad5b@example.org>",
    "Content-Language": "nb",
    "Auto-Submitted": "auto-generated",
    "Content-Type": 'text/plain; charset="utf-8"',
    "Content-Transfer-Encoding": "quoted-printable",
    "MIME-Version": "1.0",
}

_HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "ase@example.org", "\r\n", "\n", "\r", "Bcc: x@example.net", ",", ";", "<", ">", "@", " ", "\t", '"',
                "\\", "(", ")", "=?utf-8?q?=0D=0A?=", "\x00", "\u2028", "\ud800", "æ", "xn--", "%0d%0a", "a" * 64, ".",
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=6,
).map("".join)  # fmt: skip


@settings(max_examples=400)
@given(_HOSTILE)
@example("ase@example.org\r\nBcc: x@example.net")
@example("ase@example.org, x@example.net")
@example("ase@example.org\nDATA\n.")
@example("<ase@example.org> NOTIFY=NEVER")
@example('"a b"@example.org')
@example(f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example.org")
@example("åse@bjørnafjorden.example.org")
def test_no_address_writes_a_header_or_a_line_of_its_own(typed: str) -> None:
    try:
        recipient = usable_address({"reach": {"email": typed}})
    except NoUsableAddress:
        return
    assert not set(recipient) & set('\r\n\t\x00 ,;:<>()"')
    assert recipient.count("@") == 1
    mail = composed(recipient)
    assert {name: str(value) for name, value in mail.items()} == {**HEADERS, "To": recipient}
    assert len(mail["To"].addresses) == 1
    assert mail.get_content().replace("\r\n", "\n") == NB


@pytest.mark.parametrize(
    "answers", [{}, {"reach": None}, {"reach": {}}, {"reach": {"email": None}}, {"reach": {"email": ["a@example.org"]}}]
)
def test_answers_without_an_address_are_no_reason_to_try_again(answers: dict[str, object]) -> None:
    with pytest.raises(NoUsableAddress):
        usable_address(answers)


def test_a_foreign_domain_is_written_as_mail_servers_know_it() -> None:
    written = "bjørnafjorden".encode("idna").decode()
    assert written.startswith("xn--")
    assert usable_address({"reach": {"email": "ase@bjørnafjorden.example.org"}}) == f"ase@{written}.example.org"
