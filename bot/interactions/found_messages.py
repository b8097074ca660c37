"""Finds what a message is about: the stories it links to or names, or the digest it is part of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.resolve_subscription import scope
from bot.render import layout, pieces
from bot.render.layout import Components, Option
from bot.render.markdown import clip
from bot.render.subscriptions import clip_lines
from bot.render.wording import source_name
from bot.services import Services
from digests import handles
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import Article, SearchRequest
from digests.typed.suggestions import headline_query

MOST_ADDRESSES: Final = 50
_QUERY_CHARS: Final = 200
_ADDRESS: Final = re.compile(r"https?://[^\s<>()\[\]\"]+", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<[^<>\s]{2,60}>|\[([^\[\]]*)\]\([^()\s]*\)|[*_~|`>#]+")
_OF_A_DIGEST: Final = re.compile(r"(?:getdm|follow|stop|left):(\d{1,18})(?::\d+)?")
_MENU: Final = re.compile(r"pick:(\d{1,18})")


async def find_story(services: Services, message: Mapping[str, Any]) -> Components:
    """Return the story that a message links to, a menu of several, or the search results for its words.

    Raises:
        InvalidInput: It contains neither a link nor words.
    """
    texts = list(_texts(message))
    known: dict[str, Article] = {}
    addresses = [address.rstrip(".,;:!?*_~|'") for text in texts for address in _ADDRESS.findall(text)]
    for address in list(dict.fromkeys(addresses))[:MOST_ADDRESSES]:
        article = await services.search.find_at_address(address, services.now())
        if article is not None:
            known.setdefault(article.key, article)
    found = list(known.values())
    if len(found) == 1:
        return await pages.story_page(services, handles.of(found[0].key, found[0].path), 0)
    if found:
        return _menu(found)
    # A message is not a query: its dashes, quotes and colons have no special meaning.
    words = headline_query(_words(texts))
    if not words:
        raise InvalidInput(_("This message has no link and no words that I could search for."))
    shown, _any = await pages.new_search(services, SearchRequest(words))
    return shown


async def explain_message(interaction: BotInteraction, message: Mapping[str, Any]) -> Components:
    """Return the numbers behind the digest that a message is part of.

    Raises:
        InvalidInput: It is not one of our digests.
        NotFound: It is too old.
    """
    services, client = interaction.client.services, interaction.client
    if client.user is None or str(message["author"]["id"]) != str(client.user.id):
        raise InvalidInput(_("This only works on my own digests. *Find this story* works on every message."))
    ids = [str(part.get("custom_id", "")) for part in layout.walk(message.get("components", ()))]
    for pattern in (_OF_A_DIGEST, _MENU):
        for custom_id in ids:
            if (match := pattern.fullmatch(custom_id)) and await services.past_editions.find_delivered(
                int(match[1]), None
            ):
                return await pages.explain_page(services, match[1], 0)
    here = await services.subscriptions.list_for(**scope(interaction))
    edition = await services.past_editions.find_by_message(int(message["id"]), *(one.id for one in here))
    if edition is None or edition.composition_id is None:
        raise InvalidInput(_("This message is not part of a digest that I remember. I remember them for 30 days."))
    return await pages.explain_page(services, str(edition.composition_id), 0)


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a message: content, titles and addresses of its embeds, text of its components."""
    yield str(message.get("content") or "")
    for embed in message.get("embeds") or ():
        yield from (str(embed.get(name) or "") for name in ("url", "title"))
    for part in layout.walk(message.get("components") or ()):
        yield str(part.get("content") or "")


def _words(texts: list[str]) -> str:
    """Return what to search for: an embed's title or the first line with words."""
    plain = [_MARKUP.sub(lambda found: f" {found[1] or ''} ", _ADDRESS.sub(" ", text)) for text in texts]
    lines = [" ".join(line.split()) for text in plain for line in text.splitlines()]
    return clip(next((line for line in lines if any(letter.isalnum() for letter in line)), ""), _QUERY_CHARS)


def _menu(found: list[Article]) -> Components:
    options = [Option(one.title or _("Untitled"), handles.of(one.key, one.path), source_name(one)) for one in found]
    menu = layout.select("pick:0", _("Open a story with its whole round-up…"), options)
    message = [_("This message links to several stories."), *map(pieces.headline, found)]
    return [layout.container([layout.text(clip_lines(message, 3000)), layout.row(menu)], layout.INK)]
