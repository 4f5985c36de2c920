"""`portal verify-receipt` says whether a receipt is true, `portal paper` writes every blank form."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from command import Command
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from form_journeys import code_of
from people import CITIZEN
from rehearsed_journeys import Rehearsed

from forms_app.documents.receipt import receipt_pdf
from forms_app.documents.signed_receipt import SignedReceipt
from forms_app.intake import receipts
from forms_app.language import Language
from forms_app.municipality import Deployment
from forms_app.sealing.codes import Code
from forms_app.sealing.signature import ReceiptSigner, load_signing_key
from forms_app.settings import Settings

FILES = [File(name="brev <æ>.txt", content=b"hei")]
STORY = "Søvn, skole og jobb"


@pytest.fixture
def receipt(client: CheckedClient, database: sa.Engine) -> SignedReceipt:
    """What the store gives the citizen who has sent an application with a file."""
    page = Rehearsed(client, Language.NB, "application", {"situation": STORY}, FILES).send()
    found = receipts.find(database, Code.parse(code_of(page)))
    assert found
    return found.signed


@pytest.fixture
def receipt_file(receipt: SignedReceipt, settings: Settings, tmp_path: Path) -> Path:
    """The citizen's PDF; the JSON lies beside it."""
    file = tmp_path / "kvittering.pdf"
    file.write_bytes(receipt_pdf(receipt, settings.deployment, Language.NB))
    file.with_suffix(".json").write_bytes(receipt.to_json())
    return file


def test_a_true_receipt_holds(portal: Command, receipt: SignedReceipt, receipt_file: Path) -> None:
    for file in (receipt_file, receipt_file.with_suffix(".json")):
        ended = portal("verify-receipt", str(file))
        assert "Signature: HOLDS" in ended.stdout
        assert "Answers:   HOLD." in ended.stdout
        assert receipt.facts.reference in ended.stdout
        assert "Municipality  arendal" in ended.stdout
        assert "brev <æ>.txt, 3 bytes" in ended.stdout
        assert "The pages of a PDF are not" in ended.stdout
        assert CITIZEN.name not in ended.stdout


def test_the_answers_are_printed_when_asked_for(portal: Command, receipt_file: Path) -> None:
    ended = portal("verify-receipt", "--answers", str(receipt_file))
    assert f'"situation": "{STORY}"' in ended.stdout


def test_changed_answers_are_told(portal: Command, receipt_file: Path) -> None:
    file = receipt_file.with_suffix(".json")
    document = json.loads(file.read_bytes())
    document["answers"]["situation"]["situation"] = "Another story"
    file.write_text(json.dumps(document), "utf-8")
    ended = portal("verify-receipt", "--answers", str(file), exit_code=1)
    assert "Signature: HOLDS" in ended.stdout
    assert "Answers:   DO NOT HOLD" in ended.stdout
    assert "Another story" not in ended.stdout


def test_changed_facts_are_told_and_not_repeated(portal: Command, receipt: SignedReceipt, receipt_file: Path) -> None:
    file = receipt_file.with_suffix(".json")
    file.write_text(file.read_text("utf-8").replace(receipt.facts.reference, "FALSE-REF"), "utf-8")
    ended = portal("verify-receipt", str(file), exit_code=1)
    assert "Signature: DOES NOT HOLD" in ended.stdout
    assert "FALSE-REF" not in ended.stdout


def test_a_key_can_be_given_and_then_only_that_one_counts(
    portal: Command, receipt_file: Path, settings: Settings, tmp_path: Path
) -> None:
    own = load_signing_key(settings.signing_key)
    stranger = ReceiptSigner(Ed25519PrivateKey.generate()).public_key
    # With a key nothing else of the portal is needed.
    nowhere = {"PORTAL_DATA": str(tmp_path / "none"), "PORTAL_CONFIG": str(tmp_path / "none.toml")}
    portal("verify-receipt", "--key", stranger, "--key", own.public_key, str(receipt_file), **nowhere)
    ended = portal("verify-receipt", "--key", stranger, str(receipt_file), exit_code=1, **nowhere)
    assert own.key_id in ended.stdout


def test_another_file_is_refused_in_a_sentence(portal: Command, tmp_path: Path) -> None:
    other = tmp_path / "letter.pdf"
    other.write_bytes(b"%PDF-1.4")
    ended = portal("verify-receipt", str(other), exit_code=1)
    assert "The file is no receipt of this portal" in ended.stderr


def _hashes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_blank_form_is_written_and_the_same_each_time(
    portal: Command, settings: Settings, tmp_path: Path
) -> None:
    deployment: Deployment = settings.deployment
    countries = {one.country for one in deployment.municipalities}
    for name in ("first", "second"):
        printed = portal("paper", str(tmp_path / name)).stdout.splitlines()
        assert len(printed) == 3 * 3 * len(countries) * 2
    first, second = _hashes(tmp_path / "first"), _hashes(tmp_path / "second")
    assert first == second
    assert first.pop("words.json")
    assert len(set(first.values())) == len(first) == 36
    assert {"nb/soknad-no.pdf", "nn/klage-dk.docx", "da/fuldmagt-dk.pdf"} <= set(first)


def test_a_receipt_without_the_answers_holds_too(portal: Command, receipt: SignedReceipt, tmp_path: Path) -> None:
    file = tmp_path / "kvittering.json"
    file.write_bytes(replace(receipt, answers=None, salt=None).to_json())
    ended = portal("verify-receipt", "--answers", str(file))
    assert "Signature: HOLDS" in ended.stdout
    assert "Answers:   NOT HERE." in ended.stdout
    assert STORY not in ended.stdout
