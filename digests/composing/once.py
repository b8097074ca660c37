"""Keeps one page, and one headline, from being printed twice in one digest. Pure."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import replace

from digests.composing.candidates import Drafting, Drafts
from digests.composing.headlines import LEAST_WORDS, headline, plain_words
from digests.composing.ranking import above, rank_order
from digests.models import Article, DropReason, Policy, Story


def printed_once(
    drafts: Drafts, drafting: Drafting, policy: Policy, drop: Callable[[Article, DropReason, str], None]
) -> Iterator[Story]:
    """Yield the new stories, best first: of those at one address, or under one headline, only the best.

    If a story's page is already taken, its other articles are grouped again. A story below the quality floor is left
    out anyway and hides no other.

    Args:
        drafts: The drafts of the edition.
        drafting: Groups articles again.
        policy: Says what the quality floor is.
        drop: Called with each article that is not printed, the reason, and the address of the one that is.
    """
    waiting, place = drafts.outlines, 0
    seen = _Seen()
    while place < len(waiting):
        outline = waiting[place]
        place += 1
        lead = outline.lead
        if not above(lead, policy):
            yield outline
        elif (other := seen.at_page(lead)) is not None:
            drop(lead, DropReason.SAME_ADDRESS, other.key)
            if others := drafting.regroup(drafts.of(outline), drafts):
                waiting = list(waiting)
                for story in others:
                    insort(waiting, story, lo=place, key=rank_order)
        elif (other := seen.under_headline(lead, words := plain_words(lead.title))) is not None:
            for article in drafts.of(outline).fresh:
                drop(article, DropReason.SAME_HEADLINE, other.key)
        else:
            seen.add(lead, words)
            yield _with_new_beneath(outline, drafts, seen, drop) if outline.also else outline


def _with_new_beneath(
    outline: Story, drafts: Drafts, seen: _Seen, drop: Callable[[Article, DropReason, str], None]
) -> Story:
    """Return a story without those articles beneath it that are printed elsewhere."""
    kept: list[Article] = []
    for article in outline.also:
        if (other := seen.at_page(article)) is not None:
            drop(article, DropReason.SAME_ADDRESS, other.key)
        elif (other := seen.under_headline(article, words := plain_words(article.title))) is not None:
            drop(article, DropReason.SAME_HEADLINE, other.key)
        else:
            seen.add(article, words)
            kept.append(article)
    if len(kept) == len(outline.also):
        return outline
    outline = replace(outline, also=tuple(kept))
    drafts.of(outline).outline = outline
    return outline


class _Seen:
    """The pages and headlines of the stories so far."""

    def __init__(self) -> None:
        self._pages: dict[str, Article] = {}
        self._headlines: dict[str, list[Article]] = {}

    def add(self, article: Article, words: str) -> None:
        """Note an article that is printed, and its headline's plain words."""
        self._pages[article.key] = article
        self._headlines.setdefault(words, []).append(article)

    def at_page(self, article: Article) -> Article | None:
        """Return the printed article at an article's address, if there is one."""
        return self._pages.get(article.key)

    def under_headline(self, article: Article, words: str) -> Article | None:
        """Return the printed article under the same headline; two providers may share a short one by chance."""
        others = self._headlines.get(words)
        if others is None:
            return None
        if len(headline(article.title).words) >= LEAST_WORDS:
            return others[0]
        domain = article.provider.domain if article.provider is not None else None
        return next((other for other in others if other.provider is not None and other.provider.domain == domain), None)
