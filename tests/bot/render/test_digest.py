"""A digest fits into Discord's messages whatever it says, and every story of it is there."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from bot.render import layout, limits, pieces
from bot.render.digest import RenderedPart, digest_title, render_digest, render_left_out, render_quiet_note
from bot.render.layout import Components
from digests.models import Digest, Image, LeftOut, LeftOutReason, Update
from tests.bot.render.making import FORBES, a_digest, a_full_digest, a_link, a_story, an_article
from tests.bot.render.reading import pings
from tests.bot.render.strategies import digests
from tests.bot.render.strict import check_message, check_schema
from tests.examples import examples

slowly = settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def texts(components: Components) -> list[str]:
    """Every text of a message, in order."""
    return [found["content"] for found in layout.walk(components) if found["type"] == layout.TEXT_DISPLAY]


def lines(parts: tuple[RenderedPart, ...]) -> list[str]:
    """Every line of a digest, in order."""
    return [line for part in parts for content in texts(part.components) for line in content.splitlines()]


def picked(parts: tuple[RenderedPart, ...]) -> list[str]:
    """The stories that the parts' selects offer, in order."""
    return [
        option["value"]
        for part in parts
        for found in layout.walk(part.components)
        if found["type"] == layout.STRING_SELECT
        for option in found["options"]
    ]


@slowly
@given(digests())
def test_any_digest_is_within_every_limit_and_no_story_is_lost(digest: Digest) -> None:
    parts = render_digest(digest, composition_id=2**62)
    for part in parts:
        check_message(part.components)
        check_message(layout.stamped(part.components, 2**31 - 1, 2**64 - 1), room_for_mention=False)
    if not digest.story_count:
        return
    headlines = [line for line in lines(parts) if line.startswith("### ")]
    assert headlines == [f"### {pieces.headline(story.lead)}" for story in digest.stories]
    assert picked(parts) == [pieces.ref(story) for story in digest.stories]
    assert [part.first for part in parts] == [True] + [False] * (len(parts) - 1)


@slowly
@given(digests(most_stories=12))
def test_every_link_of_every_round_up_is_shown_or_counted(digest: Digest) -> None:
    told = lines(render_digest(digest, composition_id=1))
    shown = sum(line.startswith("- ") for line in told)
    counted = sum(int(found[1]) for line in told if (found := re.match(r"-# \+(\d+) more\Z", line)))
    counted += sum(int(found[1]) for line in told if (found := re.match(r"-# Round-up · (\d+) links?\Z", line)))
    assert shown + counted == sum(len(story.roundup) for story in digest.stories)


@settings(slowly, max_examples=examples(25))
@given(digests(most_stories=15))
def test_any_digest_is_valid_under_discords_own_schema(digest: Digest) -> None:
    for part in render_digest(digest, composition_id=1):
        check_schema(layout.stamped(part.components, 1, 2))


@slowly
@given(digests(most_stories=12))
def test_nothing_in_a_digest_pings(digest: Digest) -> None:
    for part in render_digest(digest, composition_id=1):
        assert not [ping for content in texts(part.components) for ping in pings(content)]


@slowly
@given(digests(most_stories=3))
def test_any_page_of_what_was_left_out_is_within_every_limit(digest: Digest) -> None:
    seen: list[str] = []
    page = 0
    while True:
        shown = render_left_out(digest, composition_id=2**62, page=page)
        check_message(shown)
        seen += [line for content in texts(shown) for line in content.splitlines() if line.startswith("**")]
        forward = [c for c in layout.walk(shown) if c.get("custom_id", "").endswith(f":{page + 1}")]
        if not forward or forward[0].get("disabled"):
            break
        page += 1
    assert seen == [f"**{pieces.headline(left.story.lead)}**" for left in digest.left_out]


def test_an_ordinary_day_is_one_message() -> None:
    (part,) = render_digest(a_full_digest(), composition_id=7)
    check_message(part.components)
    check_schema(part.components)
    told = lines((part,))
    assert told[:2] == ["# The Daily Broadsheet", "-# Wednesday, 8 July 2020 · 7 stories from 7 providers"]
    assert [line for line in told if line.startswith("## ")] == ["## Computer Vision", "## Power Apps", "## Other news"]


def test_a_story_says_who_published_it_when_and_how_many_carry_it() -> None:
    story = a_story(an_article("News"), providers=(FORBES, an_article().provider))
    told = lines(render_digest(a_digest(("AI", [story])), composition_id=1))
    assert "-# New York Times · <t:1594170000:R> · carried by 2 providers" in told


def test_a_round_up_shows_five_links_and_counts_the_others() -> None:
    told = lines(render_digest(a_digest(("AI", [a_story(links=12)])), composition_id=1))
    assert [line for line in told if line.startswith("- ")] == [
        f"- [Related story number {number}]({a_link(number).url}) · {a_link(number).provider.name}"  # type: ignore[union-attr]
        for number in range(1, 6)
    ]
    assert "-# +7 more" in told


def test_an_update_names_what_is_new() -> None:
    update = Update(("Forbes",), (a_link(1), a_link(2), a_link(3)))
    told = lines(render_digest(a_digest(("AI", [a_story(update=update)])), composition_id=1))
    assert "**Update** — new: Forbes, 3 more links" in told


def test_what_was_left_out_is_counted_on_a_button_of_the_last_part() -> None:
    left_out = tuple(LeftOut(a_story(), LeftOutReason.PER_TOPIC) for _time in range(7))
    stories = [a_story(an_article(f"Story {n}", excerpt="word " * 60), links=5) for n in range(10)]
    parts = render_digest(a_digest(("AI", stories), left_out=left_out), composition_id=42)
    buttons = [[c for c in layout.walk(part.components) if c["type"] == layout.BUTTON] for part in parts]
    assert len(parts) > 1
    assert not any(buttons[:-1])
    assert [(button["label"], button["custom_id"]) for button in buttons[-1]] == [("+7 more stories", "left:42:0")]


def test_several_parts_are_numbered_and_name_their_topic_again() -> None:
    stories = [a_story(an_article(f"Story {n}", excerpt="word " * 60), links=5) for n in range(10)]
    parts = render_digest(a_digest(("AI", stories)), composition_id=1)
    for number, part in enumerate(parts, 1):
        assert f"{number}/{len(parts)}" in "\n".join(texts(part.components)[:1])
        assert texts(part.components)[1] == ("## AI" if number == 1 else "## AI\n-# continued")


def test_a_story_is_never_split() -> None:
    stories = [a_story(an_article(f"Story {n}", excerpt="word " * 60), links=5) for n in range(10)]
    for part in render_digest(a_digest(("AI", stories)), composition_id=1):
        told = lines((part,))
        assert sum(line.startswith("- ") for line in told) == 5 * sum(line.startswith("### ") for line in told)


def test_a_story_too_large_loses_its_excerpt_before_its_links() -> None:
    def url(number: int) -> str:
        return f"https://a.example/{number}/" + "x" * 490

    story = a_story(
        an_article(excerpt="word " * 40, url=url(0)), roundup=tuple(a_link(n, url=url(n)) for n in range(1, 7))
    )
    told = lines(render_digest(a_digest(("AI", [story])), composition_id=1))
    assert sum(line.startswith("- ") for line in told) == 5
    assert "-# +1 more" in told
    assert not any(line.startswith("word") and len(line) > 170 for line in told)


def test_a_picture_is_shown_where_it_is_worth_showing() -> None:
    def accessory(*images: Image) -> list[str]:
        story = a_story(an_article(images=images))
        (part,) = render_digest(a_digest(("AI", [story])), composition_id=1)
        return [c["media"]["url"] for c in layout.walk(part.components) if c["type"] == layout.THUMBNAIL]

    good = Image("https://a.example/p.jpg", 1200, 630)
    assert accessory(good) == ["https://a.example/p.jpg"]
    assert accessory(Image("https://a.example/unknown.jpg")) == ["https://a.example/unknown.jpg"]
    assert accessory(Image("https://a.example/logo.png", 50, 50), good) == ["https://a.example/p.jpg"]
    assert accessory(Image("http://a.example/p.jpg", 1200, 630)) == []
    assert accessory(Image("https://a.example/p.svg?x", 1200, 630)) == []
    assert accessory(Image("https://a.example/" + "p" * 2048, 1200, 630)) == []
    for host in ("intranet", "127.0.0.1", "[::1]", "printer.local", "localhost:8000"):
        assert accessory(Image(f"https://{host}/p.jpg", 1200, 630), good) == ["https://a.example/p.jpg"]


def test_a_story_without_an_address_is_told_without_a_link() -> None:
    told = lines(render_digest(a_digest(("AI", [a_story(an_article("No address", url=None))])), composition_id=1))
    assert "### No address" in told


def test_a_quiet_day_is_one_line_with_what_was_left_out() -> None:
    (part,) = render_digest(a_digest(), composition_id=1)
    assert part.components == render_quiet_note(a_digest())
    assert texts(part.components) == ["A quiet day: nothing new for Wednesday, 8 July 2020."]
    left_out = (LeftOut(a_story(), LeftOutReason.QUALITY),)
    (part,) = render_digest(a_digest(left_out=left_out), composition_id=1)
    assert [c["custom_id"] for c in layout.walk(part.components) if "custom_id" in c] == ["left:1:0"]


def test_the_archive_says_so_and_shows_dates() -> None:
    digest = a_digest(("AI", [a_story()]), from_archive=True)
    told = lines(render_digest(digest, composition_id=1))
    assert any(line.startswith("**On this day**") for line in told)
    assert "-# New York Times · <t:1594170000:D>" in told


@pytest.mark.parametrize("archive", [False, True])
def test_a_posts_title_fits_and_names_the_day(archive: bool) -> None:
    story = a_story(an_article("A very long headline " * 10))
    for digest in (a_digest(), a_digest(("AI", [story])), a_full_digest()):
        title = digest_title(replace(digest, from_archive=archive))
        assert title.startswith("Wednesday, 8 July 2020")
        assert len(title) <= limits.POST_TITLE_CHARS


@slowly
@given(digests(most_stories=1))
def test_any_posts_title_fits(digest: Digest) -> None:
    assert 1 <= limits.length(digest_title(digest)) <= limits.POST_TITLE_CHARS
