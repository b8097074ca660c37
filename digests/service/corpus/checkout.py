"""Pulls corpus folders from git. People who may push to the repository control its files, and nothing else.

The repository is found once by its `.git` and passed to git explicitly: files that look like a repository are never
taken for one. git runs no programs except those that the operator's own configuration names for reaching the remote
(credential helpers, ssh).
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from digests.errors import CorpusUnavailable
from digests.i18n import _
from digests.ingest.guard import is_inside
from digests.offload import offload
from digests.service.corpus.git import GIT_TIMEOUT_S, MAX_OUTPUT_BYTES, MAX_PACK_BYTES, GitFailed, run_git
from digests.service.corpus.pull_record import PullRecord

RESERVED_BYTES = 256 * 1024**2
"""Disk space kept free for the databases."""
MAX_TREE_FILES = 1_000_000
MAX_TREE_BYTES = 16 * 1024**3
"""Limits of a commit; a few kilobytes of nested trees can represent billions of files."""
MAX_GITFILE_BYTES = 4096

_UNWRITTEN: Final = re.compile(r"(?i)unable to (?:write|create) (?:new )?(?:file|index)|no space|file too large|quota")
_IN_THE_WAY: Final = re.compile(r"would be (?:overwritten|removed|lost)")
_COMMANDS_OF_FILTERS: Final = ("smudge", "clean", "process")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A corpus folder's repository: its top folder and git's own folder."""

    top: Path
    git_dir: Path


class Checkouts:
    """The checkouts around corpus folders; each is found once and then kept."""

    def __init__(self) -> None:
        self._found: dict[Path, Checkout | None] = {}

    async def pull(self, folder: Path) -> bool:
        """Bring a folder's repository up to date with its upstream; return whether anything changed.

        Fetches and then fast-forwards, so that the folder is never half old and half new. A folder outside of a
        repository is left alone.

        Raises:
            CorpusUnavailable: It has no upstream or local changes in the way, can't be fetched, or holds more than
                a corpus may.
        """
        if folder not in self._found:
            self._found[folder] = await _find(folder)
        checkout = self._found[folder]
        return checkout is not None and await _Pull(folder, checkout).run()


async def pull(folder: Path) -> bool:
    """Bring one folder up to date; see `Checkouts.pull`."""
    return await Checkouts().pull(folder)


async def refuse_committed_link(folder: Path) -> None:
    """Refuse a corpus folder that is, or is reached by, a link that is part of a repository and leads out of it.

    Raises:
        CorpusUnavailable: It is one: people who may push would choose which folder of this machine is read.
    """
    found = await offload(_link_out_of_repository, folder)
    if found is None:
        return
    top, link = found
    try:
        is_committed = bool(await run_git(folder, ("-C", str(top)), "ls-files", "-z", "--", link, ceiling=top.parent))
    except CorpusUnavailable:
        is_committed = True  # unknown
    if is_committed:
        raise CorpusUnavailable(
            _(
                "The corpus folder {folder} is a link that came with the repository and leads out of it, so it is not"
                " read. Name the folder itself in corpus.folders."
            ).format(folder=folder)
        )


def _link_out_of_repository(folder: Path) -> tuple[Path, str] | None:
    """Return the first link on the path to a folder that leaves its repository, as (top, path from there)."""
    place = folder.absolute()
    for part in (*reversed(place.parents), place):
        if not part.is_symlink():
            continue
        parent = Path(os.path.realpath(part.parent))
        top = next((each for each in (parent, *parent.parents) if os.path.lexists(each / ".git")), None)
        if top is None:
            continue
        end = os.path.realpath(part)
        inside = os.path.relpath(end, top).split("/") if is_inside(end, str(top)) else [".."]
        if any(name.startswith(".") and name != "." for name in inside):
            return top, os.path.relpath(parent / part.name, top)
    return None


async def _find(folder: Path) -> Checkout | None:
    """Find the checkout around a folder by its `.git`, which can't be committed; None if there is none."""
    real = await offload(folder.resolve)
    top = next((place for place in (real, *real.parents) if os.path.lexists(place / ".git")), None)
    if top is None:
        return None
    # git itself checks the owner (`safe.directory`), but only if it has to search for the repository.
    looking = ("-C", str(top))
    written = await run_git(folder, looking, "rev-parse", "--absolute-git-dir", ceiling=top.parent)
    git_dir = Path(written.removesuffix("\n"))
    if await offload(os.path.realpath, git_dir) != await offload(_named_by, top / ".git"):
        raise CorpusUnavailable(
            _("The git repository of {folder} is broken: {top}/.git is not a repository.").format(
                folder=folder, top=top
            )
        )
    return Checkout(top, git_dir)


def _named_by(entry: Path) -> str:
    """Return the git folder that `.git` is, or that it points to if it is a file."""
    if not entry.is_file():
        return os.path.realpath(entry)
    with entry.open(encoding="utf-8", errors="surrogateescape") as file:
        named = file.read(MAX_GITFILE_BYTES).removeprefix("gitdir:").strip()
    return os.path.realpath(entry.parent / named)


class _Pull:
    """One pull of one checkout."""

    def __init__(self, folder: Path, checkout: Checkout) -> None:
        self._folder = folder
        self._checkout = checkout
        self._settings: list[str] = []
        self._has_ssh_command = False
        self._is_partial = False
        self._record: PullRecord | None = None

    async def run(self) -> bool:
        with PullRecord(self._checkout.git_dir) as record:
            self._record = record
            try:
                return await self._run(record)
            except CorpusUnavailable:
                await offload(record.clear_parts)
                raise

    async def _run(self, record: PullRecord) -> bool:
        before = await self._git("rev-parse", "HEAD")
        await self._read_settings()
        if record.interrupted is not None:
            await self._finish(record.interrupted)
        record.done()
        url = (await self._git("ls-remote", "--get-url")).strip()
        is_local = await offload(_is_outside, url, self._checkout.top)
        self._settings.append(f"protocol.file.allow={'always' if is_local else 'never'}")
        await self._git(
            *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance"),
            "--upload-pack=git-upload-pack",
            *await self._branch(),
            seconds=GIT_TIMEOUT_S,
        )
        upstream = (await self._git("rev-parse", "@{upstream}")).strip()
        if upstream != before.strip():
            await self._measure(upstream)
            await self._move_to(upstream, record)
        return await self._git("rev-parse", "HEAD") != before

    async def _branch(self) -> tuple[str, ...]:
        """Return the refspec of the upstream branch, so that other branches are not fetched."""
        branch = (await self._git("rev-parse", "--symbolic-full-name", "HEAD")).strip()
        if not branch.startswith("refs/heads/"):
            return ()
        wanted = "--format=%(upstream:remotename)%00%(upstream:remoteref)"
        remote, _nul, ref = (await self._git("for-each-ref", wanted, "--", branch)).partition("\n")[0].partition("\0")
        return ("--", remote, ref) if remote and ref.startswith("refs/") else ()

    async def _move_to(self, commit: str, record: PullRecord) -> None:
        record.merging(commit)
        try:
            # Refuses, changing nothing, if the histories have diverged or a local change would be overwritten.
            await self._git("merge", "--ff-only", "--quiet", "--no-stat", commit, seconds=GIT_TIMEOUT_S)
        except GitFailed as error:
            # It ended on its own: if it refused, it has not started, unless the disk was full.
            if not _UNWRITTEN.search(error.errors):
                record.done()
            raise
        record.done()

    async def _finish(self, commit: str) -> None:
        """Finish an update that was killed, if that is what prevents this one.

        Before git writes anything it has checked the commit (and its signature, if configured) and found no local
        changes in the way.
        """
        merge = ("merge", "--ff-only", "--quiet", "--no-stat", commit)
        with contextlib.suppress(GitFailed):
            try:
                await self._git(*merge, seconds=GIT_TIMEOUT_S)
            except GitFailed as error:
                if not _IN_THE_WAY.search(error.errors):
                    return
                await self._git("merge-base", "--is-ancestor", "HEAD", commit)
                await self._git("read-tree", "--reset", "-u", "HEAD", commit, seconds=GIT_TIMEOUT_S)
                await self._git(*merge, seconds=GIT_TIMEOUT_S)

    async def _read_settings(self) -> None:
        """Read the configuration: no part of it may come from the repository's files, and no filter is run."""
        listed = await self._git("config", "--list", "--null", "--show-origin")
        entries = listed.split("\0")
        top = os.path.realpath(self._checkout.top)
        own = os.path.realpath(self._checkout.git_dir)
        for origin, entry in zip(entries[::2], entries[1::2], strict=False):
            key = entry.partition("\n")[0]
            if origin.startswith("file:"):
                place = os.path.realpath(os.path.join(self._checkout.top, origin.removeprefix("file:")))  # noqa: PTH118
                if is_inside(place, top) and not is_inside(place, own) and not is_inside(place, f"{top}/.git"):
                    raise CorpusUnavailable(
                        _(
                            "git's configuration of {folder} includes a file of the repository, so anyone who can push"
                            " to it could change the settings. Take the include.path out of its .git/config."
                        ).format(folder=self._folder)
                    )
            section, _dot, name = key.rpartition(".")
            if section.startswith("filter.") and name in _COMMANDS_OF_FILTERS:
                self._settings += (f"{section}.{each}=" for each in _COMMANDS_OF_FILTERS)
                self._settings.append(f"{section}.required=false")
            elif key == "core.sshcommand":
                self._has_ssh_command = True
            elif key == "extensions.partialclone":
                self._is_partial = True

    async def _measure(self, commit: str) -> None:
        """Refuse a commit that is too large for a corpus, before any of it is written to the folder."""
        if self._is_partial:
            return  # asking for sizes would fetch every file separately
        measure = _Measure(self._folder)
        await self._git("ls-tree", "-r", "-l", "-z", "--full-tree", commit, consume=measure, seconds=GIT_TIMEOUT_S)

    async def _git(
        self,
        *arguments: str,
        seconds: float | None = None,
        consume: Callable[[bytes], None] | None = None,
    ) -> str:
        pinned = (f"--git-dir={self._checkout.git_dir}", f"--work-tree={self._checkout.top}", "-C", self._checkout.top)
        return await run_git(
            self._folder,
            (*map(str, pinned), *(part for setting in self._settings for part in ("-c", setting))),
            *arguments,
            seconds=seconds,
            consume=consume,
            has_ssh_command=self._has_ssh_command,
            inherited_files=(self._record.descriptor,) if self._record is not None else (),
            max_bytes=await offload(_room, self._folder, self._checkout.git_dir),
        )


# The part before the tab that precedes a name; a name that looks like it only makes the sum larger.
_SIZE = re.compile(rb" (\d{1,15})\t")


class _Measure:
    """Adds up the sizes in the output of `ls-tree -r -l -z`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._bytes = 0
        self._rest = b""

    def __call__(self, data: bytes) -> None:
        data = self._rest + data
        end = data.rfind(b"\0") + 1
        self._count += data.count(b"\0")
        self._bytes += sum(map(int, _SIZE.findall(data, 0, end)))
        self._rest = data[end:]
        if self._count > MAX_TREE_FILES or self._bytes > MAX_TREE_BYTES or len(self._rest) > MAX_OUTPUT_BYTES:
            raise CorpusUnavailable(
                _(
                    "The repository of {folder} has grown to more than {files} files or {size} GiB and was not pulled."
                ).format(folder=self._folder, files=f"{MAX_TREE_FILES:,}", size=MAX_TREE_BYTES // 1024**3)
            )


def _is_outside(url: str, top: Path) -> bool:
    """Check whether a remote is a path outside of the repository's files."""
    before_colon, colon, _rest = url.partition(":")
    if not url.startswith("file://") and colon and "/" not in before_colon:
        return False
    return not is_inside(os.path.realpath(top / url.removeprefix("file://")), os.path.realpath(top))


def _room(*places: Path) -> int:
    """Return how large a file may become: some disk space is kept for the bot itself.

    Raises:
        CorpusUnavailable: There is no space left.
    """
    free = min(shutil.disk_usage(place).free for place in places) - RESERVED_BYTES
    if free <= 0:
        raise CorpusUnavailable(
            _("Less than {size} MiB of disk space is free, so nothing is pulled. Free some.").format(
                size=RESERVED_BYTES // 1024**2
            )
        )
    return min(MAX_PACK_BYTES, free)
