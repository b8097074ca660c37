"""Lines of the log as text: what a value brings along neither moves the cursor nor looks like a line of its own."""

from __future__ import annotations

import logging
from typing import Final

_UNSEEN: Final = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}


def visible(text: str) -> str:
    r"""Return a text with its control characters written out, `\x1b`; line ends and tabs stay."""
    return text.translate(_UNSEEN)


class PlainLines(logging.Formatter):
    """Formats a record; a line end in its message begins no new line of the log."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the record's own line, without its traceback."""
        record.message = visible(record.message).replace("\n", "\n    ")
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """Return a traceback, which may quote what was read."""
        return visible(super().formatException(ei))  # type: ignore[arg-type]
