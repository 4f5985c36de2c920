"""Who receives: the municipalities of a deployment, read from `portal.toml`."""

from forms_app.municipality.channels import CHANNEL_KINDS, ChannelKind, ChannelSettings
from forms_app.municipality.reading import load_deployment
from forms_app.municipality.receivers import (
    BadDeployment,
    Contact,
    Deployment,
    Municipality,
    ProcessingTime,
    RetentionOutcome,
    RetentionRule,
)

__all__ = [
    "CHANNEL_KINDS",
    "BadDeployment",
    "ChannelKind",
    "ChannelSettings",
    "Contact",
    "Deployment",
    "Municipality",
    "ProcessingTime",
    "RetentionOutcome",
    "RetentionRule",
    "load_deployment",
]
