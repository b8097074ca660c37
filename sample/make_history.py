"""Derives `history.jsonl` from `articles/`: how the sample corpus came to be, one JSON line a revision.

Run `python sample/make_history.py` after changing an article, or with `--check` to learn whether that is due. The
same articles give the same bytes: lags come from file names, never from a clock or a random source. Replaying the
history to its end gives `articles/` exactly. It needs nothing but the standard library.

What happens in it: files arrive some hours after publication, a few of them days late; related links appear as
soon as they are published themselves; one article is first held back (`published: false`), one gets another title,
and one is taken back altogether.
"""

from __future__ import annotations

import argparse
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
ARTICLES = HERE / "articles"
HISTORY = HERE / "history.jsonl"

FIRST_DAY = date(2026, 3, 2)
DAY_COUNT = 14
#: Hours (UTC) of the two revisions a day; the minutes differ from day to day.
HOURS = (5, 16)

#: Lags of files that stayed on somebody's desk, in hours; all others follow from the file's name.
LATE_H: Mapping[str, float] = {
    "2026-03-02-handwriting-model-reads-three-centuries-of-harbour-logs-in-a-weekend.md": 77,
    "2026-03-03-hask-elects-a-council-with-no-one-over-thirty.md": 85,
    "2026-03-04-customs-dog-biscuit-retires-with-4016-finds-and-one-sausage.md": 97,
    "2026-03-10-translator-learns-the-whistled-language-of-hask-shepherds.md": 86,
    # More than a week late: older than a digest looks back.
    "2026-03-03-court-clerks-chatbot-cites-a-case-that-has-not-happened-yet.md": 181,
    # Their front matter is TOML and JSON, which is not cut below: they come when their links are out.
    "2026-03-08-retired-turbine-blade-becomes-a-footbridge-and-rings-like-a-bell.md": 4,
    "2026-03-10-first-through-the-broken-ice-9000-tonnes-of-onions.md": 4,
}

#: Held back at first (`published: false`), a headline from this time on.
HELD_BACK: Mapping[str, datetime] = {
    "2026-03-08-harbour-seals-have-learned-the-ferry-timetable.md": datetime(2026, 3, 10, 0, tzinfo=UTC),
}

#: The first title, and until when it stood.
RETITLED: Mapping[str, tuple[str, datetime]] = {
    "2026-03-07-fire-on-hybrid-ferry-ondine-all-212-aboard-safe.md": (
        "Fire aboard hybrid ferry Ondine in Kestrel Sound; boats on their way",
        datetime(2026, 3, 8, 0, tzinfo=UTC),
    ),
}

#: Taken back: came with the first revision after the first time, went with the first after the second.
RETRACTED_PATH = "2026-03-08-kestrel-lighthouse-sold-to-a-man-who-wanted-a-windmill.md"
RETRACTED_SPAN = (datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 10, 12, tzinfo=UTC))
RETRACTED_TEXT = """---
category: news
title: "Kestrel lighthouse sold to a man who wanted a windmill"
excerpt: "The buyer is said to be disappointed by the blades. The Courier has since learned that there was no buyer."
publishedDateTime: 2026-03-08T06:30:00Z
webUrl: "https://www.northgatecourier.example/city/kestrel-lighthouse-sold-to-a-man-who-wanted-a-windmill"
type: article
quality: 49
heat: 49
published: true

provider:
  name: Northgate Courier
  domain: northgatecourier.example

topics:
  - Harbours & Shipping
---
"""

_PUBLISHED_AT = re.compile(r"publishedDateTime\"?\s*[:=]\s*\"?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)-")


def published_at(path: str, text: str) -> datetime | None:
    """Return when the article of a file was published; None for an undated one."""
    if found := _PUBLISHED_AT.search(text):
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    if found := _DAY.match(path):
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    return None


def arrives_at(path: str, text: str) -> datetime | None:
    """Return from when on a file is there; None means from the first revision."""
    published = published_at(path, text)
    if published is None or published.date() < FIRST_DAY:
        return None
    lag_h = LATE_H.get(path, 1 + zlib.crc32(path.encode()) % 6)
    return published + timedelta(hours=lag_h)


def related_until(text: str, now: datetime) -> str:
    """Return YAML front matter without the related links that are published later than `now`."""
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if line.rstrip() == "related:"]
    if not starts:
        return text
    first = starts[0] + 1
    end = next((n for n in range(first, len(lines)) if not lines[n].startswith("  ")), len(lines))
    entries: list[list[str]] = []
    for line in lines[first:end]:
        if line.startswith("  - "):
            entries.append([])
        entries[-1].append(line)
    kept = []
    for entry in entries:
        found = _PUBLISHED_AT.search("".join(entry))
        if found is None or datetime.fromisoformat(found[1]).replace(tzinfo=UTC) <= now:
            kept.extend(entry)
    head = lines[:first] if kept else [*lines[: first - 1], lines[first - 1].replace("related:", "related: []")]
    return "".join([*head, *kept, *lines[end:]])


def version(path: str, text: str, now: datetime) -> str:
    """Return the text of a file as it stood at `now`."""
    text = related_until(text, now)
    if now < HELD_BACK.get(path, now):
        text = text.replace("published: true", "published: false", 1)
    if path in RETITLED and now < RETITLED[path][1]:
        text = re.sub(r'^title: "[^"]*"', f'title: "{RETITLED[path][0]}"', text, count=1, flags=re.MULTILINE)
    return text


def revision_times() -> Iterator[datetime]:
    """Yield the time of each revision: two a day, and one the morning after."""
    for number in range(DAY_COUNT * len(HOURS) + 1):
        day, slot = divmod(number, len(HOURS))
        minute, second = divmod(zlib.crc32(f"revision {number}".encode()) % 3600, 60)
        start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, HOURS[slot], minute, second, tzinfo=UTC)
        yield start + timedelta(days=day)


def history(articles: Mapping[str, str]) -> Iterator[str]:
    """Yield the history as JSON lines, oldest revision first; revisions that change nothing are left out.

    Args:
        articles: Text by path, as `read_articles` gives it.
    """
    times = list(revision_times())
    standing: dict[str, str] = {}
    for now in times:
        wanted: dict[str, str] = {}
        for path, text in articles.items():
            arrival = arrives_at(path, text)
            if arrival is None or arrival <= now:
                wanted[path] = version(path, text, now)
            elif now == times[-1]:
                wanted[path] = text
        if RETRACTED_SPAN[0] <= now < RETRACTED_SPAN[1]:
            wanted[RETRACTED_PATH] = RETRACTED_TEXT
        changes: list[dict[str, str | None]] = [
            {"path": path, "text": wanted.get(path)}
            for path in sorted(wanted.keys() | standing.keys())
            if wanted.get(path) != standing.get(path)
        ]
        standing = wanted
        if changes:
            yield json.dumps({"time": now.isoformat(), "changes": changes}, ensure_ascii=False) + "\n"


def read_articles(folder: Path = ARTICLES) -> dict[str, str]:
    """Return the text of every article by path, line ends as they are."""
    return {path.name: path.read_bytes().decode() for path in sorted(folder.iterdir()) if path.is_file()}


def main() -> None:
    """Write the history, or with `--check` fails where it is not what the articles give."""
    parser = argparse.ArgumentParser(description="Derive history.jsonl from articles/.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the history is out of date")
    wanted = "".join(history(read_articles())).encode()
    if not parser.parse_args().check:
        HISTORY.write_bytes(wanted)
    elif not HISTORY.is_file() or HISTORY.read_bytes() != wanted:
        raise SystemExit("history.jsonl is out of date: run `python sample/make_history.py`")


if __name__ == "__main__":
    main()
