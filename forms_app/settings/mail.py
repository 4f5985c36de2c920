"""The server that mail leaves through."""

from email_validator import EmailNotValidError, validate_email

from forms_app.mail_server import MailServer, MailTls
from forms_app.settings.environment import Environment

# Of the 64 characters that an address may have before the @, 42 are the tag.
_LONGEST_BEFORE_THE_TAG = 64 - 42 + len("*")


def mail_server(environment: Environment) -> MailServer | None:
    """None where no host is given: then no mail is promised or sent."""
    host = environment.text("PORTAL_SMTP_HOST")
    if not host:
        return None
    tls = environment.text("PORTAL_SMTP_TLS", MailTls.STARTTLS)
    if tls not in list(MailTls):
        environment.faults.append(f"PORTAL_SMTP_TLS must be one of {', '.join(MailTls)}")
        tls = MailTls.STARTTLS
    user = environment.text("PORTAL_SMTP_USER") or None
    if user and tls == MailTls.NONE:
        environment.faults.append("PORTAL_SMTP_USER: a password is not sent over a connection without TLS")
    return MailServer(
        host=host,
        port=environment.port("PORTAL_SMTP_PORT", MailTls(tls).usual_port),
        tls=MailTls(tls),
        sender=_sender(environment),
        returns_to=_returns_to(environment),
        user=user,
        password=environment.secret("PORTAL_SMTP_PASSWORD", shortest=1) if user else "",
        ca_file=environment.demand_file("PORTAL_SMTP_CA_FILE", environment.path("PORTAL_SMTP_CA_FILE")),
    )


def _sender(environment: Environment) -> str:
    try:
        address = validate_email(environment.text("PORTAL_MAIL_FROM"), check_deliverability=False)
    except EmailNotValidError:
        address = None
    if address and address.ascii_email:
        return address.ascii_email
    environment.faults.append("PORTAL_MAIL_FROM must be an e-mail address such as portal@example.org")
    return ""


def _returns_to(environment: Environment) -> str:
    pattern = environment.text("PORTAL_BOUNCES_TO")
    if pattern and not _is_pattern(pattern):
        environment.faults.append(
            "PORTAL_BOUNCES_TO must be an address with one * before the @, such as bounces+*@example.org, and at most "
            f"{_LONGEST_BEFORE_THE_TAG} characters there"
        )
    return pattern


def _is_pattern(pattern: str) -> bool:
    name = pattern.partition("@")[0]
    if name.count("*") != 1 or pattern.count("*") != 1 or len(name) > _LONGEST_BEFORE_THE_TAG:
        return False
    try:
        return bool(validate_email(pattern.replace("*", "x"), check_deliverability=False).ascii_email)
    except EmailNotValidError:
        return False
