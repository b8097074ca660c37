"""discord.py imports the standard library's audioop, which warns; the tests' "error" filter is not for it."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord  # noqa: F401
