"""Whether everybody reads the same: the citizen, the case worker, the receiving system and the published schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import jsonschema
import sqlalchemy as sa
from checked_client import Page
from click.testing import CliRunner
from drawn_walk import Walk, listing
from drawn_ways import Plan
from flask import Flask
from form_journeys import reference_of
from movable_clock import SUNDAY_NOON
from pyrage.x25519 import Identity
from typed_words import seen
from unlimited import UNLIMITED

from forms_app.app import create_app
from forms_app.cli import demo, main
from forms_app.delivery.channels.folder import FolderChannel
from forms_app.delivery.dispatch import handlers
from forms_app.delivery.packing import Packer
from forms_app.delivery.worker import Worker
from forms_app.documents.signed_receipt import read
from forms_app.forms.schema import schema_file
from forms_app.sealing.keys import load_identities
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import REPOSITORY, Settings, from_environ
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import migrate


@dataclass(frozen=True, kw_only=True)
class Town:
    """Everybody but the citizen."""

    app: Flask
    settings: Settings
    environ: Mapping[str, str]
    engine: sa.Engine

    @classmethod
    def found(cls, data: Path) -> "Town":
        """One of its own in an empty folder."""
        demo.prepare(data)
        environ = {"PORTAL_DATA": str(data), "PORTAL_CONFIG": str(REPOSITORY / "portal.toml"), **UNLIMITED}
        settings = from_environ(environ)
        engine = make_engine(settings.database_url)
        migrate(engine)
        app = create_app(settings, clock=lambda: SUNDAY_NOON)
        return cls(app=app, settings=settings, environ=environ, engine=engine)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()
        self.app.extensions["portal"].desk.engine.dispose()

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The case workers' keys."""
        assert self.settings.opening_keys
        return load_identities(self.settings.opening_keys)

    def hand_over(self) -> None:
        """What the worker does."""
        packer = Packer(engine=self.engine, deployment=self.settings.deployment, identities=self.identities)
        Worker(self.engine, handlers([FolderChannel(self.settings.outbox)], packer), poll_seconds=0.01).run_once()

    def parcel(self, municipality: str, reference: str) -> Path:
        """What the receiving system gets."""
        return self.settings.outbox / municipality / reference


def demand_agreement(town: Town, walk: Walk, review: Page) -> None:
    """Send what the review shows. What was typed is then what the receipt lists, what the case worker opens and what
    the JSON says, and the JSON is as the published schema says.
    """
    demand_nothing_lost(walk.plan)
    for told, listed in zip(walk.told, listing(review), strict=True):
        assert told == listed
    receipt = walk.journey.confirm(review)
    assert receipt.status == 200, (receipt.url, receipt.status)
    assert listing(receipt) == listing(review)
    name = reference_of(receipt)
    demand_own_copy(town, walk, receipt)
    demand_opened(town, walk.plan, name)
    town.hand_over()
    demand_delivered(town, walk.plan, name)
    schema = json.loads(schema_file(walk.plan.way.definition, walk.plan.way.country).read_text("utf-8"))
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(walk.plan.answers)


def demand_nothing_lost(plan: Plan) -> None:
    """Tidying takes no sign away that leaves ink: the receipt would otherwise agree with too little."""
    for page in plan.pages:
        for planned in page.answers.values():
            if planned.words and isinstance(planned.json, str) and len(planned.fields) == 1:
                (typed,) = (values for values in planned.fields.values())
                assert seen(typed[0]) == seen(planned.json), typed


def demand_own_copy(town: Town, walk: Walk, receipt: Page) -> None:
    """The page, the signed receipt in the PDF and the files that the citizen keeps."""
    plan, browser = walk.plan, walk.browser
    hrefs = [one.get("href", "") for one in receipt.all(".//main//a")]
    signed = read(browser.download(next(href for href in hrefs if href.endswith(".pdf"))))
    assert signed.answers == plan.answers
    assert signed.has_its_answers
    assert signed.signer([load_signing_key(town.settings.signing_key).public_key])
    assert [(one.name, one.size, one.sha256) for one in signed.facts.files] == _expected_files(plan)
    assert signed.facts.language == plan.way.language
    status = browser.get(next(href for href in hrefs if href.endswith("/status")))
    assert listing(status) == listing(receipt)
    downloads = [one.get("href", "") for one in status.all(".//main//a[@download]")]
    contents = [browser.download(url) for url in downloads if not url.endswith(".pdf")]
    assert contents == [file.content for file in plan.files]


def demand_opened(town: Town, plan: Plan, name: str) -> None:
    """What `portal open --json` prints, and the files that it writes."""
    folder = town.settings.data / "opened" / name
    ended = CliRunner(env=town.environ).invoke(main, ["open", name, "--json", "--files", str(folder)])
    assert ended.exit_code == 0, ended.output
    assert json.loads(ended.stdout) == plan.answers
    written = sorted(path for path in folder.glob("*") if path.is_file())
    assert [path.read_bytes() for path in written] == [file.content for file in plan.files]


def demand_delivered(town: Town, plan: Plan, name: str) -> None:
    """The parcel: answers, as many files as were added, and nothing that the manifest does not name."""
    folder = town.parcel(str(plan.answers["municipality"]["municipality"]), name)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert (manifest["form"], manifest["language"]) == (plan.way.form, plan.way.language)
    assert json.loads((folder / "answers.json").read_bytes()) == plan.answers
    originals = [one for one in manifest["files"] if "original_name" in one]
    assert [(one["original_name"], one["size"], one["sha256"]) for one in originals] == _expected_files(plan)
    written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert written == sorted(["manifest.json", *(one["name"] for one in manifest["files"])])
    for one in manifest["files"]:
        assert sha256((folder / one["name"]).read_bytes()).hexdigest() == one["sha256"], one["name"]


def _expected_files(plan: Plan) -> list[tuple[str, int, str]]:
    return [(file.shown, len(file.content), file.sha256) for file in plan.files]
