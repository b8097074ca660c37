"""Errors of the news domain. Each carries one sentence for a person: what is wrong and what to do."""

from __future__ import annotations


class BroadsheetError(Exception):
    """Base of all expected errors; `str(error)` is one sentence fit for a person to read."""


class InvalidInput(BroadsheetError):  # noqa: N818 - reads as a sentence where it is raised
    """What a person typed can't be used; the sentence says what to type instead."""


class NotFound(BroadsheetError):  # noqa: N818
    """What was asked for does not exist (any more)."""


class Forbidden(BroadsheetError):  # noqa: N818
    """The person asking may not do this; the sentence says who may."""


class CorpusUnavailable(BroadsheetError):  # noqa: N818
    """A corpus folder is missing or can't be read."""


class ReloadRefused(BroadsheetError):  # noqa: N818
    """A reload would have removed more than half of the corpus; nothing was changed."""


class ReloadRunning(BroadsheetError):  # noqa: N818
    """Another reload is under way."""


class TooSoon(BroadsheetError):  # noqa: N818
    """A member asked for something costly too often; the sentence says when it may be asked again."""


class StillLoading(BroadsheetError):  # noqa: N818
    """The very first load is under way: there is nothing to answer with yet."""


class Overtaken(BroadsheetError):  # noqa: N818
    """What was to be written had been changed meanwhile, again and again; nothing was written."""


class StoreError(BroadsheetError):
    """A database can't be used: newer, foreign, damaged or locked. The sentence names the file."""


class ForeignFile(StoreError):  # noqa: N818
    """A file that was handed in is not what it should be; nothing was changed. The sentence names the file."""
