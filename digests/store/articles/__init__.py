"""The articles: reading them, and writing a reload in one transaction."""

from digests.store.articles.article_store import ArticleStore, KnownFeed
from digests.store.articles.file_entries import ReadFile
from digests.store.articles.reloading import Reload

__all__ = ["ArticleStore", "KnownFeed", "ReadFile", "Reload"]
