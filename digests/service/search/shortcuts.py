"""Recognises queries that are not a search for words: "what's new today", the address of a site. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests import urls
from digests.models import Provider
from digests.typed.dates import Span, parse_moment
from digests.typed.name_resolver import NameResolver
from digests.typed.query import TIMES_ALONE
from digests.typed.query_tree import And, Filter, Not, Query, Term

_NEWS = frozenset({"news", "new", "newest", "latest", "recent", "headlines", "updates"})
_EVENTS = frozenset({"happened", "happening", "happens", "going", "miss"})
"""These ask for what is new only together with one of `_ASKING`."""
_ASKING = frozenset({"what", "whats", "what's", "anything", "everything"})
_AROUND = _ASKING | frozenset(
    ("a", "all", "any", "are", "been", "breaking", "did", "else", "for", "from", "has", "have", "i", "in", "is", "it",
     "me", "of", "on", "please", "show", "stories", "tell", "the", "there", "top")
)  # fmt: skip
_DAY = timedelta(hours=25)
_DATE = re.compile(r"(?i)\d{4}-\d{1,2}-\d{1,2}|(?=.*[a-z]{3})(?=.*\d)[\w., ]{5,30}")
"""What may be a date alone: a shorter one such as `3d` is more likely a word."""
_WORD = re.compile(r"[\w'’-]+")
_ADDRESS = re.compile(r"(?:https?://)?([\w-]+(?:\.[\w-]+)+)(?::\d+)?(/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AtSite:
    """A typed address that no article has.

    Attributes:
        provider: The site's provider; None if the corpus has no article of it.
        is_page: The address is that of a page, so something in particular was wanted.
    """

    provider: Provider | None
    is_page: bool


@dataclass(frozen=True, slots=True)
class WhatIsNew:
    """A query without words that lists what is new.

    Attributes:
        when: The time that it names, as typed; empty for none.
    """

    query: Query
    when: str


def what_is_new(query: Query, now: datetime, zone: str) -> WhatIsNew | None:
    """Return what to list if a query's words, apart from filters, only ask for what is new; else None.

    So do `today`, `latest news`, `what's new this week`, `provider:cnn yesterday`, `sort:newest`, `5 march 2026`.
    """
    parts = query.root.parts
    terms = [part for part in parts if isinstance(part, Term)]
    if any(term.phrase or term.prefix or term.title for term in terms):
        return None
    filters = tuple(part for part in parts if not isinstance(part, Term))
    if not all(isinstance(part.part if isinstance(part, Not) else part, Filter) for part in filters):
        return None
    if _DATE.fullmatch(query.text) and (day := parse_moment(query.text, now, zone)) is not None:
        return WhatIsNew(Query(query.text, since=day.start, until=day.end), query.text) if _is_day(day) else None
    if not parts and query.sort is not None and query.since is None and query.until is None:
        return WhatIsNew(query, "")
    if not terms:
        is_span = not filters and (query.since is not None or query.until is not None)
        return WhatIsNew(query, query.text.lower()) if is_span and query.text.lower() in TIMES_ALONE else None
    words = [word.lower().replace("’", "'") for term in terms for word in _WORD.findall(term.text)]
    words = [word if word == "what's" else word.removesuffix("'s") for word in words]
    asks = bool(_EVENTS.intersection(words) and _ASKING.intersection(words))
    around = _NEWS | _AROUND | _EVENTS if asks else _NEWS | _AROUND
    rest = [word for word in words if word not in around]
    when = " ".join(rest)
    if not rest:
        return WhatIsNew(replace(query, root=And(filters)), "") if asks or _NEWS.intersection(words) else None
    span = parse_moment(when, now, zone) if when in TIMES_ALONE else None
    if span is None:
        return None
    since = max(filter(None, (span.start, query.since)))
    until = min(filter(None, (span.end, query.until)))
    return WhatIsNew(replace(query, root=And(filters), since=since, until=until), when)


def _is_day(span: Span) -> bool:
    return timedelta() < span.end - span.start <= _DAY


def at_site(text: str, resolver: NameResolver) -> AtSite | None:
    """Return the site of an address that was typed instead of words; None if it is not an address."""
    typed = _ADDRESS.fullmatch(text.strip().strip("<>"))
    if typed is None:
        return None
    host = typed[1].lower().removeprefix("www.")
    is_page = len(typed[2] or "") > 1
    while "." in host:
        named = next((one for one in resolver.providers(host, exactly=True) if one.domain == host), None)
        if named is not None:
            return AtSite(named, is_page)
        host = host.partition(".")[2]
    return AtSite(None, is_page) if urls.is_web(text.strip().strip("<>")) else None
