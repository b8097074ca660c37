"""A small corpus for the command tests, written as files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime(2021, 2, 10, 12, 0, tzinfo=UTC)

TIMES = {"name": "The Example Times", "domain": "times.example"}
HARBOUR = {"name": "Harbour News", "domain": "harbour.example"}
BYTE = {"name": "Byte Weekly", "domain": "byte.example"}

HOSTILE_TITLE = "@everyone <@&{role}> [free money](https://evil.example/) **bold** `code` <@{user}>"

# Titles that have nothing in common, so that none of them are folded into one story.
HARBOUR_TITLES = (
    "Cranes lifted onto the eastern quay before dawn",
    "Dredging uncovers a sunken customs ledger",
    "Ferry fares frozen until midsummer",
    "Gulls learn to open delivery crates",
    "Ice keeps pilots ashore for a third night",
    "Lighthouse keeper retires after forty winters",
    "Mackerel quota doubled for small boats",
    "New breakwater survives its first storm",
    "Oyster beds reopen after the spring tide",
    "Rope makers bring back a forgotten knot",
    "School children chart the sandbanks by hand",
    "Tugboat museum finds its missing engine",
)


def related(number: int) -> list[dict[str, Any]]:
    """Return links for a round-up, of different providers and titles."""
    subjects = (
        "airport", "border", "census", "court", "doorbell", "election", "fitness", "gallery", "hospital", "island",
        "jewel", "kitchen",
    )  # fmt: skip
    return [
        {
            "title": f"What the {subject} case means for watchers of the {subject}",
            "webUrl": f"https://{subject}.example/reports/{subject}-{index}",
            "provider": {"name": subject.title(), "domain": f"{subject}.example"},
            "publishedDateTime": "2021-02-03T10:00:00Z",
            "quality": 90 - index,
        }
        for index, subject in enumerate(subjects[:number])
    ]


def article(
    title: str,
    *,
    provider: dict[str, str],
    topics: list[str],
    age: timedelta,
    quality: int = 60,
    excerpt: str = "",
    links: list[dict[str, Any]] | None = None,
    images: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the front matter of an article."""
    slug = "".join(letter if letter.isalnum() else "-" for letter in title.lower())[:60].strip("-")
    return {
        "title": title,
        "excerpt": excerpt or f"An excerpt about {title.lower()}.",
        "publishedDateTime": (NOW - age).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "webUrl": f"https://{provider['domain']}/{slug}",
        "type": "article",
        "quality": quality,
        "heat": -1,
        "published": True,
        "provider": provider,
        "topics": topics,
        "related": links or [],
        "images": images or [],
    }


def corpus(*, role_id: int = 1, user_id: int = 2) -> list[dict[str, Any]]:
    """Return the articles: some of today, some older, one hostile, one with a long round-up."""
    found = [
        article(
            "Clearview told to delete photographs taken without consent",
            provider=TIMES,
            topics=["AI", "Privacy"],
            age=timedelta(days=7),
            quality=88,
            excerpt="Face recognition without asking is mass surveillance, four commissioners say.",
            links=related(12),
        ),
        article(
            "Robot gardeners water the botanical collection",
            provider=BYTE,
            topics=["AI"],
            age=timedelta(hours=3),
            quality=95,
        ),
        article(
            "Speech models trained on parliament recordings",
            provider=BYTE,
            topics=["AI"],
            age=timedelta(hours=5),
            quality=40,
            images=[{"url": "https://intranet/speech.jpg", "width": 800, "height": 600}],
        ),
        article(
            HOSTILE_TITLE.format(role=role_id, user=user_id),
            provider={"name": "@here Gazette", "domain": "hostile.example"},
            topics=["Hostile @everyone"],
            age=timedelta(hours=2),
            excerpt="<@&1> @here <#1> ~~struck~~ ||spoiler|| zanzibar",
        ),
    ]
    found += [
        article(
            title,
            provider=HARBOUR,
            topics=["Harbour"],
            age=timedelta(hours=1 + number),
            quality=50 + number,
            excerpt=f"{title}. Told along the waterfront.",
        )
        for number, title in enumerate(HARBOUR_TITLES)
    ]
    return found


def write(folder: Path, articles: list[dict[str, Any]]) -> None:
    """Write articles as files; JSON is YAML too."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, front in enumerate(articles):
        name = f"{number:03}-{front['webUrl'].rpartition('/')[2][:40]}.md"
        (folder / name).write_text(f"---\n{json.dumps(front, indent=1)}\n---\n\nBody of {front['title']}\n", "utf-8")


def write_broken(folder: Path, count: int) -> None:
    """Write files that can't be read."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"broken-{number:02}.md").write_text('---\ntitle: "never closed\n---\n', "utf-8")
