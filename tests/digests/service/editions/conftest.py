from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.digests.service.editions.making import Newsroom


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[Newsroom]:
    made = await Newsroom.open(tmp_path)
    yield made
    await made.database.close()
