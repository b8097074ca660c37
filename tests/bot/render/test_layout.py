"""Ready components go through discord.py as they are, and leave nothing behind in it."""

from __future__ import annotations

import discord
import pytest
from discord.http import handle_message_parameters
from discord.webhook.async_ import interaction_message_response_params

from bot.render import layout, limits
from bot.render.digest import render_digest
from bot.render.layout import Layout, Option
from tests.bot.render.making import a_full_digest
from tests.bot.render.strict import check_message

(PART,) = render_digest(a_full_digest(), composition_id=3)


def test_a_message_is_sent_with_the_components_as_they_are_and_the_flag_set() -> None:
    with handle_message_parameters(view=Layout(PART.components), nonce="n") as parameters:
        assert parameters.payload is not None
        assert parameters.payload["components"] == PART.components
        assert parameters.payload["flags"] == discord.MessageFlags(components_v2=True).value
        assert parameters.payload["nonce"] == "n"


def test_an_interaction_is_answered_with_the_components_as_they_are_and_the_flag_set() -> None:
    flags = discord.MessageFlags(ephemeral=True)
    with interaction_message_response_params(type=4, view=Layout(PART.components), flags=flags) as parameters:
        assert parameters.payload is not None
        data = parameters.payload["data"]
        assert data["components"] == PART.components
        assert data["flags"] == discord.MessageFlags(components_v2=True, ephemeral=True).value


def test_a_forum_post_holds_the_components() -> None:
    with handle_message_parameters(view=Layout(PART.components), channel_payload={"name": "n"}) as parameters:
        assert parameters.payload is not None
        assert parameters.payload["message"]["components"] == PART.components
        assert parameters.payload["message"]["flags"] & discord.MessageFlags(components_v2=True).value


async def test_discord_py_keeps_nothing_of_a_layout() -> None:
    view = Layout(PART.components)
    # These are what send, edit and create_thread ask before they store a view; send_message asks the first alone.
    assert view.is_finished()
    assert not view.is_dispatchable()
    assert view.timeout is None


def test_a_layout_counts_itself_as_discord_does() -> None:
    view = Layout(PART.components)
    assert view.total_children_count == layout.count(PART.components) <= limits.COMPONENTS
    assert view.content_length() == layout.text_chars(PART.components) <= limits.TEXT_CHARS


def test_a_stamped_part_carries_its_marker_and_the_mention() -> None:
    mention, container = layout.stamped(PART.components, 123456, 99)
    assert mention == {"type": layout.TEXT_DISPLAY, "content": "<@&99>"}
    assert container["id"] == 123456
    assert "id" not in PART.components[0]
    check_message([mention, container], room_for_mention=False)


def test_without_a_role_nothing_is_mentioned() -> None:
    (container,) = layout.stamped(PART.components, 1, None)
    assert container == PART.components[0] | {"id": 1}


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
