"""Lays out the folder of a site as its generator does, and says what is understood of it."""

from pathlib import Path

from digests.corpus.problems import Reading
from digests.corpus.reader import read
from digests.ingest.scan import list_files
from digests.ingest.sites import SourceSite, find_site
from digests.models import Article
from digests.models.sources import Source

TEXT = "The harbour opens again on Monday, after three years of work.\n"


class Site:
    """A folder of files, and what is known of it."""

    def __init__(self, root: Path, files: dict[str, str]) -> None:
        (root / ".git").mkdir(parents=True)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        self.root = root.resolve()
        self.known: SourceSite = find_site(Source(self.root), self.root)

    def articles(self) -> set[str]:
        """Return the paths that a walk through the folder takes for articles."""
        return set(list_files(self.root, layout=self.known.layout).paths)

    def reading(self, path: str) -> Reading:
        return read(path, (self.root / path).read_bytes(), site=self.known.site)

    def article(self, path: str) -> Article:
        article = self.reading(path).article
        assert article is not None, path
        return article


def post(**fields: str) -> str:
    lines = "\n".join(f"{name}: {value}" for name, value in {"title": "Harbour", **fields}.items())
    return f"---\n{lines}\n---\n{TEXT}"
