"""Wording shared by Discord, the terminal and HTML: dates, counts, names, reasons. Plain text, nothing escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.render.markdown import clip
from digests import urls
from digests.i18n import _, ngettext
from digests.models import (
    Article,
    Cadence,
    ChannelKind,
    Digest,
    DropReason,
    JoinReason,
    LeftOutReason,
    Link,
    Provider,
    QuietDay,
    SearchSort,
    Section,
    Story,
    Style,
    Subscription,
    Update,
)

UPDATE_NAME_CHARS: Final = 30
"""Length of a new provider's name: four of them leave room for the counts after them."""
CARRIERS_SAID: Final = 5
"""From this number of providers on, the number is worth mentioning."""

# --------------------------------------------------------------------------- dates


def weekday_name(iso_weekday: int) -> str:
    """Return the name of an ISO weekday, 1 (Monday) to 7."""
    return (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))[
        iso_weekday - 1
    ]


def month_name(month: int) -> str:
    """Return the name of a month, 1 to 12."""
    return (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )[month - 1]


def date_in_words(day: date) -> str:
    """Write a date as a masthead does: "Wednesday, 8 July 2020"."""
    return _("{weekday}, {day} {month} {year}").format(
        weekday=weekday_name(day.isoweekday()), day=day.day, month=month_name(day.month), year=day.year
    )


def short_date(day: date) -> str:
    """Write a date without its weekday: "8 July 2020"."""
    return _("{day} {month} {year}").format(day=day.day, month=month_name(day.month), year=day.year)


def age(moment: datetime | None, now: datetime) -> str:
    """Say how long before `now` a moment was, in one unit; its date when that was over a month ago."""
    if moment is None:
        return _("undated")
    seconds = int((now - moment).total_seconds())
    if seconds < 60:
        return _("just now")
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if hours < 1:
        return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    if days < 1:
        return ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)
    if days < 31:
        return ngettext("{count} day ago", "{count} days ago", days).format(count=days)
    return short_date(moment.date())


def weekdays_in_words(weekdays: Sequence[int]) -> str:
    """Say on which days: "every day", "Friday to Monday", "on Saturdays and Sundays"."""
    days = tuple(sorted(set(weekdays)))
    if len(days) == 7:
        return _("every day")
    # Consecutive days may wrap around the end of the week; the first is the one whose previous day is missing.
    first = next((place for place, day in enumerate(days) if (day - 2) % 7 + 1 not in days), 0)
    days = days[first:] + days[:first]
    if len(days) > 2 and (days[-1] - days[0]) % 7 == len(days) - 1:
        return _("{first} to {last}").format(first=weekday_name(days[0]), last=weekday_name(days[-1]))
    return _("on {days}").format(days=listing([_weekdays_name(day) for day in sorted(days)]))


def _weekdays_name(iso_weekday: int) -> str:
    names = _("Mondays"), _("Tuesdays"), _("Wednesdays"), _("Thursdays"), _("Fridays"), _("Saturdays"), _("Sundays")
    return names[iso_weekday - 1]


def times_in_words(times: Sequence[time]) -> str:
    """List local times: "08:00 and 18:30"."""
    return listing([f"{moment:%H:%M}" for moment in times])


def cadence_in_words(cadence: Cadence) -> str:
    """Say when editions are due: "every day at 08:00 (Europe/Berlin)"."""
    return _("{days} at {times} ({zone})").format(
        days=weekdays_in_words(cadence.weekdays), times=times_in_words(cadence.times), zone=cadence.timezone
    )


def caps_in_words(subscription: Subscription) -> list[str]:
    """Return a subscription's own limits of stories per topic and per provider."""
    words: list[str] = []
    if subscription.per_topic is not None:
        words.append(_("{count} of one topic").format(count=subscription.per_topic))
    if subscription.per_provider is not None:
        words.append(_("{count} of one provider").format(count=subscription.per_provider))
    return words


def about_in_words(subscription: Subscription) -> str:
    """Return what a subscription is about: topics, providers and keywords; "" if it takes everything."""
    if subscription.story is not None:
        return _("the story “{title}”").format(title=subscription.story.lead.title)
    return ", ".join(
        [
            *subscription.topics,
            *subscription.providers,
            *subscription.keywords,
            *(_("not {name}").format(name=name) for name in subscription.excluded_topics),
            *(_("not {name}").format(name=name) for name in subscription.excluded_providers),
            *([subscription.query] if subscription.query else []),
        ]
    )


def order_label(subscription: Subscription) -> str:
    """Return a subscription as one line of plain text for a menu."""
    place = _("direct messages") if subscription.channel_kind is ChannelKind.DM else f"#{subscription.channel_name}"
    about = about_in_words(subscription)
    return " · ".join(part for part in (place, cadence_in_words(subscription.cadence), about) if part)


def span_in_words(span: timedelta) -> str:
    """Say how long something took: "0.4 s", "2 min 5 s"."""
    seconds = span.total_seconds()
    if seconds < 60:
        return _("{seconds} s").format(seconds=f"{seconds:.1f}")
    return _("{minutes} min {seconds} s").format(minutes=int(seconds // 60), seconds=int(seconds % 60))


# --------------------------------------------------------------------------- counts and lists


def listing(items: Sequence[str]) -> str:
    """Join words as a sentence does: "A, B and C"."""
    if len(items) < 2:
        return "".join(items)
    return _("{first} and {last}").format(first=", ".join(items[:-1]), last=items[-1])


def shortened(items: Sequence[str], shown: int) -> str:
    """Join the first `shown` items and count the others: "A, B and 3 more"."""
    if len(items) <= shown:
        return listing(items)
    more = len(items) - shown
    return listing([*items[:shown], ngettext("{count} more", "{count} more", more).format(count=more)])


def story_count(count: int) -> str:
    """Count stories."""
    return ngettext("{count} story", "{count} stories", count).format(count=count)


def article_count(count: int) -> str:
    """Count articles."""
    return ngettext("{count} article", "{count} articles", count).format(count=count)


def provider_count(count: int) -> str:
    """Count providers."""
    return ngettext("{count} provider", "{count} providers", count).format(count=count)


def link_count(count: int) -> str:
    """Count links."""
    return ngettext("{count} link", "{count} links", count).format(count=count)


def more(count: int) -> str:
    """Count what is not shown: "+7 more"."""
    return ngettext("+{count} more", "+{count} more", count).format(count=count)


def more_stories(count: int) -> str:
    """Count stories that are not shown: "+7 more stories"."""
    return ngettext("+{count} more story", "+{count} more stories", count).format(count=count)


def digest_summary(digest: Digest) -> str:
    """Say how much a digest holds: "10 stories from 6 providers"."""
    names = {source_name(story.lead) for story in digest.stories}
    names.discard("")
    stories = story_count(digest.story_count)
    if not names:
        return stories
    return _("{stories} from {providers}").format(stories=stories, providers=provider_count(len(names)))


# --------------------------------------------------------------------------- names


def topic_name(topic: str | None) -> str:
    """Return a section's heading."""
    return topic if topic and topic.strip() else _("Other news")


def section_name(section: Section) -> str:
    """Return a section's heading."""
    return _("Updates") if section.is_updates else topic_name(section.topic)


def source_name(item: Article | Link) -> str:
    """Return who published something: the provider's name or domain, or the address's domain; may be empty."""
    provider: Provider | None = item.provider
    if provider is not None and (provider.name.strip() or provider.domain):
        return provider.name.strip() or provider.domain
    return (urls.domain_of(item.url) or "") if item.url else ""


def quiet_day_in_words(quiet_day: QuietDay) -> str:
    """Say what a subscription gets on a day without news."""
    return {
        QuietDay.SKIP: _("nothing is sent"),
        QuietDay.NOTE: _("one line says so"),
        QuietDay.ARCHIVE: _("stories of this day in earlier years"),
    }[quiet_day]


def style_in_words(style: Style) -> str:
    """Say how much of each story a digest prints."""
    return {
        Style.FULL: _("in full"),
        Style.COMPACT: _("compact"),
        Style.HEADLINES: _("headlines only"),
    }[style]


def style_explained(style: Style) -> str:
    """Explain what a style prints of each story."""
    return {
        Style.FULL: _("Headline, excerpt and the best links, with pictures"),
        Style.COMPACT: _("Headline, one sentence and who else has it"),
        Style.HEADLINES: _("One line a story: the whole day in one screen"),
    }[style]


def sort_in_words(sort: SearchSort) -> str:
    """Say how results are ordered."""
    return {
        SearchSort.RELEVANCE: _("best match first"),
        SearchSort.NEWEST: _("newest first"),
        SearchSort.QUALITY: _("best quality first"),
    }[sort]


# --------------------------------------------------------------------------- stories


def carried_by(story: Story) -> str:
    """Return how many providers carry a story, if they are enough to mention; else ""."""
    count = len({provider.domain for provider in story.providers})
    if count < CARRIERS_SAID:
        return ""
    return ngettext("carried by {count} provider", "carried by {count} providers", count).format(count=count)


def update_in_words(update: Update, *, names_shown: int = 4) -> str:
    """Return what is new in a story that was delivered before: "new: Forbes, 3 more links"."""
    new = [shown for name in update.new_providers if (shown := clip(name, UPDATE_NAME_CHARS))]
    if len(new) > names_shown:
        rest = len(new) - names_shown
        new[names_shown:] = [ngettext("{count} more provider", "{count} more providers", rest).format(count=rest)]
    links = len(update.new_links)
    if links:
        new.append(ngettext("{count} more link", "{count} more links", links).format(count=links))
    return _("new: {what}").format(what=", ".join(new)) if new else ""


def left_out_reason(reason: LeftOutReason) -> str:
    """Say which limit kept a story out."""
    return _(reason.value)


def drop_reason(reason: DropReason) -> str:
    """Return why a candidate was dropped."""
    return _(reason.value)


def join_reason(reason: JoinReason) -> str:
    """Say why an article was folded into a story."""
    return _(reason.value)
