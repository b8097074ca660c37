"""Keeps repeated log lines from filling the disk: beyond a limit per minute they are only counted."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from digests.i18n import _

MOST: Final = 60
WINDOW_S: Final = 60.0
MOST_KINDS: Final = 500
"""How many different lines are counted separately; then the oldest are forgotten."""


@dataclass(slots=True)
class _Kind:
    began_s: float
    count: int = 0
    left_out: int = 0


class RepeatedLines(logging.Filter):
    """Passes a line of one kind (same logger, level and wording, whatever the values) `MOST` times a minute.

    The first one in the next minute says how many were left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, int, str], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Check whether a record is to be logged."""
        key = (record.name, record.levelno, str(record.msg).partition("\n")[0][:100])
        kind = self._kinds.get(key)
        if kind is None or not 0 <= record.created - kind.began_s < WINDOW_S:
            left_out = kind.left_out if kind is not None else 0
            self._kinds.pop(key, None)
            self._kinds[key] = _Kind(record.created, 1)
            while len(self._kinds) > MOST_KINDS:
                del self._kinds[next(iter(self._kinds))]
            if left_out:
                record.msg = _("{line} ({count} lines like this were left out)").format(
                    line=record.getMessage(), count=left_out
                )
                record.args = ()
            return True
        kind.count += 1
        if kind.count > MOST:
            kind.left_out += 1
            return False
        return True
