"""The words of the site's frame: search field, headings of side lists, contact cards, chooser and 404."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from forms_app.language import Language


def labels(language: Language) -> Mapping[str, str]:
    """The words in one language, by the keys of labels.toml."""
    return _all_labels()[language]


@lru_cache
def _all_labels() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("labels.toml").read_text(encoding="utf-8"))
