"""Feed files: RSS, Atom and JSON Feed. One file, many articles; what is wrong with an entry costs that entry."""

from digests.corpus.feeds.reading import FeedReading, read_feed

__all__ = ["FeedReading", "read_feed"]
