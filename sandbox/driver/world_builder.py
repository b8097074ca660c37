"""Builds and changes the world, as server admins, people and Discord do; each change is dispatched to the bot."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sandbox import permissions
from sandbox.api.threads import start_thread
from sandbox.entities import (
    KINDS,
    POSTS,
    REQUIRE_TAG,
    Channel,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
    Tag,
    User,
)
from sandbox.validation.messages import Draft
from sandbox.world import World


class WorldBuilder:
    """The world around the bot."""

    world: World

    # People

    def add_user(self, name: str, *, locale: str = "en-US") -> User:
        """Add a person who is in no server yet."""
        user = User(self.world.new_id(), name, locale=locale)
        self.world.users[user.id] = user
        return user

    def add_member(
        self,
        guild: Guild,
        who: str | User,
        *,
        permissions: Iterable[str] = (),
        admin: bool = False,
        roles: Iterable[Role] = (),
        locale: str = "en-US",
    ) -> Member:
        """Let a person (new, if given by name) join a server, with permissions beyond @everyone's if wanted."""
        user = who if isinstance(who, User) else self.add_user(who, locale=locale)
        member = Member(guild, user, self.world.clock.now(), [role.id for role in roles])
        rights = [*permissions, *(["administrator"] if admin else [])]
        if rights:
            member.role_ids.append(self.add_role(guild, f"{user.name}'s role", permissions=rights).id)
        guild.members[user.id] = member
        self.world.publish("member_add", member)
        return member

    def remove_member(self, member: Member) -> None:
        """Let a person leave a server."""
        member.guild.members.pop(member.user.id, None)
        self.world.publish("member_remove", member)

    def close_dms(self, who: User | Member) -> None:
        """Let a person close their direct messages."""
        (who.user if isinstance(who, Member) else who).takes_dms = False

    def open_dms(self, who: User | Member) -> None:
        """Let a person open their direct messages again."""
        (who.user if isinstance(who, Member) else who).takes_dms = True

    def install_for(self, who: User | Member) -> None:
        """Let a person add the app to their own account, so that it goes with them wherever they write."""
        self.world.user_installs.add(who.id)
        self.world.publish("user_install", who)

    def uninstall_for(self, who: User | Member) -> None:
        """Let a person take the app off their account."""
        self.world.user_installs.discard(who.id)
        self.world.publish("user_install", who)

    def open_private_channel(self, *people: User | Member) -> Channel:
        """Open direct messages between people: the bot isn't in them."""
        return self.world.private_channel(*(one.user if isinstance(one, Member) else one for one in people))

    # Servers

    def add_guild(
        self,
        name: str,
        *,
        owner: User | None = None,
        bot_permissions: Iterable[str] = (),
        everyone: int = permissions.EVERYONE,
        locale: str = "en-US",
        system_channel: str | None = None,
        with_bot: bool = True,
    ) -> Guild:
        """Add a server, with the bot in it unless said otherwise.

        Args:
            name: Its name.
            owner: Who may do everything there; a new person by default.
            bot_permissions: What the bot's own role allows beyond @everyone's.
            everyone: Permission bits of @everyone.
            locale: Its language.
            system_channel: Name of the channel in which Discord announces who joins; None for none.
            with_bot: False for a server that nobody invited the bot to.
        """
        world = self.world
        owner = owner or self.add_user(f"owner of {name}")
        guild = Guild(world.new_id(), name, owner.id, locale=locale, joined_s=world.clock.now())
        guild.roles[guild.id] = Role(guild.id, "@everyone", everyone, position=0)
        world.guilds[guild.id] = guild
        guild.members[owner.id] = Member(guild, owner, world.clock.now())
        if with_bot:
            self._invite(guild, permissions.combine(bot_permissions))
        else:
            guild.present = False
        if system_channel is not None:
            channel = Channel(id=world.new_id(), kind=KINDS["text"], name=system_channel, guild=guild)
            guild.channels[channel.id] = world.channels[channel.id] = channel
            guild.system_channel_id = channel.id
        if with_bot:
            world.dispatch("GUILD_CREATE", lambda _: _joined(guild, world.bot), intents=1, guild_id=guild.id)
        world.publish("guild_create", guild)
        return guild

    def _invite(self, guild: Guild, bits: int) -> None:
        world = self.world
        role = Role(world.new_id(), world.bot.name, bits, position=1, managed=True)
        guild.roles[role.id] = role
        guild.members[world.bot.id] = Member(guild, world.bot, world.clock.now(), [role.id])

    def remove_guild(self, guild: Guild, *, deleted: bool = False) -> None:
        """Remove the bot from a server, or delete the server."""
        guild.present = False
        guild.deleted = deleted
        guild.members.pop(self.world.bot.id, None)
        self.world.commands.pop(guild.id, None)
        self.world.dispatch_guild("GUILD_DELETE", guild, {"id": str(guild.id)})

    def return_to_guild(self, guild: Guild) -> None:
        """Invite the bot again."""
        guild.present = True
        self._invite(guild, 0)
        body = guild.create_payload(self.world.bot)
        del body["unavailable"]
        self.world.dispatch_guild("GUILD_CREATE", guild, body)

    def set_available(self, guild: Guild, *, available: bool) -> None:
        """Let a server have an outage, or come back from it."""
        guild.available = available
        if available:
            self.world.dispatch_guild("GUILD_CREATE", guild, guild.create_payload(self.world.bot))
        else:
            self.world.dispatch_guild("GUILD_DELETE", guild, {"id": str(guild.id), "unavailable": True})

    # Roles and permissions

    def add_role(
        self,
        guild: Guild,
        name: str,
        *,
        permissions: Iterable[str] = (),
        mentionable: bool = False,
    ) -> Role:
        """Add a role."""
        role = Role(self.world.new_id(), name, _bits(permissions), len(guild.roles), mentionable)
        guild.roles[role.id] = role
        self._dispatch_role("GUILD_ROLE_CREATE", guild, role)
        return role

    def set_role(
        self,
        guild: Guild,
        role: Role,
        *,
        permissions: Iterable[str] | None = None,
        mentionable: bool | None = None,
    ) -> None:
        """Change what a role allows, or whether everyone may mention it."""
        if permissions is not None:
            role.permissions = _bits(permissions)
        if mentionable is not None:
            role.mentionable = mentionable
        self._dispatch_role("GUILD_ROLE_UPDATE", guild, role)

    def _dispatch_role(self, name: str, guild: Guild, role: Role) -> None:
        if guild.present:
            self.world.dispatch_guild(name, guild, {"guild_id": str(guild.id), "role": role.payload()})

    def remove_role(self, guild: Guild, role: Role) -> None:
        """Delete a role."""
        del guild.roles[role.id]
        for member in guild.members.values():
            if role.id in member.role_ids:
                member.role_ids.remove(role.id)
        self.world.dispatch_guild("GUILD_ROLE_DELETE", guild, {"guild_id": str(guild.id), "role_id": str(role.id)})

    def give_role(self, member: Member, role: Role) -> None:
        """Give a member a role."""
        member.role_ids.append(role.id)
        self.world.dispatch_member(member)

    def everyone(self, guild: Guild) -> Role:
        """Return a server's @everyone role."""
        return guild.roles[guild.id]

    def bot_member(self, guild: Guild) -> Member:
        """Return the bot as a member of a server."""
        return guild.members[self.world.bot.id]

    def set_permissions(
        self,
        channel: Channel,
        target: Role | Member | None = None,
        *,
        allow: Iterable[str] = (),
        deny: Iterable[str] = (),
    ) -> None:
        """Overwrite permissions in a channel for a role or member, by default for the bot; nothing named lifts it."""
        if channel.guild is None:
            raise ValueError("direct messages have no permissions")
        chosen = self.bot_member(channel.guild) if target is None else target
        overwrite = Overwrite(chosen.id, 0 if isinstance(chosen, Role) else 1, _bits(allow), _bits(deny))
        if overwrite.allow or overwrite.deny:
            channel.overwrites[chosen.id] = overwrite
        else:
            channel.overwrites.pop(chosen.id, None)
        self.world.dispatch_channel("CHANNEL_UPDATE", channel)

    # Channels

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: str = "text",
        *,
        parent: Channel | None = None,
        tags: Iterable[str] = (),
        tag_required: bool = False,
        topic: str | None = None,
    ) -> Channel:
        """Add a channel of a kind: text, announcement, forum, media, voice, category, stage, thread, private_thread.

        Args:
            guild: Where.
            name: Its name.
            kind: One of the words above.
            parent: The channel a thread hangs on, or the category of another.
            tags: Names of a forum's tags; one that begins with "!" may be set by moderators only.
            tag_required: Whether each post of a forum needs a tag.
            topic: The channel's topic.
        """
        world = self.world
        number = KINDS[kind]
        if kind in ("thread", "private_thread"):
            if parent is None:
                raise ValueError("a thread hangs on a parent channel")
            thread = start_thread(world, parent, name, kind=number, owner_id=guild.owner_id)
            if kind == "private_thread":
                thread.member_ids.add(world.bot.id)
            world.dispatch_channel("THREAD_CREATE", thread)
            return thread
        channel = Channel(
            id=world.new_id(),
            kind=number,
            name=name,
            guild=guild,
            parent_id=None if parent is None else parent.id,
            position=len(guild.channels),
            topic=topic,
            flags=REQUIRE_TAG if tag_required else 0,
        )
        if number in POSTS:
            channel.tags = [Tag(world.new_id(), tag.lstrip("!"), tag.startswith("!")) for tag in tags]
        guild.channels[channel.id] = world.channels[channel.id] = channel
        world.dispatch_channel("CHANNEL_CREATE", channel)
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or thread; the threads of a channel go with it."""
        guild = channel.guild
        channel.deleted = True
        if guild is not None:
            if channel.is_thread:
                guild.threads.pop(channel.id, None)
            else:
                guild.channels.pop(channel.id, None)
                for thread in [one for one in guild.threads.values() if one.parent_id == channel.id]:
                    self.remove_channel(thread)
        self.world.dispatch_channel("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", channel)

    def rename_channel(self, channel: Channel, name: str) -> None:
        """Give a channel or thread another name."""
        channel.name = name
        self.world.dispatch_channel("THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE", channel)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread; a locked one stays shut for those without Manage Threads."""
        thread.archived, thread.locked = True, locked
        thread.archive_s = self.world.clock.now()
        self.world.dispatch_channel("THREAD_UPDATE", thread)

    # Messages of people

    def say(self, channel: Channel, who: User | Member, content: str) -> Message:
        """Let a person write a message."""
        user = who.user if isinstance(who, Member) else who
        return self.world.create_message(channel, user, Draft(content, None, None, None, 0, None, None, False, None))

    def remove_message(self, message: Message) -> None:
        """Let a moderator delete a message."""
        self.world.delete_message(message)

    # Time

    def advance(self, seconds: float) -> None:
        """Move the world's clock forward."""
        self.world.clock.advance(seconds)

    def travel(self, moment: datetime) -> None:
        """Set the world's clock."""
        self.world.clock.travel(moment)


def _bits(names: Iterable[Any]) -> int:
    return permissions.combine(names)


def _joined(guild: Guild, bot: User) -> dict[str, Any]:
    """Return the GUILD_CREATE of a server that the bot has just joined: Discord leaves `unavailable` out then."""
    body = guild.create_payload(bot)
    del body["unavailable"]
    return body
