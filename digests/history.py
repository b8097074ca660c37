"""Recorded corpus histories: reads the record of a folder's revisions, and applies them to a folder.

Each revision is one JSON line, `{"time", "changes": [{"path", "text"}]}`; `text` null means the file was removed.
Compressed files (`.xz`, `.gz`, `.bz2`) are supported. Knows nothing about articles.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import json
import lzma
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, InstanceOf, ValidationError

from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import YEARS

_EARLIEST: Final = datetime(YEARS.start, 1, 1, tzinfo=UTC)
_END: Final = datetime(YEARS.stop, 1, 1, tzinfo=UTC)
_NO_SUCH_FILE: Final = frozenset({errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL})
"""Error numbers for impossible paths: another file is in the way, or the name is too long."""


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True)

    # pydantic's own string type refuses lone surrogates: rejecting a file with one is up to the article reader.
    path: InstanceOf[str]
    text: InstanceOf[str] | None


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)

    time: Annotated[AwareDatetime, Field(ge=_EARLIEST, lt=_END)]
    changes: list[_Change]


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: its time (aware UTC), each changed path with its new text (None: removed), its line."""

    at: datetime
    changes: tuple[tuple[str, str | None], ...]
    line: int


def read_history(file: Path) -> Iterator[Revision]:
    """Yield the revisions of a record in order, one line at a time (a record can be larger than memory).

    Raises:
        InvalidInput: The file can't be read, a line is not a revision, a path leads out of the folder, or the times are
            not in order; the sentence names the line.
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
    """Apply a revision to a folder: removals first, as a folder may become a file.

    Raises:
        InvalidInput: One of its paths is impossible; the sentence names the line.
    """
    # If a path occurs twice, the last one counts.
    changes = dict(revision.changes)
    for path, text in sorted(changes.items(), key=lambda change: change[1] is not None):
        try:
            if text is None:
                _remove(folder / path, folder)
            else:
                _write(folder / path, text)
        except (OSError, UnicodeEncodeError) as error:
            if isinstance(error, OSError) and error.errno not in _NO_SUCH_FILE:
                raise
            reason = error.strerror if isinstance(error, OSError) else error.reason
            raise InvalidInput(
                _("Line {line} of the history: there can be no file {path!r} in the folder: {reason}.").format(
                    line=revision.line, path=path, reason=reason
                )
            ) from error


def _remove(target: Path, folder: Path) -> None:
    """Remove a file or a whole folder, and then empty parent folders, which git doesn't keep."""
    if target.is_dir():
        shutil.rmtree(target)
    else:
        with suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()
    for parent in target.relative_to(folder).parents[:-1]:
        with suppress(OSError):
            (folder / parent).rmdir()


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # newline="" keeps line ends as recorded.
    target.write_text(text, "utf-8", errors="surrogatepass", newline="")


def _revision(line: str, file: Path, number: int) -> Revision:
    try:
        document = json.loads(line)
        if not isinstance(document, dict):
            raise InvalidInput(_not_a_revision(file, number, _("the line"), _("it has to be an object")))
        parsed = _Line.model_validate(document)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or _("the line")
        raise InvalidInput(_not_a_revision(file, number, where, fault["msg"])) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(_not_a_revision(file, number, _("the line"), str(error))) from error
    for change in parsed.changes:
        path = PurePosixPath(change.path)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in change.path:
            raise InvalidInput(
                _("{file}, line {line}: the path {path!r} leaves the folder.").format(
                    file=file, line=number, path=change.path
                )
            )
    at = parsed.time.astimezone(UTC).replace(microsecond=0)
    return Revision(at, tuple((str(PurePosixPath(change.path)), change.text) for change in parsed.changes), number)


def _not_a_revision(file: Path, number: int, where: str, reason: str) -> str:
    return _("{file}, line {line} is not a revision: {where}: {reason}").format(
        file=file, line=number, where=where, reason=reason
    )
