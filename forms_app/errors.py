"""The one base of every error the portal raises on purpose."""


class PortalError(Exception):
    """Something the portal refuses or cannot do.

    The docstring of a subclass is the operator's message and `str(error)` adds the ids. What a citizen reads is decided
    in one place, `web/errors.py`.
    """

    @classmethod
    def meaning(cls) -> str:
        """The first line of the class's docstring: what an operator is told."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]
