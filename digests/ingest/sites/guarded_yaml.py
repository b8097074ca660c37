"""YAML of a site's configuration: libyaml behind the guard that articles have, and a bound on what merge keys copy."""

from __future__ import annotations

import yaml as pyyaml

from digests.corpus import yaml as guarded
from digests.corpus.problems import Unreadable
from digests.i18n import _

MAX_MERGED = 20_000
"""Entries that merge keys may copy into one configuration; real ones copy a dozen."""


class _Loader(pyyaml.CSafeLoader):
    """A safe loader with a limit on what merge keys may copy; plain aliases share their value and copy nothing."""

    merged = 0

    def flatten_mapping(self, node: pyyaml.MappingNode) -> None:
        super().flatten_mapping(node)
        self.merged += len(node.value)
        if self.merged > MAX_MERGED:
            raise pyyaml.constructor.ConstructorError(None, None, _("it merges far too much"), node.start_mark)


def load(text: str) -> object:
    """Parse a YAML document.

    Raises:
        Unreadable: It is not safe to parse.
        ValueError: It is not valid.
    """
    guarded.refuse_unsafe(text)
    if not guarded.is_within_guard(text):
        raise Unreadable(None, _("the configuration is too long"))
    try:
        return pyyaml.load(text, Loader=_Loader)  # noqa: S506 - a CSafeLoader
    except pyyaml.YAMLError as error:
        raise ValueError(str(error)) from error
