from __future__ import annotations

from tests.digests.service.editions.conftest import newsroom

__all__ = ["newsroom"]
