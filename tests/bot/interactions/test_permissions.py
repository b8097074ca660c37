"""Who may do what, without Discord."""

from __future__ import annotations

import discord
import pytest

from bot.interactions.permissions import channel_kind, is_manager, is_operator, lacking
from digests.models import ChannelKind

ALL = discord.Permissions.all()


def without(**denied: bool) -> discord.Permissions:
    permissions = discord.Permissions.all()
    permissions.update(**denied)
    return permissions


@pytest.mark.parametrize("kind", list(ChannelKind))
def test_nothing_lacks_where_everything_is_granted(kind: ChannelKind) -> None:
    assert lacking(kind, ALL) == ()


@pytest.mark.parametrize("kind", [kind for kind in ChannelKind if kind is not ChannelKind.DM])
def test_everything_lacks_where_nothing_is_granted(kind: ChannelKind) -> None:
    assert {"View Channel", "Read Message History"} <= set(lacking(kind, discord.Permissions.none()))


def test_a_direct_message_needs_no_permission() -> None:
    assert lacking(ChannelKind.DM, discord.Permissions.none()) == ()


def test_a_thread_needs_the_permission_for_threads_and_not_the_channels_own() -> None:
    assert lacking(ChannelKind.THREAD, without(send_messages=False)) == ()
    assert lacking(ChannelKind.THREAD, without(send_messages_in_threads=False)) == (
        "Send Messages in Threads and Posts",
    )


def test_a_forum_calls_it_creating_posts() -> None:
    assert lacking(ChannelKind.FORUM, without(send_messages=False)) == ("Create Posts",)


def test_a_digest_goes_to_no_category_stage_or_group() -> None:
    for type_ in (discord.ChannelType.category, discord.ChannelType.stage_voice, discord.ChannelType.group):
        assert channel_kind(type_) is None


def test_managers_manage() -> None:
    assert is_manager(discord.Permissions(manage_guild=True))
    assert is_manager(discord.Permissions(administrator=True))
    assert not is_manager(discord.Permissions(manage_channels=True))


def test_operators_are_owners_and_administrators_of_a_home_guild() -> None:
    admin, manager = discord.Permissions(administrator=True), discord.Permissions(manage_guild=True)
    nobody = discord.Permissions.none()

    def may(user_id: int, guild_id: int | None, permissions: discord.Permissions) -> bool:
        return is_operator(user_id=user_id, guild_id=guild_id, permissions=permissions, owners={1}, home_guild_ids={10})

    assert may(1, None, nobody)
    assert may(2, 10, admin)
    assert not may(2, 10, manager)
    assert not may(2, 10, nobody)
    assert not may(2, 11, admin)
    assert not may(2, None, admin)
