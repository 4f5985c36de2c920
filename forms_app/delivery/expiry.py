"""Deletes what has been kept for as long as was promised: drafts that were never sent, and citizens' own copies of what
they sent. Nothing that the municipality must have ever expires here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from forms_app import log
from forms_app.clock import Clock, local_date, start_of_day
from forms_app.countries import Country, rules_for
from forms_app.delivery.packing import WORKER
from forms_app.municipality import Deployment, Municipality
from forms_app.storage import audit, drafts, own_copies
from forms_app.storage.engine import reading

_log = log.logger(__name__)


@dataclass(frozen=True)
class DraftExpiry:
    """Deletes drafts that were last saved more than `days` ago. What is deleted twice is gone."""

    engine: sa.Engine
    clock: Clock
    days: int

    def run_once(self) -> None:
        """Delete what is expired now; raises what the database raises."""
        zones = {rules_for(country).time_zone for country in Country}
        before = min(_kept_since(self.clock(), self.days, zone) for zone in zones)
        with reading(self.engine) as connection:
            if not drafts.any_unsent(connection, saved_before=before):
                return
        with self.engine.begin() as connection:
            count = drafts.delete_unsent(connection, saved_before=before)
        _log.info("drafts_expired", count=count)


@dataclass(frozen=True)
class OwnCopyExpiry:
    """Deletes the citizens' own copies that are as old as their municipality lets them be."""

    engine: sa.Engine
    clock: Clock
    deployment: Deployment

    def run_once(self) -> None:
        """Delete what is expired now; raises what the database raises."""
        for municipality in self.deployment.municipalities:
            self._expire(municipality)

    def _expire(self, municipality: Municipality) -> None:
        zone = rules_for(municipality.country).time_zone
        before = _kept_since(self.clock(), municipality.own_copy_days, zone)
        with reading(self.engine) as connection:
            if not own_copies.any_old(connection, municipality.key, accepted_before=before):
                return
        with self.engine.begin() as connection:
            count = own_copies.delete_old(connection, municipality.key, accepted_before=before)
            audit.record(
                connection, at=self.clock(), actor=WORKER, action="own copies expired", subject=municipality.key
            )
        _log.info("own_copies_expired", count=count)


def _kept_since(now: datetime, days: int, zone: str) -> datetime:
    """The beginning of the first day of which anything is still kept today."""
    return start_of_day(local_date(now, zone) - timedelta(days=days), zone)
