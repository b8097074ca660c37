"""Lets people use the bot: run commands, type into autocompletes, press, choose, fill in forms."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import interactions as kinds
from sandbox.driver import availability, forms
from sandbox.driver.options import Resolved, fill, find_leaf
from sandbox.driver.payloads import command_data, interaction_payload, menu_data
from sandbox.driver.reply import Choice, Impossible, Modal, NotAnswered, Reply
from sandbox.entities import POSTS, TEXT, Channel, Member, Message, Payload, User
from sandbox.interactions import Interaction
from sandbox.permissions import VIEW_CHANNEL
from sandbox.world import World

Person = User | Member

PATIENCE_S = 60.0
"""How long the bot may take for what has to happen, on a busy machine too."""
SETTLE_S = 5.0
"""How long to wait for what may follow: the edit after a press that was only acknowledged, the private answer after a
deferral that was deleted."""


class People:
    """Acts as the people of the world."""

    world: World
    ack_window_s: float

    async def invoke(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        member: Person | None = None,
        channel: Channel | None = None,
        force: bool = False,
        wait: bool = True,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109
    ) -> Reply:
        """Run a command such as "digest subscribe" and wait for the answer.

        Args:
            name: The command with its sub-commands, without the slash.
            options: What is filled in, by option name; channels, roles and people as such or by id.
            member: Who runs it; by default the owner of the channel's server.
            channel: Where; by default the first text channel, for a user (not a member) their direct messages.
            force: Send it without the command's default permissions; a server may allow that.
            wait: Whether to wait for the answer; without, the reply fills up later.
            timeout: Seconds to wait.

        Raises:
            Impossible: Discord would not let the person do this.
            NotAnswered: The bot took too long.
        """
        user, place = self._who_where(member, channel)
        path = name.lstrip("/").split()
        command, scope = availability.find(self.world, path[0], user, place, force=force)
        chain = find_leaf(command, path[1:])
        resolved = Resolved(self.world, place.guild, user)
        filled = fill((chain[-1] if chain else command).get("options") or [], options or {}, resolved)
        data = command_data(command, scope, chain, filled, resolved)
        owners = availability.owners_of(self.world, command, scope, user, place)
        interaction = self._start(kinds.COMMAND, user, place, data, owners)
        return await self._reply(interaction, timeout) if wait else Reply(interaction)

    async def invoke_on(
        self,
        target: Message | Person,
        name: str,
        *,
        member: Person | None = None,
        channel: Channel | None = None,
        force: bool = False,
        wait: bool = True,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109
    ) -> Reply:
        """Pick a command such as "Find this story" from the menu of a message or a person.

        Args:
            target: The message, or the person.
            name: The command, as the menu shows it.
            member: Who picks it; by default the owner of the channel's server.
            channel: Where, for a person's menu; a message's is where the message is.
            force: Send it without the command's default permissions; a server may allow that.
            wait: Whether to wait for the answer; without, the reply fills up later.
            timeout: Seconds to wait.

        Raises:
            Impossible: Discord would not let the person do this.
            NotAnswered: The bot took too long.
        """
        if isinstance(target, Message):
            if target.ephemeral or target.deleted:
                raise Impossible("only a message that everybody sees has a menu of commands")
            channel = target.channel
        user, place = self._who_where(member, channel)
        kind = availability.ON_MESSAGE if isinstance(target, Message) else availability.ON_USER
        command, scope = availability.find(self.world, name, user, place, kind=kind, force=force)
        resolved = Resolved(self.world, place.guild, user)
        if isinstance(target, Message):
            resolved.message(target)
        else:
            resolved.user(target)
        data = menu_data(command, scope, target.id, resolved)
        owners = availability.owners_of(self.world, command, scope, user, place)
        about = target.user if isinstance(target, Member) else target
        interaction = self._start(kinds.COMMAND, user, place, data, owners, target=about)
        return await self._reply(interaction, timeout) if wait else Reply(interaction)

    async def autocomplete(
        self,
        name: str,
        options: Mapping[str, Any],
        *,
        focused: str | None = None,
        member: Person | None = None,
        channel: Channel | None = None,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109
    ) -> list[Choice]:
        """Type into an option (by default the last one given) and return the choices offered."""
        user, place = self._who_where(member, channel)
        path = name.lstrip("/").split()
        command, scope = availability.find(self.world, path[0], user, place)
        chain = find_leaf(command, path[1:])
        resolved = Resolved(self.world, place.guild, user)
        typed = focused or list(options)[-1]
        declared = (chain[-1] if chain else command).get("options") or []
        filled = fill(declared, options, resolved, focused=typed)
        data = command_data(command, scope, chain, filled, resolved)
        owners = availability.owners_of(self.world, command, scope, user, place)
        interaction = self._start(kinds.AUTOCOMPLETE, user, place, data, owners, start=False)
        interaction.option_type = next(option["type"] for option in declared if option["name"] == typed)
        self._send(interaction)
        await self._reply(interaction, timeout)
        return [Choice(choice["name"], choice["value"]) for choice in interaction.choices or ()]

    async def click(
        self,
        message: Message | Reply,
        *,
        custom_id: str | None = None,
        label: str | None = None,
        member: Person | None = None,
        wait: bool = True,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109
    ) -> Reply:
        """Press a button, found by custom id or label."""
        shown, button = self._component(message, custom_id=custom_id, label=label)
        if button["type"] != 2 or "custom_id" not in button:
            raise Impossible(f"{custom_id or label!r} isn't a button that the bot hears of")
        data = {"custom_id": button["custom_id"], "component_type": 2, "id": button["id"]}
        interaction = self._use(shown, button, data, member)
        return await self._reply(interaction, timeout) if wait else Reply(interaction)

    async def select(
        self,
        message: Message | Reply,
        custom_id: str,
        values: Sequence[Any],
        *,
        member: Person | None = None,
        wait: bool = True,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109
    ) -> Reply:
        """Choose values (or labels) in a select menu, or people, roles and channels."""
        shown, menu = self._component(message, custom_id=custom_id)
        if menu["type"] not in (3, 5, 6, 7, 8):
            raise Impossible(f"{custom_id!r} isn't a select menu")
        user = self._actor(shown, member)
        resolved = Resolved(self.world, shown.channel.guild, user)
        data = {
            "custom_id": custom_id,
            "component_type": menu["type"],
            "id": menu["id"],
            "values": forms.chosen(menu, values, resolved),
        }
        if resolved.body:
            data["resolved"] = resolved.body
        interaction = self._use(shown, menu, data, member)
        return await self._reply(interaction, timeout) if wait else Reply(interaction)

    async def submit(
        self,
        modal: Modal | Reply,
        values: Mapping[str, Any],
        *,
        member: Person | None = None,
        wait: bool = True,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109
    ) -> Reply:
        """Fill in and submit a form; values by custom id or label, other fields keep their values."""
        form = modal.modal if isinstance(modal, Reply) else modal
        if form is None:
            raise Impossible("the bot opened no form")
        opened = form.interaction
        user = opened.user if member is None else _user(member)
        if user is not opened.user:
            raise Impossible("only the person for whom a form was opened can send it")
        resolved = Resolved(self.world, opened.channel.guild, user)
        data: Payload = {"custom_id": form.custom_id, "components": forms.filled(form, values, resolved)}
        if resolved.body:
            data["resolved"] = resolved.body
        interaction = self._start(kinds.MODAL_SUBMIT, user, opened.channel, data, opened.owners, source=opened.source)
        return await self._reply(interaction, timeout) if wait else Reply(interaction)

    def available_commands(
        self, member: Person | None = None, channel: Channel | None = None, *, kind: int = availability.SLASH
    ) -> list[Payload]:
        """List the commands available to a person, a server's own first.

        Args:
            member: Who.
            channel: Where.
            kind: 1 for what is typed after a slash, 2 for a person's menu, 3 for a message's.
        """
        user, place = self._who_where(member, channel)
        return [
            command
            for command, scope in availability.each(self.world, place)
            if command["type"] == kind and availability.refusal(self.world, command, scope, user, place) is None
        ]

    # How an interaction comes about

    def _who_where(self, member: Person | None, channel: Channel | None) -> tuple[User, Channel]:
        if channel is None:
            guild = member.guild if isinstance(member, Member) else None
            if guild is None and isinstance(member, User):
                return member, self.world.dm(member)
            guild = guild or next((one for one in self.world.guilds.values() if one.present), None)
            if guild is None:
                raise Impossible("there is no server")
            channel = next((one for one in guild.channels.values() if one.kind == TEXT), None)
            if channel is None:
                raise Impossible("the server has no text channel")
        if member is None:
            alone = channel.recipient or next(iter(channel.between), None)
            owner = alone if channel.guild is None else self.world.users[channel.guild.owner_id]
            if owner is None:
                raise Impossible("nobody is here")
            return owner, channel
        return _user(member), channel

    def _component(
        self, message: Message | Reply, *, custom_id: str | None = None, label: str | None = None
    ) -> tuple[Message, Payload]:
        shown = [message] if isinstance(message, Message) else message.messages
        for one in shown:
            found = one.find(custom_id=custom_id, label=label)
            if found is not None:
                if one.deleted:
                    raise Impossible("the message is deleted")
                if found.get("disabled"):
                    raise Impossible(f"{custom_id or label!r} is disabled")
                return one, found
        known = [part.get("custom_id") or part.get("label") for one in shown for part in one.buttons]
        raise Impossible(f"no component {custom_id or label!r}; buttons: {known}")

    def _actor(self, message: Message, member: Person | None) -> User:
        if member is not None:
            return _user(member)
        if message.asker is not None:
            return message.asker
        return self._who_where(None, message.channel)[0]

    def _use(self, message: Message, component: Payload, data: Payload, member: Person | None) -> Interaction:
        user = self._actor(message, member)
        if message.ephemeral and message.asker is not user:
            raise Impossible(f"{user.name} doesn't see the message")
        if not self.world.user_permissions(message.channel, user) & VIEW_CHANNEL:
            raise Impossible(f"{user.name} doesn't see the channel")
        about = message.interaction or {}
        owners = about.get("authorizing_integration_owners") or {"0": str(message.channel.guild_id or 0)}
        return self._start(kinds.COMPONENT, user, message.channel, data, owners, source=message)

    def _start(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Payload,
        owners: dict[str, str],
        *,
        source: Message | None = None,
        target: Message | User | None = None,
        start: bool = True,
    ) -> Interaction:
        world = self.world
        if channel.kind in POSTS:
            raise Impossible("nothing can be done in a forum itself, only in its posts")
        interaction = Interaction(
            world.new_id(), kind, user, channel, world.clock.now(), data, source=source, target=target, owners=owners
        )
        world.interactions.add(interaction)
        if start:
            self._send(interaction)
        return interaction

    def _send(self, interaction: Interaction) -> None:
        body = interaction_payload(self.world, interaction)
        guild_id = interaction.channel.guild_id
        self.world.dispatch("INTERACTION_CREATE", lambda _: body, guild_id=guild_id)
        self.world.publish("interaction_create", interaction)

    async def _reply(self, interaction: Interaction, timeout_s: float) -> Reply:
        world = self.world
        deadline = time.monotonic() + timeout_s
        quiet_since: float | None = None
        while not _settled(interaction):
            now = time.monotonic()
            until = deadline
            if _may_be_all(interaction):
                quiet_since = quiet_since or now
                if now >= quiet_since + SETTLE_S:
                    break
                until = min(until, quiet_since + SETTLE_S)
            late = interaction.answer is None and world.clock.now() > interaction.created_s + self.ack_window_s + 0.5
            if now >= deadline or late:
                raise NotAnswered(f"no answer to {interaction.data}")
            await world.changed(min(until - now, 0.5))
        return Reply(interaction)


def _settled(interaction: Interaction) -> bool:
    answer = interaction.answer
    if answer is None:
        return False
    if answer == kinds.DEFERRED_MESSAGE:
        return bool(interaction.followups) if interaction.original_deleted else not interaction.deferred
    if answer == kinds.DEFERRED_UPDATE:
        return interaction.activity > 1
    return True


def _may_be_all(interaction: Interaction) -> bool:
    """Check whether the bot may be done, although usually more follows."""
    return interaction.answer == kinds.DEFERRED_UPDATE or interaction.original_deleted


def _user(who: Person) -> User:
    return who.user if isinstance(who, Member) else who
