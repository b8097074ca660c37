"""What a process that we start gets to see of our environment: what it needs, and never a secret of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_ALWAYS = frozenset(
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TMPDIR",
        "TZ",
        "PYTHONTZPATH",
        "LANG",
        "LANGUAGE",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "PYTHONHOME",
    ]
)


def minimal(
    environment: Mapping[str, str], *, also: Iterable[str] = (), prefixes: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the part of an environment that says where things lie and which language is spoken.

    Args:
        environment: The process's own.
        also: More names to keep.
        prefixes: Names that begin so are kept, too.
    """
    kept = _ALWAYS.union(also)
    openings = ("LC_", *prefixes)
    return {name: value for name, value in environment.items() if name in kept or name.startswith(openings)}
