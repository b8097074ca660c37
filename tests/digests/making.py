"""Makes articles for tests: only what a test is about has to be said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from digests.models import Article, Provider, RelatedLink

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def link(name: str, title: str | None = None, provider: str | None = None, **fields: Any) -> RelatedLink:
    """A related link whose key is `{provider}.example/{name}`."""
    domain = f"{provider or 'wire'}.example"
    return RelatedLink(
        title=title or f"About {name} in {provider or 'wire'}",
        url=f"https://{domain}/{name}",
        key=f"{domain}/{name}",
        provider=Provider((provider or "wire").title(), domain),
        **fields,
    )


def article(name: str, title: str | None = None, provider: str = "ledger", **fields: Any) -> Article:
    """A published article of `NOON` whose key is `{provider}.example/{name}`."""
    domain = f"{provider}.example"
    fields.setdefault("published_at", NOON)
    fields.setdefault("arrived_at", fields["published_at"])
    fields.setdefault("quality", 80)
    fields.setdefault("topics", ("Harbours",))
    return Article(
        path=f"{domain}/{name}.md",
        title=title or f"Something about {name} happens",
        key=f"{domain}/{name}",
        url=f"https://{domain}/{name}",
        provider=Provider(provider.title(), domain),
        **fields,
    )


def listing(of: Article) -> RelatedLink:
    """The related link that names an article."""
    assert of.url is not None
    return RelatedLink(of.title, of.url, of.key, of.provider, of.published_at, of.quality)
