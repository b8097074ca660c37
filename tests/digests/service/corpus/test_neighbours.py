"""What a composition is given besides its candidates."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from digests.models import Policy, Window
from digests.service.corpus import CorpusService
from digests.service.digests import DigestService
from digests.store.articles import ArticleStore
from tests.digests.service.corpus.making import NOW, text_of, write

DAY = Window(NOW - timedelta(days=1), NOW)


async def load(corpus: CorpusService, folder: Path, **ages_days: tuple[float, str]) -> None:
    """Load articles, each with its age at `NOW` in days and further lines of front matter."""
    for name, (age, lines) in ages_days.items():
        published_at = NOW - timedelta(days=age)
        text = text_of(name.title(), publishedDateTime=f"{published_at:%Y-%m-%dT%H:%M:%SZ}")
        write(folder / f"{name}.md", text.replace("---\n", f"---\n{lines}\n", 1))
    await corpus.load(now=NOW)


@pytest.mark.parametrize("by_publication", [False, True])
async def test_everything_around_is_found_but_the_candidates(
    corpus: CorpusService, store: ArticleStore, folder: Path, by_publication: bool
) -> None:
    await load(
        corpus, folder, new=(0.5, ""), draft=(0.2, "published: false"), earlier=(2, ""), old=(9, ""), edge=(1, "")
    )
    candidates = await store.find_candidates(DAY, by_publication=by_publication)
    around = await store.find_around(NOW - timedelta(days=3), NOW, DAY, by_publication=by_publication)
    nothing = Window(NOW, NOW)
    everything = await store.find_around(NOW - timedelta(days=3), NOW, nothing)
    assert {article.title for article in candidates} == {"New"}
    assert around == tuple(article for article in everything if article not in candidates)
    assert {article.title for article in around} == {"Draft", "Earlier", "Edge"}


async def test_other_articles_with_an_address_of_a_candidate_are_found_however_old(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    await load(
        corpus,
        folder,
        new=(0.5, "ampWebUrl: https://x.org/seen-before"),
        twin=(40, "originalUrl: https://x.org/new"),
        other=(40, "ampWebUrl: https://x.org/new"),
        stranger=(40, ""),
    )
    write(folder / "again.md", text_of("Again", "https://x.org/new", publishedDateTime="2020-01-01T00:00:00Z"))
    write(folder / "seen.md", text_of("Seen", "https://x.org/seen-before", publishedDateTime="2020-01-02T00:00:00Z"))
    await corpus.load(now=NOW)
    doubles = await store.find_duplicates(DAY, by_publication=True)
    assert [article.title for article in doubles] == ["Twin", "Other", "Again"]
    digest = await DigestService(store).compose(
        Policy(), DAY, local_date=NOW.date(), timezone="UTC", by_publication=True
    )
    (story,) = digest.stories
    assert story.lead.title == "New"
    # The others claim its page under headlines of their own.
    assert {article.title for article in story.folded} == {"Again"}


async def test_a_keyword_is_found_in_the_text_of_an_article_too(
    corpus: CorpusService, store: ArticleStore, folder: Path
) -> None:
    for name, hours in (("today", 2), ("a-year-ago", 365 * 24 + 2)):
        published_at = NOW - timedelta(hours=hours)
        text = text_of(name.title(), publishedDateTime=f"{published_at:%Y-%m-%dT%H:%M:%SZ}")
        write(folder / f"{name}.md", f"{text}\nA Zeppelin crossed the strait.\n")
        write(folder / f"other-{name}.md", f"{text.replace(name, f'other-{name}')}\nNothing but zeppelins.\n")
    await corpus.load(now=NOW)
    service, policy = DigestService(store), Policy(keywords=("zeppelin",))
    digest = await service.preview(policy, day=NOW.date(), timezone="UTC")
    assert [story.lead.path for story in digest.stories] == ["today.md"]
    quiet = await service.quiet(policy, DAY, local_date=NOW.date(), timezone="UTC")
    assert [story.lead.path for story in quiet.stories] == ["a-year-ago.md"]
