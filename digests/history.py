"""Recorded corpus histories: what a folder looked like at each revision. Reads the record, writes the folder.

One JSON line a revision, `{"time", "changes": [{"path", "text"}]}`; `text` null means that the file was removed.
Compressed files (`.xz`, `.gz`, `.bz2`) are read as they are. Knows nothing of articles.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import YEARS

_EARLIEST: Final = datetime(YEARS.start, 1, 1, tzinfo=UTC)
_END: Final = datetime(YEARS.stop, 1, 1, tzinfo=UTC)


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True)

    path: str
    text: str | None


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)

    time: Annotated[AwareDatetime, Field(ge=_EARLIEST, lt=_END)]
    changes: tuple[_Change, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: when it was made (aware UTC), and each changed path with its new text (None: removed)."""

    at: datetime
    changes: tuple[tuple[str, str | None], ...]


def read_history(file: Path) -> Iterator[Revision]:
    """Yields the revisions of a record in its order, one line at a time (a record can be larger than memory).

    Raises:
        InvalidInput: The file can't be read, a line is not a revision, a path leaves the folder, or time runs
            backwards; the sentence names the line.
    """
    openers: dict[str, Callable[..., IO[str]]] = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}
    before = datetime.min.replace(tzinfo=UTC)
    try:
        with openers.get(file.suffix, open)(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                revision = _revision(line, file, number)
                if revision.at < before:
                    raise InvalidInput(
                        _("{file}, line {line}: time runs backwards. A history has to be in order.").format(
                            file=file, line=number
                        )
                    )
                before = revision.at
                yield revision
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise InvalidInput(_("The history {file} can't be read: {error}").format(file=file, error=error)) from error


def apply(revision: Revision, folder: Path) -> None:
    """Writes a revision's changes into a folder."""
    for path, text in revision.changes:
        target = folder / path
        if text is None:
            target.unlink(missing_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            # newline="" keeps line endings as they were recorded.
            target.write_text(text, "utf-8", errors="surrogatepass", newline="")


def _revision(line: str, file: Path, number: int) -> Revision:
    try:
        parsed = _Line.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or _("the line")
        raise InvalidInput(
            _("{file}, line {line} is not a revision: {where}: {reason}").format(
                file=file, line=number, where=where, reason=fault["msg"]
            )
        ) from error
    for change in parsed.changes:
        path = PurePosixPath(change.path)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in change.path:
            raise InvalidInput(
                _("{file}, line {line}: the path {path!r} leaves the folder.").format(
                    file=file, line=number, path=change.path
                )
            )
    at = parsed.time.astimezone(UTC).replace(microsecond=0)
    return Revision(at, tuple((change.path, change.text) for change in parsed.changes))
