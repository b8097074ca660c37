"""The worked example in docs/editions.md is what the code computes."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from digests.composing.compose import compose
from digests.models import Delivered, LeftOutReason, Policy, Window
from tests.digests.making import article, link

PAGE = (Path(__file__).parents[2] / "docs" / "editions.md").read_text("utf-8")
CLOSES = datetime(2026, 3, 12, 8, tzinfo=UTC)


def rows() -> Iterator[dict[str, str]]:
    example = PAGE.split("## A worked example")[1]
    lines = [line for line in example.split("\n## ")[0].splitlines() if line.startswith("|")]
    names = [cell.strip() for cell in lines[0].strip("|").split("|")]
    for line in lines[2:]:
        yield dict(zip(names, (cell.strip() for cell in line.strip("|").split("|")), strict=True))


def known(text: str) -> int | None:
    return None if text == "?" else int(text)


def test_the_worked_example_is_what_the_code_computes() -> None:
    stories = list(rows())
    made = [
        article(
            f"story{number}",
            row["story"],
            row["led by"].lower(),
            topics=(row["topic"],),
            quality=known(row["quality"]),
            heat=known(row["heat"]),
            published_at=CLOSES - timedelta(hours=int(row["age in hours"])),
            related=tuple(link(f"s{number}l{n}", provider=f"p{number}x{n}") for n in range(1, int(row["providers"]))),
        )
        for number, row in enumerate(stories)
    ]
    limits = re.search(r"With `per_topic = (\d+)` and `max_stories = (\d+)`", PAGE)
    assert limits is not None
    limit, most = map(int, limits.groups())
    digest = compose(
        made,
        (),
        Delivered(),
        Policy(per_topic=limit, max_stories=most),
        Window(CLOSES - timedelta(days=3), CLOSES),
        local_date=date(2026, 3, 12),
        timezone="UTC",
    )
    told = {story.lead.title: story for story in (*digest.stories, *(out.story for out in digest.left_out))}
    for row in stories:
        score = told[row["story"]].score
        assert [score.quality, score.heat, score.recency, score.corroboration, score.total] == [
            float(row[name]) for name in ("quality part", "heat part", "recency part", "corroboration part", "rank")
        ], row["story"]
    reading = [f"{section.topic}: {story.lead.title}" for section in digest.sections for story in section.stories]
    assert reading == re.findall(r"^\d\. (.+)$", PAGE.split("With `per_topic")[1], re.MULTILINE)
    assert [out.reason for out in digest.left_out] == [LeftOutReason.PER_TOPIC]
