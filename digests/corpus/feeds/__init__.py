"""Feed files: RSS, Atom and JSON Feed. One file, many articles; a broken entry doesn't affect the others."""

from digests.corpus.feeds.read_feed import FeedReading, read_feed

__all__ = ["FeedReading", "read_feed"]
