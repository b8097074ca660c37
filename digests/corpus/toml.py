"""TOML as front matter uses it: toml-rs, twenty times as fast as the standard library, which has the last word.

What the fast one takes, the other takes alike; what it does not take may still be valid, and the other says where it
is not. As with `fast_yaml`, the fast one stays in a process's main thread.
"""

from __future__ import annotations

import threading
import tomllib

MAX_FAST_CHARS = 8000
MAX_FAST_OPENERS = 200
"""toml-rs recurses once a bracket, brace or dot, and some thousands of them end the process."""


def loads(source: str) -> dict[str, object]:
    """Parse a TOML document.

    Raises:
        tomllib.TOMLDecodeError: It is not valid.
        RecursionError: It is nested too deeply.
        ValueError: It holds an impossible number.
    """
    if _is_harmless(source) and threading.current_thread() is threading.main_thread():
        import toml_rs  # by now it is known that this is the main thread

        try:
            return toml_rs.loads(source, toml_version="1.0.0")
        except ValueError:
            pass
    return tomllib.loads(source)


def _is_harmless(source: str) -> bool:
    return len(source) <= MAX_FAST_CHARS and sum(map(source.count, "[{.")) <= MAX_FAST_OPENERS
