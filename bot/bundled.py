"""Where the sample corpus and the example configuration are: in the checkout, or where the wheel put them."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

_CHECKOUT = Path(__file__).parents[1]
_SHARE = "share/broadsheet"
"""The folder that pyproject.toml's data files go to, below the environment's own."""


def find_bundled(name: str) -> Path | None:
    """Return a file or folder that comes with the program, or None where it was installed without.

    Args:
        name: As it is called at the top of the repository: `sample`, `config.example.toml`.
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
