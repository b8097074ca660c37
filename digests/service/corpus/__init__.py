"""Use-cases around the corpus: loading folders, following changes, saying what is wrong."""

from digests.service.corpus.service import CorpusService

__all__ = ["CorpusService"]
