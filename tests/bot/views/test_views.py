"""Buttons and selects: after a restart, when what they refer to is forgotten, and on public messages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.component_view import ComponentView
from bot.render.digest import render_digest
from bot.views import ITEMS, is_known
from digests.models import Policy
from sandbox.entities import Message
from tests.bot.commands.articles import HARBOUR_TITLES, NOW
from tests.bot.commands.newsroom import Newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def sent_digest(newsroom: Newsroom) -> Message:
    """Deliver a digest as the publisher does, with the components that stand in the outbox."""
    subscriptions = newsroom.services.subscriptions
    # What an ended subscription was sent goes with it, so the one of the test before ends only here.
    for earlier in await subscriptions.list_for(guild_id=newsroom.guild.id):
        await subscriptions.unsubscribe(earlier.id)
    await newsroom.sandbox.invoke("digest subscribe", {"topics": "Harbour"}, channel=newsroom.channel)
    (made,) = await subscriptions.list_for(guild_id=newsroom.guild.id)
    edition = await newsroom.services.editions.send_now(made.id, NOW, newsroom.services.render)
    assert edition is not None
    async with newsroom.databases[1].read() as connection, connection.execute("SELECT payload FROM parts") as cursor:
        payloads = [str(row["payload"]) for row in await cursor.fetchall()]
    channel = newsroom.client.get_channel(newsroom.channel.id)
    assert channel is not None
    await channel.send(view=ComponentView(json.loads(payloads[-1])))  # type: ignore[union-attr]
    return newsroom.sandbox.messages(newsroom.channel)[-1]


@pytest.mark.slow
async def test_everything_works_after_a_restart(newsroom: Newsroom) -> None:
    results = await newsroom.sandbox.invoke("news", {"query": "waterfront", "sort": "newest"}, channel=newsroom.channel)
    found = await newsroom.sandbox.invoke("news", {"query": "clearview"}, channel=newsroom.channel)
    menu = found.selects[0]
    preview = await newsroom.sandbox.invoke(
        "digest preview", {"explain": True, "max_stories": 10}, channel=newsroom.channel
    )
    await newsroom.sandbox.wait_until(lambda: preview.interaction.followups)
    digest = await sent_digest(newsroom)

    await newsroom.restart()

    turned = await newsroom.sandbox.click(results, label="Next ▶")
    assert HARBOUR_TITLES[11] in turned.text
    story = await newsroom.sandbox.select(found, menu["custom_id"], [menu["options"][0]["value"]])
    assert "12 links" in story.text
    explained = await newsroom.sandbox.click(preview.interaction.followups[-1], label="Next ▶")
    assert explained.updated
    left = await newsroom.sandbox.click(preview, custom_id=custom_id(preview.messages[0], "left:"))
    assert "Left out" in left.text
    left = await newsroom.sandbox.click(digest, custom_id=custom_id(digest, "left:"), member=newsroom.reader)
    assert "Left out" in left.text


async def test_a_press_on_a_public_digest_is_answered_to_the_presser_alone(newsroom: Newsroom) -> None:
    digest = await sent_digest(newsroom)
    before = digest.text
    left = await newsroom.sandbox.click(digest, custom_id=custom_id(digest, "left:"), member=newsroom.reader)
    assert left.ephemeral
    assert "Left out" in left.text
    menu = digest.selects[0]
    story = await newsroom.sandbox.select(
        digest, menu["custom_id"], [menu["options"][0]["value"]], member=newsroom.reader
    )
    assert story.ephemeral
    assert "Harbour News" in story.text
    assert digest.text == before


async def test_what_is_forgotten_says_so(newsroom: Newsroom) -> None:
    results = await newsroom.sandbox.invoke("news", {"query": "waterfront"}, channel=newsroom.channel)
    digest = await sent_digest(newsroom)
    preview = await newsroom.sandbox.invoke(
        "digest preview", {"explain": True, "max_stories": 10}, channel=newsroom.channel
    )
    await newsroom.sandbox.wait_until(lambda: preview.interaction.followups)
    explanation = preview.interaction.followups[-1]
    await newsroom.services.button_state.prune(NOW + timedelta(days=91))
    for subscription in await newsroom.services.subscriptions.list_for(guild_id=newsroom.guild.id):
        await newsroom.services.subscriptions.unsubscribe(subscription.id)
    await newsroom.services.editions.prune(NOW + timedelta(days=1000))

    pressed = await newsroom.sandbox.click(results, label="Next ▶")
    (told,) = await newsroom.sandbox.wait_until(lambda: pressed.interaction.followups)
    assert "too old" in told.text
    assert told.ephemeral
    shared = await newsroom.sandbox.click(results, label="Share")
    (told,) = await newsroom.sandbox.wait_until(lambda: shared.interaction.followups)
    assert "too old" in told.text
    assert told.ephemeral
    explained = await newsroom.sandbox.click(explanation, label="Next ▶")
    (told,) = await newsroom.sandbox.wait_until(lambda: explained.interaction.followups)
    assert "too old" in told.text
    left = await newsroom.sandbox.click(digest, custom_id=custom_id(digest, "left:"), member=newsroom.reader)
    assert "too old" in left.text
    assert left.ephemeral


async def test_a_story_that_left_the_corpus_says_so(newsroom: Newsroom) -> None:
    found = await newsroom.sandbox.invoke("news", {"query": "oyster beds"}, channel=newsroom.channel)
    menu = found.selects[0]
    (file,) = newsroom.folder.glob("*oyster*")
    text = file.read_text("utf-8")
    file.unlink()
    await newsroom.services.corpus.load(now=NOW)
    gone = await newsroom.sandbox.select(found, menu["custom_id"], [menu["options"][0]["value"]])
    assert "no longer in the corpus" in gone.text
    file.write_text(text, "utf-8")
    await newsroom.services.corpus.load(now=NOW)


async def test_a_button_that_nothing_knows_is_answered(newsroom: Newsroom) -> None:
    channel = newsroom.client.get_channel(newsroom.channel.id)
    assert channel is not None
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Old", "custom_id": "bookmark:1"}]}
    await channel.send(view=ComponentView([row]))  # type: ignore[union-attr]
    old = newsroom.sandbox.messages(newsroom.channel)[-1]
    pressed = await newsroom.sandbox.click(old, label="Old", member=newsroom.reader)
    assert "older version" in pressed.text
    assert pressed.ephemeral


@pytest.mark.parametrize("custom", ["left:9999999999999999999:0", "search:9223372036854775808:0"])
async def test_a_number_that_no_database_holds_is_refused_quietly(
    newsroom: Newsroom, custom: str, caplog: pytest.LogCaptureFixture
) -> None:
    channel = newsroom.client.get_channel(newsroom.channel.id)
    assert channel is not None
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Far", "custom_id": custom}]}
    await channel.send(view=ComponentView([row]))  # type: ignore[union-attr]
    pressed = await newsroom.sandbox.click(
        newsroom.sandbox.messages(newsroom.channel)[-1], label="Far", member=newsroom.reader
    )
    assert "not one of mine" in pressed.text
    assert pressed.ephemeral
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_no_custom_id_belongs_to_two_items() -> None:
    examples = [
        "left:12:0", "story:00ff00ff00ff00ff:3", "search:5:1", "pick:5", "pick:5:0", "share:5:0",
        "story:00ff00ff00ff00ff:3:5-1", "sharestory:00ff00ff00ff00ff:0",
        "problems:2", "explain:7:1", "astyped:5", "subscriptions:1",
    ]  # fmt: skip
    for example in examples:
        fitting = [item for item in ITEMS if item.__discord_ui_compiled_template__.fullmatch(example)]
        assert len(fitting) == 1, example
        assert is_known(example)
    assert not is_known("left:x:0")


async def test_every_button_of_a_digest_is_known(newsroom: Newsroom) -> None:
    digest = await newsroom.services.digests.preview(Policy(), day=NOW.date(), timezone="UTC")
    for part in render_digest(digest, composition_id=2**59 - 1):
        for component in walk(part.components):
            if "custom_id" in component:
                assert is_known(component["custom_id"])


def custom_id(message: Message, prefix: str) -> str:
    """Return the custom_id of the first button that begins so."""
    return next(str(button["custom_id"]) for button in message.buttons if button["custom_id"].startswith(prefix))


def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return all components, nested ones included."""
    found = []
    for component in components:
        found += [component, *walk(component.get("components", []))]
    return found
