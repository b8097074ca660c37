"""Feed files: RSS, Atom and JSON Feed. One file, many articles; a broken entry costs only itself."""

from digests.corpus.feeds.read_feed import FeedReading, read_feed

__all__ = ["FeedReading", "read_feed"]
