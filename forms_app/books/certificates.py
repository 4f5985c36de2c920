"""Until when the certificate that citizens' browsers see is valid."""

from datetime import datetime
from pathlib import Path

from cryptography import x509

from forms_app.errors import PortalError


class NoCertificate(PortalError):
    """The file with the certificate of the site cannot be read, or holds none."""


def valid_until(path: Path) -> datetime:
    """The end of the first certificate in the file, which is the site's own. Raises NoCertificate."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    except (OSError, ValueError, IndexError) as error:
        raise NoCertificate(str(path)) from error
