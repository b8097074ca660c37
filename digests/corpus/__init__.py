"""One file of the corpus: bytes in, an `Article` or problems out. Pure; knows no folder, store or clock.

Everything hostile ends here: what leaves this room is clean text, http(s) links and numbers within bounds.
"""

from digests.corpus.problems import Reading
from digests.corpus.reader import read

__all__ = ["Reading", "read"]
