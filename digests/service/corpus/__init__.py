"""Use-cases of the corpus: loading folders, following changes, reporting problems."""

from digests.service.corpus.service import CorpusService

__all__ = ["CorpusService"]
