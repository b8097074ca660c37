"""What members order for their own direct messages: a paper, a saved search, a story to follow.

It needs no permission. An order is stored only once a first direct message has arrived.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import time
from typing import Any, Final

import discord

from bot.component_view import ComponentView
from bot.errors import LOST
from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.orders import end_order, trial_of
from bot.interactions.resolve_subscription import next_due
from bot.render import layout
from bot.render.digest import story_option
from bot.render.layout import Components
from bot.render.pressable import pressable
from bot.render.subscriptions import render_own
from bot.services import Services
from digests import handles
from digests.errors import BroadsheetError, Forbidden, InvalidInput, NotFound
from digests.i18n import _
from digests.models import Article, Cadence, ChannelKind, DeliveredStory, Purpose, QuietDay, Story, Style, Subscription
from digests.service.subscriptions import CHANGEABLE
from digests.typed.answering import is_question
from digests.typed.likely_zone import likely_timezone
from digests.typed.minus import with_minus
from digests.typed.options import plain_minus

STORIES_A_MESSAGE: Final = 5
_NO_DMS: Final = frozenset({50007, 50278})
_OF_THE_PLACE: Final = frozenset({"channel_id", "channel_kind", "channel_name", "mention_role_id", "language"})
"""The fields of a subscription that belong to its channel rather than to what is ordered."""


async def order_paper(interaction: BotInteraction, composition_id: int) -> Components:
    """Order the paper of a digest for the direct messages of whoever pressed the button.

    Raises:
        NotFound: The digest is too old, or its paper has ended.
        InvalidInput: They have too many.
        Forbidden: They don't accept direct messages.
    """
    services = interaction.client.services
    delivered = await services.past_editions.find_delivered(composition_id, interaction.channel_id)
    if delivered is None:
        raise NotFound(_("This paper has ended. /digest subscribe in my direct messages gets you one of your own."))
    paper = await services.subscriptions.get(delivered.subscription_id)
    draft = await _draft(interaction, Purpose.PAPER)
    copied: dict[str, Any] = {name: getattr(paper, name) for name in CHANGEABLE - _OF_THE_PLACE}
    return await _order(interaction, replace(draft, **copied))


async def order_more(interaction: BotInteraction, token: str) -> Components:
    """Save a search, so that the member gets a message when there is more; for an address, follow its story.

    Raises:
        NotFound: The question is no longer stored.
        InvalidInput: It can't match anything new, or they have too many.
        Forbidden: They don't accept direct messages.
    """
    services = interaction.client.services
    asked = await pages.get_asked(services, token)
    request = asked.request
    query = request.query
    if query and not asked.latest:
        with suppress(InvalidInput):
            article = await services.search.find_at_address(query, services.now())
            if article is not None:
                return await follow_story(interaction, handles.of(article.key, article.path))
        query = (await services.search.search(request, now=asked.asked_at)).corrected_query or query
        # "Why is the ferry not sailing?" excludes nothing, just as in a search.
        query = with_minus(query) if is_question(query) else plain_minus(query)
        query = await services.search.resolve_filter(query, services.now(), services.default_cadence.timezone)
    topics = await services.search.resolve_topics(request.topic) if request.topic else ()
    providers = await services.search.resolve_providers(request.provider) if request.provider else ()
    if not (query or topics or providers):
        raise InvalidInput(_("Ask for something in particular first: words, a topic or a provider."))
    draft = replace(
        await _draft(interaction, Purpose.SEARCH),
        query=query,
        topics=topics,
        providers=tuple(provider.domain for provider in providers),
        max_stories=STORIES_A_MESSAGE,
    )
    return await _order(interaction, draft)


async def follow_story(interaction: BotInteraction, ref: str) -> Components:
    """Follow a story.

    Raises:
        NotFound: It is no longer in the corpus.
        InvalidInput: They follow too many.
        Forbidden: They don't accept direct messages.
    """
    services = interaction.client.services
    story = await services.search.story(ref, services.now())
    draft = await _draft(interaction, Purpose.STORY)
    return await _order(interaction, replace(draft, story=_as_delivered(story, draft)))


async def choose_story(services: Services, composition_id: int) -> tuple[str | None, Components]:
    """Return a digest's only story, or a menu of its stories.

    Raises:
        NotFound: The digest is too old.
    """
    digest = await services.editions.get_digest(composition_id)
    options = [story_option(story) for story in digest.stories]
    if len(options) == 1:
        return options[0].value, []
    menu = layout.select(f"followpick:{composition_id}", _("Which story do you want to follow?"), options)
    message = _("I'll send you a direct message when there is news about it, at most one a day.")
    return None, [layout.container([layout.text(message), layout.row(menu)], layout.INK)]


async def stop_own(services: Services, id: int, user_id: int) -> Components:
    """End one of a member's own orders; return the answer, with an undo button.

    Raises:
        NotFound: It is not theirs, or has ended already.
    """
    return await end_order(services, await services.subscriptions.get(id, user_id=user_id))


async def stop_from_message(
    services: Services, composition_id: int, channel_id: int | None, user_id: int
) -> Components:
    """End the order that a direct message came from.

    Raises:
        NotFound: It has already ended.
    """
    delivered = await services.past_editions.find_delivered(composition_id, channel_id)
    if delivered is None:
        raise NotFound(_("This has ended already. /papers shows what you get."))
    return await stop_own(services, delivered.subscription_id, user_id)


async def change_hour(services: Services, id: int, user_id: int, hour: str) -> Components:
    """Move one of a member's own orders to another hour; return it afterwards.

    Raises:
        NotFound: It is not theirs, or has ended.
        InvalidInput: The hour can't be read.
    """
    subscription = await services.subscriptions.get(id, user_id=user_id)
    try:
        at = time.fromisoformat(hour)
    except ValueError as error:
        raise InvalidInput(_("“{hour}” is not an hour. Pick one from the menu.").format(hour=hour[:20])) from error
    now = services.now()
    after = await services.subscriptions.edit(subscription.id, now, cadence=replace(subscription.cadence, times=(at,)))
    return render_own(after, next_due(services, after, now))


async def _draft(interaction: BotInteraction, purpose: Purpose) -> Subscription:
    services, user = interaction.client.services, interaction.user
    own = await services.subscriptions.list_for(user_id=user.id)
    cadence = own[0].cadence if own else services.default_cadence
    zone = cadence.timezone
    if not own and zone == "UTC":
        zone = likely_timezone(str(interaction.locale)) or zone
    channel = await user.create_dm()
    return Subscription(
        guild_id=None,
        channel_id=channel.id,
        channel_kind=ChannelKind.DM,
        creator_id=user.id,
        created_at=services.now(),
        # At most one message a day, at the member's own hour.
        cadence=Cadence(cadence.times[:1], timezone=zone),
        quiet_day=QuietDay.SKIP,
        style=Style.COMPACT,
        language=str(interaction.locale),
        purpose=purpose,
    )


async def _order(interaction: BotInteraction, draft: Subscription) -> Components:
    services, now = interaction.client.services, interaction.client.services.now()
    equal = await services.subscriptions.find_equal(draft)
    if equal is not None:
        return render_own(equal, next_due(services, equal, now))
    since = None if draft.purpose is Purpose.PAPER else now
    made = await services.subscriptions.subscribe(draft, now=now, since=since)
    trial = await trial_of(services, made) if made.purpose is not Purpose.STORY else None
    shown = render_own(made, next_due(services, made, now), trial)
    ids = interaction.client.command_ids(None)
    if interaction.channel_id != made.channel_id:
        try:
            await (await interaction.user.create_dm()).send(view=ComponentView(pressable(shown, ids)))
        except (*LOST, BroadsheetError) as error:
            await services.subscriptions.unsubscribe(made.id)
            raise _unreachable(error) from error
    return shown


def _unreachable(error: BaseException) -> BaseException:
    if isinstance(error, discord.HTTPException) and (error.code in _NO_DMS or error.status == 403):
        return Forbidden(
            _(
                "I can't write to you, so nothing was ordered. Allow direct messages (the server's menu, Privacy"
                " Settings, Direct Messages), or write to me first, and press again."
            )
        )
    return error


def _as_delivered(story: Story, draft: Subscription) -> DeliveredStory:
    lead = story.lead
    shown = (lead, *story.folded, *story.also)
    domains = {provider.domain for provider in story.providers}
    titles = (*(article.title for article in shown), *(link.title for link in story.roundup))
    return DeliveredStory(
        lead_key=lead.key,
        domains=frozenset(domains),
        told_at=draft.created_at,
        lead=Article(
            path="",
            title=lead.title,
            key=lead.key,
            excerpt=lead.excerpt,
            topics=lead.topics,
            provider=lead.provider,
            published_at=lead.published_at,
        ),
        headlines=tuple(dict.fromkeys(titles)),
        root=lead.key,
    )
