"""Formats log lines so that no value in them can move the cursor or fake a line of its own."""

from __future__ import annotations

import logging
from typing import Final

_UNSEEN: Final = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}


def visible(text: str) -> str:
    r"""Return text with control characters escaped (`\x1b`), except line ends and tabs."""
    return text.translate(_UNSEEN)


class PlainLines(logging.Formatter):
    """Formats a record; line ends in its message are escaped."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the record's line without the traceback."""
        record.message = visible(record.message).replace("\n", "\n    ")
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """Return a traceback, escaped as it may quote text from outside."""
        return visible(super().formatException(ei))  # type: ignore[arg-type]
