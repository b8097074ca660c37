"""Answers interactions: defers at once, replies privately unless shared, edits the user's own messages in place.

Knows components and interactions; nothing about news.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import TypeAlias

import discord

from bot.component_view import ComponentView, readable
from bot.interactions.host import BotInteraction
from bot.render.layout import Component
from bot.render.pressable import pressable
from digests.errors import Forbidden
from digests.i18n import _, use_language

Components: TypeAlias = Sequence[Component]

_STAGE = "stage"
_ALREADY_ACKNOWLEDGED = 40060


class _Stage(Enum):
    """How an interaction was deferred: its entry in `Interaction.extras`."""

    PRIVATE = auto()
    SHARED = auto()
    IN_PLACE = auto()


def use_asker_language(interaction: BotInteraction) -> None:
    """Set the current task's language to the user's."""
    use_language(str(interaction.locale))


def use_channel_language(interaction: BotInteraction) -> None:
    """Set the current task's language to the server's, for public messages."""
    use_language(str(interaction.guild_locale or interaction.locale))


async def begin(interaction: BotInteraction, *, share: bool = False) -> None:
    """Defer a command's answer, which decides who sees it: the user alone, or with `share` everybody.

    Raises:
        Forbidden: The user may not write in the channel they want to share to.
    """
    if share:
        check_may_share(interaction)
        use_channel_language(interaction)
    await _defer(interaction, _Stage.SHARED if share else _Stage.PRIVATE)


async def begin_press(interaction: BotInteraction, *, separately: bool = False) -> None:
    """Defer the answer to a press: edit a private message in place; otherwise, or if `separately`, send a new one."""
    in_place = is_private(interaction.message) and not separately
    await _defer(interaction, _Stage.IN_PLACE if in_place else _Stage.PRIVATE)


async def begin_sharing(interaction: BotInteraction) -> None:
    """Defer the answer to a press that shares; the message with the button stays as it is.

    Raises:
        Forbidden: The user may not write in this channel.
    """
    check_may_share(interaction)
    await _defer(interaction, _Stage.IN_PLACE)
    use_channel_language(interaction)


async def _defer(interaction: BotInteraction, stage: _Stage) -> None:
    try:
        await interaction.response.defer(ephemeral=stage is _Stage.PRIVATE, thinking=stage is not _Stage.IN_PLACE)
    except discord.HTTPException as error:
        # The receipt of the first attempt was lost: discord.py's second one learns that the answer exists already.
        if error.code != _ALREADY_ACKNOWLEDGED:
            raise
    interaction.extras[_STAGE] = stage


async def reply(interaction: BotInteraction, *parts: Components) -> None:
    """Answer after `begin` or `begin_press`; further parts follow as separate messages."""
    await readable(_mentioning(interaction, parts[0]), lambda view: interaction.edit_original_response(view=view))
    for part in parts[1:]:
        await _follow_up(interaction, part, private=interaction.extras[_STAGE] is not _Stage.SHARED)


async def share(interaction: BotInteraction, components: Components) -> None:
    """Post publicly, after `begin_sharing`."""
    await _follow_up(interaction, components, private=False)


def _mentioning(interaction: BotInteraction, components: Components) -> Components:
    """Return components in which names of commands can be clicked."""
    return pressable(components, interaction.client.command_ids(interaction.guild_id))


async def _follow_up(interaction: BotInteraction, components: Components, *, private: bool) -> None:
    await readable(
        _mentioning(interaction, components),
        lambda view: interaction.followup.send(view=view, ephemeral=private, wait=True),
    )


async def reply_privately(interaction: BotInteraction, components: Components) -> None:
    """Answer only the user, whether or not an answer has begun; a public loading message is deleted."""
    components = _mentioning(interaction, components)
    stage = interaction.extras.get(_STAGE)
    if stage is None:
        await interaction.response.send_message(view=ComponentView(components), ephemeral=True)
    elif stage is _Stage.PRIVATE:
        await interaction.edit_original_response(view=ComponentView(components))
    else:
        if stage is _Stage.SHARED:
            # The first follow-up to a public deferral would be public too: delete the loading message first.
            await interaction.delete_original_response()
        await _follow_up(interaction, components, private=True)


def check_may_share(interaction: BotInteraction) -> None:
    """Check that the user may write in the channel they want to share to.

    Raises:
        Forbidden: They may not.
    """
    if interaction.guild_id is None:
        return
    permissions = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    if not (permissions.send_messages_in_threads if in_thread else permissions.send_messages):
        raise Forbidden(_("You can't write in this channel, so nothing can be shared here. Ask without share."))


def is_private(message: discord.Message | None) -> bool:
    """Check whether only one person sees a message."""
    return message is not None and message.flags.ephemeral
