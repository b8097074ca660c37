"""A folder on a small file system of its own, which can really be full; mounted as root, undone in any case."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

SIZE: Final = "32m"
FILLER: Final = "filler"
# Unmounts when its input ends, and so also after the death of the tests.
_HOLD: Final = """
mount -t tmpfs -o size="$2",mode=0700 broadsheet-crash "$1" || exit 1
trap 'umount --lazy "$1"' EXIT
echo mounted
cat
"""


@asynccontextmanager
async def mounted(folder: Path) -> AsyncIterator[None]:
    """Mount a small file system on a new folder for the time of the block.

    Raises:
        OSError: That isn't possible here.
    """
    folder.mkdir()
    holder = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        _HOLD,
        "sh",
        str(folder),
        SIZE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        if await holder.stdout.readline() != b"mounted\n":
            raise OSError("no file system can be mounted")
        yield
    finally:
        holder.stdin.close()
        await holder.communicate()


@cache
def why_not_mounted() -> str | None:
    """Return why no file system can be mounted here; None when it can."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return "only root can mount a small file system"

    async def attempt(folder: Path) -> None:
        async with mounted(folder):
            pass

    with TemporaryDirectory() as folder:
        try:
            asyncio.run(attempt(Path(folder) / "disk"))
        except OSError:
            return "this machine lets nobody mount a file system (a container?)"
    return None


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no byte free in a folder's file system for the time of the block."""
    filler = folder / FILLER
    file = os.open(filler, os.O_CREAT | os.O_WRONLY)
    try:
        for block in (1 << 20, 1 << 12):
            try:
                while os.write(file, bytes(block)) == block:
                    pass
            except OSError:
                continue
        yield
    finally:
        os.close(file)
        filler.unlink()
