"""A digest fits into Discord's messages whatever it says, and every story of it is there."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.render import layout, limits, pieces
from bot.render.digest import (
    CONTENTS_CHARS,
    RenderedPart,
    digest_title,
    render_digest,
    render_left_out,
    render_quiet_note,
)
from bot.render.look import NO_TOPIC, Look, accent
from bot.render.pieces import LINE_TITLE_CHARS, TITLE_CHARS
from bot.render.story_detail import FULLNESS, LEAD_FULLNESS, story_detail
from digests.models import (
    Digest,
    Image,
    LeftOut,
    LeftOutReason,
    Presentation,
    Provider,
    Story,
    Style,
    Update,
)
from tests.bot.render.making import a_digest, a_full_digest, a_link, a_story, an_article
from tests.bot.render.reading import dotted, pings, texts
from tests.bot.render.strategies import digests, stories
from tests.bot.render.strict import check_message, check_schema
from tests.examples import examples

slowly = settings(
    max_examples=examples(30),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def raw_texts(part: RenderedPart) -> list[str]:
    """Return a message's texts as they are sent."""
    return [found["content"] for found in layout.walk(part.components) if found["type"] == layout.TEXT_DISPLAY]


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


def headlines(parts: tuple[RenderedPart, ...], digest: Digest, style: Style) -> list[str]:
    """The headlines that are printed, in order, as the style marks them."""
    links = {pieces.headline(story.lead, chars=c) for story in digest.stories for c in (TITLE_CHARS, LINE_TITLE_CHARS)}
    marked = {f"**{link}**": link for link in links} | {f"## {link}": link for link in links}
    if style is not Style.HEADLINES:
        return [marked[line] for line in lines(parts) if line in marked]
    found = [line for line in lines(parts) if line.startswith("- ")]
    return [next(link for mark, link in marked.items() if mark in line) for line in found]


@slowly
@given(digests(), st.sampled_from(Style))
def test_any_digest_is_within_every_limit_and_no_story_is_lost(digest: Digest, style: Style) -> None:
    parts = render_digest(digest, Presentation(style), composition_id=2**62)
    for part in parts:
        check_message(part.components)
        check_message(layout.stamped(part.components, 2**31 - 1, 2**64 - 1), room_for_mention=False)
    if not digest.story_count:
        return
    chars = LINE_TITLE_CHARS if style is Style.HEADLINES else TITLE_CHARS
    assert headlines(parts, digest, style) == [pieces.headline(story.lead, chars=chars) for story in digest.stories]
    assert picked(parts) == list(dict.fromkeys(pieces.ref(story) for story in digest.stories))
    assert [part.first for part in parts] == [True] + [False] * (len(parts) - 1)


@slowly
@given(digests(), st.sampled_from(Style))
def test_any_post_opens_with_its_contents(digest: Digest, style: Style) -> None:
    parts = render_digest(digest, Presentation(style, is_post=True), composition_id=2**62)
    for part in parts:
        check_message(part.components)
    if not digest.story_count:
        return
    first = lines(parts[:1])
    listed = [line for line in first if line.startswith("- ")]
    counted = [int(found[1]) for line in first if (found := re.match(r"-# \+(\d+) more stor(?:y|ies)\Z", line))]
    if style is not Style.HEADLINES:
        assert len(listed) + sum(counted) == digest.story_count
        assert len(headlines(parts[1:], digest, style)) == digest.story_count


@slowly
@given(digests(most_stories=12))
def test_every_link_of_every_round_up_is_shown_or_counted(digest: Digest) -> None:
    parts = render_digest(digest, Presentation(Style.FULL), composition_id=1)
    boxes = [c for part in parts for c in part.components if c["type"] == layout.CONTAINER]
    told = [line for content in texts(boxes) for line in content.splitlines()]
    printed = sum(line.startswith(("-# › ", "-# ↳ ")) for line in told)
    counted = sum(int(found[1]) for line in told if (found := re.match(r"-# \+(\d+)\smore(?: · carried|\Z)", line)))
    assert printed + counted == sum(len(story.roundup) + len(story.also) for story in digest.stories)


@pytest.mark.slow
@given(stories(), st.sampled_from(Style))
def test_every_style_prints_or_counts_every_link_however_little_room_there_is(story: Story, style: Style) -> None:
    for fullness in (*FULLNESS[style], *LEAD_FULLNESS[style]):
        printed = story_detail(story, style, fullness)
        assert len(printed.also) + len(printed.links) + printed.rest == len(story.roundup) + len(story.also)
        assert set(printed.links) <= set(story.roundup)


@pytest.mark.slow
@settings(slowly, max_examples=examples(15))
@given(digests(most_stories=15), st.sampled_from(Style))
def test_any_digest_is_valid_under_discords_own_schema(digest: Digest, style: Style) -> None:
    for part in render_digest(digest, Presentation(style), composition_id=1):
        check_schema(layout.stamped(part.components, 1, 2))


@pytest.mark.slow
@slowly
@given(digests(most_stories=12), st.sampled_from(Style))
def test_nothing_in_a_digest_pings(digest: Digest, style: Style) -> None:
    for part in render_digest(digest, Presentation(style), composition_id=1):
        assert not [ping for content in texts(part.components) for ping in pings(content)]


@pytest.mark.slow
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


def test_an_ordinary_day_is_one_message_with_a_container_for_each_topic() -> None:
    (part,) = render_digest(a_full_digest(), composition_id=7)
    check_message(part.components)
    check_schema(part.components)
    told = lines((part,))
    assert told[:2] == [
        "# The Daily Broadsheet",
        "-# Wednesday, 8 July 2020 · " + pieces.unbroken("7 stories from 7 providers"),
    ]
    boxes = [found for found in part.components if found["type"] == layout.CONTAINER]
    assert [texts([box])[0].splitlines()[0] for box in boxes] == [
        "-# **Computer Vision**", "-# **Power Apps**", "-# **Other news**",
    ]  # fmt: skip
    assert [box["accent_color"] for box in boxes] == [accent("Computer Vision"), accent("Power Apps"), NO_TOPIC]


def test_a_topic_is_marked_with_its_emoji() -> None:
    look = Look(emoji={"computer vision": "👁️", "Power Apps": "<:app:123456789012345678>", "AI": "no emoji"})
    told = lines(render_digest(a_full_digest(), composition_id=7, look=look))
    assert "-# 👁️ **Computer Vision**" in told
    assert "-# <:app:123456789012345678> **Power Apps**" in told


def test_each_style_prints_what_it_promises() -> None:
    lead = an_article("News", excerpt="It happened on Monday at noon, before the eyes of all. It was over by one.")
    digest = a_digest(("AI", [a_story(lead, links=12)]))
    headline = pieces.headline(lead)

    def told(style: Style) -> list[str]:
        every = lines(render_digest(digest, Presentation(style), composition_id=1))
        return every[every.index("-# **AI**") + 1 : -1]

    link = pieces.roundup_line
    assert told(Style.FULL) == [
        f"## {headline}",
        "-# New York Times · <t:1594170000:R>",
        "It happened on Monday at noon, before the eyes of all. It was over by one.",
        *(dotted(link(a_link(number))) for number in range(1, 6)),
        "-# +7\N{NO-BREAK SPACE}more",
    ]
    assert told(Style.COMPACT) == [
        f"## {headline}",
        "-# New York Times · <t:1594170000:R>",
        "It happened on Monday at noon, before the eyes of all.",
        f"-# related: [Forbes]({a_link(1).url}) · [Reuters]({a_link(2).url}) · +10\N{NO-BREAK SPACE}more",
    ]
    assert told(Style.HEADLINES) == [f"- **{headline}** · New York Times · +12\N{NO-BREAK SPACE}more"]


@pytest.mark.parametrize(("count", "said"), [(2, False), (4, False), (5, True), (9, True)])
def test_how_many_carry_a_story_is_said_from_five_on(count: int, said: bool) -> None:
    providers = tuple(Provider(f"P{number}", f"p{number}.example") for number in range(count))
    digest = a_digest(("AI", [a_story(providers=providers)]))
    told = lines(render_digest(digest, Presentation(Style.FULL), composition_id=1))
    assert (f"-# carried by {count} providers" in told) is said
    assert any("carried" in line for line in told) is said


def test_an_update_stands_in_small_print_above_its_headline() -> None:
    update = Update(("Forbes",), (a_link(1), a_link(2), a_link(3)))
    told = lines(render_digest(a_digest(("AI", [a_story(update=update)])), composition_id=1))
    place = told.index("-# **Update** · new: Forbes, 3 more links")
    assert told[place + 1] == f"## {pieces.headline(an_article())}"


def test_what_was_left_out_is_counted_on_a_button_of_the_last_part_and_so_is_the_menu() -> None:
    left_out = tuple(LeftOut(a_story(), LeftOutReason.PER_TOPIC) for _time in range(7))
    parts = render_digest(a_digest(("AI", TEN), left_out=left_out), composition_id=42)
    buttons = [[c for c in layout.walk(part.components) if c["type"] == layout.BUTTON] for part in parts]
    assert len(parts) > 1
    assert not any(buttons[:-1])
    assert [(button["label"], button["custom_id"]) for button in buttons[-1]] == [
        ("+7 more stories", "left:42:0"),
        ("Get this by DM", "getdm:42"),
        ("Follow a story", "follow:42"),
    ]
    menus = [[c for c in layout.walk(part.components) if c["type"] == layout.STRING_SELECT] for part in parts]
    assert [len(menu) for menu in menus] == [0] * (len(parts) - 1) + [1]
    assert ["/digest edit" in "".join(texts(part.components)) for part in parts] == [False] * (len(parts) - 1) + [True]


TEN = [a_story(an_article(f"Story {n}", excerpt="A word " * 60), links=5) for n in range(10)]


def test_several_parts_are_numbered_say_what_is_in_the_paper_and_name_their_topic_again() -> None:
    parts = render_digest(a_digest(("AI", TEN)), Presentation(Style.FULL), composition_id=1)
    assert len(parts) > 1
    first, *others = (texts(part.components) for part in parts)
    assert first[0].splitlines()[2:] == [
        "-# **In this paper**", "-# › Story 1", "-# › Story 2", "-# › Story 3", "-# › Story 4", "-# › Story 5",
    ]  # fmt: skip
    for number, part in enumerate(others, 2):
        assert part[0] == f"-# **The Daily Broadsheet** · {number}/{len(parts)}"
        assert part[1].startswith("-# **AI** · continued\n")


def test_a_headline_of_the_contents_is_one_line_on_a_phone_in_any_script() -> None:
    titles = ["The news of the day", "漁業者は新しい港に反対している" * 9, "Unbreakable" * 9]
    stories = [a_story(an_article(title, url=f"https://e.example/{place}")) for place, title in enumerate(titles)]
    stories += [a_story(an_article(f"Short {place}"), links=20) for place in range(12)]
    told = texts(render_digest(a_digest(("AI", stories)), composition_id=1)[0].components)[0].splitlines()
    wide, long = told[3:5]
    assert wide.startswith("-# › 漁業者は")
    assert len(wide) <= len("-# › ") + CONTENTS_CHARS // 2
    assert len(long) == len("-# › ") + CONTENTS_CHARS


def test_a_message_about_what_was_asked_for_says_how_much_only_its_menu_holds() -> None:
    digest = a_digest(
        ("AI", [a_story(an_article("W" * 200, url=f"https://e.example/{n}"), links=30) for n in range(12)])
    )
    (part,) = parts = render_digest(digest, Presentation(Style.FULL, is_dm=True, wanted="ice"), composition_id=1)
    check_message(part.components)
    shown_count = len(headlines(parts, digest, Style.FULL))
    assert 0 < shown_count < 12
    assert f"-# +{12 - shown_count} more stories in the menu" in lines(parts)
    assert len(picked(parts)) == 12


def test_no_line_begins_with_a_dot() -> None:
    every = [content for part in render_digest(a_full_digest(), composition_id=1) for content in raw_texts(part)]
    assert any("\N{NO-BREAK SPACE}· " in content for content in every)
    assert not any(" · " in content for content in every)


def test_one_message_has_no_list_of_contents() -> None:
    assert not any("In this paper" in line for line in lines(render_digest(a_full_digest(), composition_id=1)))


def test_a_post_opens_with_every_headline() -> None:
    first, *others = render_digest(a_full_digest(), Presentation(Style.COMPACT, is_post=True), composition_id=1)
    told = lines((first,))
    listed = [line for line in told if line.startswith("- ")]
    assert len(listed) == len(a_full_digest().stories)
    for line, story in zip(listed, a_full_digest().stories, strict=True):
        assert pieces.headline(story.lead) in line
    assert first.first
    assert others
    assert not any(line.startswith("- ") for line in lines(tuple(others)))


def test_a_story_is_never_split() -> None:
    for part in render_digest(a_digest(("AI", TEN)), Presentation(Style.FULL), composition_id=1):
        told = lines((part,))
        stories = sum(line.startswith(("**", "## ")) for line in told)
        shortened = sum(line.startswith("-# +") for line in told)
        assert shortened == stories - any(line.startswith("## ") for line in told)


def test_ten_stories_of_a_compact_digest_take_two_messages_even_with_long_addresses() -> None:
    def story(number: int) -> Story:
        lead = an_article(f"Story {number}: " + "word " * 14, url=f"https://a.example/{number}/" + "x" * 130)
        roundup = [a_link(n, url=f"https://b.example/{number}/{n}/" + "x" * 130) for n in range(1, 9)]
        return a_story(replace(lead, excerpt="It was said at noon " * 20), topic=f"T{number}", roundup=tuple(roundup))

    digest = a_digest(*((f"Topic {number}", [story(number)]) for number in range(10)))
    assert len(render_digest(digest, Presentation(Style.COMPACT), composition_id=1)) <= 2


def test_a_story_too_large_loses_its_excerpt_before_its_links() -> None:
    def url(number: int) -> str:
        return f"https://a.example/{number}/" + "x" * 330

    story = a_story(
        an_article(excerpt="word " * 40, url=url(0)), roundup=tuple(a_link(n, url=url(n)) for n in range(1, 7))
    )
    told = lines(render_digest(a_digest(("AI", [story])), Presentation(Style.FULL), composition_id=1))
    assert sum(line.startswith("-# › [") for line in told) == 5
    assert "-# +1\N{NO-BREAK SPACE}more" in told
    assert not any(line.startswith("word") and len(line) > 145 for line in told)


def test_a_picture_is_shown_where_it_is_worth_showing() -> None:
    def accessory(*images: Image) -> list[str]:
        story = a_story(an_article(images=images))
        first = a_story(an_article("The day's lead"))
        (part,) = render_digest(a_digest(("AI", [first, story])), Presentation(Style.FULL), composition_id=1)
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


def test_the_days_lead_has_its_picture_across_the_width_and_a_long_headline_none_beside_it() -> None:
    picture = (Image("https://a.example/p.jpg", 1200, 630),)
    titles = ("Lead", "Short", "A headline of many words " * 4)
    stories = [a_story(an_article(title, images=picture)) for title in titles]
    (part,) = render_digest(a_digest(("AI", stories)), Presentation(Style.FULL), composition_id=1)
    kinds = [c["type"] for c in part.components[1]["components"]]
    text, gallery, line, section = layout.TEXT_DISPLAY, layout.MEDIA_GALLERY, layout.SEPARATOR, layout.SECTION
    assert kinds == [text, gallery, text, line, section, text, line, text, text]


def test_a_story_without_an_address_is_shown_without_a_link() -> None:
    told = lines(render_digest(a_digest(("AI", [a_story(an_article("No address", url=None))])), composition_id=1))
    assert "## No address" in told


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
