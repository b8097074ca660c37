from __future__ import annotations

import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

# discord.py imports the standard library's audioop, which warns; the "error" filter is not for it.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord  # noqa: F401

from tests.bot.delivery.making import Office, opened


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path) as office:
        yield office
