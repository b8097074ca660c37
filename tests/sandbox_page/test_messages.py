"""Whole messages and pages as the sandbox draws them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.html import (
    ChannelName,
    View,
    plain_text,
    render_components,
    render_message,
    render_messages,
    render_modal,
    render_page,
)
from tests.sandbox_page.markup import Markup

NOW = datetime(2020, 2, 22, 13, 4, tzinfo=UTC)
TORONTO = ZoneInfo("America/Toronto")
VIEW = View(NOW, TORONTO, users={"42": "Mina"})
MINA = {"id": "42", "username": "mina", "global_name": "Mina"}


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def drawn(*components: dict[str, Any], view: View = VIEW) -> Markup:
    return Markup(render_components(components, view))


def classes(markup: Markup) -> list[str]:
    return [str(attributes.get("class")) for _, attributes in markup.found if attributes.get("class")]


def test_a_container_carries_its_colour_and_everything_within() -> None:
    thumbnail = {"type": 11, "media": {"url": "https://example.org/a.jpg"}, "description": "A camera"}
    section = {"type": 9, "components": [text("**[T](https://example.org)**")], "accessory": thumbnail}
    markup = drawn({"type": 17, "accent_color": 0xC0392B, "components": [section, {"type": 14, "spacing": 2}]})
    assert markup.found[0][1]["style"] == "--dc-accent: #c0392b"
    assert markup.images[0]["alt"] == "A camera"
    assert markup.images[0]["referrerpolicy"] == "no-referrer"
    assert "dc-separator dc-large dc-divider" in classes(markup)


def test_without_images_a_box_stands_in_and_nothing_is_fetched() -> None:
    gallery = {"type": 12, "items": [{"media": {"url": "https://example.org/a.jpg"}, "description": "A camera"}]}
    markup = drawn(gallery, view=View(NOW, TORONTO, images=False))
    assert (markup.images, markup.links) == ([], [])
    assert [a["aria-label"] for _, a in markup.found if a.get("role") == "img"] == ["A camera"]


def test_an_image_address_that_is_not_of_the_web_becomes_a_box() -> None:
    for url in ("javascript:alert(1)", "data:image/svg+xml,<svg>", "attachment://unknown.png", "", None):
        assert drawn({"type": 11, "media": {"url": url}}).images == []


def test_buttons_show_their_style_and_say_what_a_press_means() -> None:
    buttons = [
        {"type": 2, "style": style, "label": f"B{style}", "custom_id": f"id{style}", "disabled": style == 4}
        for style in (1, 2, 3, 4)
    ]
    markup = drawn({"type": 1, "components": [*buttons, {"type": 2, "style": 5, "label": "Out", "url": "https://a.b"}]})
    found = [attributes for tag, attributes in markup.found if tag == "button"]
    assert [a["class"] for a in found] == [f"dc-button dc-{s}" for s in ("primary", "secondary", "success", "danger")]
    assert [a["data-custom-id"] for a in found] == ["id1", "id2", "id3", "id4"]
    assert ["disabled" in a for a in found] == [False, False, False, True]
    assert markup.links == ["https://a.b"]


def test_a_select_lists_its_options_and_a_user_select_the_known_users() -> None:
    options = [{"value": "1", "label": "One", "description": "first", "default": True}, {"value": "2", "label": "Two"}]
    markup = drawn({"type": 1, "components": [{"type": 3, "custom_id": "pick", "options": options}]})
    chosen = [(a["data-value"], a["aria-selected"]) for _, a in markup.found if a.get("role") == "option"]
    assert chosen == [("1", "true"), ("2", "false")]
    users = drawn({"type": 1, "components": [{"type": 5, "custom_id": "who"}]})
    assert users.text == "Select a user@Mina"


@pytest.mark.parametrize(
    ("kinds", "expected"), [([0], ["#daily"]), ([0, 5], ["#daily", "#loud"]), ([[], "x"], ["#daily", "#loud"])]
)
def test_a_channel_select_offers_only_the_kinds_that_may_be_chosen(kinds: list[Any], expected: list[str]) -> None:
    view = View(NOW, TORONTO, channels={"1": ChannelName("daily", 0), "2": ChannelName("loud", 5)})
    select = {"type": 8, "custom_id": "where", "channel_types": kinds}
    assert drawn(select, view=view).text == "Select a channel" + "".join(expected)


def test_an_old_message_shows_content_embed_and_file() -> None:
    message = {
        "content": "old **text**",
        "embeds": [
            {
                "title": "Title",
                "url": "https://example.org",
                "description": "*words*",
                "fields": [{"name": "A", "value": "1", "inline": True}],
                "footer": {"text": "foot"},
                "timestamp": "2020-02-21T13:00:00+00:00",
                "color": 0,
            }
        ],
        "attachments": [{"filename": "a.txt", "size": 2048, "url": "https://example.org/a.txt"}],
    }
    shown = Markup(render_message(message, VIEW)).text
    for expected in ("old text", "Title", "words", "foot • Yesterday at 8:00 AM", "a.txt", "2.00 KB"):
        assert expected in shown


def test_the_asker_sees_who_used_what_and_that_only_they_see_it() -> None:
    message = {
        "id": "1",
        "flags": 64 | 32768,
        "components": [text("found")],
        "interaction_metadata": {"type": 2, "user": MINA, "name": "news"},
    }
    shown = Markup(render_message(message, VIEW)).text
    assert "Mina used /news" in shown
    assert "Only you can see this • Dismiss message" in shown
    assert "Broadsheet is thinking…" in Markup(render_message({**message, "flags": 128}, VIEW)).text


def test_an_author_is_named_once_in_seven_minutes_and_each_day_once() -> None:
    times = ("2020-02-21T13:00:00", "2020-02-21T13:06:00", "2020-02-21T13:14:00", "2020-02-22T13:00:00")
    messages = [
        {"id": str(i), "content": "x", "timestamp": f"{at}+00:00", "author": MINA} for i, at in enumerate(times)
    ]
    entries = render_messages(messages, VIEW)
    assert [e.key for e in entries] == ["day-2020-02-21-0", "0", "1", "2", "day-2020-02-22-0", "3"]
    assert ["Mina" in Markup(e.html).text for e in entries] == [False, True, False, True, False, True]


def test_what_mentions_the_reader_stands_out_and_what_was_published_says_so() -> None:
    reader = View(NOW, TORONTO, reader_id="42", reader_roles=frozenset({"7"}))

    def first_class(message: dict[str, Any]) -> str:
        return classes(Markup(render_message({"content": "x"} | message, reader)))[0]

    assert first_class({"mention_roles": ["7"]}) == "dc-message dc-mentioned"
    assert first_class({"mentions": [MINA]}) == "dc-message dc-mentioned"
    assert first_class({"mention_everyone": True}) == "dc-message dc-mentioned"
    assert first_class({"mention_roles": ["8"], "mentions": [{"id": "1"}]}) == "dc-message"
    assert "dc-published" in classes(Markup(render_message({"content": "x", "flags": 1}, VIEW)))
    assert "dc-published" not in classes(Markup(render_message({"content": "x"}, VIEW)))


def test_plain_text_is_what_a_reader_reads() -> None:
    source = "# The **paper**\n- [a & b](https://example.org) <t:1582376640:R>\n> 1 < 2\n```\n<x>\n```"
    assert plain_text(source, VIEW) == "The paper a & b now 1 < 2 <x>"


def test_a_form_names_every_field_by_its_custom_id() -> None:
    options = [{"label": "Skip", "value": "skip"}, {"label": "Note", "value": "note", "description": "one line"}]
    parts = [
        {"type": 4, "custom_id": "text", "style": 2, "value": "</textarea><b>", "min_length": 1, "max_length": 9},
        {"type": 3, "custom_id": "one", "options": options},
        {"type": 5, "custom_id": "who", "max_values": 2, "required": False},
        {"type": 21, "custom_id": "radio", "options": options},
        {"type": 22, "custom_id": "group", "options": options},
        {"type": 23, "custom_id": "check", "default": True},
    ]
    rows = [{"type": 18, "label": f"Field {n}", "component": part} for n, part in enumerate(parts)]
    markup = Markup(render_modal({"custom_id": "form", "title": "A form", "components": rows}, VIEW))
    names = dict.fromkeys(a["name"] for _, a in markup.found if "name" in a)
    assert list(names) == ["text", "one", "who", "radio", "group", "check"]
    assert markup.found[0] == ("form", {"method": "dialog", "data-custom-id": "form"})
    labelled = {a["for"] for tag, a in markup.found if tag == "label" and "for" in a}
    assert labelled <= {a.get("id") for _, a in markup.found}


# --------------------------------------------------------------------------- whatever arrives

NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '" onclick="x',
        "javascript:alert(1)",
        'https://a.b/"><img src=x onerror=y>',
        "'",
        "\x00",
    ]
)
KEYS = """
    type components accessory content media url description items spacing divider accent_color style label custom_id
    options value default emoji name id file size embeds title fields author footer text image thumbnail color timestamp
    flags attachments filename content_type user interaction_metadata interaction bot username global_name
    edited_timestamp placeholder default_values channel_types spoiler disabled min_values max_values
    component required style min_length max_length value mentions mention_roles mention_everyone
"""
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-2, 20), st.text(max_size=20), NASTY, st.just("https://example.org/x")
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=8)
    ),
    max_leaves=25,
)
TOP_KEYS = "id flags components content embeds attachments author timestamp interaction interaction_metadata mentions"
MESSAGES = st.dictionaries(st.sampled_from(TOP_KEYS.split()), VALUES)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(MESSAGES, st.booleans())
def test_no_message_breaks_the_page_or_writes_a_tag(message: dict[str, Any], images: bool) -> None:
    view = View(NOW, TORONTO, images=images)
    for entry in render_messages([message, {**message, "flags": 32768 | 64}], view):
        Markup(entry.html)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_no_form_breaks_the_page_or_writes_a_tag(value: Any) -> None:
    rows = [{"type": 18, "label": "x", "component": value}, {"type": 1, "components": value}, value]
    Markup(render_modal({"title": value, "components": rows}, VIEW))
    for kind in (3, 4, 5, 8, 21, 22, 23):
        if isinstance(value, dict):
            Markup(render_modal({"components": [{"type": 18, "component": value | {"type": kind}}]}, VIEW))


def test_a_page_stands_alone_and_runs_nothing() -> None:
    page = render_page(
        [{"components": [text("# The paper <t:1582376640:R>")], "flags": 32768}],
        title="</title><script>",
        channel_name="daily-news",
        now=NOW,
        timezone=TORONTO,
        topic="Every day",
    )
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page
    assert "<link" not in page
    assert "@import" not in page
    assert not re.search(r'url\((?!"data:image/svg)', page), "nothing is fetched"
    assert "default-src &#x27;none&#x27;" in page
    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in page
    assert "now</time>" in page


@pytest.mark.parametrize("count", range(1, 11))
def test_a_gallery_of_any_allowed_size_has_a_layout(count: int) -> None:
    items = [{"media": {"url": f"https://example.org/{n}.jpg"}} for n in range(count)]
    assert drawn({"type": 12, "items": items}).found[0][1]["class"] == f"dc-gallery dc-gallery-{count}"
