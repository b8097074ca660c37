"""Ready components go through discord.py as they are, and leave nothing behind in it."""

from __future__ import annotations

import discord
from discord.http import handle_message_parameters
from discord.webhook.async_ import interaction_message_response_params

from bot.component_view import ComponentView
from bot.render import layout, limits
from bot.render.digest import render_digest
from tests.bot.render.making import a_full_digest

(PART,) = render_digest(a_full_digest(), composition_id=3)


def test_a_message_is_sent_with_the_components_as_they_are_and_the_flag_set() -> None:
    with handle_message_parameters(view=ComponentView(PART.components), nonce="n") as parameters:
        assert parameters.payload is not None
        assert parameters.payload["components"] == PART.components
        assert parameters.payload["flags"] == discord.MessageFlags(components_v2=True).value
        assert parameters.payload["nonce"] == "n"


def test_an_interaction_is_answered_with_the_components_as_they_are_and_the_flag_set() -> None:
    flags = discord.MessageFlags(ephemeral=True)
    with interaction_message_response_params(type=4, view=ComponentView(PART.components), flags=flags) as parameters:
        assert parameters.payload is not None
        data = parameters.payload["data"]
        assert data["components"] == PART.components
        assert data["flags"] == discord.MessageFlags(components_v2=True, ephemeral=True).value


def test_a_forum_post_holds_the_components() -> None:
    with handle_message_parameters(view=ComponentView(PART.components), channel_payload={"name": "n"}) as parameters:
        assert parameters.payload is not None
        assert parameters.payload["message"]["components"] == PART.components
        assert parameters.payload["message"]["flags"] & discord.MessageFlags(components_v2=True).value


async def test_discord_py_keeps_nothing_of_a_layout() -> None:
    view = ComponentView(PART.components)
    # These are what send, edit and create_thread ask before they store a view; send_message asks the first alone.
    assert view.is_finished()
    assert not view.is_dispatchable()
    assert view.timeout is None


def test_a_layout_counts_itself_as_discord_does() -> None:
    view = ComponentView(PART.components)
    assert view.total_children_count == layout.count(PART.components) <= limits.COMPONENTS
    assert view.content_length() == layout.text_chars(PART.components) <= limits.TEXT_CHARS
