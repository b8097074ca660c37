"""Explains why an article is or is not in a digest, and what would have to change."""

from __future__ import annotations

from bot.render import layout, pieces, wording
from bot.render.layout import Components
from bot.render.markdown import clip, escape, stamp
from digests.i18n import _, ngettext
from digests.models import Article, Digest, DropReason, LeftOutReason, Policy
from digests.models.absence import Absence, FilterName, Whereabouts

_NAMES_CHARS = 200
_THERE = frozenset({Whereabouts.LEADS, Whereabouts.FOLDED, Whereabouts.LINKED})


def render_absence(absence: Absence, digest: Digest, policy: Policy) -> Components:
    """Return the answer to "why was this not in it?".

    Args:
        absence: What became of the article.
        digest: The digest that the article is missing from.
        policy: Today's filters and limits.
    """
    article = absence.article
    day = wording.date_in_words(digest.local_date)
    heading = (
        _("### It is in the digest of {date}") if absence.whereabouts in _THERE
        else _("### Why it is not in the digest of {date}")
    )  # fmt: skip
    body = pieces.lines(
        heading.format(date=day),
        f"**{pieces.headline(article)}**",
        pieces.small(pieces.byline(pieces.source(article), pieces.when(article))),
        *_reasons(absence, digest, policy),
    )
    accent = layout.GREEN if absence.whereabouts in _THERE else layout.AMBER
    return [layout.container([layout.text(body)], accent)]


def _reasons(absence: Absence, digest: Digest, policy: Policy) -> list[str]:
    article, lead = absence.article, escape(clip(absence.lead_title, 140))
    match absence.whereabouts:
        case Whereabouts.LEADS:
            return [_("It leads a story.")]
        case Whereabouts.FOLDED:
            return [_("It is part of the story “{lead}”.").format(lead=lead)]
        case Whereabouts.LINKED:
            return [_("It is in the round-up of “{lead}”.").format(lead=lead)]
        case Whereabouts.LEFT_OUT:
            return _left_out(LeftOutReason(absence.reason), article, policy)
        case Whereabouts.DROPPED:
            return _dropped(DropReason(absence.reason), lead)
        case Whereabouts.FILTERED:
            return [_filtered(name, article, policy) for name in absence.filters]
        case Whereabouts.WITHDRAWN:
            return [_("Its file says `published: false`: it is not a headline. Only its publisher can change that.")]
        case Whereabouts.UNDATED:
            return [_("It has no date, and only dated news goes into a digest. Its file needs a date.")]
        case Whereabouts.EARLIER:
            return [_earlier(article, digest)]
        case Whereabouts.LATER:
            return [_("It arrived after this digest was made, so it is for the next one. Nothing has to change.")]
        case Whereabouts.UNEXPLAINED:
            return [_("With today's filters it would be in it: the filters or the article have changed since.")]


def _left_out(reason: LeftOutReason, article: Article, policy: Policy) -> list[str]:
    match reason:
        case LeftOutReason.MAX_STORIES:
            return [
                ngettext(
                    "The digest was full: {count} story ranked before it.",
                    "The digest was full: {count} stories ranked before it.",
                    policy.max_stories,
                ).format(count=policy.max_stories),
                _("To get it, raise `max_stories` with `/digest edit`, or filter more narrowly."),
            ]
        case LeftOutReason.PER_TOPIC:
            return [
                ngettext(
                    "Its topic was full: {count} story of it ranked higher.",
                    "Its topic was full: {count} stories of it ranked higher.",
                    policy.per_topic,
                ).format(count=policy.per_topic),
                _("To get it, raise `max_stories` with `/digest edit`: free places go to full topics too."),
            ]
        case LeftOutReason.PER_PROVIDER:
            return [
                ngettext(
                    "Its provider led {count} story already.",
                    "Its provider led {count} stories already.",
                    policy.per_provider,
                ).format(count=policy.per_provider),
                _("To get it, raise `max_stories` with `/digest edit`: free places go to full providers too."),
            ]
        case LeftOutReason.QUALITY:
            return [
                _("Its quality is {quality}, and the minimum is {floor}.").format(
                    quality=article.quality, floor=policy.min_quality
                ),
                _("To get it, lower `min_quality` to {quality} with `/digest edit`.").format(quality=article.quality),
            ]
        case LeftOutReason.UPDATES:
            return [_("It continues an earlier story, and a third of the places are for those. It will come up again.")]
        case LeftOutReason.TOO_OLD:
            return [
                _("It was more than {hours} hours old when it arrived here.").format(hours=policy.max_age_hours),
                _("To get such articles, ask the bot's operator to raise `digest.max_age_hours`."),
            ]


def _dropped(reason: DropReason, lead: str) -> list[str]:
    why = wording.drop_reason(reason)
    sentences = [why[:1].upper() + why[1:] + (f": “{lead}”." if lead else ".")]
    if reason in (DropReason.ALREADY_DELIVERED, DropReason.JOINED):
        sentences.append(_("A story comes back when it has a new headline. Nothing has to change."))
    return sentences


def _filtered(name: FilterName, article: Article, policy: Policy) -> str:
    topics, provider = _names(article.topics), pieces.source(article) or _("unknown")
    match name:
        case FilterName.TOPICS:
            return _("- Its topics are {topics}; this digest only has {wanted}. Add one with `/digest edit`.").format(
                topics=topics, wanted=_names(policy.topics)
            )
        case FilterName.EXCLUDED_TOPICS:
            return _("- Its topics are {topics}; this digest leaves out {names}. Type `topics` without it.").format(
                topics=topics, names=_names(policy.excluded_topics)
            )
        case FilterName.PROVIDERS:
            return _("- It is by {provider}; this digest only has {wanted}. Add it with `/digest edit`.").format(
                provider=provider, wanted=_names(policy.providers)
            )
        case FilterName.EXCLUDED_PROVIDERS:
            return _("- It is by {provider}, which this digest leaves out. Type `providers` without it.").format(
                provider=provider
            )
        case FilterName.KEYWORDS | FilterName.QUERY:
            words = policy.query if name is FilterName.QUERY else ", ".join(policy.keywords)
            return _("- It does not match the keywords “{query}”. Change `keywords` with `/digest edit`.").format(
                query=escape(clip(words, _NAMES_CHARS))
            )


def _earlier(article: Article, digest: Digest) -> str:
    arrived_at = article.arrived_at or article.published_at
    assert arrived_at is not None
    return _(
        "It arrived {when}, before the time that this digest covers ({since}), so it was for an earlier one."
        " `/digest preview` with `date` shows that day."
    ).format(when=stamp(arrived_at, "f"), since=stamp(digest.window.since, "f"))


def _names(names: tuple[str, ...]) -> str:
    return escape(clip(wording.shortened(names, 8), _NAMES_CHARS)) or _("none")
