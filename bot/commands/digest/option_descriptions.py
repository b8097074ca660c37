"""How Discord describes the options of `/digest`, and the choices it offers; shared by the commands."""

from __future__ import annotations

from typing import Final

from discord.app_commands import Choice, locale_str

from digests.models import QuietDay, Style

SUBSCRIPTION: Final = locale_str("Which subscription; may be left out where there is only one")
CHANNEL: Final = locale_str("Where the digest goes; this channel if left out")
TIME: Final = locale_str("When: 08:00, 7:30 pm, or several such as 08:00, 18:30")
TIMEZONE: Final = locale_str("The time zone of these times, such as Europe/Berlin")
DAYS: Final = locale_str("On which days: daily, weekdays, weekly, mon-fri, or mon, wed, fri")
TOPICS: Final = locale_str("Only these topics, in this order, with commas; -topic leaves one out; none for all")
PROVIDERS: Final = locale_str("Only these providers, with commas; -provider leaves one out; none for all")
KEYWORDS: Final = locale_str('As in /news: words, "phrases", -not, OR, tide*; commas mean or; none for all')
MIN_QUALITY: Final = locale_str("Leave out stories below this quality; 0 for none")
MAX_STORIES: Final = locale_str("How many stories a digest holds at most")
PER_TOPIC: Final = locale_str("How many stories of one topic, while other topics can fill the places")
PER_PROVIDER: Final = locale_str("How many stories led by one provider, while others can fill the places")
QUIET_DAY: Final = locale_str("What to send on a day without news")
STYLE: Final = locale_str("How much of each story is printed; every story opens whole from the menu")
MENTION: Final = locale_str("The role to mention with each digest")

QUIET_DAYS: Final = [
    Choice(name=locale_str("Nothing"), value=QuietDay.SKIP.value),
    Choice(name=locale_str("One line that says so"), value=QuietDay.NOTE.value),
    Choice(name=locale_str("Stories of this day in earlier years"), value=QuietDay.ARCHIVE.value),
]

STYLES: Final = [
    Choice(name=locale_str("Compact: headline, one sentence, who else reports it"), value=Style.COMPACT.value),
    Choice(name=locale_str("Full: with excerpt and round-up"), value=Style.FULL.value),
    Choice(name=locale_str("Headlines: one line a story"), value=Style.HEADLINES.value),
]

ORDER: Final = {
    "time": TIME,
    "timezone": TIMEZONE,
    "days": DAYS,
    "topics": TOPICS,
    "providers": PROVIDERS,
    "keywords": KEYWORDS,
    "min_quality": MIN_QUALITY,
    "max_stories": MAX_STORIES,
    "per_topic": PER_TOPIC,
    "per_provider": PER_PROVIDER,
    "quiet_day": QUIET_DAY,
    "mention": MENTION,
    "style": STYLE,
}
"""The description of each option that makes up a subscription."""
