"""`portal verify-receipt`: whether a receipt is the municipality's own, and what it says."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from forms_app.cli.explained import explained
from forms_app.cli.terminal import harmless, one_line
from forms_app.documents.signed_receipt import SignedReceipt, read
from forms_app.sealing.canonical import moment_text
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import from_environ


@click.command("verify-receipt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, help="A public key of the municipality, instead of the portal's own key.")
@click.option("--answers", "with_answers", is_flag=True, help="Print the answers too, exactly as they were received.")
@explained
def verify_receipt(file: Path, keys: tuple[str, ...], with_answers: bool) -> None:
    """Say whether the receipt in FILE (PDF or JSON) is true; the exit status is 0 only if everything holds."""
    receipt = read(file.read_bytes())
    signer = receipt.signer(keys or (_own_key(),))
    is_true = signer is not None and (receipt.answers is None or receipt.has_its_answers)
    for line in _verdict(receipt, signer):
        click.echo(line)
    if signer:
        for line in _contents(receipt):
            click.echo(line)
    if is_true and with_answers and receipt.answers is not None:
        click.echo(_harmless_json(receipt))
    sys.exit(0 if is_true else 1)


def _own_key() -> str:
    return load_signing_key(from_environ().signing_key).public_key


def _verdict(receipt: SignedReceipt, signer: str | None) -> Iterator[str]:
    if signer:
        yield f"Signature: HOLDS. The municipality's key {receipt.facts.key_id} signed this receipt."
    else:
        yield (
            "Signature: DOES NOT HOLD. None of the known keys signed this. It names the key "
            f"{one_line(receipt.facts.key_id)}: if the municipality had that key then, give it with --key. "
            "Otherwise the receipt was changed or made up."
        )
    if receipt.answers is None:
        yield "Answers:   NOT HERE. This receipt was made without them."
    elif receipt.has_its_answers:
        yield "Answers:   HOLD. They are the ones that the receipt was made for."
    else:
        yield "Answers:   DO NOT HOLD. They are not the ones that the receipt was made for."


def _contents(receipt: SignedReceipt) -> Iterator[str]:
    facts = receipt.facts
    yield ""
    yield f"Reference     {one_line(facts.reference)}"
    yield f"Received      {moment_text(facts.accepted_at)}"
    yield f"Municipality  {one_line(facts.municipality)}"
    yield f"Form          {one_line(facts.form)}, version {facts.form_version}, written in {facts.language.own_name}"
    for file in facts.files:
        yield f"File          {one_line(file.name)}, {file.size} bytes, SHA-256 {one_line(file.sha256)}"
    yield ""
    yield "This was signed. The pages of a PDF are not: what they show counts only if it stands here too."


def _harmless_json(receipt: SignedReceipt) -> str:
    """The answers on lines of ours only."""
    text = json.dumps(receipt.answers, ensure_ascii=False, indent=2)
    return "\n".join(harmless(line) for line in text.split("\n"))
