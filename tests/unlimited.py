"""The limits as tests need them: one address fills in many forms, and faster than people read.

What a portal does that is not told so is tested in web/test_limits.py and web/test_spam.py.
"""

from collections.abc import Mapping

UNLIMITED: Mapping[str, str] = {
    "PORTAL_CODES_PER_HOUR": "1000000",
    "PORTAL_DRAFTS_PER_HOUR": "1000000",
    "PORTAL_SUBMISSIONS_PER_HOUR": "1000000",
    "PORTAL_UPLOADS_PER_HOUR": "1000000",
    "PORTAL_INVITATIONS_PER_HOUR": "1000000",
    "PORTAL_FASTEST_SECONDS": "0",
}
CITIZENS_ONLY: Mapping[str, str] = {**UNLIMITED, "PORTAL_SURFACES": "citizen"}
"""Without the pages for staff and their login, such a portal starts in half the time."""
