"""What the page shows: servers, channels, people, commands and messages, as JSON with markup from `sandbox.html`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from sandbox import permissions
from sandbox.driver.availability import ON_MESSAGE, ON_USER
from sandbox.driver.sandbox import Sandbox
from sandbox.entities import CATEGORY, DM, POSTS, STAGE, VOICE, Channel, Guild, Message, Payload, User
from sandbox.html import ChannelName, RoleName, View, plain_text, render_messages
from sandbox.html.elements import NOTHING, Html, element, escape, join
from sandbox.html.icons import ENVELOPE, channel_icon
from sandbox.html.messages import avatar
from sandbox.html.timestamps import relative
from sandbox.page.controls import Controls

# As many as Discord's client loads at once; the newest ones.
SHOWN_MESSAGES: Final = 100
_SUB_COMMANDS: Final = (1, 2)
MENUS: Final = {"user": ON_USER, "message": ON_MESSAGE}


class Unknown(Exception):  # noqa: N818 - it does not exist, or not for this person
    """There is no such channel, message or person here."""


class PageContent:
    """Reads the stand-in's world for one reader at a time."""

    def __init__(
        self,
        sandbox: Sandbox,
        controls: Controls | None,
        picture_source: Callable[[str], str | None] | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._controls = controls
        self._picture_source = picture_source

    # ------------------------------------------------------------------- finding

    def people(self) -> list[User]:
        """Return the people one can act as: the members of the servers, without the bot."""
        found: dict[int, User] = {}
        for guild in self._guilds():
            found |= {member.id: member.user for member in guild.members.values() if not member.user.bot}
        return list(found.values())

    def user(self, ident: object) -> User:
        """Return the person with that id, or the first one if none is given; raise Unknown."""
        people = self.people()
        for user in people:
            if ident in (None, "", str(user.id)):
                return user
        raise Unknown("There is no such member.")

    def channel(self, ident: object, user: User) -> Channel:
        """Return a channel that the person sees; raise Unknown."""
        world = self._sandbox.world
        channel = world.channels.get(int(ident)) if isinstance(ident, str) and ident.isdecimal() else None
        if channel is None and isinstance(ident, str) and ident.isdecimal():
            threads = (guild.threads.get(int(ident)) for guild in self._guilds())
            channel = next((thread for thread in threads if thread is not None), None)
        if channel is None or channel.deleted or not self._sees(channel, user):
            raise Unknown("There is no such channel, or this member does not see it.")
        return channel

    def message(self, ident: object, channel: Channel, user: User) -> Message:
        """Return a message of a channel that the person sees; raise Unknown."""
        for message in self._sandbox.messages(channel, user):
            if str(message.id) == ident:
                return message
        raise Unknown("This message is gone.")

    def now(self) -> datetime:
        """Return the time for the page: the bot's if known, else the stand-in's."""
        if self._controls is not None:
            return self._controls.now()
        return datetime.fromtimestamp(self._sandbox.world.clock.now(), UTC)

    def _guilds(self) -> list[Guild]:
        return [guild for guild in self._sandbox.world.guilds.values() if not guild.deleted]

    def _sees(self, channel: Channel, user: User) -> bool:
        if channel.guild is None:
            return channel.recipient is user or user in channel.between
        return bool(self._sandbox.world.user_permissions(channel, user) & permissions.VIEW_CHANNEL)

    # ------------------------------------------------------------------- showing

    def state(self, user: User) -> Payload:
        """Return the state of the page: the people one can act as, the servers with their channels, direct messages."""
        bot = self._sandbox.bot_user
        guilds = [self._guild(guild, user) for guild in self._guilds() if user.id in guild.members]
        direct = self._sandbox.dm(user)
        private = [
            {"id": str(each.id), "name": self._name(each, user), "kind": DM, "icon": self._face(each, user)}
            for each in self._sandbox.world.channels.values()
            if each.between and not each.deleted and self._sees(each, user)
        ]
        listed = [each for guild in guilds for group in guild["groups"] for each in group["channels"]]
        known = [one["id"] for each in listed for one in (each, *each["threads"])]
        first = next((each["id"] for each in listed if each["kind"] not in POSTS), str(direct.id))
        return {
            "user": str(user.id),
            "users": [self._person(each) for each in self.people()],
            "guilds": guilds,
            "direct": {"id": str(direct.id), "name": bot.name, "kind": DM},
            "private": private,
            "known": [*known, str(direct.id), *(each["id"] for each in private)],
            "first": first,
            "home_icon": ENVELOPE,
            "bot_avatar": avatar(bot.name, str(bot.id), bot=True),
            "moves_clock": self._controls is not None,
        }

    def _person(self, user: User) -> Payload:
        roles = []
        for guild in filter(lambda each: each.present, self._guilds()):
            if user.id == guild.owner_id:
                roles.append("Server owner")
            elif user.id in guild.members:
                bits = permissions.in_guild(guild, guild.members[user.id])
                manages = bits & permissions.BITS["manage_guild"]
                roles.append(
                    "Administrator" if bits == permissions.ALL else "Manages the server" if manages else "Member"
                )
        if user is self._sandbox.operator:
            roles.append("runs the bot")
        picture = avatar(user.name, str(user.id), bot=False)
        return {"id": str(user.id), "name": user.name, "role": ", ".join(dict.fromkeys(roles)), "avatar": picture}

    def _guild(self, guild: Guild, user: User) -> Payload:
        seen = [channel for channel in guild.channels.values() if self._sees(channel, user)]
        seen.sort(key=lambda channel: (channel.kind in (VOICE, STAGE), channel.position, channel.id))
        groups = [{"name": "", "channels": self._channels(seen, None, user)}]
        groups += [
            {"name": category.name, "channels": self._channels(seen, category.id, user)}
            for category in seen
            if category.kind == CATEGORY
        ]
        initials = "".join(word[0] for word in guild.name.split()[:2]).upper() or "?"
        return {"id": str(guild.id), "name": guild.name, "initials": initials, "groups": groups}

    def _channels(self, seen: list[Channel], category: int | None, user: User) -> list[Payload]:
        own = [channel for channel in seen if channel.kind != CATEGORY and channel.parent_id == category]
        return [self._row(each) | {"threads": self._threads(each, user)} for each in own]

    def _threads(self, parent: Channel, user: User) -> list[Payload]:
        threads = [each for each in self._sandbox.posts(parent) if not each.archived and self._sees(each, user)]
        return [self._row(each) for each in threads[-20:]]

    def _name(self, channel: Channel, user: User) -> str:
        """Return a channel's name as a person sees it; direct messages are named after the other person."""
        if channel.between:
            return ", ".join(each.name for each in channel.between if each is not user)
        return self._sandbox.bot_user.name if channel.kind == DM else channel.name

    def _face(self, channel: Channel, user: User) -> Html:
        others = [each for each in channel.between if each is not user] or [self._sandbox.bot_user]
        return avatar(others[0].name, str(others[0].id), bot=others[0].bot)

    @staticmethod
    def _row(channel: Channel) -> Payload:
        return {
            "id": str(channel.id),
            "name": channel.name,
            "kind": channel.kind,
            "icon": channel_icon(channel.kind),
        }

    def view(self, channel: Channel, user: User, timezone: tzinfo) -> View:
        """Return the reader's surroundings for the renderer."""
        world, guild = self._sandbox.world, channel.guild
        people: Iterable[User] = world.users.values()
        roles: dict[str, RoleName] = {}
        channels: dict[str, ChannelName] = {}
        if guild is not None:
            people = [member.user for member in guild.members.values()]
            roles = {str(role.id): RoleName(role.name.lstrip("@"), role.color) for role in guild.roles.values()}
            places = [*guild.channels.values(), *guild.threads.values()]
            channels = {str(each.id): ChannelName(each.name, each.kind) for each in places if self._sees(each, user)}
        names = {str(person.id): person.name for person in people}
        member = None if guild is None else guild.members.get(user.id)
        mine = frozenset(str(role_id) for role_id in member.role_ids) if member is not None else frozenset()
        view = View(
            self.now(),
            timezone,
            live=True,
            users=names,
            roles=roles,
            channels=channels,
            reader_id=str(user.id),
            reader_roles=mine,
        )
        return view if self._picture_source is None else replace(view, picture_source=self._picture_source)

    def open(self, channel: Channel, user: User, timezone: tzinfo) -> Payload:
        """Return a channel in full: its entries as markup, the commands and names that can be used in it."""
        view = self.view(channel, user, timezone)
        name = self._name(channel, user)
        is_forum = channel.kind in POSTS
        sign = "@" if channel.kind == DM else "" if channel.is_thread else "#"
        needed = permissions.SEND_MESSAGES_IN_THREADS if channel.is_thread else permissions.SEND_MESSAGES
        writable = not is_forum and bool(self._sandbox.world.user_permissions(channel, user) & needed)
        placeholder = f"Message {sign}{name}" if writable else "You cannot write here, but commands work."
        if is_forum:
            placeholder = "Open a post to write in it."
        shown = self._sandbox.messages(channel, user)[-SHOWN_MESSAGES:]
        entries = render_messages([self._shown(message) for message in shown], view)
        return {
            "id": str(channel.id),
            "name": name,
            "kind": channel.kind,
            "icon": channel_icon(channel.kind),
            "topic": channel.topic or "",
            "placeholder": placeholder,
            "writable": writable,
            "usable": not is_forum,
            "clock": _clock(view),
            "welcome": self._welcome(channel, name, user),
            "entries": [{"key": entry.key, "html": entry.html} for entry in entries],
            "posts": self._posts(channel, view) if is_forum else None,
            "commands": [] if is_forum else self.commands(channel, user),
            "menus": {kind: [] if is_forum else self.menu(number, channel, user) for kind, number in MENUS.items()},
            "names": self._names(view),
        }

    def _shown(self, message: Message) -> Payload:
        """Return a message as Discord writes it, plus the command's full name, which only its client knows."""
        body = message.payload()
        about = body.get("interaction_metadata")
        interaction = self._sandbox.world.interactions.find(int(about["id"])) if about else None
        if interaction is not None and interaction.original is message:
            return body | {"interaction": {"name": full_name(interaction.data)}}
        return body

    def _welcome(self, channel: Channel, name: str, user: User) -> Html:
        if channel.kind == DM:
            picture = self._face(channel, user)
            words, about = name, f"This is the beginning of your direct message history with {name}."
        elif channel.is_thread:
            picture, words, about = channel_icon(channel.kind), name, ""
        elif channel.kind in POSTS:
            picture, words, about = channel_icon(channel.kind), name, channel.topic or "Each post is a thread."
        else:
            picture = channel_icon(channel.kind)
            words, about = f"Welcome to #{name}!", f"This is the start of the #{name} channel. Type / to use a command."
        head = element("div", picture, class_="big")
        shown = [head, element("h2", escape(words)), element("p", escape(about)) if about else NOTHING]
        return join([*shown, self._installation(channel, user)])

    def _installation(self, channel: Channel, user: User) -> Html:
        """Return the button that installs the app for one's account, in channels where it is useful."""
        bot = self._sandbox.bot_user.name
        lacking = bool(channel.between) or (channel.guild is not None and not channel.guild.present)
        if channel.kind in POSTS or not (lacking or channel.kind == DM):
            return NOTHING
        mine = user.id in self._sandbox.world.user_installs
        about = "It goes with you: its commands work wherever you write." if mine else f"{bot} is not in this place."
        if not lacking and not mine:
            about = "Add it to your own apps, and its commands work wherever you write."
        words = f"Remove {bot} from my apps" if mine else f"Add {bot} to my apps"
        button = element(
            "button",
            escape(words),
            type="button",
            class_=f"dc-button {'dc-secondary' if mine else 'dc-primary'}",
            data_install="off" if mine else "on",
        )
        return element("div", join([element("p", escape(about)), button]), class_="install")

    def _posts(self, forum: Channel, view: View) -> Html:
        tags = {tag.id: tag.name for tag in forum.tags}
        drawn = []
        for post in reversed(self._sandbox.posts(forum)):
            messages = self._sandbox.messages(post)
            named = [element("span", escape(tags[tag])) for tag in post.applied_tags if tag in tags]
            words = plain_text(messages[0].text, view)[:240] if messages else ""
            count = f"{len(messages)} message{'s' if len(messages) != 1 else ''}"
            age = relative(messages[-1].created_at, view.now) if messages else ""
            parts = [
                element("span", join(named), class_="post-tags") if named else NOTHING,
                element("span", escape(post.name), class_="post-name"),
                element("span", escape(words), class_="post-words"),
                element("span", escape(" · ".join(filter(None, (count, age)))), class_="post-foot"),
            ]
            drawn.append(element("li", element("button", join(parts), type="button", data_channel=str(post.id))))
        return join(drawn)

    @staticmethod
    def _names(view: View) -> Payload:
        return {
            "users": [{"value": ident, "name": f"@{name}"} for ident, name in view.users.items()],
            "roles": [{"value": ident, "name": f"@{role.name}"} for ident, role in view.roles.items()],
            "channels": [
                {"value": ident, "name": f"#{each.name}", "kind": each.kind} for ident, each in view.channels.items()
            ],
        }

    def commands(self, channel: Channel, user: User) -> list[Payload]:
        """Return the commands offered there, sub-commands by their full name, in order of name."""
        found: list[Payload] = []
        for command in self._sandbox.available_commands(user, channel):
            _leaves(command, "", found, command["id"])
        for each in found:
            each["from"] = self._sandbox.bot_user.name
        return sorted(found, key=lambda each: str(each["name"]))

    def menu(self, kind: int, channel: Channel, user: User) -> list[Payload]:
        """Return the commands that the menu of a message or a person offers there."""
        availability = self._sandbox.available_commands(user, channel, kind=kind)
        return [{"name": command["name"], "from": self._sandbox.bot_user.name} for command in availability]


def _leaves(node: Payload, before: str, found: list[Payload], ident: str) -> None:
    name = f"{before} {node['name']}".strip()
    options = node.get("options") or []
    inner = [option for option in options if option["type"] in _SUB_COMMANDS]
    for option in inner:
        _leaves(option, name, found, ident)
    if not inner:
        kept = ("name", "description", "type", "required", "choices", "autocomplete", "channel_types")
        leaf_options = [{key: option[key] for key in kept if option.get(key) is not None} for option in options]
        found.append({"id": ident, "name": name, "description": node.get("description", ""), "options": leaf_options})


def full_name(data: dict[str, Any]) -> str:
    """Return a used command's name with its sub-commands."""
    words = [str(data.get("name", ""))]
    options = data.get("options") or []
    while options and options[0].get("type") in _SUB_COMMANDS:
        words.append(str(options[0]["name"]))
        options = options[0].get("options") or []
    return " ".join(words)


def _clock(view: View) -> str:
    local = view.now.astimezone(view.timezone)
    return f"{local:%a}, {local:%b} {local.day} · {local.hour % 12 or 12}:{local:%M} {local:%p}"
