"""Walks through a corpus folder and lists its article files, at little more than the cost of a bare listing."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Container, Sequence
from pathlib import Path

from digests.errors import CorpusUnavailable
from digests.i18n import _, ngettext
from digests.ingest.file_list import MAX_PROBLEMS, NO_STAMP, PATHS_IN_A_BLOCK, Listing
from digests.ingest.guard import Guard, own_file, own_folder
from digests.ingest.layout import ANY_FOLDER, ARTICLE_LIKE, Layout, Mode, may_be_feed
from digests.models import Problem

ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".html", ".htm", ".txt", ".rst")


def list_files(
    root: Path,
    *,
    skip: Container[str] = (),
    guard: Guard | None = None,
    layout: Layout = ANY_FOLDER,
    explain: bool = False,
) -> Listing:
    """List a folder recursively.

    Hidden files and folders are skipped; links to hidden files, out of the folder or to the bot's own files are not
    followed, and reported.

    Args:
        root: The folder.
        skip: Real paths of folders inside that are loaded separately.
        guard: The folder's guard; None only guards against links to hidden files and out of the folder.
        layout: Decides which files are articles.
        explain: List left-out files besides counting them.

    Raises:
        CorpusUnavailable: The folder itself can't be opened.
    """
    walk = _Walk(root, skip, guard or Guard.of(str(root)), layout)
    if explain:
        walk.found.listed_unread = []
    walk.run()
    return walk.found


class _Walk:
    """One walk through a folder tree; each folder is entered once, however many links point to it."""

    def __init__(self, root: Path, skip: Container[str], guard: Guard, layout: Layout) -> None:
        self._root = os.path.realpath(root)
        self._skip = skip
        self._guard = guard
        self._layout = layout
        self._inodes = {inode for _device, inode in guard.identities}
        self._unnamed_count = 0
        self._entered: set[tuple[int, int]] = set()
        self._paths: list[str] = []
        self.found = Listing()

    def run(self) -> None:
        # Linked folders come last, so that a folder is known by its own name.
        plain = [""]
        linked: list[str] = []
        while plain or linked:
            self._enter(plain.pop() if plain else linked.pop(0), plain, linked)
        self.found.add(self._paths)
        if self._unnamed_count:
            count = self._unnamed_count
            reason = ngettext("{count} more name was left out", "{count} more names were left out", count)
            self.found.problems.append(Problem(".", None, reason.format(count=count), rejected=False))

    def _enter(self, prefix: str, plain: list[str], linked: list[str]) -> None:
        mode, why = self._layout.of_folder(prefix)
        if mode is Mode.CLOSED:
            self.found.leave_out(prefix, why)
            return
        try:
            descriptor = os.open(f"{self._root}/{prefix}", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            if not prefix:
                raise CorpusUnavailable(
                    _("The corpus folder {folder} can't be opened: {error}.").format(
                        folder=self._root, error=error.strerror
                    )
                ) from error
            self.found.unreadable.append(prefix)
            self._note(prefix, _("the folder can't be opened: {error}").format(error=error.strerror))
            return
        try:
            status = os.fstat(descriptor)
            identity = status.st_dev, status.st_ino
            if prefix and identity in self._guard.identities:
                if _holds_articles(f"{self._root}/{prefix}"):
                    self._note(prefix, own_folder(), rejected=False)
            elif identity not in self._entered:
                self._entered.add(identity)
                if mode is Mode.LEFT_OUT:
                    self._count(prefix, descriptor, plain, why)
                elif self._layout.bundles and _has_one(self._layout.bundles, descriptor):
                    self._bundle(prefix, descriptor)
                else:
                    self._list(prefix, descriptor, plain, linked)
        except OSError as error:
            self.found.unreadable.append(prefix)
            self._note(prefix or ".", _("the folder can't be listed: {error}").format(error=error.strerror))
        finally:
            os.close(descriptor)

    def _list(self, prefix: str, descriptor: int, plain: list[str], linked: list[str]) -> None:
        """List one folder. A reload without changes spends its time in this loop.

        Listing through a descriptor lets the kernel look up each file by name alone, without resolving the
        whole path.
        """
        paths, add_path, add_stamp = self._paths, self._paths.append, self.found.stamps.append
        suspect = "" if self._layout.has_globs else self._layout.suspect
        own_inodes = self._inodes
        with os.scandir(descriptor) as listing:
            for entry in listing:
                name = entry.name
                if not name.endswith(ENDINGS) or not name.isascii() or not suspect or name[0] in suspect:
                    self._look_closer(prefix, entry, plain, linked)
                elif entry.is_file(follow_symlinks=False):
                    try:
                        status = entry.stat(follow_symlinks=False)
                        if status.st_ino in own_inodes and self._is_own(prefix + name, status):
                            continue
                        add_stamp(status.st_size + status.st_mtime_ns)
                    except OSError:  # deleted since it was listed
                        continue
                    except OverflowError:
                        add_stamp(NO_STAMP)
                    add_path(prefix + name if prefix else name)
                    if len(paths) >= PATHS_IN_A_BLOCK:
                        self.found.add(paths)
                else:
                    self._look_closer(prefix, entry, plain, linked)

    def _look_closer(self, prefix: str, entry: os.DirEntry[str], plain: list[str], linked: list[str]) -> None:
        """Handle links, folders, and files with unusual names."""
        name = entry.name
        if name[0] == ".":
            return
        path = prefix + name
        if name.lower().endswith(ENDINGS) or may_be_feed(name):
            why = self._layout.of_file(path, name)
            if why:
                self.found.leave_out(path, why)
                return
            stamp = self._stamp(path, entry)
            if stamp is not None:
                if self._is_storable(path, _("the file's name is not UTF-8; rename it")):
                    self._paths.append(path)
                    self.found.stamps.append(stamp)
                return
        if ARTICLE_LIKE.search(name.lower()) and entry.is_file(follow_symlinks=False):
            if not self._layout.ignores(path):
                self.found.unread[name[name.rfind(".") :].lower()] += 1
                self.found.list_unread(path, _("files with this extension are not read"))
            return
        self._folder(path, entry, plain, linked)

    def _count(self, prefix: str, descriptor: int, plain: list[str], why: str) -> None:
        """Count the files in a folder without articles; it may contain folders of posts."""
        with os.scandir(descriptor) as listing:
            for entry in listing:
                name = entry.name
                if name[0] == ".":
                    continue
                if name.lower().endswith(ENDINGS):
                    if self._is_storable(prefix + name, _("the file's name is not UTF-8; rename it")):
                        self.found.leave_out(prefix + name, self._layout.of_file(prefix + name, name) or why)
                elif entry.is_dir(follow_symlinks=False):
                    self._folder(prefix + name, entry, plain, [])

    def _bundle(self, prefix: str, descriptor: int) -> None:
        """Take the page of a folder that is a single page; everything else in it belongs to that page."""
        for name in sorted(os.listdir(descriptor)):
            if not name.lower().endswith(ENDINGS) or name[0] == ".":
                continue
            if not name.startswith("index."):
                self.found.leave_out(prefix + name, _("it belongs to the page of its folder"))
                continue
            if self._layout.ignores(prefix + name):
                self.found.leave_out(prefix + name, _("left out by the configuration"))
                continue
            path = prefix + name
            try:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except OSError:
                continue
            if not stat.S_ISREG(status.st_mode) or self._is_own(path, status):
                continue
            if self._is_storable(path, _("the file's name is not UTF-8; rename it")):
                self._paths.append(path)
                stamp = status.st_size + status.st_mtime_ns
                self.found.stamps.append(stamp if abs(stamp) < 2**63 else NO_STAMP)

    def _is_own(self, path: str, status: os.stat_result) -> bool:
        """Check whether a file is the bot's own, under any name, and report it if so."""
        if (status.st_dev, status.st_ino) not in self._guard.identities:
            return False
        self._note(path, own_file())
        return True

    def _stamp(self, path: str, entry: os.DirEntry[str]) -> int | None:
        """Return the stamp of a regular file, or of a link's permitted target; None for anything else."""
        try:
            if entry.is_symlink() and not self._is_followed(path):
                return None
            if not entry.is_file():
                return None
            status = entry.stat()
        except OSError:
            return None
        if self._is_own(path, status):
            return None
        stamp = status.st_size + status.st_mtime_ns
        return stamp if abs(stamp) < 2**63 else NO_STAMP

    def _folder(self, path: str, entry: os.DirEntry[str], plain: list[str], linked: list[str]) -> None:
        try:
            if not entry.is_dir():
                return
            is_link = entry.is_symlink()
        except OSError:
            return
        if is_link:
            if self._is_followed(path) and os.path.realpath(f"{self._root}/{path}") not in self._skip:
                linked.append(f"{path}/")
        elif f"{self._root}/{path}" not in self._skip and self._is_storable(
            f"{path}/", _("the folder's name is not UTF-8; rename it")
        ):
            plain.append(f"{path}/")

    def _is_followed(self, path: str) -> bool:
        """Check whether a link may be followed, by its target; report it if not."""
        refusal = self._guard.refusal(os.path.realpath(f"{self._root}/{path}"))
        if refusal is not None:
            self._note(path, refusal)
        return refusal is None

    def _is_storable(self, path: str, reason: str) -> bool:
        try:
            path.encode("utf-8")
        except UnicodeEncodeError:
            self._note(path, reason)
            return False
        return True

    def _note(self, path: str, reason: str, *, rejected: bool = True) -> None:
        if len(self.found.problems) >= MAX_PROBLEMS:
            self._unnamed_count += 1
            return
        shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
        self.found.problems.append(Problem(shown, None, reason, rejected))


def _has_one(names: Sequence[str], descriptor: int) -> bool:
    """Check whether a folder contains a file with one of these names."""
    for name in names:
        with contextlib.suppress(OSError):
            os.stat(name, dir_fd=descriptor)
            return True
    return False


def _holds_articles(folder: str) -> bool:
    """Check whether any file in a folder has an article's extension; looks at the first thousand subfolders."""
    for number, (_place, _folders, names) in enumerate(os.walk(folder)):
        if number >= 1000:
            break
        if any(name.lower().endswith(ENDINGS) for name in names):
            return True
    return False


def real_folders(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders as real absolute paths, in order, without duplicates.

    Raises:
        CorpusUnavailable: One of them is missing or not a folder.
    """
    found: dict[Path, None] = {}
    for folder in folders:
        try:
            real = folder.expanduser().resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise CorpusUnavailable(
                _("The corpus folder {folder} does not exist. Create it, or name another.").format(folder=folder)
            ) from error
        if not real.is_dir():
            raise CorpusUnavailable(_("{folder} is a file; name the folder that it is in.").format(folder=folder))
        found[real] = None
    return tuple(found)
