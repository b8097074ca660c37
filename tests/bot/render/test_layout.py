"""Builders keep to Discord's limits, and a part is marked where it can be found again."""

from __future__ import annotations

import pytest

from bot.render import layout
from bot.render.digest import render_digest
from bot.render.layout import Option
from tests.bot.render.making import a_full_digest
from tests.bot.render.strict import check_message

(PART,) = render_digest(a_full_digest(), composition_id=3)


def test_a_stamped_part_carries_its_marker_and_the_mention() -> None:
    mention, masthead, container, *others = layout.stamped(PART.components, 123456, 99)
    assert mention == {"type": layout.TEXT_DISPLAY, "content": "<@&99>"}
    assert container["id"] == 123456
    assert not any("id" in component for component in (masthead, *others, *PART.components))
    check_message([mention, masthead, container, *others], room_for_mention=False)


def test_without_a_role_nothing_is_mentioned() -> None:
    masthead, container, *others = layout.stamped(PART.components, 1, None)
    assert [masthead, *others] == [PART.components[0], *PART.components[2:]]
    assert container == PART.components[1] | {"id": 1}


@pytest.mark.parametrize("marker", [0, -1, 2**31])
def test_a_marker_that_discord_would_not_keep_is_refused(marker: int) -> None:
    with pytest.raises(ValueError, match="component's id"):
        layout.stamped(PART.components, marker)


def test_a_part_without_a_container_can_not_be_marked() -> None:
    with pytest.raises(ValueError, match="container"):
        layout.stamped([layout.text("a")], 1)


def test_a_select_holds_at_most_25_options_each_value_once() -> None:
    options = [Option("l" * 300, str(number % 30), "d" * 300) for number in range(90)]
    made = layout.select("pick:1", "p" * 300, options)
    assert [option["value"] for option in made["options"]] == [str(number) for number in range(25)]
    check_message([layout.row(made)])


def test_an_option_without_words_shows_its_value() -> None:
    made = layout.select("pick:1", "Pick", [Option("\u200b", "abc")])
    assert made["options"] == [{"label": "abc", "value": "abc"}]


@pytest.mark.parametrize(("page", "disabled"), [(0, [True, False]), (1, [False, False]), (2, [False, True])])
def test_buttons_between_pages_lead_somewhere_or_are_disabled(page: int, disabled: list[bool]) -> None:
    buttons = layout.pager("left:1", page, 3)
    assert [button.get("disabled", False) for button in buttons] == disabled
    assert len({button["custom_id"] for button in buttons}) == 2
    check_message([layout.row(*buttons)])


def test_one_page_has_no_buttons() -> None:
    assert layout.pager("left:1", 0, 1) == []


def test_a_picture_is_described_where_there_are_words_for_it() -> None:
    assert layout.thumbnail("https://a.example/p.jpg", "A ferry")["description"] == "A ferry"
    assert "description" not in layout.thumbnail("https://a.example/p.jpg", "")
