"""Errors of the news domain. Each carries one sentence for a person: what is wrong and what to do."""

from __future__ import annotations


class BroadsheetError(Exception):
    """Base of all expected errors; `str(error)` is a sentence for people."""


class InvalidInput(BroadsheetError):  # noqa: N818 - reads as a sentence where it is raised
    """What a person typed can't be used; the sentence says what to type instead."""


class NotFound(BroadsheetError):  # noqa: N818
    """What was requested does not exist (any more)."""


class Forbidden(BroadsheetError):  # noqa: N818
    """The person asking may not do this; the sentence says who may."""


class CorpusUnavailable(BroadsheetError):  # noqa: N818
    """A corpus folder is missing or can't be read."""


class ReloadRefused(BroadsheetError):  # noqa: N818
    """A reload would have removed more than half of the corpus; nothing was changed."""


class ReloadRunning(BroadsheetError):  # noqa: N818
    """Another reload is under way."""


class TooSoon(BroadsheetError):  # noqa: N818
    """A member used something expensive too often; the sentence says when it is available again."""


class StillLoading(BroadsheetError):  # noqa: N818
    """The very first load is running: there is nothing to answer with yet."""


class Overtaken(BroadsheetError):  # noqa: N818
    """The row was changed concurrently at every attempt; nothing was written."""


class StoreError(BroadsheetError):
    """A database can't be used: it is newer, foreign, damaged or locked. The sentence names the file."""


class ForeignFile(StoreError):  # noqa: N818
    """A given file is not what it should be; nothing was changed. The sentence names the file."""
