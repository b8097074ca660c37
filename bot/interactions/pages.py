"""One page of a long answer: load the question, one service call, one render call.

Commands show the first page and buttons the others, even after a restart: all state is in the stores.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from bot.interactions.loading import check_loaded
from bot.interactions.previews import Preview, compose_preview, preview_of_past
from bot.interactions.resolve_subscription import next_due
from bot.render.absence import render_absence
from bot.render.corpus import render_problems
from bot.render.digest import render_left_out
from bot.render.explain import ExplainedEditions, render_explain
from bot.render.layout import Components
from bot.render.pieces import at_page
from bot.render.search import render_latest, render_search
from bot.render.story import render_story
from bot.render.subscriptions import render_subscriptions
from bot.services import Services
from digests.errors import NotFound
from digests.i18n import _
from digests.models import (
    Digest,
    PastEdition,
    Policy,
    SearchAnswer,
    SearchRequest,
    Silence,
    Subscription,
    SubscriptionState,
)

STORIES_A_PAGE: Final = 6
_SEARCH: Final = "search"
_PREVIEW: Final = "preview"


@dataclass(frozen=True, slots=True)
class AskedSearch:
    """A question with the time it was asked, so that `yesterday` keeps its meaning."""

    request: SearchRequest
    asked_at: datetime
    latest: bool


_ASKED_SEARCH = TypeAdapter(AskedSearch)
_PREVIEWED = TypeAdapter(Preview)


# --------------------------------------------------------------------------- search


async def new_search(
    services: Services, request: SearchRequest, *, latest: bool = False, shared: bool = False
) -> tuple[Components, bool]:
    """Return the first page of an answer and whether it has any results; store the question for the other pages."""
    await check_loaded(services)
    asked = AskedSearch(request, services.now(), latest)
    token = await services.button_state.save(_SEARCH, _ASKED_SEARCH.dump_python(asked, mode="json"), asked.asked_at)
    answer, shown = await _search_page(services, asked, token, 0, shared=shared)
    return shown, bool(answer.stories)


async def search_page(services: Services, token: str, page: int, *, shared: bool = False) -> Components:
    """Return a page of an earlier answer.

    Raises:
        NotFound: The question is no longer remembered.
    """
    asked = await get_asked(services, token)
    _answer, shown = await _search_page(services, asked, int(token), page, shared=shared)
    return shown


async def get_asked(services: Services, token: str) -> AskedSearch:
    """Return an earlier question.

    Raises:
        NotFound: It is no longer remembered.
    """
    stored = await services.button_state.find(_SEARCH, int(token))
    if stored is None:
        raise NotFound(_("These results are too old. Ask again with /news or /latest."))
    asked: AskedSearch = _ASKED_SEARCH.validate_python(stored)
    return asked


async def search_as_typed(services: Services, token: str) -> Components:
    """Answer an earlier question again, with its misspelt words left as typed.

    Raises:
        NotFound: The question is no longer remembered.
    """
    asked = await get_asked(services, token)
    answer = await services.search.search(asked.request, now=asked.asked_at, limit=1)
    request = replace(asked.request, query=answer.uncorrected_query or asked.request.query)
    shown, _found = await new_search(services, request)
    return shown


async def _search_page(
    services: Services, asked: AskedSearch, token: int, page: int, *, shared: bool
) -> tuple[SearchAnswer, Components]:
    request, offset = asked.request, page * STORIES_A_PAGE
    if asked.latest:
        answer = await services.search.latest(
            provider=request.provider,
            topic=request.topic,
            since=request.since,
            now=asked.asked_at,
            offset=offset,
            limit=STORIES_A_PAGE,
        )
        return answer, render_latest(answer, token=token, page=page, page_size=STORIES_A_PAGE, shared=shared)
    answer = await services.search.search(request, now=asked.asked_at, offset=offset, limit=STORIES_A_PAGE)
    return answer, render_search(answer, token=token, page=page, page_size=STORIES_A_PAGE, shared=shared)


async def story_page(services: Services, ref: str, page: int, *, shared: bool = False, back: str = "") -> Components:
    """Return a page of a story.

    Args:
        services: The use-cases.
        ref: Its handle.
        page: Of its round-up.
        shared: The message is public.
        back: The page of results it was opened from, as TOKEN-PAGE; empty if it was not.

    Raises:
        NotFound: Its lead is no longer in the corpus.
    """
    return render_story(await services.search.story(ref, services.now()), page=page, share=not shared, back=back)


# --------------------------------------------------------------------------- digests


async def new_preview(services: Services, preview: Preview) -> tuple[int, Digest]:
    """Compose a preview; return the token under which it is stored, and the digest."""
    await check_loaded(services)
    value = _PREVIEWED.dump_python(preview, mode="json")
    return await services.button_state.save(_PREVIEW, value, services.now()), await compose_preview(services, preview)


async def left_out_page(services: Services, composition: str, page: int) -> Components:
    """Return a page of the stories that a digest, previewed or sent, left out.

    Raises:
        NotFound: The digest is no longer remembered.
    """
    number = int(composition)
    digest = await _find_previewed(services, number)
    if digest is None:
        digest = await services.editions.get_digest(number)
    return render_left_out(digest, composition_id=number, page=page)


async def explain_page(services: Services, token: str, page: int) -> Components:
    """Return a page of the numbers behind a preview.

    Raises:
        NotFound: The preview is no longer remembered.
    """
    digest = await _find_previewed(services, int(token))
    if digest is None:
        digest = await services.editions.get_digest(int(token))
    return explanation(digest, int(token), page)


def explanation(
    digest: Digest,
    token: int,
    page: int,
    editions: ExplainedEditions | None = None,
    silence: Silence | None = None,
) -> Components:
    """Return a page of the numbers behind a digest, with a menu of other editions if there are any."""
    pages = render_explain(digest, pager=f"explain:{token}", why=f"why:{token}", editions=editions, silence=silence)
    return pages[at_page(page, len(pages))]


async def explain_edition(services: Services, subscription: Subscription, edition: PastEdition) -> Components:
    """Return the numbers behind a past edition.

    Raises:
        NotFound: It is too old.
    """
    digest = await services.past_editions.get_digest(edition, subscription)
    token = edition.composition_id
    if token is None:
        value = _PREVIEWED.dump_python(preview_of_past(services, subscription, edition), mode="json")
        token = await services.button_state.save(_PREVIEW, value, services.now())
    return explanation(digest, token, 0, await explained_editions(services, subscription, edition), edition.silence)


async def explained_editions(
    services: Services, subscription: Subscription, shown: PastEdition | None
) -> ExplainedEditions:
    """Return the choices in an explanation's menu: the next edition and the past ones."""
    past = await services.past_editions.list_past(subscription.id)
    due = next_due(services, subscription, services.now())
    return ExplainedEditions(subscription, past, due, shown.id if shown is not None else None)


async def why_absent(services: Services, token: str, typed: str, channel_id: int | None) -> Components:
    """Return why the article at an address is not in a digest, previewed or sent.

    Args:
        services: The use-cases.
        token: The preview's token or the composition's id.
        typed: The address as typed.
        channel_id: Where the digest was sent, if it was sent.

    Raises:
        InvalidInput: The text is not an address.
        NotFound: No article has it, or the digest is too old.
    """
    stored = await services.button_state.find(_PREVIEW, int(token))
    if stored is not None:
        preview = _PREVIEWED.validate_python(stored)
        digest, policy = await compose_preview(services, preview), preview.policy
    else:
        edition = await services.past_editions.find_delivered(int(token), channel_id)
        if edition is None:
            raise NotFound(_("This digest is too old: I no longer know what it left out."))
        digest = await services.editions.get_digest(int(token))
        policy = services.editions.policy_for(await services.subscriptions.get(edition.subscription_id))
    return await absence_page(services, digest, policy, typed)


async def absence_page(services: Services, digest: Digest, policy: Policy, typed: str) -> Components:
    """Return why the article at an address is not in a digest.

    Raises:
        InvalidInput: The text is not an address.
        NotFound: No article has it.
    """
    absence = await services.past_editions.explain_absence(typed, digest, policy)
    return render_absence(absence, digest, policy)


async def _find_previewed(services: Services, token: int) -> Digest | None:
    stored = await services.button_state.find(_PREVIEW, token)
    return None if stored is None else await compose_preview(services, _PREVIEWED.validate_python(stored))


# --------------------------------------------------------------------------- subscriptions and corpus


async def subscriptions_page(services: Services, *, guild_id: int | None, user_id: int | None, page: int) -> Components:
    """Return a page of a guild's subscriptions, or of a member's own."""
    now = services.now()
    found = await services.subscriptions.list_for(guild_id=guild_id, user_id=user_id)
    listed = [
        (one, services.subscriptions.next_due(one, now, 1) if one.state is SubscriptionState.ACTIVE else ())
        for one in found
    ]
    ids = [one.id for one in found]
    failed, latest = await services.editions.failed(*ids), await services.past_editions.latest(*ids)
    return render_subscriptions(listed, page, failed, latest)


async def problems_page(services: Services, page: int) -> Components:
    """Return a page of the corpus's problems."""
    return render_problems(await services.corpus.problems(), page, services.troubles.current)
