"""Finds the edition to explain (the last, the next, or one of a given day) and explains it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.interactions import pages
from bot.interactions.host import BotInteraction
from bot.interactions.parse_options import Typed, narrowed, parse_options
from bot.interactions.previews import preview_of_day, preview_of_now
from bot.interactions.resolve_subscription import next_due, resolve_subscription, scope
from bot.render import wording
from bot.render.digest import render_digest
from bot.render.layout import Components
from bot.services import Services
from digests.editions import local_date
from digests.errors import BroadsheetError, NotFound
from digests.i18n import _
from digests.models import Digest, PastEdition, Presentation, Subscription, Suggestion
from digests.service.edition_composer import presentation_of
from digests.typed.options import parse_day

_LAST = frozenset({"last", "latest", "the last one"})
_NEXT = frozenset({"next", "now", "the next one"})


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """The options of one `/digest preview`.

    Attributes:
        subscription: The subscription to preview; None to use the filters.
        typed: The filters.
        date: The day as typed, "last" or "next"; None if not given.
        explain: Show the numbers.
        address: The address of an article that the user expected in it.
    """

    subscription: Subscription | None
    typed: Typed
    date: str | None
    explain: bool
    address: str | None


def is_last(date: str | None) -> bool:
    """Check whether what was typed as a day means the last edition."""
    return date is not None and date.strip().casefold() in _LAST


def is_next(date: str | None) -> bool:
    """Check whether what was typed as a day means the next edition."""
    return date is not None and date.strip().casefold() in _NEXT


async def explained_subscription(
    interaction: BotInteraction, typed: str | None, date: str | None, *, may_guess: bool
) -> Subscription | None:
    """Return the subscription that was typed, or the only one here if guessing is allowed.

    Raises:
        NotFound: No subscription matches.
        InvalidInput: Several match.
    """
    if typed is not None or is_last(date):
        return await resolve_subscription(interaction, typed)
    if not may_guess:
        return None
    found = await interaction.client.services.subscriptions.list_for(**scope(interaction))
    here = [one for one in found if one.channel_id == interaction.channel_id]
    only = here if here else found
    return only[0] if len(only) == 1 else None


async def edition_asked_for(services: Services, asked: PreviewRequest) -> PastEdition | None:
    """Return the edition to explain; None if it is still to come or was never made.

    Raises:
        NotFound: The last edition was asked for, and there is none.
        InvalidInput: The date can't be read.
    """
    chosen = asked.subscription
    if chosen is None or is_next(asked.date) or asked.typed != Typed():
        return None
    past = await services.past_editions.list_past(chosen.id, 100)
    if asked.date is None or is_last(asked.date):
        if not past and asked.date is not None:
            raise NotFound(_("Nothing has been delivered yet. /digest preview with date:next shows what is coming."))
        return past[0] if past else None
    day = parse_day(asked.date, services.now(), chosen.cadence.timezone)
    return next((one for one in past if local_date(one.window.until, chosen.cadence.timezone) == day), None)


async def show_past(
    services: Services, subscription: Subscription, edition: PastEdition, asked: PreviewRequest
) -> list[Components]:
    """Return a past edition: as it was delivered, its numbers, or why an article is not in it."""
    if asked.address is not None:
        digest = await services.past_editions.get_digest(edition, subscription)
        policy = services.editions.policy_for(subscription)
        return [await pages.absence_page(services, digest, policy, asked.address)]
    explanation = await pages.explain_edition(services, subscription, edition)
    if asked.explain or edition.composition_id is None:
        return [explanation]
    digest = await services.past_editions.get_digest(edition, subscription)
    return [*_parts(services, asked, edition.composition_id, digest, so_far=False), explanation]


async def show_upcoming(services: Services, asked: PreviewRequest) -> list[Components]:
    """Return what would be sent now, or the digest of a day: the digest, its numbers, or why an article is not in it.

    Raises:
        InvalidInput: An option can't be used.
    """
    chosen, now = asked.subscription, services.now()
    cadence = chosen.cadence if chosen is not None else services.default_cadence
    policy = services.editions.policy_for(chosen) if chosen is not None else services.policy
    fields = await parse_options(asked.typed, cadence, services.search, now)
    policy, zone = narrowed(policy, fields), fields.get("cadence", cadence).timezone
    preview = (
        preview_of_now(services, policy, zone, now, chosen)
        if asked.date is None or is_next(asked.date)
        else preview_of_day(policy, asked.date, zone, now)
    )
    token, digest = await pages.new_preview(services, preview)
    if asked.address is not None:
        return [await pages.absence_page(services, digest, policy, asked.address)]
    shown = _parts(services, asked, token, digest, so_far=preview.day >= local_date(now, zone))
    if asked.explain:
        editions = await pages.explained_editions(services, chosen, None) if chosen is not None else None
        shown.append(pages.explanation(digest, token, 0, editions))
    return shown


def _parts(services: Services, asked: PreviewRequest, token: int, digest: Digest, *, so_far: bool) -> list[Components]:
    chosen = asked.subscription
    shape = presentation_of(chosen) if chosen is not None else Presentation(services.default_style)
    parts = render_digest(digest, shape, composition_id=token, look=services.look, so_far=so_far, is_preview=True)
    return [part.components for part in parts]


async def suggest_editions(interaction: BotInteraction, subscription: str, current: str) -> list[Suggestion]:
    """Return the choices for `date`: the next edition, the last one, and the days of earlier ones."""
    try:
        chosen = await explained_subscription(interaction, subscription or None, None, may_guess=True)
    except BroadsheetError:
        chosen = None
    if chosen is None:
        return []
    services = interaction.client.services
    zone = chosen.cadence.timezone
    found: list[Suggestion] = []
    past = await services.past_editions.list_past(chosen.id, 20)
    if past:
        found.append(Suggestion(_("The last one, {day}").format(day=_day(past[0], zone)), "last"))
    due = next_due(services, chosen, services.now())
    if due is not None:
        day = wording.date_in_words(local_date(due, zone))
        found.append(Suggestion(_("The next one, {day}").format(day=day), "next"))
    days = dict.fromkeys(local_date(edition.window.until, zone) for edition in past[1:])
    found += [Suggestion(wording.date_in_words(day), day.isoformat()) for day in days]
    typed = current.strip().casefold()
    return [one for one in found if typed in one.name.casefold() or typed in one.value]


def _day(edition: PastEdition, zone: str) -> str:
    return wording.date_in_words(local_date(edition.window.until, zone))
