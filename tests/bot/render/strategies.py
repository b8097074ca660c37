"""Hypothesis strategies for whatever a corpus could hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from digests.models import (
    Article,
    Digest,
    Dropped,
    DropReason,
    Image,
    Join,
    JoinReason,
    LeftOut,
    LeftOutReason,
    Link,
    Provider,
    Score,
    Section,
    Story,
    Update,
    Window,
)
from tests.examples import examples

NOW = datetime(2020, 7, 8, 6, tzinfo=UTC)

slowly = settings(
    max_examples=examples(20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
"""For what takes long to make up and to render."""

HOSTILE = (
    "@everyone",
    "@here",
    "<@123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "<t:1594000000:R>",
    "</news:123456789012345678>",
    "<:blob:123456789012345678>",
    "<a:blob:123456789012345678>",
    "<id:customize>",
    ":smile:",
    ":+1:",
    "https://evil.example/a_b*c",
    "discord://x",
    "<https://evil.example>",
    "[click](https://evil.example)",
    "[a](<https://evil.example>)",
    "](https://evil.example)",
    "[",
    "]",
    "(",
    ")",
    "\\",
    "`",
    "```\ncode\n```",
    "**",
    "__",
    "*a*",
    "_a_",
    "~~a~~",
    "||a||",
    "# h",
    "-# s",
    "> q",
    ">>> q",
    "- l",
    "* l",
    "+ l",
    "1. l",
    "12) l",
    "\n",
    "\r\n",
    "\u2028",
    "\u202e",
    "\u200b",
    "\x1b[31m",
    "\x00",
    "\ud800",
    "e\u0301\u0302\u0303\u0304\u0305\u0306",
    "👩‍👩‍👧‍👦",
    "🇩🇪",
    "漢字",
    "…",
    "...",
)

words = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), max_size=12).map("".join),
    st.lists(st.sampled_from((*HOSTILE, "word", "Clearview")), max_size=12).map(" ".join),
)
long_words = st.builds(lambda text, times: text * times, words, st.sampled_from((1, 1, 1, 1, 60)))
moments = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2040, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC, microsecond=0)
)
urls = st.one_of(
    st.builds(
        lambda scheme, host, path, times: f"{scheme}://{host}/{path * times}",
        st.sampled_from(("http", "https", "HTTPS")),
        st.sampled_from(
            ("example.com", "www.nytimes.com", "bücher.example", "user:pw@example.com", "example.com:8080")
        ),
        st.one_of(st.text(max_size=30), st.sampled_from(("a_(b)", "x**y", "p?q=[1]&r=@everyone", "%zz", "a b"))),
        st.sampled_from((1, 1, 1, 10, 90)),
    ),
    st.sampled_from(
        ("javascript:alert(1)", "ftp://example.com/a", "https://", "http://[::1]/", "https://[", "//x.y", "")
    ),
    words,
)
known_providers = st.builds(
    Provider, name=long_words, domain=st.sampled_from(("forbes.com", "nytimes.com", "", "a" * 200 + ".com"))
)
providers = st.one_of(st.none(), known_providers)
pictures = st.builds(
    Image,
    url=urls,
    width=st.one_of(st.none(), st.integers(0, 4000)),
    height=st.one_of(st.none(), st.integers(0, 4000)),
    title=st.one_of(st.none(), words),
)
numbers = st.one_of(st.none(), st.integers(-1, 10**9))
links = st.builds(
    Link,
    title=long_words,
    url=urls,
    key=urls,
    provider=providers,
    published_at=st.one_of(st.none(), moments),
    quality=numbers,
)
_articles = st.builds(
    Article,
    path=words,
    title=long_words,
    key=st.just(""),
    excerpt=long_words,
    url=st.one_of(st.none(), urls),
    provider=providers,
    topics=st.lists(words, max_size=3).map(tuple),
    quality=numbers,
    heat=numbers,
    published_at=st.one_of(st.none(), moments),
    images=st.lists(pictures, max_size=2).map(tuple),
    authors=st.lists(words, max_size=5).map(tuple),
)
_roundups = st.one_of(
    st.lists(links, max_size=3).map(tuple),
    st.builds(lambda link, count: (link,) * count, links, st.integers(0, 45)),
)
scores = st.builds(Score, *(st.floats(0, 100) for _part in range(5)))
updates = st.builds(
    Update,
    new_providers=st.lists(long_words, max_size=6).map(tuple),
    new_links=st.lists(links, max_size=2).map(tuple),
)
_joins = st.builds(Join, article_key=urls, lead_key=urls, reason=st.sampled_from(JoinReason), evidence=long_words)


@st.composite
def stories(draw: st.DrawFn, number: int | None = None) -> Story:
    """A story; its lead's key is its own for each `number`."""
    lead: Article = draw(_articles)
    if number is None:
        number = draw(st.integers(0, 10**6))
    keyed = replace(lead, key=f"https://e.example/{number}")
    return Story(
        lead=keyed,
        folded=(),
        joins=draw(st.lists(_joins, max_size=2).map(tuple)),
        roundup=draw(_roundups),
        providers=tuple(draw(st.lists(known_providers, max_size=3))),
        topic=draw(st.one_of(st.none(), words)),
        score=draw(scores),
        update=draw(st.one_of(st.none(), st.none(), updates)),
        also=tuple(draw(st.lists(_articles, max_size=3))),
    )


@st.composite
def digests(draw: st.DrawFn, most_stories: int = 60) -> Digest:
    """A digest with at most that many stories; many of them are copies of a few, so that drawing stays quick."""
    models = draw(st.lists(stories(), min_size=1, max_size=3))
    counts = draw(st.lists(st.integers(1, 12), max_size=7))
    sections: list[Section] = []
    told = 0
    for count in counts:
        count = min(count, most_stories - told)
        if count < 1:
            break
        topic = draw(st.one_of(st.none(), long_words))
        copies = tuple(_copy(models, told + index) for index in range(count))
        sections.append(Section(topic, copies, is_updates=draw(st.booleans())))
        told += count
    return Digest(
        local_date=draw(st.dates(date(1990, 1, 1), date(2040, 1, 1))),
        timezone="Europe/Berlin",
        window=Window(NOW - timedelta(days=1), NOW),
        sections=tuple(sections),
        left_out=tuple(
            LeftOut(_copy(models, 1000 + index), draw(st.sampled_from(LeftOutReason)))
            for index in range(draw(st.integers(0, 25)))
        ),
        dropped=tuple(draw(st.lists(st.builds(Dropped, urls, long_words, st.sampled_from(DropReason)), max_size=3))),
        from_archive=draw(st.booleans()),
    )


def _copy(models: list[Story], number: int) -> Story:
    story = models[number % len(models)]
    return replace(story, lead=replace(story.lead, key=f"https://e.example/{number}"))
