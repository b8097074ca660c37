"""Use-cases around asking: search, latest news, one story whole. What a person typed becomes stories or advice."""

from digests.service.search.service import SearchService

__all__ = ["SearchService"]
