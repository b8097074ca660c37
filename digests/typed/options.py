"""Parses typed times, days and lists. Pure.

Invalid input raises `InvalidInput` with a sentence that says what to type instead.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from digests.editions import local_date
from digests.errors import InvalidInput
from digests.i18n import _
from digests.models import YEARS
from digests.typed.dates import parse_moment
from digests.typed.minus import DASHES, SIGNS, with_minus

MAX_TIMES = 12
MAX_NAMES = 25
MAX_NAME_CHARS = 100
MAX_QUALITY = 200
MAX_STORIES = 25

_SEPARATORS = re.compile(r"(?<!\s)\s*[,;\n|]\s*|(?<!\s)\s+(?:and|&|\+)\s+", re.IGNORECASE)
_LOOSE_MINUS = re.compile(rf"(?<![^\s(,;])(?:[{DASHES}]+\s+|--+)(?P<word>\w[^\s,;()]*)")
_LOOSE_NOT = re.compile(r"(?<![^\s(,;])(?:[Nn]ot|[Ww]ithout|[Ee]xcept|[Ee]xcluding)\s+(?P<word>\w[^\s,;()]*)")
_EXCLUDED = re.compile(rf"(?i)(?:[{SIGNS}]+\s*|not\s+)(?P<name>.*)")
_LEFT_OUT = re.compile(
    r'(?P<left_out>(?<!\S)-(?:(?i:topic|provider|site|title|from|source):[ ]?)?(?:"[^"]*"|[^\s"]+))|"[^"]*"'
)
_NESTED = re.compile(r"\(|(?<!\S)(?:OR|AND|NOT)(?!\S)")
# In `topic:AI,Privacy` the comma is part of the filter, as in a search.
_UNDIVIDED = re.compile(
    r'"[^"]*"|(?i:(?<![^\s(-])(?:topic|provider|site|from|source):[^\s,;"()]+(?:,[^\s,;"()]+)*)|[^,;\n]'
)
_TIME = re.compile(
    r"""(?ix) (?P<hour>\d{1,2}) (?: (?:[:.h]|\s?uhr\s?) (?P<minute>\d{2}) )? (?:h|\s?uhr|\s?o'?clock)? \s*"""
    r"""(?P<half> a\.?m\.? | p\.?m\.? )?"""
)
_COMPACT = re.compile(r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)")
_WORDS = {"midnight": time(0, 0), "noon": time(12, 0), "midday": time(12, 0)}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_SETS = {
    "daily": range(1, 8),
    "everyday": range(1, 8),
    "every day": range(1, 8),
    "all": range(1, 8),
    "all days": range(1, 8),
    "weekdays": range(1, 6),
    "weekday": range(1, 6),
    "workdays": range(1, 6),
    "working days": range(1, 6),
    "weekend": range(6, 8),
    "weekends": range(6, 8),
}
_WEEKLY = re.compile(r"(?:weekly|once a week|every week)(?:,?(?: on)? (?P<day>[a-z]+))?")
_RANGE = re.compile(r"(?<![a-z])(?P<first>[a-z]+)\s*(?:-|–|—|\.\.|\bto\b|\bthrough\b|\buntil\b)\s*(?P<last>[a-z]+)")


def parse_times(text: str) -> tuple[time, ...]:
    """Return the local times that `text` names, ascending and distinct.

    Accepts "8", "08:00", "8am", "7:30 pm", "20h", "0830", "noon"; several with commas or spaces.

    Raises:
        InvalidInput: Something is not a time, there is none, or there are more than `MAX_TIMES`.
    """
    found: set[time] = set()
    for piece in _pieces(text):
        whole = _time(piece)
        if whole is not None:
            found.add(whole)
            continue
        # "08:00 18:30": the space separates, unless it is before am or pm.
        words = re.sub(r"(?i)(?<!\s)\s+(?=[ap]\.?m\b)", "", piece).split()
        times = [_time(word) for word in words]
        if len(words) < 2 or None in times:
            raise InvalidInput(
                _("“{text}” is not a time. Type one such as 08:00 or 7:30 pm, or several such as 08:00, 18:30.").format(
                    text=_shown(piece)
                )
            )
        found.update(at for at in times if at is not None)
    if not found:
        raise InvalidInput(_("A digest needs a time. Type one such as 08:00, or several such as 08:00, 18:30."))
    if len(found) > MAX_TIMES:
        raise InvalidInput(_("A digest can have at most {limit} times a day. Type fewer.").format(limit=MAX_TIMES))
    return tuple(sorted(found))


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Return the ISO weekdays (1 = Monday) that `text` names, ascending.

    Accepts "daily", "weekdays", "weekend", "mon-fri", "sat, sun", "Mon Wed Fri", "fri-mon", "weekly" (on Mondays) and
    "weekly on friday".

    Raises:
        InvalidInput: Something is not a day, or there is none.
    """
    weekly = _WEEKLY.fullmatch(" ".join(text.casefold().split()))
    if weekly is not None:
        return (_day(weekly["day"]),) if weekly["day"] else (1,)
    found: set[int] = set()
    for piece in _pieces(text.casefold()):
        if piece in _DAY_SETS:
            found.update(_DAY_SETS[piece])
            continue
        rest = _RANGE.sub(lambda match: _take_range(match, found), piece)
        for word in rest.split():
            word = word.strip(".")
            if word in _DAY_SETS:
                found.update(_DAY_SETS[word])
            elif word:
                found.add(_day(word))
    if not found:
        raise InvalidInput(_("A digest needs a day. Type daily, weekdays, or days such as mon, wed, fri."))
    return tuple(sorted(found))


def parse_day(text: str, now: datetime, timezone: str) -> date:
    """Return the day that `text` names: "2021-02-04", "4 feb 2021", "yesterday", "last monday".

    Args:
        text: What was typed.
        now: What "yesterday" is relative to.
        timezone: The zone of the day.

    Raises:
        InvalidInput: It is not a day, not within `YEARS`, or more than one day.
    """
    with suppress(ValueError):
        if (day := date.fromisoformat(text.strip())).year in YEARS:
            return day
    span = parse_moment(text, now, timezone)
    if span is None:
        raise InvalidInput(
            _("“{text}” is not a day. Type one such as 2021-02-04, yesterday or last monday.").format(text=_shown(text))
        )
    day = local_date(span.start, timezone)
    if span.end > span.start and local_date(span.end - timedelta(seconds=1), timezone) != day:
        raise InvalidInput(
            _("“{text}” is more than a day. Type one such as 2021-02-04, yesterday or last monday.").format(
                text=_shown(text)
            )
        )
    return day


def parse_names(text: str) -> tuple[str, ...]:
    """Return the names in a list separated by commas or semicolons, in order, without duplicates in any case.

    Raises:
        InvalidInput: There are more than `MAX_NAMES`, or one is longer than `MAX_NAME_CHARS`.
    """
    found: dict[str, str] = {}
    for piece in re.split(r"[,;\n]", text):
        name = " ".join(piece.split())
        if len(name) > MAX_NAME_CHARS:
            raise InvalidInput(
                _("“{text}” is too long. Separate names with commas, each of at most {limit} characters.").format(
                    text=_shown(name), limit=MAX_NAME_CHARS
                )
            )
        if name:
            found.setdefault(name.casefold(), name)
    if len(found) > MAX_NAMES:
        raise InvalidInput(_("A list can hold at most {limit} names. Type fewer.").format(limit=MAX_NAMES))
    return tuple(found.values())


def split_exclusions(text: str) -> tuple[str, str]:
    """Split a list into wanted and excluded names, each as a comma-separated list; empty if there are none.

    A name is excluded by a minus or the word "not" before it: `AI, -sports`, `not sports`.
    """
    wanted: list[str] = []
    excluded: list[str] = []
    # "AI -sports" without a comma means the same.
    for piece in re.split(rf"[,;\n]|(?<!\s)\s+(?=[{DASHES}](?=\S))", text):
        name = " ".join(piece.split())
        found = _EXCLUDED.match(name)
        if found is not None and found["name"]:
            excluded.append(found["name"])
        elif name:
            wanted.append(name)
    return ", ".join(wanted), ", ".join(excluded)


def plain_minus(text: str) -> str:
    """Return keywords with every character typed for "not" before a word replaced by the query language's minus.

    Raises:
        InvalidInput: A dash or "not" could mean one thing or its opposite; the sentence says what to type.
    """
    for part in re.split(r'"[^"]*"', text):
        if found := _LOOSE_MINUS.search(part):
            word = found["word"] or _("word")
            raise InvalidInput(
                _("Does “{text}” leave something out? Put the minus right before the word, as in -{word}.").format(
                    text=_shown(found[0].strip()), word=_shown(word)
                )
            )
        if found := _LOOSE_NOT.search(part):
            said = _("“{text}” can mean two things. Type -{word} to leave it out, or put the words in quotes.")
            raise InvalidInput(said.format(text=_shown(found[0].strip(" ,;")), word=_shown(found["word"])))
    return with_minus(text)


def join_alternatives(text: str) -> str:
    """Return keywords as one query: commas mean "or", and words with a minus are always excluded.

    `tide, "harbour town", -sport` becomes `(tide OR "harbour town") -sport`, `-(sport, tennis)` becomes
    `-(sport OR tennis)`; text without a comma is a query already.
    """
    pieces = [piece for piece in map(str.strip, _alternatives(text)) if piece]
    if len(pieces) < 2:
        return " ".join(text.replace(",", " ").split()) if not pieces else pieces[0]
    excluded: list[str] = []
    wanted: list[str] = []
    for piece in pieces:
        rest, left_out = _without_left_out(piece)
        excluded += left_out
        if rest:
            is_wanted = rest[0] not in SIGNS
            (wanted if is_wanted else excluded).append(rest if not is_wanted or _is_one_word(rest) else f"({rest})")
    alternatives = " OR ".join(wanted)
    if excluded and len(wanted) > 1:
        alternatives = f"({alternatives})"
    return " ".join(part for part in (alternatives, *excluded) if part)


def _without_left_out(piece: str) -> tuple[str, list[str]]:
    """Split an alternative into what it wants and what it excludes; an expression with operators stays whole."""
    if _NESTED.search(piece):
        return piece, []
    left_out = [found["left_out"] for found in _LEFT_OUT.finditer(piece) if found["left_out"]]
    rest = _LEFT_OUT.sub(lambda found: " " if found["left_out"] else found[0], piece)
    return " ".join(rest.split()), left_out


def _alternatives(text: str) -> list[str]:
    """Split at commas outside of quotes and parentheses; lists inside parentheses become alternatives."""
    pieces = [""]
    position = 0
    while position < len(text):
        if text[position] == "(" and (end := _closing(text, position)) is not None:
            pieces[-1] += f"({join_alternatives(text[position + 1 : end])})"
            position = end + 1
        elif found := _UNDIVIDED.match(text, position):
            pieces[-1] += found[0]
            position = found.end()
        else:
            pieces.append("")
            position += 1
    return pieces


def _closing(text: str, position: int) -> int | None:
    """Return where the parenthesis at `position` is closed, ignoring quotes; None if never."""
    depth = 0
    for found in re.finditer(r'"[^"]*"|[()]', text[position:]):
        depth += (found[0] == "(") - (found[0] == ")")
        if depth == 0:
            return position + found.start()
    return None


def _is_one_word(piece: str) -> bool:
    return " " not in piece or (piece[0] == piece[-1] == '"' and piece.count('"') == 2)


def _pieces(text: str) -> list[str]:
    return [piece for piece in _SEPARATORS.split(" ".join(text.split())) if piece]


def _time(text: str) -> time | None:
    if text.casefold() in _WORDS:
        return _WORDS[text.casefold()]
    match = _COMPACT.fullmatch(text) or _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match.groupdict().get("half") or "").replace(".", "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _take_range(match: re.Match[str], found: set[int]) -> str:
    first, last = _day(match["first"]), _day(match["last"])
    found.update((first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1))
    return " "


def _day(word: str) -> int:
    names = (_DAYS, tuple(f"{day}s" for day in _DAYS))
    for group in names:
        hits = [number for number, day in enumerate(group, 1) if len(word) >= 2 and day.startswith(word)]
        if len(hits) == 1:
            return hits[0]
    abbreviations = {"tues": 2, "weds": 3, "thur": 4, "thurs": 4}
    if word in abbreviations:
        return abbreviations[word]
    raise InvalidInput(
        _("“{text}” is not a day. Type daily, weekdays, weekend, mon-fri, or days such as mon, wed, fri.").format(
            text=_shown(word)
        )
    )


def _shown(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49]}…"
