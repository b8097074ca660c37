"""Finds the sample corpus and the example configuration, in a checkout or where the wheel installed them."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

_CHECKOUT = Path(__file__).parents[1]
_SHARE = "share/broadsheet"
"""The folder that pyproject.toml's data files go to, below the environment's own."""


def find_bundled(name: str) -> Path | None:
    """Return a file or folder that ships with the program, or None if this installation has none.

    Args:
        name: Its name at the top of the repository: `sample`, `config.example.toml`.
    """
    here = _CHECKOUT / name
    if here.exists() and (_CHECKOUT / "pyproject.toml").exists():
        return here
    try:
        installed = metadata.files("broadsheet") or ()
    except metadata.PackageNotFoundError:
        return None
    for file in installed:
        before, found, after = file.as_posix().partition(f"{_SHARE}/{name}")
        if found and (not after or after.startswith("/")):
            return Path(str(metadata.distribution("broadsheet").locate_file(f"{before}{found}"))).resolve()
    return None
