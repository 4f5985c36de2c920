"""Who receives: the municipalities of a deployment, read from `portal.toml`."""

from forms_app.municipality.reading import CHANNEL_KINDS, load_deployment
from forms_app.municipality.receivers import (
    BadDeployment,
    ChannelSettings,
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
    "ChannelSettings",
    "Contact",
    "Deployment",
    "Municipality",
    "ProcessingTime",
    "RetentionOutcome",
    "RetentionRule",
    "load_deployment",
]
