"""Cases of one person, or of one family, joined: one case worker and one list. Each deed is in the trail of both."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from forms_app.casework.assignment import ASSIGNED, AssignedMeanwhile, NotAColleague, Colleagues, said_of
from forms_app.casework.opening import UnknownReference
from forms_app.clock import Clock
from forms_app.references.reference import parse_reference
from forms_app.storage import audit, case_work, cases, families, submissions
from forms_app.storage.cases import Case
from forms_app.storage.families import Relative
