"""How an interaction is answered: deferred at once, private unless shared, edited in place where it is the asker's own.

Knows components and interactions; nothing of news.
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
    """What was promised to an interaction: its entry in `Interaction.extras`."""

    PRIVATE = auto()
    SHARED = auto()
    IN_PLACE = auto()


def speak_to_asker(interaction: BotInteraction) -> None:
    """Set the current task's language to that of the person who asks."""
    use_language(str(interaction.locale))


def speak_to_channel(interaction: BotInteraction) -> None:
    """Set the current task's language to the server's, for what everybody will read."""
    use_language(str(interaction.guild_locale or interaction.locale))


async def begin(interaction: BotInteraction, *, share: bool = False) -> None:
    """Defer a command's answer, which fixes who sees it: the asker alone, or everybody when `share`.

    Raises:
        Forbidden: The asker may not write in the channel they want to share into.
    """
    if share:
        check_may_share(interaction)
        speak_to_channel(interaction)
    await _defer(interaction, _Stage.SHARED if share else _Stage.PRIVATE)


async def begin_press(interaction: BotInteraction, *, beside: bool = False) -> None:
    """Defer the answer to a press: in place on a private message; on others, or `beside`, as a new private one."""
    in_place = is_private(interaction.message) and not beside
    await _defer(interaction, _Stage.IN_PLACE if in_place else _Stage.PRIVATE)


async def begin_sharing(interaction: BotInteraction) -> None:
    """Defer the answer to a press that shares: the message with the button stays as it is.

    Raises:
        Forbidden: The asker may not write in this channel.
    """
    check_may_share(interaction)
    await _defer(interaction, _Stage.IN_PLACE)
    speak_to_channel(interaction)


async def _defer(interaction: BotInteraction, stage: _Stage) -> None:
    try:
        await interaction.response.defer(ephemeral=stage is _Stage.PRIVATE, thinking=stage is not _Stage.IN_PLACE)
    except discord.HTTPException as error:
        # The receipt of the first try was lost: discord.py's second try is told that the answer stands already.
        if error.code != _ALREADY_ACKNOWLEDGED:
            raise
    interaction.extras[_STAGE] = stage


async def reply(interaction: BotInteraction, *parts: Components) -> None:
    """Answer after `begin` or `begin_press`; parts after the first follow as messages of their own."""
    await readable(_mentioning(interaction, parts[0]), lambda view: interaction.edit_original_response(view=view))
    for part in parts[1:]:
        await _follow_up(interaction, part, private=interaction.extras[_STAGE] is not _Stage.SHARED)


async def share(interaction: BotInteraction, components: Components) -> None:
    """Post for everybody, after `begin_sharing`."""
    await _follow_up(interaction, components, private=False)


def _mentioning(interaction: BotInteraction, components: Components) -> Components:
    """Return components whose commands can be pressed."""
    return pressable(components, interaction.client.command_ids(interaction.guild_id))


async def _follow_up(interaction: BotInteraction, components: Components, *, private: bool) -> None:
    await readable(
        _mentioning(interaction, components),
        lambda view: interaction.followup.send(view=view, ephemeral=private, wait=True),
    )


async def reply_privately(interaction: BotInteraction, components: Components) -> None:
    """Answer the asker alone, however far the answer had got; a shared loading message is taken back."""
    components = _mentioning(interaction, components)
    stage = interaction.extras.get(_STAGE)
    if stage is None:
        await interaction.response.send_message(view=ComponentView(components), ephemeral=True)
    elif stage is _Stage.PRIVATE:
        await interaction.edit_original_response(view=ComponentView(components))
    else:
        if stage is _Stage.SHARED:
            # The first follow-up to a public deferral would be public too: the loading message has to go first.
            await interaction.delete_original_response()
        await _follow_up(interaction, components, private=True)


def check_may_share(interaction: BotInteraction) -> None:
    """Check that the asker may write where they want to share.

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
    """Return whether a message is seen by one person only."""
    return message is not None and message.flags.ephemeral
